"""A session with an SMTP server, step by step, so that the step of a failure is known.

aiosmtplib speaks the protocol. What an answer means for a delivery is decided in channel.py.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import cast

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponse, SMTPResponseException

from bot.channels.mail.settings import MailSettings

CLOSING = 421
_PERMANENT_CODES = range(500, 600)
_TOO_LARGE = 552
_UNKNOWN_COMMAND = (500, 502)
_REPLY_CODES = range(200, 600)
_FIRST_REFUSAL = 400
_MAX_REPLY_CHARACTERS = 500  # of an answer that are kept: they end in the database and in the log
_POLL_SECONDS = 0.01  # while a text larger than the system's buffers leaves


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpTimeouts:
    """For how many seconds each step is waited for."""

    setup: float = 30.0  # each one until the server is ready for mail
    # nothing is taken yet, so giving up costs a retry; RFC 5321 allows waiting for 300
    command: float = 120.0
    block: float = 180.0  # RFC 5321, 4.5.3.2.5: for the text to leave
    slow: float = 3.0  # for a connection, before a spare one is taken; and what a domain's mails may take
    # RFC 5321, 4.5.3.2.6: a client that gives up earlier on a server that checks mail sends twice
    data: float = 600.0


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """What the server answered: its code, and its lines joined by "\\n"."""

    code: int
    text: str

    def __str__(self) -> str:
        """Return it on one line that may be shown."""
        text = self.text[:_MAX_REPLY_CHARACTERS]
        words = " ".join("".join(character if character.isprintable() else " " for character in text).split())
        return f"{self.code} {words}".rstrip()


class MailRefused(Exception):
    """The server said no at `stage` (greeting, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA or "."); nothing was
    taken.
    """

    def __init__(self, stage: str, reply: SmtpReply) -> None:
        super().__init__(str(reply))
        self.stage, self.code = stage, reply.code

    @property
    def is_closing(self) -> bool:
        return self.code == CLOSING

    @property
    def is_permanent(self) -> bool:
        return self.code in _PERMANENT_CODES


class ConnectionLost(Exception):
    """The connection is of no use any more.

    `is_doubtful`: a mail may have been taken, its answer did not come.
    """

    def __init__(self, reason: str, *, is_doubtful: bool = False) -> None:
        super().__init__(reason)
        self.is_doubtful = is_doubtful


class SmtpSession:
    """A server that is ready for mail. `mails` and `refusals` count what it was offered and what it refused.

    After each mail that was taken, the caller says by `settle_record` whether that is on record. Until then
    the next mail is announced and not handed over. So a program that is killed repeats at most one mail a
    session.
    """

    def __init__(self, client: aiosmtplib.SMTP, timeouts: SmtpTimeouts) -> None:
        self._client, self._timeouts = client, timeouts
        self.mails = self.refusals = 0
        self._is_settled = asyncio.Event()
        self._is_settled.set()

    @property
    def is_broken(self) -> bool:
        return not self._client.is_connected

    async def send_mail(self, sender: str, recipient: str, data: bytes) -> SmtpReply:
        """Hand over one mail; return the answer that says it was taken.

        `data` has lines that end in CRLF. Raises MailRefused (not taken), ConnectionLost (not taken, or
        `is_doubtful`).
        """
        self.mails += 1
        try:
            await self._send_envelope(sender, recipient, len(data))
            await self._is_settled.wait()
            await self._send_command("DATA", "DATA", accepted=3)
            reply = await self._send_text(data)
            self._is_settled.clear()
            return reply
        except MailRefused as refusal:
            if refusal.stage != ".":
                await self._reset_session()
            raise
        except ConnectionLost:
            raise
        except BaseException:
            self.close()  # stopped in the middle: the next mail would get the answer to this one
            raise

    def settle_record(self, *, is_recorded: bool) -> None:
        """Let the next mail be handed over, or close the session if the last one could not be recorded."""
        if not is_recorded:
            self.close()
        self._is_settled.set()

    async def probe_recipient(self, sender: str, recipient: str) -> None:
        """Ask whether mail for `recipient` would be taken, and hand over none.

        Raises MailRefused, ConnectionLost.
        """
        self.mails += 1
        try:
            await self._send_envelope(sender, recipient, 0)
        finally:
            await self._reset_session()

    async def quit_session(self) -> None:
        """Say goodbye, without waiting long for the answer."""
        with suppress(SMTPException):
            await self._client.quit(timeout=self._timeouts.setup)
        self.close()

    def close(self) -> None:
        """Break the connection off: what has not left yet never leaves."""
        if isinstance(self._client.transport, asyncio.WriteTransport):
            self._client.transport.abort()
        self._client.close()

    # One mail

    async def _send_envelope(self, sender: str, recipient: str, size: int) -> None:
        """Name sender and recipient. Raises MailRefused, also where the server takes no mail of this size."""
        limit = self._client.esmtp_extensions.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < size:
            raise MailRefused(
                "MAIL", SmtpReply(_TOO_LARGE, f"the mail has {size} bytes and the server takes {limit}")
            )
        size_option = f" SIZE={size}" if size and self._client.supports_extension("size") else ""
        await self._send_command("MAIL", f"MAIL FROM:<{sender}>{size_option}")
        await self._send_command("RCPT", f"RCPT TO:<{recipient}>")

    async def _send_command(self, stage: str, command: str, accepted: int = 2) -> None:
        """Send a command whose answer must begin with the digit `accepted`.

        Raises MailRefused, ConnectionLost.
        """
        with self._translate_errors(stage, self._timeouts.command):
            response = await self._client.execute_command(
                command.encode("ascii"), timeout=self._timeouts.command
            )
            if response.code // 100 != accepted:
                raise SMTPResponseException(*response)

    async def _send_text(self, data: bytes) -> SmtpReply:
        """Send the mail itself; return the answer that says it was taken.

        Raises MailRefused, ConnectionLost.
        """
        protocol, transport = self._client.protocol, self._client.transport
        if protocol is None or not isinstance(transport, asyncio.WriteTransport):
            raise ConnectionLost("it hung up")
        with self._translate_errors(".", self._timeouts.data):
            protocol.write(_stuff_dots(data))
        # aiosmtplib drops an answer that nobody waits for: nothing may be awaited before this reads.
        reading = asyncio.ensure_future(protocol.read_response())
        try:
            await self._wait_until_sent(transport, reading)
            with self._translate_errors(".", self._timeouts.data, is_doubtful=True):
                async with asyncio.timeout(self._timeouts.data):
                    response = await reading
                if response.code // 100 == 3:
                    raise SMTPResponseException(-1, response.message)
                if response.code // 100 != 2:
                    raise SMTPResponseException(*response)
        finally:
            reading.cancel()
        return SmtpReply(*response)

    async def _wait_until_sent(
        self, transport: asyncio.WriteTransport, reading: "asyncio.Future[SMTPResponse]"
    ) -> None:
        """Return when the text is in the system's hands, or answered.

        Raises ConnectionLost: its end never left.
        """
        try:
            async with asyncio.timeout(self._timeouts.block):
                # asyncio reports this to the protocol alone, which is aiosmtplib's
                while transport.get_write_buffer_size() and not reading.done():  # noqa: ASYNC110
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError as error:
            self.close()
            raise ConnectionLost(f"it takes nothing for {self._timeouts.block:g} s") from error

    async def _reset_session(self) -> None:
        """Forget the mail that was announced; a server that cannot is left."""
        if self.is_broken:
            return
        try:
            await self._send_command("RSET", "RSET")
        except (MailRefused, ConnectionLost):
            self.close()

    @contextmanager
    def _translate_errors(self, stage: str, seconds: float, *, is_doubtful: bool = False) -> Iterator[None]:
        """Raise what aiosmtplib raises as MailRefused, or as ConnectionLost, after which the connection is
        closed.
        """
        try:
            yield
        except SMTPResponseException as error:
            reply = SmtpReply(error.code, error.message)
            if reply.code not in _REPLY_CODES:
                self.close()
                raise ConnectionLost(f"its answer is no SMTP: {reply}", is_doubtful=is_doubtful) from error
            self.refusals += 1
            if reply.code == CLOSING or reply.code < _FIRST_REFUSAL:
                self.close()  # a yes out of turn answers another command than the last one
            raise MailRefused(stage, reply) from error
        except (SMTPException, OSError) as error:  # TimeoutError is an OSError
            self.close()
            raise ConnectionLost(_describe_loss(error, seconds), is_doubtful=is_doubtful) from error

    # Until the server is ready for mail

    async def greet_server(self, settings: MailSettings) -> None:
        """Go from the first byte to a server that is ready for mail. Raises MailRefused, ConnectionLost."""
        seconds = self._timeouts.setup
        with self._translate_errors("greeting", seconds):
            await self._client.connect()
        await self._say_hello()
        if settings.tls == "starttls":
            if not self._client.supports_extension("starttls"):
                raise ConnectionLost("it offers no encryption")
            with self._translate_errors("STARTTLS", seconds):
                await self._client.starttls()
            await self._say_hello()  # RFC 3207, 4.2: what was offered before counts no more
        if settings.user:
            await self._log_in(settings)

    async def _say_hello(self) -> None:
        name = await _find_own_name(self._client)
        with self._translate_errors("EHLO", self._timeouts.setup):
            try:
                await self._client.ehlo(hostname=name)
            except aiosmtplib.SMTPHeloError as error:
                if error.code not in _UNKNOWN_COMMAND:
                    raise
                await self._client.helo(hostname=name)

    async def _log_in(self, settings: MailSettings) -> None:
        if settings.tls == "none" and not _is_loopback(_get_address(self._client, "peername")):
            raise ConnectionLost("a password is not sent without encryption")
        methods = self._client.server_auth_methods
        if not {"plain", "login"} & set(methods):
            raise ConnectionLost("it offers no login by PLAIN or LOGIN")
        log_in = self._client.auth_plain if "plain" in methods else self._client.auth_login
        with self._translate_errors("AUTH", self._timeouts.setup):
            await log_in(settings.user, settings.password.reveal())


async def open_session(settings: MailSettings, timeouts: SmtpTimeouts) -> SmtpSession:
    """Return a session with a server that is ready for mail. Raises MailRefused, ConnectionLost."""
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        local_hostname="localhost",  # ours is known once there is a connection
        timeout=timeouts.setup,
        use_tls=settings.tls == "implicit",
        start_tls=False,
    )
    session = SmtpSession(client, timeouts)
    try:
        await session.greet_server(settings)
    except BaseException:
        session.close()
        raise
    return session


def _describe_loss(error: Exception, seconds: float) -> str:
    """Return why a connection is lost, in the words of what is beneath aiosmtplib where it only passes them
    on.
    """
    if isinstance(error, TimeoutError):
        return f"no answer in {seconds:g} s"
    if isinstance(error, aiosmtplib.SMTPConnectError) and error.__cause__:
        return _describe_loss(cast("Exception", error.__cause__), seconds)
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return "it hung up"
    return " ".join(str(error).split()) or type(error).__name__


async def _find_own_name(client: aiosmtplib.SMTP) -> str:
    """Return this machine's full name, or where it has none its address, as RFC 5321, 4.1.3 writes one."""
    name = await asyncio.to_thread(socket.getfqdn)
    if "." in name and name.isascii() and name.replace(".", "").replace("-", "").isalnum():
        return name
    address = _get_address(client, "sockname") or "127.0.0.1"
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _get_address(client: aiosmtplib.SMTP, side: str) -> str:
    """Return the IP address of this end ("sockname") or the server's ("peername"); "" if there is none."""
    if not client.is_connected:
        return ""
    return str((client.get_transport_info(side) or ("",))[0]).partition("%")[0]


def _is_loopback(address: str) -> bool:
    return bool(address) and ipaddress.ip_address(address).is_loopback


def _stuff_dots(data: bytes) -> bytes:
    """Return the mail with doubled leading dots and the final dot line.

    >>> _stuff_dots(b"one\\r\\n.two\\r\\n")
    b'one\\r\\n..two\\r\\n.\\r\\n'
    """
    dotted = data.replace(b"\r\n.", b"\r\n..")
    return (b"." if dotted[:1] == b"." else b"") + dotted + b".\r\n"
