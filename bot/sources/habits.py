"""How often a source brings news, as the dates of its items show, and whether it has fallen silent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

_MAX_DATES = 30  # the newest ones, of which the gaps are measured
_MIN_DATES = 4  # fewer show no habit
_MIN_SILENT_DAYS = 3  # a shorter silence is a holiday
_SILENT_GAPS = 4  # usual gaps without news from which a source is silent
_DAY_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceHabits:
    """When a source's newest item came out, and the usual gap between its items in days; 0 where it shows no
    habit.
    """

    newest_at: datetime | None = None
    usual_gap_days: float = 0.0

    def count_silent_days(self, now: datetime) -> int:
        """Return the number of days without news when it is much larger than usual; else 0."""
        if self.newest_at is None or not self.usual_gap_days:
            return 0
        days = (now - self.newest_at) / timedelta(days=1)
        return int(days) if days >= max(_MIN_SILENT_DAYS, _SILENT_GAPS * self.usual_gap_days) else 0


def measure_habits(dates: Iterable[datetime | None], now: datetime) -> SourceHabits:
    """Return what the dates of a source's items show; future dates are announcements and do not count.

    >>> from datetime import UTC
    >>> days = [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 3, 4, 6)]
    >>> measure_habits(days, datetime(2026, 11, 30, tzinfo=UTC)).usual_gap_days
    1.0
    """
    past = sorted({date for date in dates if date and date <= now}, reverse=True)[:_MAX_DATES]
    if not past:
        return SourceHabits()
    gaps = [(later - earlier).total_seconds() / _DAY_SECONDS for later, earlier in pairwise(past)]
    return SourceHabits(newest_at=past[0], usual_gap_days=median(gaps) if len(past) >= _MIN_DATES else 0.0)
