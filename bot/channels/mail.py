"""Mail over SMTP: one recipient a message, the connection kept for the next.

Repeating is safe: a delivery's Message-ID is always the same, so a mailbox or a reader can tell a copy.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bot.channels.letter import letter, mailbox, message_id
from bot.channels.pool import Pool
from bot.channels.smtp import Connection, Patience, Refused, connect
from bot.channels.wire import Lost
from bot.errors import ConfigError, DeliveryError, Gone, OutOfReach, Rejected, TryLater, Unconfirmed
from bot.models import Delivery, Destination, Message
from bot.settings import MailSettings, Settings

PATIENCE = Patience()
PERMANENT = range(500, 600)
BROKEN_LOGIN_SECONDS = 600.0
STATUS = re.compile(r"\d{3} (5\.\d{1,3}\.\d{1,3})\b")
NOBODY = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")  # RFC 3463, 7505: no such mailbox or host, disabled
NOBODY_IN_WORDS = re.compile(
    r"(?i)no such (?:user|mailbox|recipient)|(?:user|recipient) (?:unknown|not found)|unknown user"
)
AGAIN = 3  # kept connections that may turn out to be dead before a mail waits for its next try


class Mail:
    def __init__(
        self, settings: MailSettings, clock: Callable[[], float] = time.monotonic, patience: Patience = PATIENCE
    ) -> None:
        self.settings, self.clock, self.patience = settings, clock, patience
        self.sender = mailbox(settings.sender).addr_spec
        self.where = f"{settings.host}:{settings.port}"
        self.pool = Pool(self.connect, settings.connections, clock)

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
            name=delivery.name,
            unsubscribe=delivery.unsubscribe,
        )
        return f"{await self.exchange(mailbox(delivery.address).addr_spec, data)} {name}"

    async def exchange(self, to: str, data: bytes) -> str:
        """Hand the mail over; return the server's answer. Raises DeliveryError."""
        for kept in range(AGAIN, -1, -1):
            turn = await self.pool.take()
            is_kept = turn.connection.mails > 0
            try:
                return str(await turn.connection.send(self.sender, to, data, turn.end))
            except (Refused, Lost) as error:
                # A connection that was kept may have ended since: that says nothing about this mail.
                if kept and is_kept and has_ended(error):
                    continue
                raise self.meaning(error, to) from error
            finally:
                turn.end()
        raise AssertionError("the last round returns or raises")

    async def connect(self) -> Connection:
        """A new connection. Raises OutOfReach."""
        try:
            return await connect(self.settings, self.patience)
        except Refused as error:
            if error.stage == "AUTH" and error.code in PERMANENT:
                reason = f"{self.where} refuses the login: look at [mail] user and ZHAIBAO_MAIL_PASSWORD"
                raise OutOfReach(f"{reason} ({error})", BROKEN_LOGIN_SECONDS) from error
            raise OutOfReach(f"{self.where} cannot be reached: it answers {error.stage} with {error}") from error
        except Lost as error:
            tls = self.settings.tls
            raise OutOfReach(f"{self.where} cannot be reached with [mail] tls = {tls!r}: {error}") from error

    def meaning(self, error: Refused | Lost, to: str) -> DeliveryError:
        """What is known about the mail."""
        match error:
            case Lost(is_doubtful=True):
                return Unconfirmed(f"{self.where} did not confirm the mail: {error}")
            case Lost():
                return TryLater(f"{self.where} hung up: {error}")
            case Refused(stage="MAIL", code=552):
                return Rejected(f"{self.where} refuses the mail: {error}; let [[digest]] max_stories be fewer")
            case Refused(stage="MAIL"):
                reason = f"{self.where} refuses {self.sender}: {error}; look at [mail] from and user"
                return OutOfReach(reason, BROKEN_LOGIN_SECONDS if error.code in PERMANENT else None)
            case _ if is_nobody(error):
                return Gone(f"the mail server refuses {to}: {error}")
            case _ if error.code in PERMANENT:
                return Rejected(f"the mail server refuses {to}: {error}")
        return TryLater(f"the mail server puts {to} off: {error}")

    async def check(self, destination: Destination) -> str:
        """Ask the server whether it would take mail for the reader, and hand it none."""
        to = mailbox(destination.address).addr_spec
        turn = await self.pool.take()
        try:
            await turn.connection.probe(self.sender, to)
        except (Refused, Lost) as error:
            raise self.meaning(error, to) from error
        finally:
            turn.end()
        return f"{self.where} takes mail from {self.sender} for {to}"

    async def close(self) -> None:
        await self.pool.close()


def has_ended(error: Refused | Lost) -> bool:
    """The connection ended before this mail was taken, by a word or without one."""
    return error.is_closing if isinstance(error, Refused) else not error.is_doubtful


def is_nobody(error: Refused) -> bool:
    """The server knows that there is no such mailbox: by RFC 3463's code, or where it has none, in words."""
    if error.code not in PERMANENT or error.stage not in ("RCPT", "."):
        return False
    if status := STATUS.match(str(error)):
        return status[1] in NOBODY
    return error.stage == "RCPT" and bool(NOBODY_IN_WORDS.search(str(error)))


def open_channel(settings: Settings) -> Mail:
    if not (settings.mail.host and settings.mail.sender):
        raise ConfigError(f"{settings.file}: mail needs [mail] host and from")
    try:
        return Mail(settings.mail)
    except Rejected as error:
        raise ConfigError(f"{settings.file}: [mail] from: {error}") from error
