"""One policy for all that is tried again: waits double up to a limit, and chance shortens them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retry_policy import RetryPolicy, RetryState

POLICIES = st.builds(
    RetryPolicy,
    first_seconds=st.floats(0.1, 100.0),
    longest_seconds=st.floats(100.0, 1e6),
    free_failures=st.integers(0, 5),
    jitter=st.floats(0.0, 1.0),
)


def test_waits_double_up_to_the_longest() -> None:
    policy = RetryPolicy(first_seconds=30.0, longest_seconds=600.0)
    assert [policy.compute_wait(failures) for failures in range(9)] == [
        *(0.0, 30.0, 60.0, 120.0, 240.0, 480.0),
        *(600.0, 600.0, 600.0),
    ]
    assert policy.compute_wait(10**9) == 600.0


def test_free_failures_cost_no_wait() -> None:
    policy = RetryPolicy(first_seconds=30.0, longest_seconds=600.0, free_failures=2)
    assert [policy.compute_wait(failures) for failures in range(5)] == [0.0, 0.0, 0.0, 30.0, 60.0]


@given(policy=POLICIES, failures=st.integers(0, 10_000), chance=st.floats(0.0, 1.0))
def test_chance_only_shortens_a_wait_and_by_its_share_at_most(
    policy: RetryPolicy, failures: int, chance: float
) -> None:
    longest = policy.compute_wait(failures)
    assert longest * (1 - policy.jitter) <= policy.compute_wait(failures, chance=chance) <= longest
    assert longest <= policy.longest_seconds


@given(policy=POLICIES, failures=st.integers(0, 10_000))
def test_no_wait_is_shorter_than_the_one_before(policy: RetryPolicy, failures: int) -> None:
    assert policy.compute_wait(failures) <= policy.compute_wait(failures + 1)


def test_a_fixed_number_of_tries_has_one_wait_between_each_two() -> None:
    assert list(RetryPolicy(first_seconds=1.0, longest_seconds=5.0).list_waits(4)) == [1.0, 2.0, 4.0, 5.0]


def test_pauses_grow_to_a_limit_and_end_with_the_first_success() -> None:
    state = RetryState(RetryPolicy(first_seconds=30.0, longest_seconds=600.0, free_failures=1))
    now, waits = 0.0, []
    for _ in range(8):
        state.record_failure(now)
        waits.append(max(0.0, state.paused_until - now))
        now = max(now, state.paused_until)
    assert waits == [0.0, 30.0, 60.0, 120.0, 240.0, 480.0, 600.0, 600.0]
    state.record_success()
    assert (state.failures, state.paused_until) == (0, 0.0)


def test_what_was_under_way_when_a_pause_began_does_not_lengthen_it() -> None:
    state = RetryState(RetryPolicy(first_seconds=30.0, longest_seconds=600.0))
    for _ in range(100):
        state.record_failure(10.0)
    assert state.paused_until == pytest.approx(40.0)
    state.record_failure(50.0, at_least=600.0)
    assert state.paused_until == pytest.approx(650.0)
