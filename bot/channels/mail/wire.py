"""The wire to an SMTP server: bytes → replies, and whether what was written has left. Knows no command."""

import asyncio
import re
import ssl
from collections import deque
from dataclasses import dataclass
from typing import cast

MAX_LINE_BYTES = 2000  # RFC 5321, 4.5.3.1.5 allows 512; some servers say more
MAX_LINES = 100  # of one reply
MAX_WAITING = 100  # replies that nobody asked for yet
MAX_TEXT = 500  # characters of a reply that are kept: they end in the database and in the log
LINE = re.compile(rb"([2-5]\d\d)([ -]?)(.*)", re.DOTALL)


class ConnectionLost(Exception):
    """The connection is of no use any more. `is_doubtful`: a mail may have been taken, its answer did not come."""

    def __init__(self, reason: str, *, is_doubtful: bool = False) -> None:
        super().__init__(reason)
        self.is_doubtful = is_doubtful


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said: its code, and its lines joined by "\\n"."""

    code: int
    text: str

    def __str__(self) -> str:
        """In one line that may be shown."""
        words = " ".join("".join(c if c.isprintable() else " " for c in self.text[:MAX_TEXT]).split())
        return f"{self.code} {words}".rstrip()


class SmtpProtocol(asyncio.Protocol):
    """One connection. Replies are asked for in the order in which they come, by one task at a time."""

    def __init__(self) -> None:
        self.failure = ""  # why nothing more will come
        self.buffer = bytearray()
        self.lines: list[str] = []  # of the reply that is coming in
        self.replies: deque[Reply] = deque()
        self.awaited: asyncio.Future[None] | None = None  # a reply, by who listens
        self.drained: asyncio.Future[None] | None = None  # there while bytes wait to leave

    # What asyncio tells us

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(0)  # so that `left` means: all of it

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\n")) >= 0 and not self.failure:
            line = bytes(self.buffer[:end]).rstrip(b"\r")
            del self.buffer[: end + 1]
            self._take_line(line)
        if len(self.buffer) > MAX_LINE_BYTES:
            self.fail_connection("its answer has no end")

    def eof_received(self) -> None:
        self.fail_connection("it hung up")

    def connection_lost(self, error: Exception | None) -> None:
        self.fail_connection(f"the connection broke ({error})" if error else "it hung up")

    def pause_writing(self) -> None:
        self.drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        if self.drained and not self.drained.done():
            self.drained.set_result(None)
        self.drained = None

    # What we make of it

    def _take_line(self, line: bytes) -> None:
        match = LINE.fullmatch(line)
        too_much = len(line) > MAX_LINE_BYTES or len(self.lines) >= MAX_LINES or len(self.replies) >= MAX_WAITING
        if match is None or too_much:
            self.fail_connection("its answer is no SMTP" if match is None else "its answer has no end")
            return
        self.lines.append(match[3].decode("utf-8", "replace"))
        if match[2] != b"-":
            self.replies.append(Reply(int(match[1]), "\n".join(self.lines)))
            self.lines = []
            self._wake_listener()

    def fail_connection(self, reason: str) -> None:
        """Give the connection up; replies that came before are still there to be read."""
        if self.failure:
            return
        self.failure = reason
        self.transport.abort()
        self._wake_listener()
        self.resume_writing()

    def _wake_listener(self) -> None:
        if self.awaited and not self.awaited.done():
            self.awaited.set_result(None)

    # What SMTP asks for

    def write_bytes(self, data: bytes) -> None:
        if not self.failure:
            self.transport.write(data)

    async def wait_until_sent(self, seconds: float) -> None:
        """Return when all that was written is in the system's hands. Raises Lost: then its end never left."""
        if self.drained:
            try:
                async with asyncio.timeout(seconds):
                    await self.drained
            except TimeoutError:
                self.fail_connection(f"it takes nothing for {seconds:g} s")
        if self.failure:
            raise ConnectionLost(self.failure)

    async def read_reply(self, seconds: float) -> Reply:
        """The next reply. Raises Lost where none comes in so many seconds."""
        if not self.replies and not self.failure:
            self.awaited = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await self.awaited
            except TimeoutError:
                self.fail_connection(f"no answer in {seconds:g} s")
        if self.replies:
            return self.replies.popleft()
        raise ConnectionLost(self.failure)

    async def start_tls(self, context: ssl.SSLContext, host: str, seconds: float) -> None:
        """Go on under TLS, the server's certificate checked for `host`. Raises Lost."""
        if self.buffer or self.replies or self.lines:
            self.fail_connection("it answers before it is asked, and before encryption")  # CVE-2011-0411
            raise ConnectionLost(self.failure)
        loop = asyncio.get_running_loop()
        try:
            made = await loop.start_tls(
                self.transport, self, context, server_hostname=host, ssl_handshake_timeout=seconds
            )
        except OSError as error:
            self.fail_connection(f"no encryption: {' '.join(str(error).split()) or type(error).__name__}")
            raise ConnectionLost(self.failure) from error
        if made is None or self.failure:
            raise ConnectionLost(self.failure or "it hung up")
        self.connection_made(made)

    def get_address(self, side: str) -> str:
        """The IP address of this end ("sockname") or the server's ("peername"); "" where the system knows none."""
        return str((self.transport.get_extra_info(side) or ("",))[0]).partition("%")[0]

    def close(self) -> None:
        self.fail_connection("it was closed")
