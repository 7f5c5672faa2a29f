"""How long editions for many groups of wishes take, and what memory they need.

    python -m tests.benchmarks.editions.measure_groups [--store URL] [--groups 5000] [--subscribers 100000]

The subscribers of a group have the same wishes: one to three topics, a length, a number of stories. They are
due at one hour, half of them by mail and half on Telegram. The articles are nonsense with the statistics of
news (see benchmarks/stories/speed.py), collected within the day before; topics are words of theirs. With
`--days` several days are published, so that there is a history.
"""

import argparse
import asyncio
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.channels.mail.settings import MailSettings
from bot.models import Article, Digest, Source
from bot.pipeline import group_publishing
from bot.pipeline.publish import publish_due
from bot.settings import Secret, Settings
from bot.store import Store, tables
from bot.store.groups import GroupStep
from bot.subscribers.wishes import Length, Wishes, check_wishes, compute_wishes_key, write_wishes
from tests.benchmarks.stories.speed import invented, vocabulary

FIRST_SLOT = datetime(2026, 1, 15, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
SOURCES = tuple(
    Source(kind="feed", name=f"source{n}", address=f"https://source{n}.example/", section=f"版{n % 6}")
    for n in range(20)
)
DIGEST = Digest(
    name="daily", title="每日摘报", language="zh-Hans", sources=(), times=(wall_time(8),),
    zone=ZoneInfo("Asia/Shanghai"),
)  # fmt: skip
_ROWS_AT_ONCE = 5000


def make_articles(count: int, day: int) -> list[Article]:
    slot = FIRST_SLOT + day * A_DAY
    return [
        replace(
            article,
            source=SOURCES[number % len(SOURCES)].name,
            url=f"https://{number % len(SOURCES)}.example/{day}/{number}",
            published_at=slot - timedelta(minutes=number % 1440),
            language="zh",
        )
        for number, article in enumerate(invented(count, seed=day + 1))
    ]


def make_wishes(count: int) -> Iterator[Wishes]:
    draw = random.Random(7)
    words, sums = vocabulary()
    seen: set[str] = set()
    while len(seen) < count:
        topics = tuple(draw.choices(words, cum_weights=sums, k=draw.randint(1, 3)))
        wishes = check_wishes(
            Wishes(topics=topics, length=draw.choice(list(Length)), stories=draw.choice((0, 6, 20)))
        )
        key = compute_wishes_key(DIGEST, wishes)
        if key not in seen:
            seen.add(key)
            yield wishes


def fill_subscribers(store: Store, groups: int, subscribers: int) -> None:
    """Insert the rows themselves: subscribing is measured elsewhere."""
    rows: dict[str, list[dict[str, object]]] = {"subscribers": [], "addresses": [], "subscriptions": []}
    each = subscribers // groups
    number = 0
    for wishes in make_wishes(groups):
        key, document = compute_wishes_key(DIGEST, wishes), write_wishes(wishes)
        for member in range(each):
            number += 1
            channel, address = ("mail", f"u{number}@example.org") if member % 2 else ("telegram", str(number))
            rows["subscribers"].append(
                {"id": number, "key": f"{number:032x}", "state": "active", "created_at": FIRST_SLOT}
            )
            rows["addresses"].append(
                {
                    "id": number,
                    "subscriber_id": number,
                    "channel": channel,
                    "key": f"{channel}:{address}",
                    "address": address,
                }
            )
            rows["subscriptions"].append(
                {
                    "id": number,
                    "subscriber_id": number,
                    "address_id": number,
                    "digest": DIGEST.name,
                    "state": "active",
                    "wishes": document,
                    "wishes_key": key,
                    "next_slot_at": FIRST_SLOT,
                    "created_at": FIRST_SLOT,
                }
            )
    with store.database.begin_write() as connection:
        for name, many in rows.items():
            for first in range(0, len(many), _ROWS_AT_ONCE):
                connection.execute(insert(tables.metadata.tables[name]), many[first : first + _ROWS_AT_ONCE])


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(url: str, groups: int, subscribers: int, articles: int, days: int) -> None:
    settings = Settings(
        file=Path("zhaibao.toml"),
        sources=SOURCES,
        digests=(DIGEST,),
        channel_settings={"mail": MailSettings(host="localhost", sender="digest@example.org")},
    )
    moments: list[float] = []
    add_step = group_publishing._GroupPublisher._add_step

    def note(publisher: group_publishing._GroupPublisher, step: GroupStep) -> None:
        add_step(publisher, step)
        moments.append(time.perf_counter())

    group_publishing._GroupPublisher._add_step = note  # type: ignore[method-assign]
    with Store(Secret(url)) as store:
        store.record_creation(FIRST_SLOT - 30 * A_DAY)
        fill_subscribers(store, groups, subscribers)
        for day in range(days):
            slot = FIRST_SLOT + day * A_DAY
            store.articles.add_articles(make_articles(articles, day), slot - timedelta(hours=2))
            moments.clear()
            before, started_at, busy = peak(), time.perf_counter(), time.process_time()
            (outcome,) = asyncio.run(publish_due(settings, store, slot))
            seconds, busy = time.perf_counter() - started_at, time.process_time() - busy
            gaps = [later - earlier for earlier, later in pairwise(moments)]
            counts = store.deliveries.count_by_state()
            slow = sorted(gaps)[int(len(gaps) * 0.95)]
            print(
                f"day {day + 1}: {outcome.subscriptions} subscriptions in {len(moments)} groups:"
                f" {seconds:.1f} s, {busy:.1f} s of the processor;"
                f" median {statistics.median(gaps) * 1000:.1f} ms a group, 95 % under {slow * 1000:.1f} ms;"
                f" memory {before:.0f} MB before, {peak():.0f} MB at most; {sum(counts.values())} deliveries"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--store", default="", help="an empty database; default: a new SQLite file")
    parser.add_argument("--groups", type=int, default=5000)
    parser.add_argument("--subscribers", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--days", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.store or f"sqlite:///{folder}/zhaibao.sqlite"
        measure(url, given.groups, given.subscribers, given.articles, given.days)


if __name__ == "__main__":
    main()
