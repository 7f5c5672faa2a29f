"""What subscribing, changing and leaving cost among many subscribers, and a minute in which somebody is due.

    python -m tests.benchmarks.subscribers.measure [--postgresql] [--changes 1000] [SUBSCRIBERS …]

Each number of subscribers gets a database of its own; their wishes are of 5,000 kinds, their slots lie in all
1,440 minutes of a day. The changes are the use cases that the doors call, on subscribers picked at random.
Commits are durable on both engines (synchronous=FULL, fsync). "cpu" is the processor time of this process,
which counts where others use the machine too.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.models import Destination, Digest
from bot.pipeline import subscribing
from bot.pipeline.synchronization import synchronize_digest
from bot.settings import Secret, Settings
from bot.store import Store
from bot.subscribers.decisions import ChangeResult, compute_next_slot
from bot.subscribers.subscriber import Door, Lookup, Origin
from bot.subscribers.wishes import Wishes, compute_wishes_key, write_wishes
from tests.real.postgresql import serve_durably

SUBSCRIBERS = (1_000, 1_000_000)
KINDS = 5_000  # of wishes
MINUTES = 1_440
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
REPEATS = 30  # of each minute
DIGEST = Digest(
    name="daily",
    title="临溪摘报",
    language="zh-Hans",
    sources=(),
    times=(wall_time(8),),
    zone=ZoneInfo("UTC"),
)
SETTINGS = Settings(file=Path("zhaibao.toml"), sources=(), digests=(DIGEST,))

FILL = (
    """INSERT INTO subscribers (id, key, state, language, zone, created_at)
    SELECT i, 'key' || i, 'active', 'zh-Hans', '', :now FROM bench_numbers""",
    """INSERT INTO addresses
    (id, subscriber_id, channel, key, address, keyed_hash, name, unsubscribe, confirmed_at, gone_reason)
    SELECT i, i, CASE WHEN i % 3 = 0 THEN 'mail' ELSE 'telegram' END,
    CASE WHEN i % 3 = 0 THEN 'mail:reader' || i || '@example.test' ELSE 'telegram:' || i END,
    CASE WHEN i % 3 = 0 THEN 'reader' || i || '@example.test' ELSE '' || i END, '', '', '', :now, ''
    FROM bench_numbers""",
    """INSERT INTO subscriptions
    (id, subscriber_id, address_id, digest, state, belongs_to, wishes, wishes_key, next_slot_at,
    last_until_at, created_at, history)
    SELECT i, i, i, 'daily', 'active', '', document, key, at, :now, :now, ''
    FROM bench_numbers JOIN bench_wishes ON bench_wishes.number = i % :kinds""",
    """INSERT INTO events (subscriber_id, at, who, door, what, details)
    SELECT i, :now, '' || i, 'chat', 'subscribed', '{"digest": "daily"}' FROM bench_numbers""",
)


def fill(store: Store, number: int) -> None:
    """Put so many subscribers into the tables."""
    moment = "TIMESTAMP" if store.database.is_sqlite else "TIMESTAMP WITH TIME ZONE"
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)"
    with store.database.begin_write() as connection:
        connection.execute(text("CREATE TABLE bench_numbers (i INTEGER PRIMARY KEY)"))
        connection.execute(text(f"INSERT INTO bench_numbers {numbers} SELECT i FROM n"), {"n": number})  # noqa: S608
        connection.execute(
            text(
                "CREATE TABLE bench_wishes "
                f"(number INTEGER PRIMARY KEY, document TEXT, key TEXT, at {moment})"
            )
        )
        wishes = [build_wishes(kind) for kind in range(KINDS)]
        connection.execute(
            text("INSERT INTO bench_wishes VALUES (:number, :document, :key, :at)"),
            [
                {
                    "number": kind,
                    "document": write_wishes(each),
                    "key": compute_wishes_key(DIGEST, each),
                    "at": write(store, compute_next_slot(DIGEST, each, NOW)),
                }
                for kind, each in enumerate(wishes)
            ],
        )
        values = {"now": write(store, NOW), "kinds": KINDS}
        for statement in FILL:
            names = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), names)
    with store.database.begin_write() as connection:
        for table in ("bench_numbers", "bench_wishes"):
            connection.execute(text(f"DROP TABLE {table}"))
        if not store.database.is_sqlite:
            for table in ("subscribers", "addresses", "subscriptions", "events"):
                connection.execute(
                    text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")  # noqa: S608
                )
        connection.execute(text("ANALYZE"))


def build_wishes(kind: int) -> Wishes:
    minute = kind % MINUTES
    return Wishes(times=(wall_time(minute // 60, minute % 60),), topics=(f"词{kind}", "!广告"))


def write(store: Store, at: datetime) -> object:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if store.database.is_sqlite else at


def measure_changes(
    store: Store, number: int, changes: int
) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Yield the seconds of a bare commit, and of each use case, called `changes` times."""
    yield "bare commit", [clock(lambda n=n: commit(store, n)) for n in range(1, 101)]
    draw = random.Random(1)
    new = [Destination(digest="daily", channel="telegram", address=f"9{n:09}") for n in range(changes)]
    origin = Origin(who="bench", door=Door.CHAT, at=NOW)
    drawn = [draw.randrange(1, number + 1) for _ in range(changes)]
    lookups = [Lookup(key=f"key{n}") for n in drawn]
    wishes = [Wishes(stories=1 + n % 50, times=(wall_time(n % 24),)) for n in range(changes)]
    yield (
        "subscribe",
        [
            clock(lambda each=each: subscribing.subscribe_address(SETTINGS, store, each, origin))
            for each in new
        ],
    )
    yield (
        "change",
        [
            clock(lambda a=lookup, b=wish: subscribing.change_wishes(SETTINGS, store, a, "daily", b, origin))
            for lookup, wish in zip(lookups, wishes, strict=True)
        ],
    )
    yield (
        "leave",
        [clock(lambda a=lookup: subscribing.leave_digest(SETTINGS, store, a, origin)) for lookup in lookups],
    )


def commit(store: Store, number: int) -> None:
    """Change one row: what any durable change costs at least, on this disk and under this load."""
    with store.database.begin_write() as connection:
        statement = text("UPDATE subscribers SET zone = :zone WHERE id = :number")
        connection.execute(statement, {"zone": str(time.perf_counter()), "number": number})


def clock(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that the work takes, and those of the processor."""
    started_at, used = time.perf_counter(), time.process_time()
    result = work()
    seconds = time.perf_counter() - started_at, time.process_time() - used
    assert getattr(result, "result", None) is not ChangeResult.UNKNOWN
    return seconds


def measure_minutes(store: Store) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Yield the seconds of a minute in which some are due, and of one in which nobody is."""

    def spend_minute(now: datetime) -> None:
        synchronize_digest(SETTINGS, store, DIGEST, now)
        store.groups.list_due("daily", now)

    synchronize_digest(SETTINGS, store, DIGEST, NOW)  # the first one computes the slots
    due_at = find_first_slot(store)
    yield "due minute", [clock(lambda: spend_minute(due_at)) for _ in range(REPEATS)]
    yield "idle minute", [clock(lambda: spend_minute(due_at - timedelta(seconds=1))) for _ in range(REPEATS)]


def find_first_slot(store: Store) -> datetime:
    with store.database.begin_read() as connection:
        first = connection.execute(text("SELECT min(next_slot_at) FROM subscriptions")).scalar_one()
    return datetime.fromisoformat(str(first)).replace(tzinfo=UTC) if store.database.is_sqlite else first


@contextmanager
def open_url(postgresql: bool) -> Iterator[str]:
    if postgresql:
        with serve_durably() as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/db"


def report(store: Store, number: int, changes: int) -> None:
    engine = "sqlite" if store.database.is_sqlite else "postgresql"
    figures = [*measure_minutes(store), *measure_changes(store, number, changes)]
    for name, seconds in figures:
        wall, cpu = (sorted(each[kind] * 1000 for each in seconds) for kind in (0, 1))
        print(
            f"{engine:<11}{number:>10,}  {name:<12}{statistics.median(wall):>9.2f} ms median"
            f"{statistics.quantiles(wall, n=20)[-1]:>9.2f} ms at 95 %"
            f"{statistics.median(cpu):>9.2f} ms cpu",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subscribers", nargs="*", type=int, default=SUBSCRIBERS)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--changes", type=int, default=1000)
    options = parser.parse_args()
    for number in options.subscribers:
        with open_url(options.postgresql) as url, Store(Secret(url)) as store:
            fill(store, number)
            report(store, number, options.changes)


if __name__ == "__main__":
    main()
