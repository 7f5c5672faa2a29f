"""What the last editions would have been with other settings, without a trace."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.editorial.topics import parse_term
from bot.models import Digest
from bot.pipeline.publish import PublishResult, publish_due
from bot.pipeline.replay import ReplayedEdition, replay_editions
from bot.store import Store
from tests.fakes import NOON, Clock
from tests.pipeline.test_publish import article, digest, settings, told

AGO = timedelta(days=60)


def publish_days(store: Store, by_day: dict[int, list[int]], daily: Digest) -> None:
    """Publish an edition a day, of the articles with these numbers."""
    clock = Clock(NOON)
    store.record_creation(NOON)
    for day in range(max(by_day) + 1):
        published = [article(number) for number in by_day.get(day, ())]
        store.articles.add_articles(published, clock() - timedelta(hours=2))
        clock.advance(minutes=1)
        (outcome,) = asyncio.run(publish_due(settings(daily), store, clock()))
        assert outcome.result is PublishResult.PUBLISHED
        clock.advance(days=1, minutes=-1)


@pytest.fixture
def three_days(store: Store) -> Store:
    publish_days(store, {0: [0, 1, 2], 1: [3], 2: [4, 0]}, digest(max_stories=2))
    return store


def replay(store: Store, daily: Digest, since: timedelta = AGO) -> list[ReplayedEdition]:
    return list(replay_editions(settings(daily), store, daily, since=NOON - since))


def replayed_titles(editions: list[ReplayedEdition]) -> list[list[str]]:
    return [told(edition.replayed) for edition in editions]


def test_the_same_settings_make_the_same_editions(three_days: Store) -> None:
    editions = replay(three_days, digest(max_stories=2))
    assert [edition.published.day.day for edition in editions] == [15, 16, 17]
    assert all(edition.changes.is_empty for edition in editions)
    assert [edition.replayed for edition in editions] == [edition.published for edition in editions]


def test_more_room_prints_what_was_only_named_and_only_once(three_days: Store) -> None:
    editions = replay(three_days, digest(max_stories=3))
    assert replayed_titles(editions) == [
        [article(0).title, article(1).title, article(2).title],
        [article(3).title],
        [article(4).title],
    ]
    assert [story.article.title for story in editions[0].changes.added] == [article(2).title]
    assert not editions[1].changes.added


def test_a_story_that_is_left_out_on_one_day_does_not_count_as_printed(three_days: Store) -> None:
    farming = replace(digest(max_stories=2), topics=(parse_term("早稻"),))
    editions = replay(three_days, farming)
    assert replayed_titles(editions) == [[], [article(3).title], []]
    assert [len(edition.changes.removed) for edition in editions] == [2, 0, 1]


def test_a_floor_shortens_a_thin_day(three_days: Store) -> None:
    editions = replay(three_days, digest(max_stories=2, min_points=6.5))
    assert [len(edition.replayed.stories) for edition in editions] == [1, 1, 1]


def test_shorter_summaries_are_changes_and_no_other_stories(store: Store) -> None:
    publish_days(store, {0: [0, 1]}, digest(max_characters=120))
    (edition,) = replay(store, digest(max_characters=30))
    assert not edition.changes.added
    assert not edition.changes.removed
    for before, after in edition.changes.changed:
        assert len(after.summary.display) < len(before.summary.display)
    assert len(edition.changes.changed) == 2


def test_only_the_editions_of_the_last_days_are_replayed_after_those_that_were_published(
    three_days: Store,
) -> None:
    editions = replay(three_days, digest(max_stories=3), since=timedelta(days=-1))
    assert [edition.published.day.day for edition in editions] == [16, 17]
    assert replayed_titles(editions) == [[article(3).title], [article(4).title]]


def test_nothing_is_published_or_queued(three_days: Store) -> None:
    before = three_days.editions.list_slots(99)
    replay(three_days, digest(max_stories=9))
    assert three_days.editions.list_slots(99) == before
    assert not three_days.deliveries.list_deliveries()


def test_a_digest_without_editions_has_nothing_to_replay(store: Store) -> None:
    assert replay(store, digest()) == []
