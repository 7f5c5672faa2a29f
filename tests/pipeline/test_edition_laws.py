"""Laws of editions: whatever a subscriber changes, no story comes twice and none is lost.

Random sequences of changes (hours, zone, topics, length), pauses and restarts run against a stream of
articles, over days on which the clocks change. For a night: ZHAIBAO_LIVES=200 pytest FILE.
"""

import asyncio
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.models import Article, Destination, Edition, Source
from bot.pipeline import subscribing
from bot.pipeline.publish import publish_due
from bot.settings import Secret, Settings
from bot.store import Store
from bot.store.tables import deliveries
from bot.subscribers.subscriber import Door, Lookup, Origin
from bot.subscribers.wishes import Length, Wishes
from tests.pipeline.test_publish import digest

TOPICS = ("水库", "铁路", "小学", "早稻")
SOURCES = tuple(
    Source(kind="feed", name=name, address=f"https://{name}.example/") for name in ("paper", "news", "radio")
)
BERLIN = digest(zone=ZoneInfo("Europe/Berlin"), times=(time(8),), max_stories=4)
SETTINGS = Settings(file=Path("zhaibao.toml"), sources=SOURCES, digests=(BERLIN,))
BEGINNING = datetime(2026, 3, 26, 5, tzinfo=UTC)  # the clocks change on the 29th
DAYS = 6
PEOPLE = tuple(Destination(digest="daily", channel="telegram", address=str(n)) for n in range(3))
CHARACTERS = [chr(code) for code in range(0x5000, 0x7000)]  # words of chance: no two events share any
AN_HOUR = timedelta(hours=1)

WISHES = st.builds(
    Wishes,
    times=st.sets(st.sampled_from([time(1), time(2, 30), time(3), time(8), time(18)]), max_size=2).map(
        lambda times: tuple(sorted(times))
    ),
    weekdays=st.sampled_from([(), (), (0, 2, 4, 5, 6)]),
    zone=st.sampled_from([None, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")]),
    topics=st.sets(st.sampled_from(TOPICS), max_size=2).map(lambda topics: tuple(sorted(topics))),
    length=st.sampled_from([None, *Length]),
    stories=st.sampled_from([0, 2]),
)
ACTIONS = st.one_of(
    st.tuples(st.just("change"), st.integers(0, len(PEOPLE) - 1), WISHES),
    st.tuples(st.sampled_from(["pause", "resume"]), st.integers(0, len(PEOPLE) - 1), st.none()),
    st.tuples(st.just("restart"), st.just(0), st.none()),
)
LIVES = st.dictionaries(st.integers(1, DAYS * 24 - 1), ACTIONS, max_size=12)


@dataclass(slots=True)
class Reader:
    """Somebody, what they wish now, and the editions they got with the wishes of that time."""

    wishes: Wishes = field(default_factory=Wishes)
    editions: list[tuple[Edition, Wishes]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Report:
    """An article of the stream: when it came, and about which event."""

    event: int
    at: datetime
    article: Article


def make_stream() -> list[Report]:
    """Return events; each third one is reported again by another source, hours or days later."""
    reports: list[Report] = []
    draw = random.Random(11)
    for event in range(DAYS * 7):
        at = BEGINNING + draw.randrange(DAYS * 24 - 2) * AN_HOUR + timedelta(minutes=20)
        topic = TOPICS[event % len(TOPICS)]
        words = ["".join(draw.choices(CHARACTERS, k=12)) for _ in range(5)]
        first = Article(
            title=f"{topic}：{words[0]}",
            text="".join(f"{topic}，{word}。" for word in words),
            source="paper",
            language="zh",
            published_at=at,
        )
        reports.append(Report(event, at, first))
        if event % 3 == 0:
            again = replace(first, source="news", text=first.text + f"{words[0]}。", published_at=None)
            reports.append(Report(event, at + draw.choice((5, 20, 50)) * AN_HOUR, again))
        if event % 5 == 0:
            later = at + 26 * AN_HOUR
            news = (
                f"{topic}，{later:%-m月%-d日}又有{event + 30}人来到{''.join(draw.choices(CHARACTERS, k=9))}。"
            )
            update = replace(first, source="radio", text=first.text + news, published_at=later)
            reports.append(Report(event, later, update))
    return sorted(reports, key=lambda report: report.at)


STREAM = make_stream()
EVENTS = {report.article.fingerprint: report.event for report in STREAM}


@pytest.fixture(scope="module")
def empty_database() -> Iterator[Path]:
    """A database without rows, to be copied: migrating takes longer than a life."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite"
        with Store(Secret(f"sqlite:///{path}")) as store:
            store.record_creation(BEGINNING - timedelta(days=60))
            store.database.write_back()
        yield path


@hypothesis.settings(
    max_examples=int(os.environ.get("ZHAIBAO_LIVES", "5")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(first=st.lists(WISHES, min_size=len(PEOPLE), max_size=len(PEOPLE)), life=LIVES)
def test_no_story_comes_twice_or_is_lost_and_no_slot_has_two_editions(
    empty_database: Path, first: list[Wishes], life: dict[int, tuple[str, int, Wishes | None]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zhaibao.sqlite"
        shutil.copy(empty_database, path)
        readers = live(Secret(f"sqlite:///{path}"), first, life)
    for reader in readers:
        assert_one_edition_a_slot(reader)
        assert_nothing_twice(reader)
        assert_nothing_lost(reader)


def live(url: Secret, first: list[Wishes], life: dict[int, tuple[str, int, Wishes | None]]) -> list[Reader]:
    """Run the days hour by hour; return what everybody got."""
    readers = [Reader(wishes) for wishes in first]
    store, now, waiting = Store(url), BEGINNING, list(STREAM)
    for person, wishes in zip(PEOPLE, first, strict=True):
        subscribing.subscribe_address(SETTINGS, store, person, build_origin(now), wishes=wishes)
    for hour in range(DAYS * 24):
        for half in (0, 1):
            now = BEGINNING + hour * AN_HOUR + half * AN_HOUR / 2
            while waiting and waiting[0].at <= now:
                report = waiting.pop(0)
                store.articles.add_articles([report.article], report.at)
            asyncio.run(publish_due(SETTINGS, store, now))
            note_editions(store, readers)
        if action := life.get(hour):
            if action[0] == "restart":
                store.database.close()
                store = Store(url)
            else:
                act(store, readers, action, now)
    store.database.close()
    return readers


def act(store: Store, readers: list[Reader], action: tuple[str, int, Wishes | None], now: datetime) -> None:
    what, number, wishes = action
    lookup, origin = Lookup(address_key=PEOPLE[number].key), build_origin(now)
    if what == "pause":
        subscribing.pause_until(SETTINGS, store, lookup, None, origin)
    elif what == "resume":
        subscribing.resume_subscriber(SETTINGS, store, lookup, origin)
    elif wishes is not None:
        subscribing.change_wishes(SETTINGS, store, lookup, "daily", wishes, origin)
        readers[number].wishes = wishes


def build_origin(now: datetime) -> Origin:
    return Origin(who="test", door=Door.CHAT, at=now)


def note_editions(store: Store, readers: list[Reader]) -> None:
    for person, reader in zip(PEOPLE, readers, strict=True):
        query = select(deliveries.c.edition_id).where(deliveries.c.destination == person.key)
        with store.database.begin_read() as connection:
            numbers = connection.execute(query.order_by(deliveries.c.id)).scalars().all()
        for number in numbers[len(reader.editions) :]:
            edition = store.editions.load_edition(number)
            assert edition is not None
            reader.editions.append((edition, reader.wishes))


def list_events(edition: Edition) -> list[set[int]]:
    """Return the events of each story."""
    return [
        {EVENTS[article.fingerprint] for article in (story.article, *story.others)}
        for story in edition.stories
    ]


def assert_one_edition_a_slot(reader: Reader) -> None:
    slots = [edition.slot_at for edition, _ in reader.editions]
    assert slots == sorted(set(slots))


def assert_nothing_twice(reader: Reader) -> None:
    seen: set[int] = set()
    for edition, _ in reader.editions:
        for story, events in zip(edition.stories, list_events(edition), strict=True):
            assert not events & seen or story.first_printing, f"{story.article.title} again on {edition.name}"
            seen |= events


def assert_nothing_lost(reader: Reader) -> None:
    for (earlier, _), (later, _) in pairwise(reader.editions):
        assert later.from_at == earlier.until_at, "an edition begins where the last one ended"
    seen: set[int] = set()
    for edition, wishes in reader.editions:
        printed = {event for events in list_events(edition) for event in events}
        came = {
            report.event
            for report in STREAM
            if edition.from_at and edition.until_at and edition.from_at < report.at <= edition.until_at
        }
        wanted = {
            event for event in came if not wishes.topics or TOPICS[event % len(TOPICS)] in wishes.topics
        }
        missing = wanted - printed - seen
        has_room = len(edition.stories) < (wishes.stories or BERLIN.max_stories)
        assert not missing or not has_room, f"{sorted(missing)} missing on {edition.name} with room for more"
        seen |= printed
