"""Reads every source repeatedly and independently: a slow source delays no other, and no edition."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime, timedelta

import structlog

from bot.editorial.slots import find_next_slot
from bot.errors import StoreError
from bot.fetch import Fetcher
from bot.models import Source
from bot.pipeline.collect import MAX_LISTINGS_IN_HAND, MAX_SOURCES_AT_ONCE, CollectOutcome, collect_source
from bot.settings import Settings
from bot.store import Store
from bot.workers.worker_pool import RunInWorker

_log = structlog.get_logger("collect")

# The sources of a digest are read so long before its slot, unless they were read within that time. Most need
# a second, a newspaper with a Crawl-delay some minutes.
FRESH = timedelta(minutes=5)
MeasureStep = Callable[[str], AbstractContextManager[None]]  # measures how long a step of that name takes

_PAUSE_SECONDS = 10.0  # between two checks for due sources


class Collector:
    """Reads the sources that are due, each until its deadline. `clock` returns the time in UTC.

    `on_reading` is called after each reading.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        fetcher: Fetcher,
        workers: RunInWorker,
        clock: Callable[[], datetime],
        on_reading: Callable[[], None] = lambda: None,
        measure_step: MeasureStep = lambda _: nullcontext(),
    ) -> None:
        self._settings, self._store, self._fetcher, self._workers = settings, store, fetcher, workers
        self._clock, self._on_reading, self._measure_step = clock, on_reading, measure_step
        self._places = asyncio.Semaphore(MAX_SOURCES_AT_ONCE)
        self._listings = asyncio.Semaphore(MAX_LISTINGS_IN_HAND)
        self._started_at: dict[str, datetime] = {}  # source → start of its last reading
        self._readings: dict[str, asyncio.Task[None]] = {}  # source → its reading in progress
        self._done: set[str] = set()  # sources with at least one finished reading
        self._unfinished: set[str] = set()  # sources whose last reading reached its deadline
        self._has_new = False

    def continue_from(self, earlier: "Collector") -> None:
        """Take over what an earlier collector has read, so that not all sources are due at once.

        A source with another configuration is read anew.
        """
        before = {source.name: source for source in earlier._settings.sources}
        same = {source.name for source in self._settings.sources if before.get(source.name) == source}
        self._done = earlier._done & same
        self._unfinished = earlier._unfinished & same
        self._started_at = {name: at for name, at in earlier._started_at.items() if name in self._done}

    async def run_until(self, stop: asyncio.Event) -> None:
        """Read due sources until `stop` is set; then cancel the readings in progress."""
        try:
            while not stop.is_set():
                self.start_due()
                await self._index_new()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _PAUSE_SECONDS)
        finally:
            await self.stop_readings()

    def start_due(self) -> None:
        """Start a reading of each due source that is not being read."""
        now = self._clock()
        early = self._list_wanted_early(now)
        for source in self._settings.sources:
            if source.name not in self._readings and self._is_due(source, now, source.name in early):
                self._started_at[source.name] = now
                self._readings[source.name] = asyncio.create_task(self._read_source(source, now))

    async def read_due(self) -> None:
        """Read the due sources and wait until they are read."""
        self.start_due()
        await asyncio.gather(*self._readings.values())
        await self._index_new()

    async def stop_readings(self) -> None:
        readings = tuple(self._readings.values())
        for task in readings:
            task.cancel()
        await asyncio.gather(*readings, return_exceptions=True)

    def list_unfinished(self, sources: Iterable[Source]) -> tuple[str, ...]:
        """Return the names of the sources that are being read, or whose last reading was cut off."""
        names = self._readings.keys() | self._unfinished
        return tuple(source.name for source in sources if source.name in names)

    def has_read(self, sources: Iterable[Source]) -> bool:
        """Return whether each of the sources was read since the start, even if only until its deadline."""
        return all(source.name in self._done for source in sources)

    def _is_due(self, source: Source, now: datetime, is_wanted_early: bool) -> bool:
        started_at = self._started_at.get(source.name)
        if started_at is None or source.name in self._unfinished:
            return True
        every = FRESH if is_wanted_early else timedelta(minutes=self._settings.fetch.every_minutes)
        return now - started_at >= every

    def _list_wanted_early(self, now: datetime) -> Collection[str]:
        """Return the names of the sources of digests whose slot opens soon."""
        return {
            source.name
            for digest in self._settings.digests
            if find_next_slot(digest, now).opens_at - now <= FRESH
            for source in self._settings.find_sources(digest)
        }

    async def _read_source(self, source: Source, now: datetime) -> None:
        outcome: CollectOutcome | None = None
        try:
            async with self._places:
                with self._measure_step("collect"):
                    outcome = await collect_source(
                        source,
                        self._store,
                        self._fetcher,
                        self._workers,
                        now,
                        is_patient=True,
                        max_seconds=self._settings.fetch.deadline_minutes * 60.0,
                        listings=self._listings,
                    )
        except StoreError as error:
            _log.error("store", source=source.name, error=str(error))
        finally:
            del self._readings[source.name]
        self._done.add(source.name)
        self._unfinished.discard(source.name)
        if outcome is not None:
            self._has_new |= outcome.new > 0
            if not outcome.is_finished:
                self._unfinished.add(source.name)
        self._on_reading()

    async def _index_new(self) -> None:
        """Add new articles to the search index."""
        if not self._has_new:
            return
        self._has_new = False
        try:
            await asyncio.to_thread(self._store.search.index_new)
        except StoreError as error:
            self._has_new = True
            _log.error("store", error=str(error))
