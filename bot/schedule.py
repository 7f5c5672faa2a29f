"""The service: a clock that knocks once a minute and on start; what is due the database decides.

One task collects and publishes, another delivers, so that a long delivery holds up no edition.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.editorial.slots import find_latest_slot, find_next_slot
from bot.errors import StoreError
from bot.fetch import Fetcher
from bot.pipeline.collect import collect_sources
from bot.pipeline.deliver import DeliveryWorker
from bot.pipeline.publish import PublishResult, publish_due
from bot.settings import Settings
from bot.store import Store
from bot.workers.pool import RunInWorker

_log = structlog.get_logger("schedule")

TICK_SECONDS = 60
FRESH_COLLECTION = timedelta(
    minutes=5
)  # what was collected this recently need not be collected again before publishing
_STOP_SECONDS = 8.0


class Service:
    """Everything that happens by itself. `clock` gives the time in UTC."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        fetcher: Fetcher,
        workers: RunInWorker,
        delivery_worker: DeliveryWorker,
        clock: Callable[[], datetime],
    ) -> None:
        self.settings, self.store, self.fetcher, self.workers = settings, store, fetcher, workers
        self.delivery_worker, self.clock = delivery_worker, clock
        self.collected_at: datetime | None = None
        self.wake_up = asyncio.Event()
        self.scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    async def run_until(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then let sends in hand finish."""
        self.scheduler.add_job(self.tick, IntervalTrigger(seconds=TICK_SECONDS), next_run_time=datetime.now(UTC))
        self.scheduler.start()
        sending = asyncio.create_task(self.send_until(stop))
        for digest in self.settings.digests:
            _log.info("waiting", digest=digest.name, next=find_next_slot(digest, self.clock()).opens_at.isoformat())
        await stop.wait()
        _log.info("stopping")
        self.scheduler.shutdown(wait=False)
        self.delivery_worker.stop()
        self.wake_up.set()
        done, _ = await asyncio.wait([sending], timeout=_STOP_SECONDS)
        if not done:
            _log.warning("interrupted", seconds=_STOP_SECONDS)
            sending.cancel()

    async def tick(self) -> None:
        """Collect when it is time, publish what is due."""
        now = self.clock()
        try:
            if await self._is_time_to_collect(now):
                await collect_sources(self.settings, self.store, self.fetcher, self.workers, now, is_patient=True)
                self.collected_at = now
                await asyncio.to_thread(self.store.search.index_new)
            outcomes = await publish_due(self.settings, self.store, self.clock())
        except StoreError as error:
            _log.error("store", error=str(error))
            return
        if any(outcome.result == PublishResult.PUBLISHED for outcome in outcomes):
            self.wake_up.set()

    async def _is_time_to_collect(self, now: datetime) -> bool:
        """Every so often, and afresh before an edition."""
        if self.collected_at is None or now - self.collected_at >= timedelta(minutes=self.settings.fetch.every_minutes):
            return True
        return now - self.collected_at >= FRESH_COLLECTION and await asyncio.to_thread(self._is_edition_due, now)

    def _is_edition_due(self, now: datetime) -> bool:
        slots = ((digest, find_latest_slot(digest, now)) for digest in self.settings.digests)
        return any(
            slot and now < slot.closes_at and not self.store.editions.find_edition_id(digest.name, slot.day)
            for digest, slot in slots
        )

    async def send_until(self, stop: asyncio.Event) -> None:
        """Deliver, then wait for the next edition, the next retry or the next minute."""
        while not stop.is_set():
            self.wake_up.clear()  # before the work, so that a poke in the middle of it is not slept over
            try:
                await self.delivery_worker.deliver_due()
                seconds = await asyncio.to_thread(self.compute_wait)
            except StoreError as error:
                _log.error("store", error=str(error))
                seconds = float(TICK_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake_up.wait(), seconds)

    def compute_wait(self) -> float:
        # what no open channel can send wakes nobody
        due = [at for name in self.delivery_worker.channels if (at := self.store.deliveries.find_next_due_at(name))]
        wait = min((at - self.clock()).total_seconds() for at in due) if due else TICK_SECONDS
        return min(max(wait, 0.5), TICK_SECONDS)
