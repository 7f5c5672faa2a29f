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

from bot.digest import latest_slot, next_slot
from bot.errors import StoreError
from bot.fetch import Fetcher
from bot.pipeline.collect import collect
from bot.pipeline.deliver import Post
from bot.pipeline.publish import Result, publish_due
from bot.settings import Settings
from bot.store import Store

log = structlog.get_logger("schedule")

KNOCK_SECONDS = 60
FRESH = timedelta(minutes=5)  # what was collected this recently need not be collected again before publishing
STOP_SECONDS = 8.0


class Service:
    """Everything that happens by itself. `clock` gives the time in UTC."""

    def __init__(
        self, settings: Settings, store: Store, fetcher: Fetcher, post: Post, clock: Callable[[], datetime]
    ) -> None:
        self.settings, self.store, self.fetcher, self.post, self.clock = settings, store, fetcher, post, clock
        self.collected_at: datetime | None = None
        self.poke = asyncio.Event()
        self.scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then let sends in hand finish."""
        self.scheduler.add_job(self.knock, IntervalTrigger(seconds=KNOCK_SECONDS), next_run_time=datetime.now(UTC))
        self.scheduler.start()
        sending = asyncio.create_task(self.send(stop))
        for digest in self.settings.digests:
            log.info("waiting", digest=digest.name, next=next_slot(digest, self.clock()).opens_at.isoformat())
        await stop.wait()
        log.info("stopping")
        self.scheduler.shutdown(wait=False)
        self.post.stop()
        self.poke.set()
        done, _ = await asyncio.wait([sending], timeout=STOP_SECONDS)
        if not done:
            log.warning("interrupted", seconds=STOP_SECONDS)
            sending.cancel()

    async def knock(self) -> None:
        """Collect when it is time, publish what is due."""
        now = self.clock()
        try:
            if await self.is_time_to_collect(now):
                await collect(self.settings, self.store, self.fetcher, now, is_patient=True)
                self.collected_at = now
                await asyncio.to_thread(self.store.search.index)
            outcomes = await publish_due(self.settings, self.store, self.clock())
        except StoreError as error:
            log.error("store", error=str(error))
            return
        if any(outcome.result == Result.PUBLISHED for outcome in outcomes):
            self.poke.set()

    async def is_time_to_collect(self, now: datetime) -> bool:
        """Every so often, and afresh before an edition."""
        if self.collected_at is None or now - self.collected_at >= timedelta(minutes=self.settings.fetch.every_minutes):
            return True
        return now - self.collected_at >= FRESH and await asyncio.to_thread(self.is_edition_due, now)

    def is_edition_due(self, now: datetime) -> bool:
        slots = ((digest, latest_slot(digest, now)) for digest in self.settings.digests)
        return any(
            slot and now < slot.closes_at and not self.store.editions.of_slot(digest.name, slot.day)
            for digest, slot in slots
        )

    async def send(self, stop: asyncio.Event) -> None:
        """Deliver, then wait for the next edition, the next retry or the next minute."""
        while not stop.is_set():
            self.poke.clear()  # before the work, so that a poke in the middle of it is not slept over
            try:
                await self.post.deliver()
                seconds = await asyncio.to_thread(self.seconds_to_next)
            except StoreError as error:
                log.error("store", error=str(error))
                seconds = float(KNOCK_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.poke.wait(), seconds)

    def seconds_to_next(self) -> float:
        # what no open channel can send wakes nobody
        due = [at for name in self.post.channels if (at := self.store.deliveries.next_due_at(name))]
        wait = min((at - self.clock()).total_seconds() for at in due) if due else KNOCK_SECONDS
        return min(max(wait, 0.5), KNOCK_SECONDS)
