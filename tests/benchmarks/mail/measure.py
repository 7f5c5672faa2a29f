"""How fast digests leave by mail, against a bare aiosmtplib loop over as many connections to the same
smtp-sink.

    python tests/benchmarks/mail/measure.py [MAILS] [sqlite | postgresql://…]

Ours includes the letters, the claims and the ledger, every record durable before the next step; the bare loop
sends one ready letter again and again. Needs Postfix's smtp-sink (apt-get install postfix).
"""

import asyncio
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
ROUNDS = 3  # the fastest of each counts; the machine may have other things to do
SENDER = "摘报 <digest@example.test>"
TEXT = (
    "县里的老船厂昨天重新开工。船厂停工已经十二年，这次由三家本地企业合股修复，投资四千万元。"
    "首批两艘电动渡船将在五月下水，替换河上最后的柴油渡船。厂长说，老师傅们都愿意回来带徒弟。"
)


def edition(now: datetime) -> Edition:
    story = Story(article=Article(title="老船厂重新开工", text=TEXT), summary=summarize(TEXT))
    return Edition(
        digest="daily",
        slot_at=now,
        title="临溪摘报",
        language="zh",
        zone=ZoneInfo("UTC"),
        theme="plain",
        created_at=now,
        stories=(story,) * 12,
    )


def frozen(store: Store, mails: int) -> Message:
    """Save an edition for so many readers and return its message."""
    now = datetime.now(UTC)
    made = edition(now)
    message = render_mail(made)
    readers = [
        Destination(digest="daily", channel="mail", address=f"reader{number}@example.test")
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


def rate(work: Coroutine[None, None, int]) -> float:
    """Mails a second."""
    started_at = time.perf_counter()
    sent = asyncio.run(work)
    return sent / (time.perf_counter() - started_at)


def once(mails: int, url: str) -> tuple[float, float, int]:
    """Mails a second of the bare loop and of ours, and a letter's bytes."""
    with tempfile.TemporaryDirectory() as folder, smtp_sink() as port:
        place = f"sqlite:///{folder}/zhaibao.sqlite" if url == "sqlite" else url
        with Store(Secret(place)) as store:
            message, now = frozen(store, mails), datetime.now(UTC)
            settings = MailSettings(sender=SENDER)
            data = build_mail(
                message, settings, to="r@example.test", digest="daily", message_id="<1@x>", at=now
            )
            return rate(bare(data, mails, port)), rate(ours(store, port)), len(data)


def main() -> None:
    log.configure_logging((), errors_only=True)
    mails = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    url = sys.argv[2] if len(sys.argv) > 2 else "sqlite"
    rounds = [once(mails, url) for _ in range(ROUNDS)]
    bare_rate, our_rate, size = (max(values) for values in zip(*rounds, strict=True))
    print(f"{mails} mails of {size // 1000:.0f} kB over {CONNECTIONS} connections, store {url.split(':')[0]}")
    print(f"bare loop {bare_rate:7.0f} mails/s")
    print(f"ours      {our_rate:7.0f} mails/s   {our_rate / bare_rate:.0%}")


if __name__ == "__main__":
    main()
