"""The rate limiter: never over the limit in any window, never slower than the limit asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rate_limiter import BoundedTable, RateLimiter

LIMITS = st.tuples(st.integers(1, 30), st.floats(0.5, 60.0))
PAUSES = st.lists(st.floats(0.0, 5.0), min_size=1, max_size=200)


def record_events(limiter: RateLimiter, pauses: list[float]) -> list[float]:
    """Let an event happen after each pause, as soon as it fits."""
    now, times = 0.0, []
    for pause in pauses:
        now = limiter.find_free_time(now + pause)
        limiter.reserve_slot(now)
        times.append(now)
    return times


def count_in_fullest_window(times: list[float], seconds: float) -> int:
    return max(sum(start <= at < start + seconds * (1 - 1e-12) for at in times) for start in times)


@given(limit=LIMITS, pauses=PAUSES)
def test_no_window_holds_more_than_the_limit(limit: tuple[int, float], pauses: list[float]) -> None:
    count, seconds = limit
    assert count_in_fullest_window(record_events(RateLimiter(count, seconds), pauses), seconds) <= count


@given(limit=LIMITS, events=st.integers(1, 200))
def test_a_source_of_events_that_never_rests_uses_the_limit_in_full(
    limit: tuple[int, float], events: int
) -> None:
    count, seconds = limit
    times = record_events(RateLimiter(count, seconds), [0.0] * events)
    assert times[-1] == pytest.approx((events - 1) // count * seconds)


@given(limit=LIMITS, pauses=PAUSES, ahead=st.floats(0.0, 3.0))
def test_slots_reserved_ahead_of_their_time_break_no_limit(limit, pauses, ahead) -> None:
    """An event whose time is near takes its slot at once, and others are asked for meanwhile."""
    count, seconds = limit
    limiter, now, times = RateLimiter(count, seconds), 0.0, []
    for pause in pauses:
        now += pause / 10
        at = limiter.find_free_time(now)
        if at - now <= ahead:
            limiter.reserve_slot(at)
            times.append(at)
    assert count_in_fullest_window(times, seconds) <= count


@given(
    limit=LIMITS,
    steps=st.lists(st.tuples(st.floats(0.0, 2.0), st.floats(0.0, 5.0)), min_size=1, max_size=100),
)
def test_events_that_turn_out_to_happen_later_break_no_limit(limit, steps) -> None:
    """Each event is known only `late` seconds after its slot was taken; until then its slot is kept."""
    count, seconds = limit
    limiter, now, times, waiting = RateLimiter(count, seconds), 0.0, [], []
    for pause, late in steps:
        now += pause
        while True:
            for at, slot in [entry for entry in waiting if entry[0] <= now]:
                limiter.move_event(slot, at)
                times.append(at)
                waiting.remove((at, slot))
            at = limiter.find_free_time(now)
            if at <= now:
                break
            now = min([at, *(known for known, _ in waiting)])
        slot = limiter.reserve_slot(now)
        limiter.move_event(slot, now + 1000.0)
        waiting.append((now + late, slot))
    times += [at for at, _ in waiting]
    assert count_in_fullest_window(times, seconds) <= count


@given(limit=LIMITS, pauses=PAUSES)
def test_it_is_idle_exactly_when_it_holds_nothing_back(limit: tuple[int, float], pauses: list[float]) -> None:
    count, seconds = limit
    limiter = RateLimiter(count, seconds)
    assert limiter.is_idle(0.0)
    last = record_events(limiter, pauses)[-1]
    assert not limiter.is_idle(last)
    assert limiter.is_idle(last + seconds)


def test_an_event_moved_behind_one_that_took_its_slot_holds_back_the_next() -> None:
    limiter = RateLimiter(1, 1.0)
    first = limiter.reserve_slot(0.0)
    limiter.reserve_slot(limiter.find_free_time(0.0))  # at 1.0, ahead of its time
    limiter.move_event(first, 5.0)
    assert limiter.find_free_time(0.5) == 6.0
    assert limiter.find_free_time(2.5) == 6.0


def test_nothing_happens_before_a_suspension_ends() -> None:
    limiter = RateLimiter(3, 1.0)
    limiter.suspend_until(9.0)
    limiter.suspend_until(5.0)
    assert limiter.find_free_time(1.0) == 9.0
    assert not limiter.is_idle(8.0)
    assert limiter.is_idle(9.0)


def test_a_table_that_grows_large_forgets_what_is_idle_and_nothing_else() -> None:
    limiters = BoundedTable(lambda _: RateLimiter(1, 1.0), lambda limiter: limiter.is_idle(0.0), most=10)
    limiters.get_entry("busy").reserve_slot(0.0)
    busy = limiters.get_entry("busy")
    for number in range(100):
        limiters.get_entry(str(number))
    assert len(limiters) <= 10
    assert limiters.get_entry("busy") is busy
