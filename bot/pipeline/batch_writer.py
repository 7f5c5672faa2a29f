"""Records what happens to deliveries: all events that came while the last transaction was written go into the
next.

A durable commit takes milliseconds; one commit serves all deliveries that are in progress.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.errors import StoreError, StoreReplaced
from bot.pipeline.outage import StoreOutage
from bot.store import Store
from bot.store.deliveries import DeliveryEvent, RecordResult

# together longer than a restart of PostgreSQL and shorter than a lease
PAUSES_SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0)


class DeliveryBatchWriter:
    """`pause` waits for a number of seconds."""

    def __init__(
        self,
        store: Store,
        worker: str,
        clock: Callable[[], datetime],
        outage: StoreOutage,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.store, self.worker, self.clock, self.pause = store, worker, clock, pause
        self.outage = outage
        self.queue: list[tuple[DeliveryEvent, asyncio.Future[RecordResult]]] = []
        self.writing: asyncio.Task[None] | None = None
        self.is_writable = True  # whether the last batch could be written

    async def record_event(self, event: DeliveryEvent) -> RecordResult:
        """Return when `event` is committed; LOST if its delivery belongs to another worker now. Raises
        StoreError.
        """
        answer: asyncio.Future[RecordResult] = asyncio.get_running_loop().create_future()
        self.queue.append((event, answer))
        if self.writing is None or self.writing.done():
            self.writing = asyncio.create_task(self._write_batches())
        # shielded: a cancelled caller stops waiting, but the event is still written
        return await asyncio.shield(answer)

    async def record_with_retries(self, event: DeliveryEvent) -> RecordResult:
        """Record what has happened already. Try again while the database is away."""
        for seconds in PAUSES_SECONDS:
            try:
                return await self.record_event(event)
            except StoreReplaced:
                raise
            except StoreError:
                await self.pause(seconds)
        return await self.record_event(event)

    async def _write_batches(self) -> None:
        while self.queue:
            batch, self.queue = self.queue, []
            events = [event for event, _ in batch]
            try:
                held = await asyncio.to_thread(
                    self.store.deliveries.record_events, self.worker, events, self.clock()
                )
                self.is_writable = True
                self.outage.report_success()
            except Exception as error:
                self.is_writable = False
                if isinstance(error, StoreError):
                    self.outage.report_failure(error)
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (_, answer), mine in zip(batch, held, strict=True):
                if not answer.done():
                    answer.set_result(mine)
