"""A supervisor starts the program again at once: what the killed one held is taken back without waiting for a
lease.
"""

import time
from pathlib import Path

import pytest

from bot.models import DeliveryState
from tests.real.bot_api import Chat, Double, Standing
from tests.real.installation import Installation, kill, telegram_message, wait_until

CHATS = range(1000, 1040)
REPLY_SECONDS = 0.05
TAKEN_BACK_SECONDS = 2.0
STARTED = "event=waiting"
CHANNEL, OWNER = -1001, 77


@pytest.fixture
def installation(tmp_path: Path, store_url: str, double: Double) -> Installation:
    """Forty chats and an edition that waits for them; the next slot is hours away."""
    made = Installation(tmp_path, store_url, telegram=double.url)
    made.digest |= {"time": '"00:00"', "weekdays": '["mon"]', "lateness": '"1m"'}
    double.latency_seconds = REPLY_SECONDS
    for chat in CHATS:
        double.add(Chat(id=chat))
        made.send_to("telegram", str(chat))
    made.freeze({"telegram": telegram_message(1)})
    return made


def test_the_next_process_takes_back_what_a_killed_one_held(
    installation: Installation, double: Double
) -> None:
    for killed in range(1, 4):
        taken = len(double.messages)
        process = installation.start("run")
        assert wait_until(lambda n=taken: len(double.messages) >= n + 3, 60), installation.log
        assert kill(process)
        assert installation.states()["sending"] > 0, "it held what it had claimed"
        taken = len(double.messages)
        process = installation.start("run")
        try:
            assert wait_until(lambda n=2 * killed: installation.log.count(STARTED) >= n, 60), installation.log
            started_at = time.monotonic()
            assert wait_until(lambda n=taken: len(double.messages) > n), installation.log
            assert time.monotonic() - started_at <= TAKEN_BACK_SECONDS
        finally:
            kill(process)
    with installation.store() as store:
        uncertain = store.deliveries.list_deliveries(DeliveryState.UNCERTAIN, 99)
    assert len(uncertain) <= 2 * 3, "at most the one that was on its way at each kill"
    texts = [double.texts(chat) for chat in CHATS]
    assert all(len(parts) <= 1 for parts in texts), "nobody got it twice"


def test_a_channel_on_a_profile_shows_what_arrived_before_a_kill(
    tmp_path: Path, store_url: str, double: Double
) -> None:
    made = Installation(tmp_path, store_url, telegram=double.url)
    made.telegram_extra = f"profile = {OWNER}"
    double.add(Chat(id=CHANNEL, kind="channel", title="摘报频道", standing=Standing.ADMINISTRATOR))
    double.office.profiles[OWNER] = CHANNEL
    made.send_to("telegram", str(CHANNEL))
    made.freeze({"telegram": telegram_message(3)})
    double.hold_reply(chat=CHANNEL)  # taken, and never answered
    process = made.start("deliver")
    assert wait_until(lambda: len(double.messages) == 1, 60), made.log
    assert kill(process)
    assert made.run("deliver") == 0
    assert double.texts(CHANNEL) == ["第1条", "第2条", "第3条"]
    assert made.states() == {"sent": 1}
