"""Trouble that goes on while many messages are on their way: floods, broken fronts, silence, a disk that is
full.
"""

import subprocess
import time
from pathlib import Path

import pytest

from tests.real.bot_api import Chat, Double
from tests.real.installation import Installation, telegram_message, wait_until

CHATS = range(1000, 1024)
WHOLE = ["第1条", "第2条"]
AT_ONCE = 4
SILENT = CHATS[3]
UNLIMITED = "unlimited"


@pytest.fixture
def house(tmp_path: Path, double: Double) -> Installation:
    house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    house.at_once = AT_ONCE
    for chat in CHATS:
        double.add(Chat(id=chat))
        house.send_to("telegram", str(chat))
    house.freeze({"telegram": telegram_message(2)})
    return house


def deliver_all(house: Installation) -> None:
    for _ in range(20):
        house.deliver()
        if house.is_settled():
            return
        house.let_time_pass()
    raise AssertionError(f"still {house.states()}")


def everybody_has_everything_once(double: Double) -> bool:
    return [double.texts(chat) for chat in CHATS] == [WHOLE] * len(CHATS)


def test_a_storm_of_429_is_obeyed_by_all_that_are_on_their_way(house: Installation, double: Double) -> None:
    double.latency_seconds = 0.02
    double.flood(times=12, retry_after=1)
    deliver_all(house)
    assert everybody_has_everything_once(double)
    sends = [call.at for call in double.calls if call.method == "sendmessage"]
    for refusal in double.refusals(429):
        early = [at for at in sends if refusal.at < at < refusal.at + 1]
        assert len(early) < AT_ONCE, "more than what was on its way already"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_broken_front_costs_time_and_nothing_else(house: Installation, double: Double, status: int) -> None:
    double.fail(status, times=30)
    deliver_all(house)
    assert everybody_has_everything_once(double)


def test_a_chat_that_never_answers_is_in_doubt_and_holds_up_nobody(
    house: Installation, double: Double
) -> None:
    double.ignore(chat=SILENT)
    process = house.start("deliver")
    others = [chat for chat in CHATS if chat != SILENT]
    assert process.wait(120) == 0
    assert [double.texts(chat) for chat in others] == [WHOLE] * len(others)
    assert (double.texts(SILENT), house.states()) == ([], {"sent": len(others), "uncertain": 1})
    ended = [call.chat for call in double.calls].index(
        str(SILENT)
    )  # calls stand in the order in which they ended
    silent = double.calls[ended]
    assert any(call.at > silent.at for call in double.calls[:ended]), "others came and went meanwhile"


def limit(process: subprocess.Popen[bytes], size: str) -> None:
    """Let the running process write no file beyond so many bytes, as on a disk with so much room; needs no
    rights.
    """
    subprocess.run(["prlimit", f"--pid={process.pid}", f"--fsize={size}:{UNLIMITED}"], check=True)


def test_a_disk_that_fills_up_under_the_database_is_told_and_nothing_is_lost_or_sent_twice(
    house: Installation, double: Double
) -> None:
    process = house.start("deliver")
    assert wait_until(lambda: len(double.messages) >= 10, 60), house.log
    limit(process, str((house.folder / "zhaibao.db-wal").stat().st_size))
    assert wait_until(lambda: "disk" in house.log, 60), house.log
    taken = len(double.messages)
    time.sleep(1)
    assert len(double.messages) <= taken + AT_ONCE, "nothing leaves that cannot be written down"
    limit(process, UNLIMITED)
    process.wait(60)
    assert "Traceback" not in house.log
    house.let_time_pass()
    deliver_all(house)
    assert house.states() == {"sent": len(CHATS)}
    assert everybody_has_everything_once(double)
