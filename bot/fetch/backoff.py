"""When a source that failed is asked again, and when the operator hears of it (pure)."""

from datetime import datetime, timedelta

FIRST = timedelta(minutes=15)  # after one failure; doubled with each further one
LONGEST = timedelta(days=1)
JITTER = 0.2  # share of the wait that is left to chance, so that sources that failed together part again
PATIENCE = timedelta(days=7)  # a source that fails for longer is told to the operator


def next_try(now: datetime, failures: int, *, chance: float, retry_after: float | None = None) -> datetime:
    """Return when to ask again after `failures` failures in a row (1 or more).

    `chance` is a random number from 0 to 1; `retry_after` the seconds that the server named, which are waited for in
    full, up to a day.

    >>> from datetime import UTC
    >>> str(next_try(datetime(2026, 11, 21, 8, tzinfo=UTC), 3, chance=0.0))
    '2026-11-21 09:00:00+00:00'
    """
    doubled: timedelta = min(FIRST * 2 ** min(failures - 1, 10), LONGEST)
    wait = doubled * (1 - JITTER * chance)
    asked = timedelta(seconds=min(retry_after or 0.0, LONGEST.total_seconds()))
    return now + max(wait, asked)


def is_worth_telling(failing_since: datetime, told_at: datetime | None, now: datetime) -> bool:
    """Say whether the operator should hear now that a source fails: once, after a week without a success."""
    is_told = told_at is not None and told_at >= failing_since
    return not is_told and now - failing_since >= PATIENCE
