"""The operator is told once of each problem, with its remedy, and once that it is over."""

import asyncio
from datetime import date, time, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from bot.channels.protocol import Channel
from bot.errors import StoreError, TryLater
from bot.models import Destination, Digest, Source
from bot.operation.alarms import Alarms
from bot.operation.problems import find_problems
from bot.settings import AlarmSettings, Settings
from bot.store import Store
from tests.fakes import NOON, Clock, FakeChannel

OPERATOR = Destination(digest="", channel="telegram", address="7")
DAY = timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        file=tmp_path / "zhaibao.toml",
        sources=(Source(kind="feed", name="news", address="https://n.example/feed", title="新闻"),),
        digests=(
            Digest(
                name="daily", title="摘报", language="zh", sources=(), times=(time(8),), zone=ZoneInfo("UTC")
            ),
        ),
        alarms=AlarmSettings(destinations=(OPERATOR,)),
    )


def fail_source(store: Store, hours: int = 12) -> None:
    since = NOON - timedelta(hours=hours)
    store.sources.record_failure("news", since, "the server answered 500", NOON)


def check(settings: Settings, store: Store, channel: FakeChannel, now=NOON) -> list[str]:
    """Check once; return what was sent."""
    before = len(channel.sent)
    alarms = Alarms(settings, store, {"telegram": cast("Channel", channel)}, Clock(now))
    asyncio.run(alarms.check())
    return [sent.html for sent in channel.sent[before:]]


def test_a_problem_is_told_once_and_so_is_its_end(settings: Settings, store: Store) -> None:
    store.record_creation(NOON)
    channel = FakeChannel()
    fail_source(store)
    (first,) = check(settings, store, channel)
    assert "news" in first
    assert "zhaibao check" in first, "the remedy"
    assert "需要处理" in first, "in the language of the digest"
    assert check(settings, store, channel) == []
    store.sources.record_success("news", NOON)
    (over,) = check(settings, store, channel)
    assert "news" in over
    assert check(settings, store, channel) == []


def test_an_alarm_that_cannot_be_sent_is_tried_again(settings: Settings, store: Store) -> None:
    store.record_creation(NOON)
    fail_source(store)
    channel = FakeChannel(TryLater("Telegram cannot be reached"))
    assert check(settings, store, channel) == []
    assert len(check(settings, store, channel)) == 1


def test_trouble_of_the_database_is_told_without_a_database(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = FakeChannel()
    alarms = Alarms(settings, store, {"telegram": cast("Channel", channel)}, Clock())

    def fail(*_: object) -> None:
        raise StoreError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store.alarms, "load_open", fail)
        for _ in range(2):
            asyncio.run(alarms.check())
    assert len(channel.sent) == 1
    assert "disk is full" in channel.sent[0].html
    asyncio.run(alarms.check())
    assert len(channel.sent) == 2, "over again"


def test_a_late_and_a_missed_slot_are_problems(settings: Settings, store: Store) -> None:
    store.record_creation(NOON - 3 * DAY)
    store.digests.register_digest("daily", NOON - 3 * DAY)
    early = NOON.replace(hour=8, minute=5)
    assert find_problems(settings, store, early) == ()
    (late,) = find_problems(settings, store, NOON.replace(hour=8, minute=30))
    assert late.key.startswith("late:daily:")
    store.editions.record_missed_slot("daily", NOON.replace(hour=8), NOON)
    (missed,) = find_problems(settings, store, NOON.replace(hour=13))
    assert missed.key.startswith("missed:daily:")
    assert find_problems(settings, store, NOON + 2 * DAY) == (), "a day later it is history"


def test_a_source_that_failed_a_moment_ago_is_no_problem_yet(settings: Settings, store: Store) -> None:
    store.record_creation(NOON)
    fail_source(store, hours=1)
    assert find_problems(settings, store, NOON) == ()


def test_sources_that_nobody_reads_are_one_problem(settings: Settings, store: Store) -> None:
    store.record_creation(NOON)
    store.sources.record_success("news", NOON - timedelta(hours=3))
    (problem,) = find_problems(settings, store, NOON)
    assert problem.key == "unread"
    assert date(2026, 1, 15) == NOON.date()
