"""Mail over SMTP: one recipient a message, the connection kept for the next.

Repeating is safe: a delivery's Message-ID is always the same, so a mailbox or a reader can tell a copy.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.errors import ConfigError, DeliveryError, Rejected, TryLater, Unconfirmed
from bot.models import Delivery, Destination, Message
from bot.settings import MailSettings, Settings

TIMEOUT_SECONDS = 30.0
DATA_SECONDS = 600.0  # RFC 5321, 4.5.3.2.6: who gives up earlier on a server that checks mail sends it twice
CONNECTIONS = 8  # to the server at once
IDLE_SECONDS = 60.0  # then a connection is not trusted any more: servers and routers drop it, some without a word
PERMANENT = range(500, 600)
CLOSING = 421
BROKEN_LOGIN_SECONDS = 600.0


class BulkPolicy(EmailPolicy):
    """SMTP's line ends; headers that programs read stay in one line, for Python would encode a long word in them."""

    UNFOLDED = frozenset({"list-id", "list-unsubscribe", "list-unsubscribe-post"})

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in self.UNFOLDED:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


POLICY = BulkPolicy(linesep="\r\n")


def letter(message: Message, settings: MailSettings, *, to: str, digest: str, message_id: str, at: datetime) -> bytes:
    """The message as a mail that every provider's rules for bulk mail accept, as far as its content can see to that.

    Raises Rejected where `to` is no mailbox that SMTP can name.
    """
    own = f"To: {mailbox(to).addr_spec}\r\nDate: {format_datetime(at)}\r\nMessage-ID: {message_id}\r\n"
    return own.encode("ascii") + shared(message, settings, digest)


@lru_cache(maxsize=8)
def shared(message: Message, settings: MailSettings, digest: str) -> bytes:
    """What is the same for every reader: made once, since it takes longer than sending it."""
    (part,) = message.parts
    sender = mailbox(settings.sender)
    mail = EmailMessage(policy=POLICY)
    mail["From"] = sender
    mail["Subject"] = message.subject
    mail["List-Id"] = f"<{digest}.{sender.domain}>"
    mail["List-Unsubscribe"] = f"<{settings.unsubscribe_url(digest)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(part.text, cte="base64")
    mail.add_alternative(part.html, subtype="html", cte="base64")
    # The same mail has the same bytes, however often it is made.
    mail.set_boundary(f"=_{hashlib.sha256(f'{part.text}{part.html}'.encode()).hexdigest()[:32]}")
    return mail.as_bytes()


def message_id(delivery: Delivery, settings: MailSettings) -> str:
    """The same for every attempt at a delivery, another for every other one."""
    key = f"{delivery.digest} {delivery.slot} {delivery.edition_id} {delivery.id} {delivery.address}"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{mailbox(settings.sender).domain}>"


@lru_cache(maxsize=1024)
def mailbox(text: str) -> Address:
    """`name <mailbox>` or a bare mailbox, its domain in ASCII. Raises Rejected.

    >>> mailbox("摘报 <digest@例子.example>").addr_spec
    'digest@xn--fsqu00a.example'
    """
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    try:
        return Address(display_name=name, addr_spec=f"{local}@{domain.encode('idna').decode()}")
    except (ValueError, HeaderParseError) as error:
        raise Rejected(f"{text} is no mailbox that SMTP can name: use one of ASCII letters before the @") from error


class Mail:
    def __init__(self, settings: MailSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings, self.clock = settings, clock
        self.sender = mailbox(settings.sender).addr_spec
        self.where = f"{settings.host}:{settings.port}"
        self.connections = asyncio.Semaphore(CONNECTIONS)
        self.idle: list[tuple[SMTP, float]] = []  # and since when

    async def ready(self) -> None:
        pass

    def rest(self, delivery: Delivery) -> float:  # noqa: ARG002 - one mail a reader
        return 0.0

    def turn(self, delivery: Delivery) -> float:  # noqa: ARG002 - no provider publishes a pace
        return 0.0

    async def send(self, delivery: Delivery, message: Message, part: int) -> str:
        if part:
            raise ValueError("a mail has one part")
        name = message_id(delivery, self.settings)
        data = letter(
            message,
            self.settings,
            to=delivery.address,
            digest=delivery.digest,
            message_id=name,
            at=datetime.now(UTC),
        )
        async with self.connections:
            answer = await self.exchange(delivery.address, data)
        return f"{answer} {name}"

    async def exchange(self, to: str, data: bytes) -> str:
        client = await self.connected()
        try:
            await self.announce(client, mailbox(to).addr_spec)
            answer = await self.hand_over(client, to, data)
        except (TryLater, Rejected) as error:
            await self.keep_after(client, error)
            raise
        except BaseException:
            client.close()
            raise
        self.keep(client)
        return answer

    async def connected(self) -> SMTP:
        """An idle connection that still answers, or a new one. Raises TryLater."""
        while self.idle:
            client, since = self.idle.pop()
            if client.is_connected and self.clock() - since < IDLE_SECONDS:
                return client
            client.close()
        return await self.connect()

    async def connect(self) -> SMTP:
        tls = self.settings.tls
        client = SMTP(
            hostname=self.settings.host,
            port=self.settings.port,
            username=self.settings.user or None,
            password=self.settings.password.reveal() or None,
            use_tls=tls == "implicit",
            start_tls=tls == "starttls",
            timeout=TIMEOUT_SECONDS,
        )
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            client.close()
            reason = f"{self.where} refuses the login: look at [mail] user and ZHAIBAO_MAIL_PASSWORD"
            raise TryLater(reason, BROKEN_LOGIN_SECONDS) from error
        except (SMTPException, OSError) as error:
            client.close()
            raise TryLater(f"{self.where} cannot be reached with [mail] tls = {tls!r}: {plain(error)}") from error
        return client

    def keep(self, client: SMTP) -> None:
        self.idle.append((client, self.clock()))

    async def keep_after(self, client: SMTP, error: DeliveryError) -> None:
        """A refused recipient says nothing against the connection: the next mail may use it."""
        cause = error.__cause__
        if isinstance(cause, SMTPResponseException) and cause.code != CLOSING and client.is_connected:
            await self.start_afresh(client)
        else:
            client.close()

    async def start_afresh(self, client: SMTP) -> None:
        try:
            await client.rset()
        except (SMTPException, OSError):
            client.close()
        else:
            self.keep(client)

    async def announce(self, client: SMTP, to: str) -> None:
        """Name sender and recipient; nothing is taken by that. Raises TryLater, Rejected."""
        try:
            await client.mail(self.sender)
            await client.rcpt(to)
        except aiosmtplib.SMTPSenderRefused as error:
            reason = f"{self.where} refuses {self.sender}: {said(error)}; look at [mail] from and user"
            raise TryLater(reason, BROKEN_LOGIN_SECONDS if error.code in PERMANENT else None) from error
        except SMTPResponseException as error:
            raise meaning(error, to) from error
        except (SMTPException, OSError) as error:
            raise TryLater(f"{self.where} hung up: {plain(error)}") from error

    async def hand_over(self, client: SMTP, to: str, data: bytes) -> str:
        """Send the mail itself: only the server's answer tells whether it was taken. Raises DeliveryError."""
        try:
            code, text = await client.data(data, timeout=DATA_SECONDS)
        except SMTPResponseException as error:
            raise meaning(error, to) from error
        except (SMTPException, OSError) as error:
            raise Unconfirmed(f"{self.where} did not confirm the mail: {plain(error)}") from error
        return f"{code} {' '.join(text.split())}"

    async def check(self, destination: Destination) -> str:
        """Ask the server whether it would take mail for the reader, and hand it none."""
        to = mailbox(destination.address).addr_spec
        client = await self.connected()
        try:
            await self.announce(client, to)
        except DeliveryError as error:
            await self.keep_after(client, error)
            raise
        await self.start_afresh(client)
        return f"{self.where} takes mail from {self.sender} for {to}"

    async def close(self) -> None:
        clients, self.idle = [client for client, _ in self.idle], []
        await asyncio.gather(*(client.quit() for client in clients), return_exceptions=True)


def plain(error: Exception) -> str:
    """What a library said, in one line."""
    return " ".join(str(error).split()) or type(error).__name__


def meaning(error: SMTPResponseException, to: str) -> DeliveryError:
    if error.code in PERMANENT:
        return Rejected(f"the mail server refuses {to}: {said(error)}")
    return TryLater(f"the mail server puts {to} off: {said(error)}")


def said(error: SMTPResponseException) -> str:
    return f"{error.code} {' '.join(str(error.message).split())}"


def open_channel(settings: Settings) -> Mail:
    if not (settings.mail.host and settings.mail.sender):
        raise ConfigError(f"{settings.file}: mail needs [mail] host and from")
    try:
        return Mail(settings.mail)
    except Rejected as error:
        raise ConfigError(f"{settings.file}: [mail] from: {error}") from error
