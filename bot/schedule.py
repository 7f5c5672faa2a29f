"""The service: a tick once a minute and at each slot; the database decides what is due.

Separate tasks collect, publish and deliver: a slow source delays no edition, and a long delivery delays no
source.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.editorial.slots import find_latest_slot, find_next_slot
from bot.errors import StoreError, StoreReplaced
from bot.fetch import Fetcher
from bot.models import Digest
from bot.pipeline.collector import Collector, MeasureStep
from bot.pipeline.deliver import DeliveryWorker
from bot.pipeline.publish import PublishResult, publish_due
from bot.settings import Settings
from bot.store import Store
from bot.workers.worker_pool import RunInWorker

_log = structlog.get_logger("schedule")

TICK_SECONDS = 60
# After a start within an open slot, its edition waits at most so long for the first reading of its sources.
FIRST_READING = timedelta(minutes=2)
_WATCH_SECONDS = 2.0  # between two checks that the database is still the same
_STOP_SECONDS = 8.0
_TICK = "tick"


class Service:
    """All work of the service. `clock` returns the time in UTC."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        fetcher: Fetcher,
        workers: RunInWorker,
        delivery_worker: DeliveryWorker,
        clock: Callable[[], datetime],
        *,
        on_published: Callable[[], None] = lambda: None,
        measure_step: MeasureStep = lambda _: nullcontext(),
    ) -> None:
        self._on_published, self._measure_step = on_published, measure_step
        self.settings, self.store = settings, store
        self.delivery_worker, self.clock = delivery_worker, clock
        self.collector = Collector(
            settings,
            store,
            fetcher,
            workers,
            clock,
            on_reading=self._publish_when_ready,
            measure_step=measure_step,
        )
        self.started_at = clock()
        self.wake_up = asyncio.Event()
        self._waiting: set[str] = set()  # digests that wait for the first reading of their sources
        self._failure: StoreReplaced | None = None
        self.scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    async def run_until(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then finish the deliveries in progress.

        Raises StoreReplaced, after setting `stop`, if the database is no longer the one that was opened.
        """
        self.scheduler.add_job(
            self.tick, IntervalTrigger(seconds=TICK_SECONDS), id=_TICK, next_run_time=datetime.now(UTC)
        )
        self.scheduler.start()
        tasks = [
            asyncio.create_task(self.send_until(stop)),
            asyncio.create_task(self.collector.run_until(stop)),
        ]
        watching = asyncio.create_task(self._watch_database(stop))
        for digest in self.settings.digests:
            _log.info(
                "waiting", digest=digest.name, next=find_next_slot(digest, self.clock()).opens_at.isoformat()
            )
        await stop.wait()
        _log.info("stopping")
        watching.cancel()
        self.scheduler.shutdown(wait=False)
        self.delivery_worker.stop()
        self.wake_up.set()
        done, pending = await asyncio.wait(tasks, timeout=_STOP_SECONDS)
        if pending:
            _log.warning("interrupted", seconds=_STOP_SECONDS)
            for task in pending:
                task.cancel()
        if self._failure:
            raise self._failure
        for task in done:
            task.result()

    async def _watch_database(self, stop: asyncio.Event) -> None:
        """Stop everything if the database was deleted or replaced: deliveries could not be recorded."""
        while True:
            try:
                await asyncio.to_thread(self.delivery_worker.check_database)
            except StoreReplaced as error:
                self._failure = error
                stop.set()
                return
            except StoreError as error:
                self.delivery_worker.outage.report_failure(error)
            await asyncio.sleep(_WATCH_SECONDS)

    async def tick(self) -> None:
        """Publish the editions that are due."""
        try:
            with self._measure_step("publish"):
                outcomes = await publish_due(
                    self.settings,
                    self.store,
                    self.clock(),
                    is_ready=self._is_ready,
                    list_unfinished=self._list_unfinished,
                )
        except StoreError as error:
            self.delivery_worker.outage.report_failure(error)
            return
        if any(outcome.result is PublishResult.PUBLISHED or outcome.subscriptions for outcome in outcomes):
            self.wake_up.set()
            self._on_published()
        self._tick_at_next_slot()

    def _tick_at_next_slot(self) -> None:
        """Wait for the next minute, or for the next slot if that opens earlier."""
        now = self.clock()
        waits = [
            (find_next_slot(digest, now).opens_at - now).total_seconds() for digest in self.settings.digests
        ]
        if waits and min(waits) < TICK_SECONDS and self.scheduler.get_job(_TICK):
            self.scheduler.modify_job(_TICK, next_run_time=datetime.now(UTC) + timedelta(seconds=min(waits)))

    def _is_ready(self, digest: Digest) -> bool:
        """Return whether the edition can be published now. An edition whose slot opens now never waits.

        If the slot opened before the service started, nothing was read for it yet. Then the edition waits
        until its sources were read once, at most FIRST_READING.
        """
        now, slot = self.clock(), find_latest_slot(digest, self.clock())
        is_late = now - self.started_at >= FIRST_READING
        opened_before = slot is not None and slot.opens_at <= self.started_at
        is_ready = is_late or not opened_before or self.collector.has_read(self.settings.find_sources(digest))
        (self._waiting.discard if is_ready else self._waiting.add)(digest.name)
        return is_ready

    def _publish_when_ready(self) -> None:
        """Tick at once if the sources that a digest waits for have been read."""
        waiting = [digest for digest in self.settings.digests if digest.name in self._waiting]
        if any(map(self._is_ready, waiting)) and self.scheduler.get_job(_TICK):
            self.scheduler.modify_job(_TICK, next_run_time=datetime.now(UTC))

    def _list_unfinished(self, digest: Digest) -> Sequence[str]:
        return self.collector.list_unfinished(self.settings.find_sources(digest))

    async def send_until(self, stop: asyncio.Event) -> None:
        """Deliver, then wait for the next edition, retry or minute."""
        while not stop.is_set():
            self.wake_up.clear()  # before the work, so that a wake-up in the middle of it is not missed
            try:
                with self._measure_step("deliver"):
                    await self.delivery_worker.deliver_due()
                seconds = await asyncio.to_thread(self.compute_wait)
            except StoreError as error:
                self.delivery_worker.outage.report_failure(error)
                seconds = float(TICK_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake_up.wait(), seconds)

    def compute_wait(self) -> float:
        # only deliveries of open channels count
        due = [
            at
            for name in self.delivery_worker.channels
            if (at := self.store.deliveries.find_next_due_at(name))
        ]
        wait = min((at - self.clock()).total_seconds() for at in due) if due else TICK_SECONDS
        return min(max(wait, 0.5), TICK_SECONDS)
