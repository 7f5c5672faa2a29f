"""How fast digests leave by mail, against a bare aiosmtplib loop over as many connections to the same
smtp-sink.

    python tests/benchmarks/mail/measure.py [MAILS] [sqlite | postgresql://…]

Ours includes the making of the mails, the claims and a durable record of each mail before its connection
hands over the next; the bare loop sends one ready mail again and again. Both take turns in rounds of MAILS
mails, so that other work on the machine slows both. Needs Postfix's smtp-sink (apt-get install postfix).
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiosmtplib

sys.path.insert(0, str(Path(__file__).parents[3]))

from bot import log
from bot.channels.mail.channel import MailChannel
from bot.channels.mail.form import render_mail
from bot.channels.mail.mime import build_mail
from bot.channels.mail.settings import MailSettings
from bot.models import Article, Destination, Edition, Message, Story
from bot.pipeline.deliver import DeliveryContext, DeliveryWorker
from bot.settings import Secret
from bot.store import Store
from summarizer import summarize
from tests.real.postfix import smtp_sink

CONNECTIONS = MailSettings().connections
ROUNDS = 10  # of each, by turns
SENDER = "摘报 <digest@example.test>"
TEXT = (
    "县里的老船厂昨天重新开工。船厂停工已经十二年，这次由三家本地企业合股修复，投资四千万元。"
    "首批两艘电动渡船将在五月下水，替换河上最后的柴油渡船。厂长说，老师傅们都愿意回来带徒弟。"
)


def edition(now: datetime, digest: str = "daily") -> Edition:
    story = Story(article=Article(title="老船厂重新开工", text=TEXT), summary=summarize(TEXT))
    return Edition(
        digest=digest,
        slot_at=now,
        title="临溪摘报",
        language="zh",
        zone=ZoneInfo("UTC"),
        theme="plain",
        created_at=now,
        stories=(story,) * 12,
    )


def frozen(store: Store, mails: int, digest: str) -> Message:
    """Save an edition of the digest for so many subscribers and return its message."""
    now = datetime.now(UTC)
    made = edition(now, digest)
    message = render_mail(made)
    readers = [
        Destination(digest=digest, channel="mail", address=f"reader{number}@example.test")
        for number in range(mails)
    ]
    store.editions.freeze_edition(made, {"mail": message}, readers, now + timedelta(hours=3))
    return message


async def ours(store: Store, port: int) -> int:
    settings = MailSettings(host="127.0.0.1", port=port, tls="none", sender=SENDER)
    context = DeliveryContext(
        store=store,
        channels={"mail": MailChannel(settings)},
        clock=lambda: datetime.now(UTC),
        worker="benchmark",
        channel_settings={"mail": settings},
    )
    async with DeliveryWorker(context) as worker:
        return sum((await worker.deliver_due()).values())


async def bare(data: bytes, mails: int, port: int) -> int:
    left = iter(range(mails))

    async def lane() -> int:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, use_tls=False) as client:
            return sum(
                [bool(await client.sendmail("d@example.test", f"r{n}@example.test", data)) for n in left]
            )

    return sum(await asyncio.gather(*(lane() for _ in range(CONNECTIONS))))


def measure_seconds(work: Coroutine[None, None, int], mails: int) -> float:
    started_at = time.perf_counter()
    sent = asyncio.run(work)
    assert sent == mails, f"{sent} of {mails} were sent"
    return time.perf_counter() - started_at


def run_rounds(mails: int, url: str) -> tuple[list[float], list[float], int]:
    """Return the seconds of each round of the bare loop and of ours, and the bytes of a mail."""
    bare_seconds, our_seconds = [], []
    with tempfile.TemporaryDirectory() as folder, smtp_sink() as port:
        place = f"sqlite:///{folder}/zhaibao.sqlite" if url == "sqlite" else url
        with Store(Secret(place)) as store:
            settings, now = MailSettings(sender=SENDER), datetime.now(UTC)
            for number in range(ROUNDS):
                message = frozen(store, mails, f"round{number}")
                data = build_mail(
                    message, settings, to="r@example.test", digest="daily", message_id="<1@x>", at=now
                )
                bare_seconds.append(measure_seconds(bare(data, mails, port), mails))
                our_seconds.append(measure_seconds(ours(store, port), mails))
    return bare_seconds, our_seconds, len(data)


def main() -> None:
    log.configure_logging((), errors_only=True)
    mails = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    url = sys.argv[2] if len(sys.argv) > 2 else "sqlite"
    bare_seconds, our_seconds, size = run_rounds(mails, url)
    shares = sorted(theirs / mine for theirs, mine in zip(bare_seconds, our_seconds, strict=True))
    print(
        f"{ROUNDS} rounds of {mails} mails of {size // 1000:.0f} kB over {CONNECTIONS} connections, "
        f"store {url.split(':')[0]}, load average {os.getloadavg()[0]:.1f}"
    )
    print(f"bare loop {mails * ROUNDS / sum(bare_seconds):7.0f} mails/s")
    share = sum(bare_seconds) / sum(our_seconds)
    spread = f"rounds {shares[0]:.0%} to {shares[-1]:.0%}, median {statistics.median(shares):.0%}"
    print(f"ours      {mails * ROUNDS / sum(our_seconds):7.0f} mails/s   {share:.0%} ({spread})")


if __name__ == "__main__":
    main()
