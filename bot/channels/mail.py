"""Mail over SMTP: one recipient a message, the connection kept for the next.

Repeating is safe: a delivery's Message-ID is always the same, so a mailbox or a reader can tell a copy.
"""

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from bot.channels.domains import FEW, Domain, Domains, Rest
from bot.channels.letter import letter, mailbox, message_id
from bot.channels.pool import Pool, Turn
from bot.channels.smtp import CLOSING, Connection, Patience, Refused, connect
from bot.channels.wire import Lost
from bot.errors import ConfigError, DeliveryError, Gone, OutOfReach, Rejected, TryLater, Unconfirmed
from bot.models import Delivery, Destination, Message
from bot.settings import MailSettings, Settings

PATIENCE = Patience()
PERMANENT = range(500, 600)
BROKEN_LOGIN_SECONDS = 600.0
FIRST_REST_SECONDS, LAST_REST_SECONDS = 30.0, 600.0  # of a server that cannot be reached
STATUS = re.compile(r"\d{3} (5\.\d{1,3}\.\d{1,3})\b")
LATER = re.compile(r"\d{3} 4\.(\d{1,3})\.\d{1,3}\b")
TROUBLE = 451  # the other 4xx are about the mailbox, where no code says more
NOBODY = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")  # RFC 3463, 7505: no such mailbox or host, disabled
NOBODY_IN_WORDS = re.compile(
    r"(?i)no such (?:user|mailbox|recipient)|(?:user|recipient) (?:unknown|not found)|unknown user"
)
SPARE = 4  # one of so many connections is kept for who would be held up by a slow domain
AGAIN = 3  # kept connections that may turn out to be dead before a mail waits for its next try


class Mail:
    def __init__(
        self, settings: MailSettings, clock: Callable[[], float] = time.monotonic, patience: Patience = PATIENCE
    ) -> None:
        self.settings, self.clock, self.patience = settings, clock, patience
        self.sender = mailbox(settings.sender).addr_spec
        self.where = f"{settings.host}:{settings.port}"
        self.rest_of_server = Rest(FIRST_REST_SECONDS, LAST_REST_SECONDS)
        self.trouble = ""  # why it rests
        self.domains = Domains(dict(settings.per_domain), patience.slow, clock)
        spare = settings.connections // SPARE
        self.pool = Pool(self.connect, settings.connections - spare, clock)
        self.spare = Pool(self.connect, spare, clock) if spare else None  # for who is held up by somebody else's
        self.is_held_up = False

    async def ready(self) -> None:
        pass

    def rest(self, delivery: Delivery) -> float:  # noqa: ARG002 - one mail a reader
        return 0.0

    def turn(self, delivery: Delivery) -> float:
        now = self.clock()
        return max(0.0, self.rest_of_server.until - now) or self.domains.of(delivery.address).turn()

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
        domain = self.domains.of(delivery.address)
        answer = await self.exchange(domain, mailbox(delivery.address).addr_spec, data)
        return f"{answer} {name}"

    async def exchange(self, domain: Domain, to: str, data: bytes) -> str:
        """Hand the mail over; return the server's answer. Raises DeliveryError."""
        for kept in range(AGAIN, -1, -1):
            turn = await self.begun(domain)
            is_kept = turn.connection.mails > 0
            try:
                with domain.mail():
                    answer = await turn.connection.send(self.sender, to, data, turn.end)
                domain.rest.worked()
                return str(answer)
            except (Refused, Lost) as error:
                # A connection that was kept may have ended since: that says nothing about this mail.
                if kept and is_kept and has_ended(error):
                    continue
                raise self.learned(domain, error, self.meaning(error, to)) from error
            finally:
                turn.end()
        raise AssertionError("the last round returns or raises")

    async def begun(self, domain: Domain) -> Turn:
        """A connection for the next mail; a spare one where mails to slow domains have filled the others.

        Raises OutOfReach: for a slow domain itself there is none just now.
        """
        if self.spare is None:
            return await self.pool.take()
        while True:
            with suppress(TimeoutError):
                turn = await self.pool.take(0.0 if self.is_held_up else self.patience.slow)
                self.is_held_up = False
                return turn
            self.is_held_up = True
            if domain.takes > self.patience.slow / 2 and len(domain.under_way) > FEW:
                wait = domain.promise(self.clock(), domain.takes / FEW)
                raise OutOfReach(f"mail to {domain.name} takes long: the rest of it goes later", wait, domain.name)
            with suppress(TimeoutError):
                return await self.spare.take(self.patience.slow)

    def learned(self, domain: Domain, error: Refused | Lost, meaning: DeliveryError) -> DeliveryError:
        """The same, or that it is about the domain; who keeps failing is left alone for a while."""
        if isinstance(meaning, OutOfReach):
            self.rest_of_server.failed(self.clock(), meaning.retry_after or 0.0)
            self.trouble = str(meaning)
        elif is_about_domain(error):
            domain.rest.failed(self.clock())
            if domain.rest.until > self.clock():
                return OutOfReach(str(meaning), domain.rest.until - self.clock(), domain.name)
        return meaning

    async def connect(self) -> Connection:
        """A new connection; none is tried while the server rests. Raises OutOfReach."""
        if (seconds := self.rest_of_server.until - self.clock()) > 0:
            raise OutOfReach(self.trouble, seconds)
        try:
            made = await self.reach()
        except OutOfReach as error:
            self.rest_of_server.failed(self.clock(), error.retry_after or 0.0)
            self.trouble = str(error)
            raise
        self.rest_of_server.worked()
        return made

    async def reach(self) -> Connection:
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
        await asyncio.gather(self.pool.close(), *([self.spare.close()] if self.spare else []))


def has_ended(error: Refused | Lost) -> bool:
    """The connection ended before this mail was taken, by a word or without one."""
    return error.is_closing if isinstance(error, Refused) else not error.is_doubtful


def is_about_domain(error: Refused | Lost) -> bool:
    """It was put off for no reason of the reader's: RFC 3463's code is not 4.1 or 4.2 (the mailbox)."""
    if not isinstance(error, Refused) or error.code in PERMANENT:
        return False
    if status := LATER.match(str(error)):
        return status[1] not in ("1", "2")
    return error.code in (CLOSING, TROUBLE)


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
