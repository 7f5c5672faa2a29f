"""How much one user may ask: so many requests an hour and a day, and three at a time that wait their turn."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.rate_limiter import BoundedTable, RateLimiter

MAX_WAITING = 3  # requests of one user at a time, the one that is read included
_MAX_USERS = 100_000  # at hand; then those that have asked nothing for a day are forgotten
_HOUR_SECONDS, _DAY_SECONDS = 3600.0, 86_400.0


class QueueFull(Exception):
    """The user has MAX_WAITING requests under way."""


class LimitReached(Exception):
    """The user has asked as much as is allowed; `wait` is the time until the next request is taken."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


@dataclass(slots=True)
class _UserRequests:
    limiters: tuple[RateLimiter, ...]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    under_way: int = 0


class RequestLimits:
    """`hourly` and `daily` requests a user; 0: no limit."""

    def __init__(self, hourly: int, daily: int, clock: Callable[[], float]) -> None:
        self._limits = tuple(
            (count, seconds) for count, seconds in ((hourly, _HOUR_SECONDS), (daily, _DAY_SECONDS)) if count
        )
        self._clock = clock
        self._users = BoundedTable(self._make_user, self._is_idle, _MAX_USERS)

    @asynccontextmanager
    async def wait_for_turn(self, user_id: int, *, is_counted: bool = True) -> AsyncIterator[None]:
        """Hold the user's turn: requests of one user are read one after the other, in their order.

        What is not counted is another look at what was read before. Raises QueueFull, LimitReached.
        """
        user = self._users.get_entry(str(user_id))
        if user.under_way >= MAX_WAITING:
            raise QueueFull
        if is_counted:
            self._count_request(user)
        user.under_way += 1
        try:
            async with user.turn:
                yield
        finally:
            user.under_way -= 1

    def _count_request(self, user: _UserRequests) -> None:
        now = self._clock()
        wait = max((limiter.find_free_time(now) - now for limiter in user.limiters), default=0.0)
        if wait > 0:
            raise LimitReached(timedelta(seconds=wait))
        for limiter in user.limiters:
            limiter.reserve_slot(now)

    def _make_user(self, _: str) -> _UserRequests:
        return _UserRequests(limiters=tuple(RateLimiter(*limit) for limit in self._limits))

    def _is_idle(self, user: _UserRequests) -> bool:
        now = self._clock()
        return not user.under_way and all(limiter.is_idle(now) for limiter in user.limiters)
