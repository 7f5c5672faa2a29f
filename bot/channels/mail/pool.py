"""Connections to one server: opened when mails wait for them, kept for the next mail, as many at once as do good.

How many that is, is found out: as many as mails wait for, up to a limit. A server that refuses one more while others
are open has said how many it takes; later one more is tried again.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from bot.channels.mail.session import SmtpSession
from bot.retry_policy import RetryPolicy, RetryState

MAX_IDLE_SECONDS = 60.0  # then a connection is not trusted any more: servers and routers drop it, some without a word
MAX_MAILS = 500  # over one connection, as Exim does: servers refuse a client that stays for ever
MAX_REFUSALS = 8  # then a fresh one: Postfix slows down at 10 and hangs up at 20
SPARE_SHARE = 4  # one of so many connections is kept for mails that a slow domain would hold up
MORE_CONNECTIONS = RetryPolicy(first_seconds=60.0, longest_seconds=1800.0)  # until a refused number is tried again


class OneTooMany(Exception):
    """The server refuses one more connection while others are open."""


class ConnectionPool:
    """At most `most` connections. `open_session` makes one, or raises OneTooMany or an error for who wants it."""

    def __init__(
        self, open_session: Callable[[], Awaitable[SmtpSession]], most: int, clock: Callable[[], float]
    ) -> None:
        self._open_session, self._most, self._clock = open_session, most, clock
        self.limit = most  # what the server is believed to allow
        self._refusals = RetryState(MORE_CONNECTIONS)
        self.open = 0  # connections
        self._busy = 0  # those in use or being opened
        self._free: list[tuple[SmtpSession, float]] = []  # and since when
        self._waiting: dict[bool, deque[asyncio.Future[None]]] = {
            True: deque(),
            False: deque(),
        }  # for spare ones or not
        self._first = asyncio.Lock()  # held by who opens a connection while none is open
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def spare(self) -> int:
        """How many connections are kept for mails that would be held up."""
        return self.limit // SPARE_SHARE

    async def take_connection(self, seconds: float | None = None, *, is_spare: bool = False) -> SmtpSession:
        """Wait, so many seconds at most, for a connection; `is_spare` allows one of those kept for mails held up.

        Raises TimeoutError, and what `open_session` raises.
        """
        while True:
            await self._wait_for_room(seconds, is_spare=is_spare)
            try:
                return self._take_free() or await self._open_connection()
            except OneTooMany:
                self._lower_limit()
                self._give_room_back()
            except BaseException:
                self._give_room_back()
                raise

    def return_connection(self, session: SmtpSession) -> None:
        """Let the next mail have the connection, or close it where it has served long enough."""
        if self.is_spent(session):
            self._drop_connection(session)
        else:
            self._free.append((session, self._clock()))
        self._give_room_back()

    def is_spent(self, session: SmtpSession) -> bool:
        return session.is_broken or session.mails >= MAX_MAILS or session.refusals >= MAX_REFUSALS

    async def close(self) -> None:
        while self._free:
            self._drop_connection(self._free.pop()[0])
        await asyncio.gather(*self._leaving, return_exceptions=True)

    # Room: how many may be in use at once

    def _has_room(self, *, is_spare: bool) -> bool:
        allowed = self.limit if is_spare else self.limit - self.spare
        return self._busy < allowed or self._raise_limit()

    async def _wait_for_room(self, seconds: float | None, *, is_spare: bool) -> None:
        """Return when one more connection may be in use, and count it. Raises TimeoutError."""
        queue = self._waiting[is_spare]
        if not queue and self._has_room(is_spare=is_spare):
            self._busy += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            async with asyncio.timeout(seconds):
                await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._give_room_back()
            elif turn in queue:
                queue.remove(turn)
            raise

    def _give_room_back(self) -> None:
        self._busy -= 1
        for is_spare, queue in self._waiting.items():
            while queue and self._has_room(is_spare=is_spare):
                turn = queue.popleft()
                if not turn.done():
                    self._busy += 1
                    turn.set_result(None)

    # Limit: how many the server allows

    def _lower_limit(self) -> None:
        self.limit = max(1, self.open)
        self._refusals.record_failure(self._clock())

    def _raise_limit(self) -> bool:
        """Allow one more connection, where the server refused one and some time has passed; return whether it is."""
        is_raised = self.limit < self._most and self._clock() >= self._refusals.paused_until
        self.limit += is_raised
        return is_raised

    # Connections

    def _take_free(self) -> SmtpSession | None:
        """Return the free connection that was used last, and drop those that are not trusted any more."""
        trusted = []
        for session, since in self._free:
            if session.is_broken or self._clock() - since >= MAX_IDLE_SECONDS:
                self._drop_connection(session)
            else:
                trusted.append((session, since))
        self._free = trusted
        return self._free.pop()[0] if self._free else None

    async def _open_connection(self) -> SmtpSession:
        """Open one more. The first goes alone, so that the refusal of more is not taken for a server out of reach."""
        if not self.open:
            async with self._first:
                if not self.open:
                    return await self._open_another()
        return await self._open_another()

    async def _open_another(self) -> SmtpSession:
        session = await self._open_session()
        self.open += 1
        self.limit = max(self.limit, self.open)  # one that was being opened while the server refused another
        return session

    def _drop_connection(self, session: SmtpSession) -> None:
        """Let go of a connection, with a goodbye."""
        self.open -= 1
        if not session.is_broken:
            task = asyncio.create_task(session.quit_session())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
