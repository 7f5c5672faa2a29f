"""A database, name or schedule that changed: nothing is printed twice, none empty, and nothing false is
missed.
"""

import asyncio
from collections.abc import Sequence
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from structlog.typing import EventDict

from bot.models import Destination, Edition
from bot.pipeline.history import describe_changes
from bot.pipeline.publish import PublishResult, publish_due
from bot.settings import Settings
from bot.store import Store
from tests.fakes import NOON, Clock
from tests.pipeline.test_publish import article, digest, settings

CHAT = Destination(digest="daily", channel="telegram", address="1")
A_DAY = timedelta(days=1)


def to_chat(name: str) -> Destination:
    return Destination(digest=name, channel="telegram", address="1")


def publish(configured: Settings, store: Store, clock: Clock) -> list[PublishResult]:
    return [outcome.result for outcome in asyncio.run(publish_due(configured, store, clock()))]


def all_editions(store: Store, *names: str) -> list[Edition]:
    return list(reversed(store.editions.load_recent_editions(names, NOON - timedelta(days=999), limit=99)))


def titles(editions: Sequence[Edition]) -> list[str]:
    return [story.article.title for edition in editions for story in edition.stories]


@pytest.fixture
def old_store(store: Store) -> Store:
    """A database that is older than any slot here."""
    store.record_creation(NOON - timedelta(days=30))
    return store


# --- a new database


def test_slots_that_opened_before_the_database_existed_are_neither_published_nor_missed(
    store: Store, logged: list[EventDict]
) -> None:
    store.record_creation(NOON + timedelta(minutes=1))
    store.articles.add_articles([article(0)], NOON)
    configured = settings(destinations=[CHAT])
    for minutes in (2, 60, 181, 400):
        assert publish(configured, store, Clock(NOON + timedelta(minutes=minutes))) == [PublishResult.NOT_DUE]
    assert store.editions.list_slots(9) == ()
    assert not [line for line in logged if line["event"] == "missed"]
    assert publish(configured, store, Clock(NOON + A_DAY)) == [PublishResult.PUBLISHED]


def test_a_digest_that_is_added_to_a_database_comes_out_late_like_any_other(old_store: Store) -> None:
    old_store.articles.add_articles([article(0)], NOON)
    assert publish(settings(), old_store, Clock(NOON + timedelta(minutes=5))) == [PublishResult.PUBLISHED]


# --- a digest that is called otherwise


def test_a_renamed_digest_goes_on_where_the_old_name_stopped(old_store: Store) -> None:
    old_store.articles.add_articles([article(0)], NOON)
    assert publish(settings(destinations=[CHAT]), old_store, Clock()) == [PublishResult.PUBLISHED]
    renamed = settings(digest(name="morning"), destinations=[to_chat("morning")])
    clock = Clock(NOON + timedelta(minutes=5))
    assert publish(renamed, old_store, clock) == [PublishResult.ALREADY], "the chat has had today's"
    old_store.articles.add_articles([article(1)], NOON + timedelta(hours=2))
    clock.now = NOON + A_DAY
    assert publish(renamed, old_store, clock) == [PublishResult.PUBLISHED]
    assert titles(all_editions(old_store, "daily", "morning")) == [article(0).title, article(1).title]


def test_a_renamed_digest_with_nothing_new_tells_nothing_again(old_store: Store) -> None:
    old_store.articles.add_articles([article(0)], NOON)
    publish(settings(destinations=[CHAT]), old_store, Clock())
    renamed = settings(digest(name="morning"), destinations=[to_chat("morning")])
    publish(renamed, old_store, Clock(NOON + A_DAY))
    assert titles(all_editions(old_store, "morning")) == []


def test_a_second_digest_to_the_same_chat_is_no_renamed_one(old_store: Store) -> None:
    old_store.articles.add_articles([article(0)], NOON)
    publish(settings(destinations=[CHAT]), old_store, Clock())
    both = settings(digest(), digest(name="weekly"), destinations=[CHAT, to_chat("weekly")])
    assert publish(both, old_store, Clock(NOON + timedelta(minutes=5))) == [
        PublishResult.ALREADY,
        PublishResult.PUBLISHED,
    ]
    assert titles(all_editions(old_store, "weekly")) == [article(0).title]


def test_a_digest_for_others_does_not_inherit(old_store: Store) -> None:
    old_store.articles.add_articles([article(0)], NOON)
    publish(settings(destinations=[CHAT]), old_store, Clock())
    other = Destination(digest="morning", channel="telegram", address="2")
    clock = Clock(NOON + timedelta(minutes=5))
    assert publish(settings(digest(name="morning"), destinations=[other]), old_store, clock) == [
        PublishResult.PUBLISHED
    ]
    assert titles(all_editions(old_store, "morning")) == [article(0).title]


# --- another hour, another zone


@pytest.mark.parametrize(
    "changes",
    [
        {"times": (time(20, 10),)},
        {"times": (time(2),), "zone": ZoneInfo("Pacific/Kiritimati")},
        {"times": (time(0, 10),), "zone": ZoneInfo("Pacific/Auckland")},
        {"times": (time(1, 10),), "zone": ZoneInfo("Pacific/Auckland")},
        {"times": (time(7, 5),), "zone": ZoneInfo("America/New_York")},
        {"times": (time(21),)},
        {"times": (time(19),)},
    ],
    ids=str,
)
def test_another_hour_or_zone_repeats_nothing_and_adds_no_empty_edition(
    old_store: Store, changes: dict[str, object], logged: list[EventDict]
) -> None:
    old_store.articles.add_articles([article(0)], NOON)
    publish(settings(destinations=[CHAT]), old_store, Clock())
    changed = settings(digest(**changes), destinations=[CHAT])
    clock = Clock(NOON + timedelta(minutes=5))
    while clock.now < NOON + timedelta(hours=20):
        publish(changed, old_store, clock)
        clock.advance(minutes=1 if clock.now < NOON + timedelta(hours=2) else 20)
    editions = all_editions(old_store, "daily")
    assert titles(editions) == [article(0).title]
    assert [len(edition.stories) for edition in editions] == [1]
    assert not [line for line in logged if line["event"] == "missed"]


def test_a_clock_that_was_ahead_costs_no_edition(old_store: Store) -> None:
    configured = settings(destinations=[CHAT])
    publish(configured, old_store, Clock(NOON + 3 * A_DAY))
    assert publish(configured, old_store, Clock()) == [PublishResult.PUBLISHED]


def test_after_the_first_edition_of_the_new_hour_a_quiet_day_has_its_edition_again(old_store: Store) -> None:
    old_store.articles.add_articles([article(0)], NOON)
    publish(settings(destinations=[CHAT]), old_store, Clock())
    changed = settings(digest(times=(time(21),)), destinations=[CHAT])
    publish(changed, old_store, Clock(NOON + timedelta(minutes=5)))
    old_store.articles.add_articles([article(1)], NOON + timedelta(hours=2))
    days = [
        NOON + timedelta(hours=1),
        NOON + A_DAY + timedelta(hours=1),
        NOON + 2 * A_DAY + timedelta(hours=1),
    ]
    for day in days:
        publish(changed, old_store, Clock(day))
    assert [len(edition.stories) for edition in all_editions(old_store, "daily")] == [1, 1, 0]


def test_an_earlier_hour_that_has_passed_today_still_brings_what_is_new(old_store: Store) -> None:
    publish(settings(destinations=[CHAT]), old_store, Clock(NOON - timedelta(hours=5)))
    old_store.articles.add_articles([article(0)], NOON - timedelta(hours=5))
    changed = settings(
        digest(times=(time(17),)), destinations=[CHAT]
    )  # 09:00 UTC: three hours ago, and late until noon
    assert publish(changed, old_store, Clock(NOON - timedelta(hours=1))) == [PublishResult.PUBLISHED]


# --- what `check` says


def list_changes(configured: Settings, store: Store, minutes: int) -> list[str]:
    moment = NOON + timedelta(minutes=minutes)
    return [
        str(line) for each in configured.digests for line in describe_changes(configured, store, each, moment)
    ]


def test_nothing_is_said_where_nothing_changed(old_store: Store) -> None:
    configured = settings(destinations=[CHAT])
    assert list_changes(configured, old_store, -5) == []
    publish(configured, old_store, Clock())
    assert list_changes(configured, old_store, 5) == []


def test_a_new_name_is_announced_with_what_it_will_do(old_store: Store) -> None:
    publish(settings(destinations=[CHAT]), old_store, Clock())
    renamed = settings(digest(name="morning"), destinations=[to_chat("morning")])
    (line,) = list_changes(renamed, old_store, 5)
    assert line == (
        "morning was called daily: it continues from there and repeats no story; "
        "its next edition is published at 2026-01-16 20:00"
    )


def test_a_new_schedule_is_announced_with_what_it_will_do(old_store: Store) -> None:
    publish(settings(destinations=[CHAT]), old_store, Clock())
    changed = settings(digest(times=(time(7, 5),), zone=ZoneInfo("America/New_York")), destinations=[CHAT])
    (line,) = list_changes(changed, old_store, 4)
    assert line == (
        "daily: the schedule was 20:00 Asia/Shanghai and is 07:05 America/New_York: no story is repeated; "
        "its next edition is published at 2026-01-15 07:05"
    )
    assert old_store.digests.find_state("daily") is not None
    assert list_changes(changed, old_store, 4) == [line], "saying it changes nothing"
