"""Writes what happens to deliveries, as many events to a transaction as came while the last one was written.

A durable commit costs milliseconds; with several deliveries in hand one commit serves them all.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.store import Store
from bot.store.deliveries import Event


class Ledger:
    def __init__(self, store: Store, worker: str, clock: Callable[[], datetime]) -> None:
        self.store, self.worker, self.clock = store, worker, clock
        self.waiting: list[tuple[Event, asyncio.Future[bool]]] = []
        self.writer: asyncio.Task[None] | None = None

    async def record(self, event: Event) -> bool:
        """Return once `event` is committed: False when its delivery is no longer this worker's. Raises StoreError."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.waiting.append((event, answer))
        if self.writer is None or self.writer.done():
            self.writer = asyncio.create_task(self.write())
        # shielded: who is cancelled stops waiting, but what happened is still written
        return await asyncio.shield(answer)

    async def write(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting, []
            events = [event for event, _ in batch]
            try:
                held = await asyncio.to_thread(self.store.deliveries.record, self.worker, events, self.clock())
            except Exception as error:
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (_, answer), mine in zip(batch, held, strict=True):
                if not answer.done():
                    answer.set_result(mine)
