"""Zhaibao killed in the middle of sending, again and again: nothing lost, nothing twice, and the truth about
the rest.

Ten kills a database by default; the long form: ZHAIBAO_KILLS=200 pytest tests/real/test_kill.py. ZHAIBAO_SEED
picks the moments, ZHAIBAO_IN_FLIGHT how many Telegram messages are on their way at once.
"""

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.models import DeliveryState
from tests.real.bot_api import Chat, Double
from tests.real.installation import Installation, kill, mail_message, telegram_message, wait_until
from tests.real.nursery import Nursery
from tests.real.postfix import Postfix

KILLS = int(os.environ.get("ZHAIBAO_KILLS", "10"))
SEED = int(os.environ.get("ZHAIBAO_SEED", "1"))
IN_FLIGHT = int(os.environ.get("ZHAIBAO_IN_FLIGHT", "1"))
DELIVERIES_A_KILL = 10
CONNECTIONS = 8  # to the mail server, at most: the default of [mail] connections
PARTS = 2
FIRST_CHAT = 1000
STARTING_SHARE = 0.2  # of the kills come before or while the first connection is made
STARTING_SECONDS = 1.5
LINGER_SECONDS = 0.03  # up to this long after the message that was waited for
REPLY_SECONDS = 0.005  # of the double: long enough to be killed in

Tell = Callable[[str], None]


@pytest.fixture
def installation(tmp_path: Path, store_url: str, double: Double, postfix: Postfix) -> Installation:
    """Half the readers on Telegram, half by mail, an edition waiting for all of them."""
    house = Installation(tmp_path, store_url, telegram=double.url, mail_port=postfix.port)
    house.at_once = IN_FLIGHT
    double.latency_seconds = REPLY_SECONDS
    for reader in range(KILLS * DELIVERIES_A_KILL // 2):
        double.add(Chat(id=FIRST_CHAT + reader))
        house.send_to("telegram", str(FIRST_CHAT + reader))
        house.send_to("mail", f"reader+{reader}@example.test")
    house.freeze({"telegram": telegram_message(PARTS), "mail": mail_message()})
    return house


def test_nothing_is_lost_or_told_wrongly_however_often_it_is_killed(
    installation: Installation, double: Double, postfix: Postfix, store_url: str, tell: Tell
) -> None:
    readers = KILLS * DELIVERIES_A_KILL // 2
    with Nursery() as nursery:
        doubts = killed_again_and_again(
            installation, nursery, lambda: len(double.messages) + arrived(postfix), readers * (PARTS + 1)
        )
    finish(installation)
    assert wait_until(lambda: arrived(postfix) >= readers)

    telegram, mail = telegram_account(installation, double, readers), mail_account(postfix, readers)
    engine = store_url.partition(":")[0].partition("+")[0]
    head = f"{'database':<12}{'channel':<10}{'kills':>6}{'sent':>7}{'twice':>7}{'lost':>6}{'uncertain':>11}"
    rows = [
        f"{engine:<12}{name:<10}{len(doubts):>6}{one.sent:>7}{one.twice:>7}{one.lost:>6}{one.uncertain:>11}"
        for name, one in (("telegram", telegram), ("mail", mail))
    ]
    for line in (head, *rows):
        tell(line)
    assert len(doubts) == KILLS, "the work was done before the last kill: raise DELIVERIES_A_KILL"
    assert (telegram.twice, telegram.lost) == (0, 0)
    assert max(doubts) <= IN_FLIGHT, f"so many messages were in doubt at each kill: {doubts}"
    assert telegram.uncertain == sum(doubts)
    assert (mail.lost, mail.uncertain) == (0, 0)
    assert mail.twice <= len(doubts) * CONNECTIONS, "more than one mail a connection came again after a kill"
    states = installation.states()
    assert states["sent"] + states["uncertain"] == 2 * readers, installation.log[-2000:]


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What arrived: `sent` messages, those that came `twice`, and the readers who miss one (`lost`)."""

    sent: int
    twice: int
    lost: int
    uncertain: int


def telegram_account(installation: Installation, double: Double, readers: int) -> Account:
    """An uncertain delivery ends at the part in doubt, whether that part arrived or not; every other one is
    whole.
    """
    with installation.store() as store:
        held = {
            int(each.address): each.parts_sent
            for each in store.deliveries.list_deliveries(DeliveryState.UNCERTAIN, 10**6)
        }
    whole = [f"第{part + 1}条" for part in range(PARTS)]
    chats = {FIRST_CHAT + reader: double.texts(FIRST_CHAT + reader) for reader in range(readers)}
    allowed = {
        chat: [whole[: held[chat]], whole[: held[chat] + 1]] if chat in held else [whole] for chat in chats
    }
    return Account(
        sent=len(double.messages),
        twice=sum(len(texts) - len(set(texts)) for texts in chats.values()),
        lost=sum(texts not in allowed[chat] for chat, texts in chats.items()),
        uncertain=len(held),
    )


def mail_account(postfix: Postfix, readers: int) -> Account:
    """A copy counts as one even under the same Message-ID, by which some mailboxes recognize it."""
    ids: dict[str, list[str]] = {}
    for mail in postfix.mails():
        ids.setdefault(str(mail["Delivered-To"]), []).append(str(mail["Message-ID"]))
    assert all(len(set(same)) == 1 for same in ids.values()), "a copy bears the Message-ID of its original"
    sent = sum(map(len, ids.values()))
    return Account(sent=sent, twice=sent - len(ids), lost=readers - len(ids), uncertain=0)


def killed_again_and_again(
    installation: Installation, nursery: Nursery, taken: Callable[[], int], total: int
) -> list[int]:
    """Start and kill `deliver` at seeded moments; return how many messages were in doubt at each kill."""
    chance = random.Random(SEED)
    doubts: list[int] = []
    known: set[int] = set()
    for round_ in range(KILLS):
        a_round = (total - taken()) / (KILLS - round_ + 1)
        target = taken() + chance.randint(1, max(1, int(2 * a_round)))
        process = installation.start("deliver", by=nursery)
        if chance.random() < STARTING_SHARE:
            time.sleep(chance.uniform(0, STARTING_SECONDS))
        else:
            wait_until(lambda p=process, t=target: taken() >= t or p.poll() is not None)
            time.sleep(chance.uniform(0, LINGER_SECONDS))
        if not kill(process):
            break
        doubtful = installation.in_flight(
            "telegram"
        )  # those of the kill before too, if it came before they were freed
        doubts.append(len(doubtful - known))
        known |= doubtful
        installation.let_time_pass()
    return doubts


def finish(installation: Installation) -> None:
    """Deliver until nothing waits any more."""
    for _ in range(5):
        installation.run("deliver")
        if installation.is_settled():
            return
        installation.let_time_pass()
    raise AssertionError(f"still {installation.states()} after five rounds: {installation.log[-2000:]}")


def arrived(postfix: Postfix) -> int:
    return len(os.listdir(postfix.folder / "mail/reader/new"))
