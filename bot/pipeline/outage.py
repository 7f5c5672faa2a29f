"""Logs once that the database cannot be used, and once that it can be used again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.errors import StoreError, StoreReplaced

_log = structlog.get_logger("store")

_QUIET = timedelta(minutes=1)  # a full disk accepts a small write now and then: that does not end the outage


class StoreOutage:
    """Shared by all parts of a process that write to the database. `clock` returns the time in UTC."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failed_at: datetime | None = None  # the last failure, while the outage lasts

    def report_failure(self, error: StoreError) -> None:
        """Log a failure of the database if it is new.

        A replaced database ends the program, which logs the reason.
        """
        if isinstance(error, StoreReplaced):
            return
        if self._failed_at is None:
            _log.error("unusable", error=str(error))
        self._failed_at = self._clock()

    def report_success(self) -> None:
        """Log the end of the outage after a successful write."""
        if self._failed_at is not None and self._clock() - self._failed_at >= _QUIET:
            _log.info("usable again")
            self._failed_at = None
