"""Connections to one server: opened when they are needed, kept for the next mail, at most so many at once."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.channels.mail.session import SmtpSession

MAX_IDLE_SECONDS = 60.0  # then a connection is not trusted any more: servers and routers drop it, some without a word
MAX_MAILS = 500  # over one connection, as Exim does: servers refuse whoever stays for ever
MAX_REFUSALS = 8  # then a fresh one: Postfix slows down at 10 and hangs up at 20


class PooledConnection:
    """The right to begin one mail on a connection; ended once, by whichever comes first."""

    def __init__(self, pool: "ConnectionPool", connection: SmtpSession) -> None:
        self.pool, self.connection = pool, connection
        self.has_ended = False

    def give_back(self) -> None:
        if not self.has_ended:
            self.has_ended = True
            self.pool.return_connection(self.connection)


class ConnectionPool:
    """`connect` makes a connection and may raise; `most` of them are open at once."""

    def __init__(self, connect: Callable[[], Awaitable[SmtpSession]], most: int, clock: Callable[[], float]) -> None:
        self.connect, self.most, self.clock = connect, most, clock
        self.turns = asyncio.Semaphore(most)
        self.number = 0  # of connections that are open or being opened
        self.free: list[tuple[SmtpSession, float]] = []  # those whose turn it is not, and since when
        self.leaving: set[asyncio.Task[None]] = set()

    async def take_connection(self, seconds: float | None = None) -> PooledConnection:
        """Wait for a connection on which a mail may begin, so many seconds for its turn.

        Raises TimeoutError, and what `connect` raises.
        """
        if self.turns.locked():
            async with asyncio.timeout(seconds):
                await self.turns.acquire()
        else:
            await self.turns.acquire()
        try:
            return PooledConnection(self, self._take_free() or await self._open_connection())
        except BaseException:
            self.turns.release()
            raise

    def _take_free(self) -> SmtpSession | None:
        """A free connection that still answers: the quiet ones first, one that waits for an answer if there is need."""
        self._drop_stale()
        quiet = [entry for entry in self.free if not entry[0].open]
        if not quiet and self.number < self.most:
            return None
        entry = (quiet or self.free)[-1]
        self.free.remove(entry)
        return entry[0]

    def _drop_stale(self) -> None:
        for entry in tuple(self.free):
            connection, since = entry
            is_old = not connection.open and self.clock() - since >= MAX_IDLE_SECONDS
            if connection.is_broken or is_old:
                self.free.remove(entry)
                self._drop_connection(connection)

    async def _open_connection(self) -> SmtpSession:
        self.number += 1
        try:
            return await self.connect()
        except BaseException:
            self.number -= 1
            raise

    def return_connection(self, connection: SmtpSession) -> None:
        is_spent = connection.mails >= MAX_MAILS or connection.refusals >= MAX_REFUSALS
        if connection.is_broken or is_spent:
            self._drop_connection(connection)
        else:
            self.free.append((connection, self.clock()))
        self.turns.release()

    def _drop_connection(self, connection: SmtpSession) -> None:
        """Let go of a connection: with a goodbye, after the answers that are still to come."""
        self.number -= 1
        if connection.is_broken:
            return
        task = asyncio.create_task(connection.quit_session())
        self.leaving.add(task)
        task.add_done_callback(self.leaving.discard)

    async def close(self) -> None:
        while self.free:
            self._drop_connection(self.free.pop()[0])
        await asyncio.gather(*self.leaving, return_exceptions=True)
