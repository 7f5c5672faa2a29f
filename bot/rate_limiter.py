"""Limits the number of events in every window of some seconds. Pure: `now` is an argument.

A limit of n events in s seconds has n slots. An event takes a slot, which is free again s seconds after the
time of the event. That time may be known only later, when an answer comes or a request ends. Then the event
is moved.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count as count_up
from math import inf
from typing import Generic, TypeVar

_T = TypeVar("_T")


@dataclass(slots=True, eq=False)
class RateSlot:
    """One event's place in a limiter, taken until `free_at`."""

    free_at: float = -inf
    is_taken: bool = False


class RateLimiter:
    """At most `count` events in any `seconds`. Times are seconds of one clock, and `now` never goes back.

    >>> limiter = RateLimiter(2, 10.0)
    >>> first, second = limiter.reserve_slot(0.0), limiter.reserve_slot(1.0)
    >>> limiter.find_free_time(2.0)
    10.0
    >>> limiter.move_event(first, 0.5)
    >>> limiter.find_free_time(2.0)
    10.5
    """

    def __init__(self, count: int, seconds: float) -> None:
        self.count, self.seconds = count, seconds
        self._suspended_until = -inf
        self._taken = 0  # slots
        # A heap of all taken slots, by the time when each is free; an entry whose time differs from its
        # slot's is old.
        self._heap: list[tuple[float, int, RateSlot]] = []
        self._order = count_up()  # of entries with equal times

    def find_free_time(self, now: float) -> float:
        """Return the earliest time, not before `now`, at which one more event fits."""
        while self._heap and self._find_first() <= now:
            self._free_first()
        excess = self._taken - self.count + 1
        if excess <= 0:
            free_at = now
        elif excess == 1:
            free_at = self._find_first()
        else:  # events were moved past others that had taken their slots
            times = (free_at for free_at, _, slot in self._heap if slot.is_taken and slot.free_at == free_at)
            free_at = heapq.nsmallest(excess, times)[-1]
        return max(now, self._suspended_until, free_at)

    def reserve_slot(self, at: float) -> RateSlot:
        """Take a slot for an event at `at`, a time that `find_free_time` returned."""
        while self._taken >= self.count:
            self._find_first()
            self._free_first()
        slot = RateSlot()
        self.move_event(slot, at)
        return slot

    def move_event(self, slot: RateSlot, at: float) -> None:
        """Change the time of this slot's event to `at`, which may be earlier or later."""
        if not slot.is_taken:
            slot.is_taken = True
            self._taken += 1
        slot.free_at = at + self.seconds
        heapq.heappush(self._heap, (slot.free_at, next(self._order), slot))

    def suspend_until(self, until: float) -> None:
        """Allow no event before `until`."""
        self._suspended_until = max(self._suspended_until, until)

    def is_idle(self, now: float) -> bool:
        """Return whether the limiter delays no event, so that a new limiter would behave the same."""
        self.find_free_time(now)
        return not self._taken and self._suspended_until <= now

    def _find_first(self) -> float:
        """Return when the first taken slot is free, infinity if none is taken. Drop older entries."""
        while self._heap:
            free_at, _, slot = self._heap[0]
            if slot.is_taken and slot.free_at == free_at:
                return free_at
            heapq.heappop(self._heap)
        return inf

    def _free_first(self) -> None:
        heapq.heappop(self._heap)[2].is_taken = False
        self._taken -= 1


class BoundedTable(Generic[_T]):
    """Entries by key, made on first use. If there are more than `most`, idle entries are removed."""

    def __init__(self, make: Callable[[str], _T], is_idle: Callable[[_T], bool], most: int) -> None:
        self._make, self._is_idle, self._most = make, is_idle, most
        self._entries: dict[str, _T] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get_entry(self, key: str) -> _T:
        """Return the entry of the key. An entry in use must not be idle, or a second one may be made."""
        if key not in self._entries:
            if len(self._entries) >= self._most:
                self._entries = {
                    name: entry for name, entry in self._entries.items() if not self._is_idle(entry)
                }
            self._entries[key] = self._make(key)
        return self._entries[key]
