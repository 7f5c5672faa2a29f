"""What strangers ask for is less urgent than a digest that is due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.real.bot_api import Chat, Double, Limits
from tests.real.installation import Installation, telegram_message, wait_until
from tests.real.test_service import running

CHATS, STRANGERS = range(1000, 1040), range(5000, 5300)
MAX_SLOWER = 1.5
TEXT = (
    "县里的老船厂昨天重新开工。船厂停工已经十二年，这次由三家本地企业合股修复，投资四千万元。首批渡船五月下水。"
    * 5
)

Tell = Callable[[str], None]


@pytest.fixture
def installation(tmp_path: Path, double: Double) -> Installation:
    house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    double.limits = Limits()
    for chat in (*CHATS, *STRANGERS):
        double.add(Chat(id=chat))
    for chat in CHATS:
        house.send_to("telegram", str(chat))
    house.digest["weekdays"] = (
        f'["{(datetime.now(UTC) + timedelta(days=3)):%a}"]'.lower()
    )  # no edition of its own
    return house


def measure_delivery(house: Installation, double: Double) -> tuple[float, int]:
    """Return the seconds from a digest's first message to its last, and how many strangers still waited."""
    before = len(list_times(double))
    with running(house):
        assert wait_until(lambda: len(list_times(double)) == before + len(CHATS), 150), house.log[-3000:]
        waiting = sum(not double.texts(stranger) for stranger in STRANGERS)
    times = list_times(double)[before:]
    return times[-1] - times[0], waiting


def list_times(double: Double) -> list[float]:
    return [message.at for message in double.messages if message.chat in CHATS]


def test_a_digest_takes_hardly_longer_while_300_strangers_wait(
    installation: Installation, double: Double, tell: Tell
) -> None:
    installation.freeze({"telegram": telegram_message(1)}, days_ago=1)
    alone, _ = measure_delivery(installation, double)
    installation.freeze({"telegram": telegram_message(1)})
    for stranger in STRANGERS:
        double.receive(f"/summary {TEXT}", chat=stranger)
    together, waiting = measure_delivery(installation, double)
    tell(
        f"a digest to 40 chats: {alone:.1f} s alone, {together:.1f} s with {waiting} strangers "
        f"waiting at its end"
    )
    assert waiting > 200
    assert together <= MAX_SLOWER * alone
    assert double.refusals(429) == []
