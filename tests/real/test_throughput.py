"""How fast: mail against a bare SMTP loop, the ledger against the clock, two workers against each other.

By default a small number, whose speed is told and not judged; ZHAIBAO_SPEED=1 judges 20,000 mails and 100,000
rows.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosmtplib
import pytest

from bot.channels.mail.settings import MailSettings
from bot.models import Delivery, Message
from bot.pipeline.deliver import DeliveryContext, DeliveryWorker
from tests.fakes import FakeChannel
from tests.real.installation import SENDER, Installation, mail_message
from tests.real.postfix import smtp_sink

IS_JUDGED = os.environ.get("ZHAIBAO_SPEED") == "1"
MAILS = 20_000 if IS_JUDGED else 500
LEDGER = 100_000 if IS_JUDGED else 1_000
MAIL_SHARE = 0.6  # of what the bare loop reaches
LEDGER_SECONDS = 60.0  # for 100,000 deliveries

Tell = Callable[[str], None]


async def bare_loop(port: int, count: int) -> float:
    """Send `count` mails over as many connections as Zhaibao uses; return mails a second."""
    data = b"From: a@example.test\r\nTo: b@example.test\r\nSubject: x\r\n\r\n" + b"x" * 1000
    left = iter(range(count))

    async def connection() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for _ in left:
                await client.sendmail(SENDER, ["reader@example.test"], data)

    started_at = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(MailSettings().connections)))
    return count / (time.perf_counter() - started_at)


def test_mail_reaches_most_of_what_a_bare_loop_does(tmp_path: Path, tell: Tell) -> None:
    with smtp_sink() as port:
        house = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", mail_port=port)
        for reader in range(MAILS):
            house.send_to("mail", f"reader{reader}@example.test")
        house.freeze({"mail": mail_message()})
        bare = asyncio.run(bare_loop(port, MAILS))
        started_at = time.perf_counter()
        house.deliver()
        ours = MAILS / (time.perf_counter() - started_at)
    tell(f"mail: {ours:.0f} mails/s with rendering and ledger, {ours / bare:.0%} of a bare loop's {bare:.0f}")
    assert house.states() == {"sent": MAILS}
    assert ours >= MAIL_SHARE * bare or not IS_JUDGED


class Tally(FakeChannel):
    """Takes everything and counts who got how much."""

    def __init__(self) -> None:
        super().__init__()
        self.got: Counter[str] = Counter()

    # the count is all
    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:  # noqa: ARG002
        self.got[delivery.address] += 1
        return "taken"


@pytest.mark.parametrize("workers", [1, 2])
def test_the_ledger_keeps_up_and_two_workers_share_without_one_done_twice(
    tmp_path: Path, store_url: str, workers: int, tell: Tell
) -> None:
    house = Installation(tmp_path, store_url)
    for reader in range(LEDGER):
        house.send_to("mail", f"reader{reader}@example.test")
    house.freeze({"mail": mail_message()}, lateness=timedelta(hours=3))
    channel = Tally()
    with house.store() as store:
        posts = [
            DeliveryWorker(
                DeliveryContext(
                    store=store,
                    channels={"mail": channel},
                    clock=lambda: datetime.now(UTC),
                    worker=f"worker {i}",
                )
            )
            for i in range(workers)
        ]

        async def work() -> None:
            await asyncio.gather(*(post.deliver_due() for post in posts))

        started_at = time.perf_counter()
        asyncio.run(work())
        seconds = time.perf_counter() - started_at
    engine = store_url.partition(":")[0]
    tell(f"ledger: {LEDGER} deliveries by {workers} on {engine} in {seconds:.1f} s, {LEDGER / seconds:.0f}/s")
    assert house.states() == {"sent": LEDGER}
    assert set(channel.got.values()) == {1}
    assert seconds <= LEDGER_SECONDS or not IS_JUDGED
