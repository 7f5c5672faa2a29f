"""How fast deliveries go through the ledger when sending itself takes no time, and how much memory that
takes.

    python -m tests.benchmarks.ledger.measure [--deliveries 100000] [--workers 1] [--engine sqlite|postgresql]

Each worker is a process of its own with a channel that takes everything at once. What is measured: claiming,
recording that a part is about to leave, recording what was said, durably (fsync on). The check after it:
every delivery is sent and recorded once, whoever did it. PostgreSQL is a private server on this machine; its
numbers include its own work.
"""

import argparse
import asyncio
import logging
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.channels.protocol import Arrival
from bot.models import Delivery, DeliveryState, Destination, Edition, Message, MessagePart
from bot.pipeline.deliver import DeliveryContext, DeliveryWorker
from bot.settings import Secret
from bot.store import Store
from tests.real import postgresql

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
CHANNEL = "mail"


class Null:
    """Takes everything at once and counts it."""

    def __init__(self) -> None:
        self.taken: list[int] = []

    def reserve_turn(self, delivery: Delivery) -> float:  # noqa: ARG002
        return 0.0

    def measure_rest(self, delivery: Delivery) -> float:  # noqa: ARG002
        return 0.0

    async def ensure_ready(self) -> None: ...

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:  # noqa: ARG002
        self.taken.append(delivery.id)
        return "250 ok"

    def release_delivery(self, delivery: Delivery, *, is_recorded: bool) -> None: ...

    async def find_arrival(self, delivery: Delivery, message: Message, since: datetime) -> Arrival:  # noqa: ARG002
        return Arrival()

    async def check_destination(self, destination: Destination) -> str:  # noqa: ARG002
        return ""

    async def close(self) -> None: ...


def now() -> datetime:
    return datetime.now(UTC)


def memory_mb() -> float:
    """The most this program has had in memory; getrusage would count what its parent had."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def fill(url: str, count: int) -> float:
    """Freeze an edition for so many destinations; return the seconds it took."""
    edition = Edition(
        digest="daily", slot_at=datetime(2026, 1, 15, tzinfo=UTC), title="摘报", language="zh",
        zone=ZoneInfo("Asia/Shanghai"), theme="plain", created_at=now(), stories=(),
    )  # fmt: skip
    message = Message(
        subject="摘报", parts=(MessagePart(html="<p>水库蓄水</p>" * 1000, text="水库蓄水" * 1000),)
    )
    destinations = [
        Destination(digest="daily", channel=CHANNEL, address=f"reader{n}@example.org") for n in range(count)
    ]
    begun = time.perf_counter()
    with Store(Secret(url)) as store:
        store.editions.freeze_edition(edition, {CHANNEL: message}, destinations, now() + timedelta(hours=3))
    return time.perf_counter() - begun


def work(url: str, worker: str, results: "multiprocessing.Queue[tuple[list[int], float, float]]") -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    channel = Null()
    with Store(Secret(url)) as store:
        before = memory_mb()
        asyncio.run(
            DeliveryWorker(
                DeliveryContext(store=store, channels={CHANNEL: channel}, clock=now, worker=worker)
            ).deliver_due()
        )
    results.put((channel.taken, memory_mb() - before, time.process_time()))


def measure(url: str, count: int, workers: int) -> str:
    filled = fill(url, count)
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    begun = time.perf_counter()
    processes = [context.Process(target=work, args=(url, f"worker {n}", results)) for n in range(workers)]
    for process in processes:
        process.start()
    done = [results.get() for _ in processes]
    seconds = time.perf_counter() - begun
    for process in processes:
        process.join()
    times = Counter(number for taken, _, _ in done for number in taken)
    with Store(Secret(url)) as store:
        states = store.deliveries.count_by_state()
        with store.database.begin_read() as connection:
            receipts = connection.exec_driver_sql("SELECT count(*) FROM receipts").scalar_one()
    twice = sum(number > 1 for number in times.values())
    grown, cpu = max(each[1] for each in done), max(each[2] for each in done)
    right = states == {DeliveryState.SENT: count} and receipts == count and not twice
    told = "all recorded once" if right else f"WRONG: {states}, {receipts} receipts"
    return (
        f"{seconds:.1f} s ({count / seconds:,.0f}/s; {cpu:.1f} s of a processor each), frozen in "
        f"{filled:.1f} s, "
        f"memory +{grown:.0f} MB, sent {len(times):,}, twice {twice}, {told}"
    )


@contextmanager
def database(engine: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="zhaibao-ledger-") as folder:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/zhaibao.db"
            return
        postgresql.SETTINGS.update(DURABLE)
        server = postgresql.Server(postgresql.binaries(), Path(folder))
        server.create()
        server.start()
        try:
            yield server.database()
        finally:
            server.stop("fast")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--deliveries", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args()
    for engine in given.engine or ["sqlite", "postgresql"]:
        with database(engine) as url:
            print(
                f"{engine}, {given.workers} worker(s): {measure(url, given.deliveries, given.workers)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
