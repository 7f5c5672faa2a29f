"""A source that fails is asked less and less often, and told once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline.source_retry import compute_next_attempt, should_alert

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(1, 15), (2, 30), (3, 60), (6, 480), (7, 960), (8, 1440), (9, 1440), (10_000, 1440)],
)
def test_the_wait_doubles_up_to_a_day(failures, minutes):
    assert compute_next_attempt(NOW, failures, chance=0.0) == NOW + timedelta(minutes=minutes)


@given(st.integers(1, 1000), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_the_wait_is_at_least_what_the_server_named_and_at_most_a_day(failures, chance, named):
    wait = compute_next_attempt(NOW, failures, chance=chance, retry_after=named) - NOW
    assert timedelta(minutes=12) <= wait <= timedelta(days=1)
    if named is not None:
        assert wait >= timedelta(seconds=min(named, 86_400)) - timedelta(microseconds=1)


def test_chance_shortens_the_wait_so_that_sources_part():
    assert compute_next_attempt(NOW, 1, chance=1.0) == NOW + timedelta(minutes=12)


def test_a_source_is_told_once_after_a_week():
    since = NOW - timedelta(days=7)
    assert not should_alert(since + timedelta(hours=1), None, NOW)
    assert should_alert(since, None, NOW)
    assert not should_alert(since, NOW - timedelta(hours=1), NOW)
    assert should_alert(since, since - timedelta(days=30), NOW)
