"""A Zhaibao of its own: a folder with a configuration and a feed, a database, and its commands as real
processes.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import overload
from unittest import mock
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.cli import assembly
from bot.models import DeliveryState, Destination, Edition, Message, MessagePart
from bot.settings import Secret
from bot.store import Store
from bot.store.tables import deliveries
from tests.real.nursery import Forked, Nursery

ROOT = Path(__file__).parents[2]
DIGEST = "daily"
SENDER = "digest@example.test"
LOOK_SECONDS = 0.002
FEED = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>县报</title><link>https://example.org/</link>{items}</channel></rss>
"""
ITEM = """\
<item><guid>{number}</guid><title>{title}</title><link>https://example.org/{number}</link><pubDate>{date}</pubDate>
<description>{text}</description></item>
"""


def feed(stories: Sequence[tuple[str, str]], published_at: datetime) -> bytes:
    """Return an RSS feed of (title, text), all published at the same time."""
    date = published_at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    items = [
        ITEM.format(number=i, title=title, text=text, date=date) for i, (title, text) in enumerate(stories)
    ]
    return FEED.format(items="".join(items)).encode()


class Installation:
    """Writes zhaibao.toml into `folder`; `run` and `start` run its commands, `freeze` skips to an edition.

    `digest`, `fetch` and `mail` hold keys of those tables in TOML's own writing: {"time": '"08:00"'}.
    """

    def __init__(self, folder: Path, store_url: str, *, telegram: str = "", mail_port: int = 0) -> None:
        self.folder = folder
        self.store_url = store_url
        self.telegram = telegram
        self.mail: dict[str, str] = (
            {"host": '"127.0.0.1"', "port": str(mail_port), "tls": '"none"'} if mail_port else {}
        )
        self.secrets = {"ZHAIBAO_TELEGRAM_TOKEN": "123:abc"}
        self.source = 'path = "feed.xml"'
        self.digest: dict[str, str] = {"time": '"08:00"', "zone": '"UTC"'}
        self.fetch: dict[str, str] = {}
        self.on_uncertain = "hold"
        self.at_once = 1
        self.is_rich = False
        self.telegram_extra = ""  # another line of [telegram]
        self.destinations: list[Destination] = []
        (folder / "feed.xml").write_bytes(feed([], datetime.now(UTC)))

    # The configuration

    def send_to(self, channel: str, address: str, topic: int | None = None) -> None:
        self.destinations.append(Destination(digest=DIGEST, channel=channel, address=address, topic=topic))

    def configure(self) -> Path:
        """Write zhaibao.toml as it should be now and return its path."""
        tables = [
            f'[[source]]\nkind = "feed"\nname = "county"\nfull_text = false\n{self.source}\n',
            f'[[digest]]\nname = "{DIGEST}"\ntitle = "摘报"\n{lines(self.digest)}',
            *map(destination_table, self.destinations),
            f'[telegram]\nbase_url = "{self.telegram}"\non_uncertain = "{self.on_uncertain}"\n'
            f"in_flight = {self.at_once}\nrich = {str(self.is_rich).lower()}\n{self.telegram_extra}\n",
            f"[fetch]\n{lines(self.fetch)}",
            '[archive]\nfolder = "archive"\n',
        ]
        if self.mail:
            tables.append(f'[mail]\nfrom = "摘报 <{SENDER}>"\n{lines(self.mail)}')
        path = self.folder / "zhaibao.toml"
        path.write_text("\n".join(tables), "utf-8")
        return path

    # The commands

    @overload
    def start(self, *arguments: str, under: Sequence[str] = ()) -> subprocess.Popen[bytes]: ...
    @overload
    def start(self, *arguments: str, by: Nursery) -> Forked: ...
    def start(
        self, *arguments: str, under: Sequence[str] = (), by: Nursery | None = None
    ) -> subprocess.Popen[bytes] | Forked:
        """Start `zhaibao ARGUMENTS`, by the program `under` or from a nursery; what it says goes to the file
        "log".
        """
        if by is not None:
            return by.start(
                ["--config", str(self.configure()), *arguments], self.environment, self.folder / "log"
            )
        command = [*under, sys.executable, "-m", "bot", "--config", str(self.configure()), *arguments]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def run(self, *arguments: str, under: Sequence[str] = (), seconds: float = 120.0) -> int:
        """Run `zhaibao ARGUMENTS` to its end and return its status."""
        process = self.start(*arguments, under=under)
        try:
            return process.wait(seconds)
        finally:
            process.kill()
            process.wait()

    def deliver(self) -> None:
        """What `zhaibao deliver` does, in this process: no slower than what it does."""
        with mock.patch.dict(os.environ, self.environment):
            settings = assembly.load_configuration(self.configure())
        channels, problems = assembly.open_channels(settings)
        assert not problems

        async def work() -> None:
            async with assembly.build_delivery_worker(settings, store, channels) as post:
                await post.deliver_due()

        with assembly.open_store(settings) as store:
            asyncio.run(work())

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.secrets, "ZHAIBAO_STORE_URL": self.store_url}

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    # The database

    def store(self) -> Store:
        """The database; it exists for years, so that every slot of a test is one of its own."""
        store = Store(Secret(self.store_url))
        store.record_creation(datetime(2020, 1, 1, tzinfo=UTC))
        return store

    def freeze(
        self, messages: dict[str, Message], *, lateness: timedelta = timedelta(hours=3), days_ago: int = 0
    ) -> None:
        """Save an edition with these messages for all destinations, as `publish` would."""
        now = datetime.now(UTC)
        edition = Edition(
            digest=DIGEST,
            slot_at=now - timedelta(days=days_ago),
            title="摘报",
            language="zh",
            zone=ZoneInfo("UTC"),
            theme="plain",
            created_at=now,
            stories=(),
        )
        with self.store() as store:
            assert (
                store.editions.freeze_edition(edition, messages, self.destinations, now + lateness)
                is not None
            )

    def states(self) -> Counter[str]:
        """How many deliveries stand in which state."""
        with self.store() as store:
            return Counter(
                {str(state): number for state, number in store.deliveries.count_by_state().items()}
            )

    def is_settled(self) -> bool:
        """Nothing waits and nothing is being sent."""
        states = self.states()
        return not states["pending"] and not states["sending"]

    def let_time_pass(self, span: timedelta = timedelta(minutes=31)) -> None:
        """Bring leases and retries forward, as if `span` had passed, so that no test has to wait for them."""
        with self.store() as store, store.database.begin_write() as connection:
            rows = connection.execute(
                sa.select(deliveries.c.id, deliveries.c.lease_until, deliveries.c.due_at)
            ).all()
            for row in rows:
                values = {
                    "due_at": row.due_at - span,
                    "lease_until": row.lease_until and row.lease_until - span,
                }
                connection.execute(sa.update(deliveries).where(deliveries.c.id == row.id).values(values))

    def due_now(self, *, minutes_ago: int = 1) -> None:
        """Set the digest's time so that today's slot opened that many minutes ago."""
        self.store().database.close()
        opened_at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        self.digest |= {"time": f'"{opened_at:%H:%M}"', "zone": '"UTC"'}

    def in_flight(self, channel: str) -> set[int]:
        """The ids of deliveries that were handed over and not answered when their process ended."""
        query = sa.select(deliveries.c.id).where(
            deliveries.c.channel == channel,
            deliveries.c.in_flight,
            deliveries.c.state == DeliveryState.SENDING,
        )
        with self.store() as store, store.database.begin_read() as connection:
            return set(connection.execute(query).scalars())


def lines(table: dict[str, str]) -> str:
    return "".join(f"{key} = {value}\n" for key, value in table.items())


def destination_table(destination: Destination) -> str:
    key = {"telegram": f"chat = {destination.address}", "mail": f'address = "{destination.address}"'}
    topic = f"topic = {destination.topic}\n" if destination.topic is not None else ""
    place = key.get(destination.channel, "")
    return f'[[destination]]\ndigest = "{DIGEST}"\nchannel = "{destination.channel}"\n{place}\n{topic}'


def telegram_message(parts: int) -> Message:
    return Message(
        subject="摘报",
        parts=tuple(MessagePart(html=f"<b>第{i + 1}条</b>", text=f"第{i + 1}条") for i in range(parts)),
    )


def mail_message() -> Message:
    return Message(
        subject="摘报", parts=(MessagePart(html="<p>今天没有新的消息。</p>", text="今天没有新的消息。\n"),)
    )


def wait_until(holds: Callable[[], object], seconds: float = 30.0) -> bool:
    """Return True once `holds()` is true, False when it still is not after `seconds`."""
    ends_at = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends_at:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def kill(process: subprocess.Popen[bytes] | Forked) -> bool:
    """End the process as a power cut would; False when it had ended by itself."""
    alive = process.poll() is None
    if alive:
        process.send_signal(signal.SIGKILL)
    process.wait()
    return alive
