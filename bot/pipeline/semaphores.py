"""Who may send now: to one address one after another, and over all so many at once."""

import asyncio
from weakref import WeakValueDictionary


class DeliverySemaphores:
    """`free` bounds what is on its way at once; `road` keeps an address's messages in order."""

    def __init__(self, count: int) -> None:
        self.slots = asyncio.Semaphore(count)
        self.address_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def get_address_lock(self, address: str) -> asyncio.Lock:
        """The lock that who sends to `address` holds; it is gone when nobody holds it."""
        lock = self.address_locks.get(address)
        if lock is None:
            lock = self.address_locks[address] = asyncio.Lock()
        return lock
