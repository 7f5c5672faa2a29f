"""Who may send now: to one address one after another, and over all so many at once."""

import asyncio
from weakref import WeakValueDictionary


class Lanes:
    """`free` bounds what is on its way at once; `road` keeps an address's messages in order."""

    def __init__(self, count: int) -> None:
        self.free = asyncio.Semaphore(count)
        self.roads: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def road(self, address: str) -> asyncio.Lock:
        """The lock that who sends to `address` holds; it is gone when nobody holds it."""
        lock = self.roads.get(address)
        if lock is None:
            lock = self.roads[address] = asyncio.Lock()
        return lock
