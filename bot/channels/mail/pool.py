"""Connections to one server: opened one after another while mails wait, kept for the next mail.

Their number is chosen by what happens: one more while mails wait and the limit is not reached, none more when
the server refuses one while others are open. Some time later one more is tried again.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from bot.channels.mail.session import SmtpSession
from bot.retry_policy import RetryPolicy, RetryState

# then a connection is not trusted any more: servers and routers drop it, some without a word
MAX_IDLE_SECONDS = 60.0
MAX_MAILS = 500  # over one connection, as Exim does: servers refuse a client that never leaves
MAX_REFUSALS = 8  # then a fresh one: Postfix slows down at 10 and hangs up at 20
_SPARE_SHARE = 4  # every fourth connection is kept for mails that a slow domain would hold up
MORE_CONNECTIONS = RetryPolicy(
    first_seconds=60.0, longest_seconds=1800.0
)  # until a refused number is tried again


class OneTooMany(Exception):
    """The server refuses one more connection while others are open."""


class ConnectionPool:
    """At most `most` connections.

    `open_session` makes one, or raises OneTooMany or an error for all that wait.
    """

    def __init__(
        self, open_session: Callable[[], Awaitable[SmtpSession]], most: int, clock: Callable[[], float]
    ) -> None:
        self._open_session, self._most, self._clock = open_session, most, clock
        self.limit = most  # what the server is believed to allow
        self.open = 0  # connections
        self._busy = 0  # those of them that are in use
        self._free: list[tuple[SmtpSession, float]] = []  # the others, and since when
        self._waiting: dict[bool, deque[asyncio.Future[SmtpSession]]] = {
            True: deque(),
            False: deque(),
        }  # by is_spare
        self._opening: asyncio.Task[None] | None = None
        self._refusals = RetryState(MORE_CONNECTIONS)
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def spare(self) -> int:
        """How many connections are kept for mails that would be held up."""
        return self.limit // _SPARE_SHARE

    async def take_connection(self, seconds: float | None = None, *, is_spare: bool = False) -> SmtpSession:
        """Wait at most `seconds` for a connection. `is_spare` allows one that is kept for delayed mails.

        Raises TimeoutError, and what `open_session` raises.
        """
        waiting: asyncio.Future[SmtpSession] = asyncio.get_running_loop().create_future()
        self._waiting[is_spare].append(waiting)
        self._serve_waiting()
        try:
            async with asyncio.timeout(seconds):
                return await waiting
        except BaseException:
            if waiting.done() and not waiting.cancelled() and not waiting.exception():
                self.return_connection(waiting.result())
            waiting.cancel()
            raise

    def return_connection(self, session: SmtpSession) -> None:
        """Let the next mail have the connection, or close it where it has served long enough."""
        self._busy -= 1
        if self.is_spent(session):
            self._drop_connection(session)
        else:
            self._free.append((session, self._clock()))
        self._serve_waiting()

    def is_spent(self, session: SmtpSession) -> bool:
        return session.is_broken or session.mails >= MAX_MAILS or session.refusals >= MAX_REFUSALS

    async def close(self) -> None:
        if self._opening:
            self._opening.cancel()
        while self._free:
            self._drop_connection(self._free.pop()[0])
        await asyncio.gather(*self._leaving, return_exceptions=True)

    def _serve_waiting(self) -> None:
        """Give free connections to those who wait; where none is free, begin to open one."""
        for is_spare, queue in self._waiting.items():
            while queue and self._busy < (self.limit if is_spare else self.limit - self.spare):
                if queue[0].done():  # its caller gave up
                    queue.popleft()
                elif session := self._take_free():
                    self._busy += 1
                    queue.popleft().set_result(session)
                else:
                    self._begin_opening()
                    break
            else:
                if queue and self._may_raise_limit():
                    self.limit += 1
                    self._begin_opening()

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

    def _drop_connection(self, session: SmtpSession) -> None:
        """Let go of a connection, with a goodbye."""
        self.open -= 1
        if not session.is_broken:
            task = asyncio.create_task(session.quit_session())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    # One more

    def _begin_opening(self) -> None:
        if self._opening is None and self.open < self.limit:
            self._opening = asyncio.create_task(self._open_connection())

    async def _open_connection(self) -> None:
        """Open one connection. If the server cannot be reached at all, raise the error in all callers."""
        try:
            session = await self._open_session()
        except OneTooMany:
            self.limit = max(1, self.open)
            self._refusals.record_failure(self._clock())
        except Exception as error:
            for queue in self._waiting.values():
                while queue:
                    if not (waiting := queue.popleft()).done():
                        waiting.set_exception(error)
        else:
            self.open += 1
            self._free.append((session, self._clock()))
        self._opening = None
        self._serve_waiting()

    def _may_raise_limit(self) -> bool:
        return self.limit < self._most and self._clock() >= self._refusals.paused_until
