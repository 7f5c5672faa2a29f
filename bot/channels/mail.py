"""Mail over SMTP: one recipient a message, the connection kept for the next.

Repeating is safe: a delivery's Message-ID is always the same, so a mailbox or a reader can tell a copy.
"""

import asyncio
import hashlib
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.errors import ConfigError, DeliveryError, Rejected, TryLater, Unconfirmed
from bot.models import Delivery, Destination, Message
from bot.settings import MailSettings, Settings

TIMEOUT_SECONDS = 30.0
PERMANENT = range(500, 600)
BROKEN_LOGIN_SECONDS = 600.0


def letter(
    message: Message, settings: MailSettings, *, to: str, digest: str, message_id: str, at: datetime
) -> EmailMessage:
    """The message as a mail that every provider's rules for bulk mail accept, as far as its content can see to that."""
    name, sender = parseaddr(settings.sender)
    domain = domain_of(sender)
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = Address(display_name=name, addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["List-Id"] = f"<{digest}.{domain}>"
    mail["List-Unsubscribe"] = f"<{settings.unsubscribe_url(digest)}>"
    mail["Auto-Submitted"] = "auto-generated"
    (part,) = message.parts
    mail.set_content(part.text, cte="base64")
    mail.add_alternative(part.html, subtype="html", cte="base64")
    # The same mail has the same bytes, however often it is made.
    mail.set_boundary(f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}")
    return mail


def message_id(delivery: Delivery, settings: MailSettings) -> str:
    """The same for every attempt at a delivery, another for every other one."""
    sender = parseaddr(settings.sender)[1]
    key = f"{delivery.digest} {delivery.slot} {delivery.edition_id} {delivery.id} {delivery.address}"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain_of(sender)}>"


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


class Mail:
    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self.idle: list[SMTP] = []

    async def ready(self) -> None:
        pass

    def rest(self, delivery: Delivery) -> float:  # noqa: ARG002 - one mail a reader
        return 0.0

    def turn(self, delivery: Delivery) -> float:  # noqa: ARG002 - no provider publishes a pace
        return 0.0

    async def send(self, delivery: Delivery, message: Message, part: int) -> str:
        if part:
            raise ValueError("a mail has one part")
        mail = letter(
            message,
            self.settings,
            to=delivery.address,
            digest=delivery.digest,
            message_id=message_id(delivery, self.settings),
            at=datetime.now(UTC),
        )
        client = await self.connected()
        try:
            reply = await self.hand_over(client, delivery.address, mail.as_bytes())
        except BaseException:
            client.close()
            raise
        self.idle.append(client)
        return f"{reply.code} {reply.message} {mail['Message-ID']}"

    async def connected(self) -> SMTP:
        """An idle connection that still answers, or a new one. Raises TryLater."""
        while self.idle:
            client = self.idle.pop()
            if client.is_connected:
                return client
        client = SMTP(
            hostname=self.settings.host,
            port=self.settings.port,
            username=self.settings.user or None,
            password=self.settings.password.reveal() or None,
            use_tls=self.settings.tls == "implicit",
            start_tls=self.settings.tls == "starttls",
            timeout=TIMEOUT_SECONDS,
        )
        where = f"{self.settings.host}:{self.settings.port}"
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            client.close()
            reason = f"{where} refuses the login: look at [mail] user and ZHAIBAO_MAIL_PASSWORD"
            raise TryLater(reason, BROKEN_LOGIN_SECONDS) from error
        except (SMTPException, OSError) as error:
            client.close()
            raise TryLater(f"{where} cannot be reached: {error}") from error
        return client

    async def hand_over(self, client: SMTP, to: str, data: bytes) -> aiosmtplib.SMTPResponse:
        """Before DATA nothing was taken; after it only the server's answer tells."""
        sender = parseaddr(self.settings.sender)[1]
        try:
            await client.mail(sender)
            await client.rcpt(to)
        except SMTPResponseException as error:
            raise meaning(error, to) from error
        except (SMTPException, OSError) as error:
            raise TryLater(f"{self.settings.host} hung up: {error}") from error
        try:
            code, text = await client.data(data)
        except SMTPResponseException as error:
            raise meaning(error, to) from error
        except (SMTPException, OSError) as error:
            raise Unconfirmed(f"{self.settings.host} did not confirm the mail: {error}") from error
        return aiosmtplib.SMTPResponse(code, " ".join(text.split()))

    async def check(self, destination: Destination) -> str:  # noqa: ARG002 - only the server can be asked
        client = await self.connected()
        self.idle.append(client)
        return f"{self.settings.host}:{self.settings.port} lets us in"

    async def close(self) -> None:
        clients, self.idle = self.idle, []
        await asyncio.gather(*(client.quit() for client in clients), return_exceptions=True)


def meaning(error: SMTPResponseException, to: str) -> DeliveryError:
    said = f"{error.code} {' '.join(str(error.message).split())}"
    if error.code in PERMANENT:
        return Rejected(f"the mail server refuses {to}: {said}")
    return TryLater(f"the mail server puts {to} off: {said}")


def open_channel(settings: Settings) -> Mail:
    if not (settings.mail.host and settings.mail.sender):
        raise ConfigError(f"{settings.file}: mail needs [mail] host and from")
    return Mail(settings.mail)
