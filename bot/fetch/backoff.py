"""When a source that failed is asked again, and when the operator hears of it (pure)."""

from datetime import datetime, timedelta

_FIRST_WAIT = timedelta(minutes=15)  # after one failure; doubled with each further one
_LONGEST_WAIT = timedelta(days=1)
_JITTER = 0.2  # share of the wait that is left to chance, so that sources that failed together part again
_PATIENCE = timedelta(days=7)  # a source that fails for longer is told to the operator


def compute_next_attempt(now: datetime, failures: int, *, chance: float, retry_after: float | None = None) -> datetime:
    """Return when to ask again after `failures` failures in a row (1 or more).

    `chance` is a random number from 0 to 1; `retry_after` the seconds that the server named, which are waited for in
    full, up to a day.

    >>> from datetime import UTC
    >>> str(compute_next_attempt(datetime(2026, 11, 21, 8, tzinfo=UTC), 3, chance=0.0))
    '2026-11-21 09:00:00+00:00'
    """
    doubled: timedelta = min(_FIRST_WAIT * 2 ** min(failures - 1, 10), _LONGEST_WAIT)
    wait = doubled * (1 - _JITTER * chance)
    asked = timedelta(seconds=min(retry_after or 0.0, _LONGEST_WAIT.total_seconds()))
    return now + max(wait, asked)


def should_alert(failing_since: datetime, told_at: datetime | None, now: datetime) -> bool:
    """Say whether the operator should hear now that a source fails: once, after a week without a success."""
    is_told = told_at is not None and told_at >= failing_since
    return not is_told and now - failing_since >= _PATIENCE
