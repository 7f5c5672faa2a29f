"""The pace: never over the limit in any window, never slower than the limit asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rate_limiter import RateLimiter

LIMITS = st.tuples(st.integers(1, 30), st.floats(0.5, 60.0))
PAUSES = st.lists(st.floats(0.0, 5.0), min_size=1, max_size=200)


def times(pace: RateLimiter, pauses: list[float]) -> list[float]:
    """Take one after each pause, as soon as it fits."""
    now, taken = 0.0, []
    for pause in pauses:
        now = pace.find_free_time(now + pause)
        pace.record_event(now)
        taken.append(now)
    return taken


@given(limit=LIMITS, pauses=PAUSES)
def test_no_window_holds_more_than_the_limit(limit: tuple[int, float], pauses: list[float]) -> None:
    count, seconds = limit
    taken = times(RateLimiter(count, seconds), pauses)
    for first, after in zip(taken, taken[count:], strict=False):
        assert after - first >= seconds * (1 - 1e-12)


@given(limit=LIMITS, messages=st.integers(1, 200))
def test_who_is_always_ready_is_never_slower_than_the_limit(limit: tuple[int, float], messages: int) -> None:
    count, seconds = limit
    taken = times(RateLimiter(count, seconds), [0.0] * messages)
    assert taken[-1] == pytest.approx((messages - 1) // count * seconds)


@given(limit=LIMITS, pauses=PAUSES)
def test_it_is_idle_exactly_when_it_holds_nothing_back(limit: tuple[int, float], pauses: list[float]) -> None:
    count, seconds = limit
    pace = RateLimiter(count, seconds)
    assert pace.is_idle(0.0)
    last = times(pace, pauses)[-1]
    assert not pace.is_idle(last)
    assert pace.is_idle(last + seconds)


def test_what_happens_later_than_planned_counts_from_then() -> None:
    pace = RateLimiter(1, 1.0)
    pace.record_event(5.0)
    pace.postpone_latest(5.5)
    pace.postpone_latest(5.2)
    assert pace.find_free_time(5.6) == 6.5


def test_what_was_forgotten_meanwhile_counts_all_the_same() -> None:
    pace = RateLimiter(1, 1.0)
    pace.postpone_latest(5.0)
    assert pace.find_free_time(5.0) == 6.0
