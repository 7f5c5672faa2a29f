"""SMTP as a client speaks it (RFC 5321), in groups of commands where the server offers that (RFC 2920).

Where PIPELINING is offered a mail costs two round trips less, and the next one is announced before this one's last
answer is there. What an answer means for a delivery is mail.py's to say.
"""

import asyncio
import base64
import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.channels.mail.settings import MailSettings
from bot.channels.mail.wire import ConnectionLost, Reply, SmtpProtocol

CLOSING = 421
_TOO_LARGE = 552
_UNKNOWN_COMMAND = (500, 502)


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpTimeouts:
    """For how many seconds each step is waited for."""

    setup: float = 30.0  # each one until the server is ready for mail
    command: float = 120.0  # nothing is taken yet, so giving up costs a retry; RFC 5321 would have us wait for 300
    block: float = 180.0  # RFC 5321, 4.5.3.2.5: for the mail itself to leave
    slow: float = 3.0  # for a connection, before a spare one is taken; and what a domain's mails may take
    data: float = 600.0  # RFC 5321, 4.5.3.2.6: who gives up earlier on a server that checks mail sends it twice


class MailRefused(Exception):
    """The server said no at `stage` (greeting, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA or "."); nothing was taken."""

    def __init__(self, stage: str, reply: Reply) -> None:
        super().__init__(str(reply))
        self.stage = stage
        self.code = reply.code

    @property
    def is_closing(self) -> bool:
        return self.code == CLOSING


@dataclass(frozen=True, slots=True)
class _SmtpCommand:
    """A command, the stage it is, and the first digit of the answer that lets us go on."""

    stage: str
    command: bytes
    wanted: int


class SmtpSession:
    """A server that is ready for mail. `mails` and `refusals` count what it was offered and what it refused."""

    def __init__(self, wire: SmtpProtocol, patience: SmtpTimeouts) -> None:
        self.wire, self.patience = wire, patience
        self.offers: dict[str, str] = {}  # EHLO keyword → its parameters
        self.mails = self.refusals = 0
        self.open = 0  # mails begun and not answered
        self.listening = asyncio.Lock()  # answers are read in the order in which mails began

    @property
    def is_broken(self) -> bool:
        return bool(self.wire.failure)

    @property
    def can_pipeline(self) -> bool:
        return "PIPELINING" in self.offers

    async def send_mail(self, sender: str, to: str, data: bytes, announced: Callable[[], None]) -> Reply:
        """Hand over one mail; return the answer that says it was taken.

        `data` has lines that end in CRLF. `announced` is called when the next mail may begin, if that is before this
        one is answered. Raises Refused (not taken), Lost (not taken either, or `is_doubtful`).
        """
        steps = self._build_envelope(sender, to, len(data))
        steps.append(_SmtpCommand("DATA", b"DATA\r\n", 3))
        self.mails += 1
        self.open += 1
        try:
            if self.can_pipeline:
                self.wire.write_bytes(b"".join(step.command for step in steps))
            async with self.listening:
                await self._carry_out(steps)
                self.wire.write_bytes(_stuff_dots(data))
                await self.wire.wait_until_sent(self.patience.block)
                if self.can_pipeline:
                    announced()
                return await self._read_verdict()
        except (MailRefused, ConnectionLost):
            raise
        except BaseException:
            self.wire.close()  # whoever is stopped in the middle leaves answers that nobody would read
            raise
        finally:
            self.open -= 1

    async def probe_recipient(self, sender: str, to: str) -> None:
        """Ask whether mail for `to` would be taken, and hand over none. Raises Refused, Lost."""
        self.mails += 1
        async with self.listening:
            steps = self._build_envelope(sender, to, 0)
            if self.can_pipeline:
                self.wire.write_bytes(b"".join(step.command for step in steps))
            await self._carry_out(steps)
            await self._reset_session()

    def _build_envelope(self, sender: str, to: str, size: int) -> list[_SmtpCommand]:
        """The commands that name sender and recipient. Raises Refused where the server takes no mail of this size."""
        limit = self.offers.get("SIZE", "")
        if limit.isdecimal() and 0 < int(limit) < size:
            raise MailRefused("MAIL", Reply(_TOO_LARGE, f"the mail has {size} bytes and the server takes {limit}"))
        told = f" SIZE={size}" if "SIZE" in self.offers and size else ""
        return [
            _SmtpCommand("MAIL", _encode_command(f"MAIL FROM:<{sender}>{told}"), 2),
            _SmtpCommand("RCPT", _encode_command(f"RCPT TO:<{to}>"), 2),
        ]

    async def _carry_out(self, steps: Sequence[_SmtpCommand]) -> None:
        """Go through the steps, already written where the server pipelines. Raises Refused, Lost."""
        refused: MailRefused | None = None
        for step in steps:
            if not self.can_pipeline:
                self.wire.write_bytes(step.command)
            try:
                reply = await self.wire.read_reply(self.patience.command)
            except ConnectionLost as lost:
                raise refused or lost from lost
            if reply.code // 100 != step.wanted:
                refused = refused or self._count_refusal(step.stage, reply)
                if not self.can_pipeline or self.is_broken:
                    break
            elif refused and step.stage == "DATA":
                await self._send_line(b".\r\n")  # RFC 2920, 3.1: it waits for a mail to nobody
        if refused:
            if not self.is_broken:
                with suppress(ConnectionLost):
                    await self._reset_session()
            raise refused

    async def _read_verdict(self) -> Reply:
        try:
            reply = await self.wire.read_reply(self.patience.data)
        except ConnectionLost as lost:
            raise ConnectionLost(str(lost), is_doubtful=True) from lost
        if reply.code // 100 == 2:
            return reply
        if reply.code // 100 == 3:
            self.wire.fail_connection(f"it answers a mail with {reply}")
            raise ConnectionLost(self.wire.failure, is_doubtful=True)
        raise self._count_refusal(".", reply)

    async def _reset_session(self) -> None:
        """Forget the mail that was announced. Raises Lost."""
        if (await self._send_line(b"RSET\r\n")).code // 100 != 2:
            self.wire.fail_connection("it does not start afresh")

    async def _send_line(self, line: bytes, seconds: float | None = None) -> Reply:
        self.wire.write_bytes(line)
        return await self.wire.read_reply(self.patience.command if seconds is None else seconds)

    def _count_refusal(self, stage: str, reply: Reply) -> MailRefused:
        self.refusals += 1
        if reply.code == CLOSING:
            self.wire.fail_connection(f"it is closing: {reply}")
        return MailRefused(stage, reply)

    async def quit_session(self) -> None:
        """Say goodbye, without waiting long for the answer."""
        with suppress(ConnectionLost):
            async with self.listening:
                await self._send_line(b"QUIT\r\n", self.patience.setup)
        self.wire.close()

    def close(self) -> None:
        self.wire.close()

    # Until it is ready for mail

    async def greet_server(self, settings: MailSettings) -> None:
        """From the first byte to a server that is ready for mail. Raises Refused, Lost."""
        await self._expect_reply("greeting", b"", 2)
        await self._say_hello()
        if settings.tls == "starttls":
            await self._start_tls(settings)
        if settings.user:
            await self._log_in(settings)

    async def _expect_reply(self, stage: str, line: bytes, wanted: int) -> Reply:
        reply = await self._send_line(line, self.patience.setup)
        if reply.code // 100 != wanted:
            raise self._count_refusal(stage, reply)
        return reply

    async def _say_hello(self) -> None:
        name = await _find_own_name(self.wire)
        try:
            reply = await self._expect_reply("EHLO", _encode_command(f"EHLO {name}"), 2)
        except MailRefused as refused:
            if refused.code not in _UNKNOWN_COMMAND:
                raise
            await self._expect_reply("EHLO", _encode_command(f"HELO {name}"), 2)
            self.offers = {}
            return
        offered = (line.upper().partition(" ") for line in reply.text.split("\n")[1:])
        self.offers = {keyword.strip(): parameters.strip() for keyword, _, parameters in offered}

    async def _start_tls(self, settings: MailSettings) -> None:
        if "STARTTLS" not in self.offers:
            raise ConnectionLost("it offers no encryption")
        await self._expect_reply("STARTTLS", b"STARTTLS\r\n", 2)
        await self.wire.start_tls(ssl.create_default_context(), settings.host, self.patience.setup)
        await self._say_hello()  # RFC 3207, 4.2: what was offered before counts no more

    async def _log_in(self, settings: MailSettings) -> None:
        if settings.tls == "none" and not _is_loopback(self.wire.get_address("peername")):
            raise ConnectionLost("a password is not sent without encryption")
        user, password = settings.user.encode(), settings.password.reveal().encode()
        ways = self.offers.get("AUTH", "").split()
        if "PLAIN" in ways:
            await self._expect_reply("AUTH", b"AUTH PLAIN " + _encode_secret(b"\0%b\0%b" % (user, password)), 2)
        elif "LOGIN" in ways:
            await self._expect_reply("AUTH", b"AUTH LOGIN\r\n", 3)
            await self._expect_reply("AUTH", _encode_secret(user), 3)
            await self._expect_reply("AUTH", _encode_secret(password), 2)
        else:
            raise ConnectionLost("it offers no login by PLAIN or LOGIN")


async def open_session(settings: MailSettings, patience: SmtpTimeouts) -> SmtpSession:
    """A connection that is ready for mail. Raises Refused, Lost."""
    implicit = settings.tls == "implicit"
    try:
        async with asyncio.timeout(patience.setup):
            _, wire = await asyncio.get_running_loop().create_connection(
                SmtpProtocol,
                settings.host,
                settings.port,
                ssl=ssl.create_default_context() if implicit else None,
                server_hostname=settings.host if implicit else None,
                happy_eyeballs_delay=0.25,
            )
    except TimeoutError as error:
        raise ConnectionLost(f"no answer in {patience.setup:g} s") from error
    except OSError as error:
        raise ConnectionLost(" ".join(str(error).split()) or type(error).__name__) from error
    connection = SmtpSession(wire, patience)
    try:
        await connection.greet_server(settings)
    except BaseException:
        connection.close()
        raise
    return connection


async def _find_own_name(wire: SmtpProtocol) -> str:
    """This machine's full name, or where it has none its address, as RFC 5321, 4.1.3 writes one."""
    name = await asyncio.to_thread(socket.getfqdn)
    if "." in name and name.isascii() and name.replace(".", "").replace("-", "").isalnum():
        return name
    address = wire.get_address("sockname") or "127.0.0.1"
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _is_loopback(address: str) -> bool:
    return bool(address) and ipaddress.ip_address(address).is_loopback


def _encode_command(line: str) -> bytes:
    """The line as it is sent. Raises ValueError where it would be more than one."""
    if not (line.isascii() and line.isprintable()):
        raise ValueError(f"{line!r} is no line of SMTP")
    return f"{line}\r\n".encode()


def _encode_secret(secret: bytes) -> bytes:
    return base64.b64encode(secret) + b"\r\n"


def _stuff_dots(data: bytes) -> bytes:
    """The mail as it is sent: no line of its own is the dot that ends it.

    >>> _stuff_dots(b"one\\r\\n.two\\r\\n")
    b'one\\r\\n..two\\r\\n.\\r\\n'
    """
    dotted = data.replace(b"\r\n.", b"\r\n..")
    return (b"." if dotted[:1] == b"." else b"") + dotted + b".\r\n"
