"""Politeness: one request at a time for each host, a pause after it, and no request before Retry-After has
passed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.rate_limiter import BoundedTable, RateLimiter

_MAX_REMEMBERED_HOSTS = 2_000  # above this number, hosts that need no wait are forgotten


@dataclass(slots=True)
class _HostState:
    limiter: RateLimiter  # one request a pause
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    silent_until: float = 0.0  # by the injected clock, in seconds


class HostTurns:
    """Gives out turns for each host. `clock` counts seconds, `sleep` waits."""

    def __init__(
        self, pause: float, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._pause = pause
        self._clock = clock
        self._sleep = sleep
        self._hosts = BoundedTable(self._make_host, self._is_idle, _MAX_REMEMBERED_HOSTS)

    @asynccontextmanager
    async def take_turn(self, host: str) -> AsyncIterator[None]:
        """Wait until a request to `host` is allowed; no other request to it starts meanwhile."""
        state = self._hosts.get_entry(host)
        state.waiting += 1
        try:
            async with state.lock:
                now = self._clock()
                if (wait := state.limiter.find_free_time(now) - now) > 0:
                    await self._sleep(wait)
                slot = state.limiter.reserve_slot(self._clock())
                try:
                    yield
                finally:
                    state.limiter.move_event(slot, self._clock())  # the pause begins when the request ends
        finally:
            state.waiting -= 1

    def silence_host(self, host: str, seconds: float) -> None:
        """Allow no request to `host` for this number of seconds."""
        self._hosts.get_entry(host).silent_until = self._clock() + seconds

    def slow_down_host(self, host: str, pause: float) -> None:
        """Keep at least `pause` seconds between two requests to `host`."""
        self._hosts.get_entry(host).limiter.seconds = max(self._pause, pause)

    def get_silent_seconds(self, host: str) -> float:
        """Return for how many seconds `host` wants no request; 0 if a request is allowed."""
        return max(0.0, self._hosts.get_entry(host).silent_until - self._clock())

    def _make_host(self, _host: str) -> _HostState:
        return _HostState(limiter=RateLimiter(1, self._pause))

    def _is_idle(self, state: _HostState) -> bool:
        now = self._clock()
        return not state.waiting and state.silent_until <= now and state.limiter.is_idle(now)
