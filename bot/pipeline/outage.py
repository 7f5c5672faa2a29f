"""Says once that the database cannot be used, and once that it can be again, however many ask it meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.errors import StoreError, StoreReplaced

_log = structlog.get_logger("store")

_QUIET = timedelta(minutes=1)  # a full disk lets a small write through now and then: that is no end of the trouble


class StoreOutage:
    """Shared by all that write to the database in one process. `clock` gives the time in UTC."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failed_at: datetime | None = None  # the last time, while the trouble lasts

    def report_failure(self, error: StoreError) -> None:
        """The database refused something: log it if that is news. A replaced one ends the program, which says why."""
        if isinstance(error, StoreReplaced):
            return
        if self._failed_at is None:
            _log.error("unusable", error=str(error))
        self._failed_at = self._clock()

    def report_success(self) -> None:
        """The database took something: log it if the trouble is over."""
        if self._failed_at is not None and self._clock() - self._failed_at >= _QUIET:
            _log.info("usable again")
            self._failed_at = None
