"""What a reading may use, and its deadline."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.fetch import Fetcher
from bot.workers.worker_pool import RunInWorker

# Returns which of the keys to read: those never read, and those that failed and are due again.
_SelectUnread = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingContext:
    """`etag` and `last_modified` are from the last reading. `deadline` is by the clock of the event loop.

    A reading that reaches its deadline returns its results, and the next one continues.
    """

    fetcher: Fetcher
    workers: RunInWorker
    now: datetime
    etag: str = ""
    last_modified: str = ""
    select_unread: _SelectUnread = tuple
    deadline: float | None = None
    listings: asyncio.Semaphore | None = None  # limits how many documents wait to be parsed, over all sources

    def has_time(self) -> bool:
        return self.deadline is None or asyncio.get_running_loop().time() < self.deadline

    @asynccontextmanager
    async def take_listing_turn(self) -> AsyncIterator[None]:
        """Wait until a listing may be fetched, at most until the deadline. Raises TimeoutError."""
        if self.listings is None:
            yield
            return
        async with self.limit_time():
            await self.listings.acquire()
        try:
            yield
        finally:
            self.listings.release()

    def limit_time(self) -> asyncio.Timeout:
        """Return a context manager that raises TimeoutError at the deadline."""
        return asyncio.timeout_at(self.deadline)
