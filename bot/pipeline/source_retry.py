"""When to try a source again after a failure, and when to alert the operator (pure)."""

from datetime import datetime, timedelta

from bot.retry_policy import RetryPolicy

_DAY_SECONDS = 86_400.0
# The jitter spreads sources that failed at the same time, for example when the network was down.
_SOURCE_RETRY = RetryPolicy(first_seconds=900.0, longest_seconds=_DAY_SECONDS, jitter=0.2)
# A document that costs too much to read costs up to 20 s each time, until its publisher changes it.
_DOCUMENT_RETRY = RetryPolicy(first_seconds=3_600.0, longest_seconds=7 * _DAY_SECONDS, jitter=0.2)
_ALERT_AFTER = timedelta(days=7)  # a source that fails for longer is reported to the operator


def compute_next_attempt(
    now: datetime, failures: int, *, chance: float, retry_after: float | None = None
) -> datetime:
    """Return when to try a source again after `failures` failures in a row (1 or more).

    `chance` is a random number from 0 to 1. `retry_after` is the wait in seconds that the server
    requested; it is obeyed up to a day.

    >>> from datetime import UTC
    >>> str(compute_next_attempt(datetime(2026, 11, 21, 8, tzinfo=UTC), 3, chance=0.0))
    '2026-11-21 09:00:00+00:00'
    """
    wait = _SOURCE_RETRY.compute_wait(failures, chance=chance)
    return now + timedelta(seconds=max(wait, min(retry_after or 0.0, _DAY_SECONDS)))


def compute_document_wait(failures: int, *, chance: float) -> timedelta:
    """Return how long to wait after `failures` readings in a row that cost too much."""
    return timedelta(seconds=_DOCUMENT_RETRY.compute_wait(failures, chance=chance))


def should_alert(failing_since: datetime, alerted_at: datetime | None, now: datetime) -> bool:
    """Return whether to alert the operator now that a source fails: once, after a week without a success."""
    was_alerted = alerted_at is not None and alerted_at >= failing_since
    return not was_alerted and now - failing_since >= _ALERT_AFTER
