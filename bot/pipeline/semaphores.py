"""Limits what is sent at once: one part to each address, and a number of parts in all."""

import asyncio
from weakref import WeakValueDictionary


class DeliverySemaphores:
    """`slots` bounds what is in flight at once; an address's lock keeps its messages in order."""

    def __init__(self, count: int) -> None:
        self.slots = asyncio.Semaphore(count)
        self.address_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def get_address_lock(self, address: str) -> asyncio.Lock:
        """Return the lock to hold while sending to `address`. It is dropped when it is free."""
        lock = self.address_locks.get(address)
        if lock is None:
            lock = self.address_locks[address] = asyncio.Lock()
        return lock
