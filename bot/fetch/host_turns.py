"""Politeness: one request at a time for each host, a pause after it, and no request before Retry-After has passed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_MAX_REMEMBERED_HOSTS = 2_000  # then those that are free to be asked are forgotten


@dataclass(slots=True)
class _HostState:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    free_at: float = 0.0  # by the injected clock, in seconds
    silent_until: float = 0.0
    pause: float = 0.0  # seconds that the host asks for


class HostTurns:
    """Takes turns at each host. `clock` counts seconds, `sleep` waits for some."""

    def __init__(self, pause: float, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._pause = pause
        self._clock = clock
        self._sleep = sleep
        self._turns: dict[str, _HostState] = {}

    @asynccontextmanager
    async def take_turn(self, host: str) -> AsyncIterator[None]:
        """Wait until `host` may be asked and keep others from it meanwhile."""
        turn = self._turns.setdefault(host, _HostState())
        turn.waiting += 1
        try:
            async with turn.lock:
                if (wait := turn.free_at - self._clock()) > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    turn.free_at = self._clock() + max(self._pause, turn.pause)
        finally:
            turn.waiting -= 1
            self._forget_free_hosts()

    def silence_host(self, host: str, seconds: float) -> None:
        """Let nobody ask `host` for so many seconds."""
        self._turns.setdefault(host, _HostState()).silent_until = self._clock() + seconds

    def slow_down_host(self, host: str, pause: float) -> None:
        """Leave at least `pause` seconds between two requests to `host`."""
        self._turns.setdefault(host, _HostState()).pause = pause

    def get_silent_seconds(self, host: str) -> float:
        """Return for how many seconds `host` does not want to be asked; 0 when it may be."""
        turn = self._turns.get(host)
        return max(0.0, turn.silent_until - self._clock()) if turn else 0.0

    def _forget_free_hosts(self) -> None:
        if len(self._turns) <= _MAX_REMEMBERED_HOSTS:
            return
        now = self._clock()
        self._turns = {
            host: turn
            for host, turn in self._turns.items()
            if turn.waiting or turn.free_at > now or turn.silent_until > now
        }
