"""Telegram's documented limits: kept without a single 429, and used to the full.

150 chats by default, whose time is told and not judged: a busy machine is slower than any limit. The long
form, which is judged: ZHAIBAO_CHATS=10000 pytest tests/real/test_pace.py.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real.bot_api import Chat, Double, Limits
from tests.real.installation import Installation, telegram_message, wait_until

IS_JUDGED = "ZHAIBAO_CHATS" in os.environ
CHATS = int(os.environ.get("ZHAIBAO_CHATS", "150"))
A_SECOND = Limits().bot_per_second
FIRST_CHAT = 1000
ALLOWED = 1.05  # times what the limits demand
ALLOWED_RESTARTED = 1.1
FAR_SECONDS = 0.2  # a server's round trip from the other side of the world
SETTLING_SECONDS = 1.0  # the first thirty may come at once, but sending them takes a moment

Tell = Callable[[str], None]


@pytest.fixture
def installation(tmp_path: Path, double: Double) -> Installation:
    house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    double.limits = Limits()
    for chat in range(FIRST_CHAT, FIRST_CHAT + CHATS):
        double.add(Chat(id=chat))
        house.send_to("telegram", str(chat))
    return house


def demanded(messages: int, parts: int) -> float:
    """Seconds from the first message to the last if the limits alone decide: the last chat waits between its
    parts.
    """
    return (messages - A_SECOND) / A_SECOND + parts - 1


def taken_in(double: Double) -> float:
    times = [taken.at for taken in double.messages]
    return times[-1] - times[0]


@pytest.mark.parametrize("parts", [1, 2])
def test_a_digest_to_many_chats_takes_as_long_as_the_limits_demand(
    installation: Installation, double: Double, parts: int, tell: Tell
) -> None:
    installation.freeze({"telegram": telegram_message(parts)})
    installation.run("deliver", seconds=600 + CHATS)
    seconds, least = taken_in(double), demanded(CHATS * parts, parts)
    tell(
        f"telegram, {parts} parts to {CHATS} chats: {seconds:.1f} s, {seconds / least:.2f} × what "
        f"the limits demand"
    )
    assert len(double.messages) == CHATS * parts
    assert double.refusals(429) == []
    assert seconds <= ALLOWED * least + SETTLING_SECONDS or not IS_JUDGED


def test_a_far_server_is_kept_as_busy_by_several_messages_in_flight(
    installation: Installation, double: Double, tell: Tell
) -> None:
    double.latency_seconds = FAR_SECONDS
    installation.at_once = 8
    installation.freeze({"telegram": telegram_message(1)})
    installation.run("deliver", seconds=600 + CHATS)
    seconds, least = taken_in(double), demanded(CHATS, 1)
    tell(
        f"telegram, {FAR_SECONDS} s away, 8 in flight: {seconds:.1f} s, {seconds / least:.2f} × the "
        f"limits' demand"
    )
    assert len(double.messages) == CHATS
    assert double.refusals(429) == []
    assert seconds <= ALLOWED * least + SETTLING_SECONDS or not IS_JUDGED


def test_a_restart_half_way_costs_little_and_earns_no_429(
    installation: Installation, double: Double, tell: Tell
) -> None:
    installation.freeze({"telegram": telegram_message(2)})
    process = installation.start("deliver")
    assert wait_until(lambda: len(double.messages) >= CHATS, 60 + CHATS)
    process.terminate()
    assert process.wait(30) == 0
    paused_at = double.messages[-1].at
    installation.run("deliver", seconds=600 + CHATS)
    resumed_at = next(taken.at for taken in double.messages if taken.at > paused_at)
    seconds, least = taken_in(double) - (resumed_at - paused_at), demanded(CHATS * 2, 2)
    tell(
        f"telegram, 2 parts to {CHATS} chats, restarted: {seconds:.1f} s, {seconds / least:.2f} × "
        f"the limits' demand"
    )
    assert sorted(map(len, map(double.texts, range(FIRST_CHAT, FIRST_CHAT + CHATS)))) == [2] * CHATS
    assert double.refusals(429) == []
    assert seconds <= ALLOWED_RESTARTED * least + SETTLING_SECONDS or not IS_JUDGED
