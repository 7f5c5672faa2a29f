"""Mail over SMTP: one recipient a message, the connection kept for the next.

Repeating is safe: a delivery's Message-ID is always the same, so a mailbox or a reader can tell a copy.
"""

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from bot.channels.mail.domains import MAX_MAILS_TO_SLOW, DomainTable, RecipientDomain
from bot.channels.mail.mime import build_mail, build_message_id, parse_mailbox
from bot.channels.mail.pool import ConnectionPool, PooledConnection
from bot.channels.mail.session import CLOSING, MailRefused, SmtpSession, SmtpTimeouts, open_session
from bot.channels.mail.settings import MailSettings
from bot.channels.mail.wire import ConnectionLost
from bot.channels.protocol import Arrival
from bot.errors import (
    ConfigError,
    DeliveryError,
    DeliveryUnconfirmed,
    Rejected,
    ServerUnreachable,
    SubscriberGone,
    TryLater,
)
from bot.models import Delivery, Destination, Message
from bot.phrases import Phrase
from bot.retry_policy import RetryPolicy, RetryState
from bot.settings import Settings

_TIMEOUTS = SmtpTimeouts()
_PERMANENT_CODES = range(500, 600)
_BROKEN_LOGIN_SECONDS = 600.0
_SERVER_RETRIES = RetryPolicy(first_seconds=30.0, longest_seconds=600.0)  # of a server that cannot be reached
_PERMANENT_STATUS = re.compile(r"\d{3} (5\.\d{1,3}\.\d{1,3})\b")
_TRANSIENT_STATUS = re.compile(r"\d{3} 4\.(\d{1,3})\.\d{1,3}\b")
_SERVER_TROUBLE = 451  # the other 4xx are about the mailbox, where no code says more
_NO_MAILBOX_STATUSES = (
    "5.1.1",
    "5.1.2",
    "5.1.3",
    "5.1.6",
    "5.1.10",
    "5.2.1",
)  # RFC 3463, 7505: no such mailbox or host, disabled
_NO_MAILBOX_PHRASES = re.compile(
    r"(?i)no such (?:user|mailbox|recipient)|(?:user|recipient) (?:unknown|not found)|unknown user"
)
_SPARE_SHARE = 4  # one of so many connections is kept for who would be held up by a slow domain
_MAX_DEAD_CONNECTIONS = 3  # kept connections that may turn out to be dead before a mail waits for its next try


class MailChannel:
    def __init__(
        self, settings: MailSettings, clock: Callable[[], float] = time.monotonic, patience: SmtpTimeouts = _TIMEOUTS
    ) -> None:
        self.settings, self.clock, self.patience = settings, clock, patience
        self.sender = parse_mailbox(settings.sender).addr_spec
        self.where = f"{settings.host}:{settings.port}"
        self.rest_of_server = RetryState(_SERVER_RETRIES)
        self.trouble = ""  # why it rests
        self.domains = DomainTable(dict(settings.per_domain), patience.slow, clock)
        spare = settings.connections // _SPARE_SHARE
        self.pool = ConnectionPool(self._open_connection, settings.connections - spare, clock)
        self.spare = (
            ConnectionPool(self._open_connection, spare, clock) if spare else None
        )  # for who is held up by somebody else's
        self.is_held_up = False

    async def ensure_ready(self) -> None:
        pass

    def measure_rest(self, delivery: Delivery) -> float:  # noqa: ARG002 - one mail a reader
        return 0.0

    def reserve_turn(self, delivery: Delivery) -> float:
        server_rest = self.rest_of_server.paused_until - self.clock()
        return server_rest if server_rest > 0 else self.domains.get_domain(delivery.address).reserve_turn()

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        if part:
            raise ValueError("a mail has one part")
        name = build_message_id(delivery, self.settings)
        data = build_mail(
            message,
            self.settings,
            to=delivery.address,
            digest=delivery.digest,
            message_id=name,
            at=datetime.now(UTC),
            name=delivery.name,
            unsubscribe=delivery.unsubscribe,
        )
        domain = self.domains.get_domain(delivery.address)
        answer = await self._hand_over(domain, parse_mailbox(delivery.address).addr_spec, data)
        return f"{answer} {name}"

    async def _hand_over(self, domain: RecipientDomain, to: str, data: bytes) -> str:
        """Hand the mail over; return the server's answer. Raises DeliveryError."""
        for kept in range(_MAX_DEAD_CONNECTIONS, -1, -1):
            turn = await self._take_connection(domain)
            is_kept = turn.connection.mails > 0
            try:
                with domain.track_mail():
                    answer = await turn.connection.send_mail(self.sender, to, data, turn.give_back)
                domain.retries.record_success()
                return str(answer)
            except (MailRefused, ConnectionLost) as error:
                # A connection that was kept may have ended since: that says nothing about this mail.
                if kept and is_kept and _has_ended(error):
                    continue
                raise self._record_error(domain, error, self._interpret_error(error, to)) from error
            finally:
                turn.give_back()
        raise AssertionError("the last round returns or raises")

    async def _take_connection(self, domain: RecipientDomain) -> PooledConnection:
        """A connection for the next mail; a spare one where mails to slow domains have filled the others.

        Raises OutOfReach: for a slow domain itself there is none just now.
        """
        if self.spare is None:
            return await self.pool.take_connection()
        while True:
            with suppress(TimeoutError):
                turn = await self.pool.take_connection(0.0 if self.is_held_up else self.patience.slow)
                self.is_held_up = False
                return turn
            self.is_held_up = True
            if domain.longest_seconds > self.patience.slow / 2 and len(domain.under_way) > MAX_MAILS_TO_SLOW:
                wait = domain.schedule_return(self.clock(), domain.longest_seconds / MAX_MAILS_TO_SLOW)
                raise ServerUnreachable(
                    Phrase("mail to {domain} takes long: the rest of it goes later", domain=domain.name),
                    wait,
                    domain.name,
                )
            with suppress(TimeoutError):
                return await self.spare.take_connection(self.patience.slow)

    def _record_error(
        self, domain: RecipientDomain, error: MailRefused | ConnectionLost, meaning: DeliveryError
    ) -> DeliveryError:
        """The same, or that it is about the domain; who keeps failing is left alone for a while."""
        if isinstance(meaning, ServerUnreachable):
            self.rest_of_server.record_failure(self.clock(), meaning.retry_after or 0.0)
            self.trouble = str(meaning)
        elif _is_about_domain(error):
            domain.retries.record_failure(self.clock())
            if domain.retries.paused_until > self.clock():
                return ServerUnreachable(str(meaning), domain.retries.paused_until - self.clock(), domain.name)
        return meaning

    async def _open_connection(self) -> SmtpSession:
        """A new connection; none is tried while the server rests. Raises OutOfReach."""
        if (seconds := self.rest_of_server.paused_until - self.clock()) > 0:
            raise ServerUnreachable(self.trouble, seconds)
        try:
            made = await self._reach_server()
        except ServerUnreachable as error:
            self.rest_of_server.record_failure(self.clock(), error.retry_after or 0.0)
            self.trouble = str(error)
            raise
        self.rest_of_server.record_success()
        return made

    async def _reach_server(self) -> SmtpSession:
        """A new connection. Raises OutOfReach."""
        try:
            return await open_session(self.settings, self.patience)
        except MailRefused as error:
            if error.stage == "AUTH" and error.code in _PERMANENT_CODES:
                reason = f"{self.where} refuses the login: look at [mail] user and ZHAIBAO_MAIL_PASSWORD"
                raise ServerUnreachable(
                    Phrase("{reason} ({error})", reason=reason, error=error), _BROKEN_LOGIN_SECONDS
                ) from error
            raise ServerUnreachable(
                Phrase(
                    "{where} cannot be reached: it answers {stage} with {error}",
                    where=self.where,
                    stage=error.stage,
                    error=error,
                )
            ) from error
        except ConnectionLost as error:
            tls = self.settings.tls
            raise ServerUnreachable(
                Phrase(
                    "{where} cannot be reached with [mail] tls = {tls!r}: {error}",
                    where=self.where,
                    tls=tls,
                    error=error,
                )
            ) from error

    def _interpret_error(self, error: MailRefused | ConnectionLost, to: str) -> DeliveryError:
        """What is known about the mail."""
        match error:
            case ConnectionLost(is_doubtful=True):
                return DeliveryUnconfirmed(
                    Phrase("{where} did not confirm the mail: {error}", where=self.where, error=error)
                )
            case ConnectionLost():
                return TryLater(Phrase("{where} hung up: {error}", where=self.where, error=error))
            case MailRefused(stage="MAIL", code=552):
                return Rejected(
                    Phrase(
                        "{where} refuses the mail: {error}; let [[digest]] max_stories be fewer",
                        where=self.where,
                        error=error,
                    )
                )
            case MailRefused(stage="MAIL"):
                reason = f"{self.where} refuses {self.sender}: {error}; look at [mail] from and user"
                return ServerUnreachable(reason, _BROKEN_LOGIN_SECONDS if error.code in _PERMANENT_CODES else None)
            case _ if _is_no_mailbox(error):
                return SubscriberGone(Phrase("the mail server refuses {to}: {error}", to=to, error=error))
            case _ if error.code in _PERMANENT_CODES:
                return Rejected(Phrase("the mail server refuses {to}: {error}", to=to, error=error))
        return TryLater(Phrase("the mail server puts {to} off: {error}", to=to, error=error))

    def release_delivery(self, delivery: Delivery) -> None: ...

    async def find_arrival(self, delivery: Delivery, message: Message, since: datetime) -> Arrival:  # noqa: ARG002
        return Arrival()  # what is in doubt is sent again

    async def check_destination(self, destination: Destination) -> Phrase:
        """Ask the server whether it would take mail for the reader, and hand it none."""
        to = parse_mailbox(destination.address).addr_spec
        turn = await self.pool.take_connection()
        try:
            await turn.connection.probe_recipient(self.sender, to)
        except (MailRefused, ConnectionLost) as error:
            raise self._interpret_error(error, to) from error
        finally:
            turn.give_back()
        return Phrase("{server} accepts mail from {sender} for {to}", server=self.where, sender=self.sender, to=to)

    async def close(self) -> None:
        await asyncio.gather(self.pool.close(), *([self.spare.close()] if self.spare else []))


def _has_ended(error: MailRefused | ConnectionLost) -> bool:
    """The connection ended before this mail was taken, by a word or without one."""
    return error.is_closing if isinstance(error, MailRefused) else not error.is_doubtful


def _is_about_domain(error: MailRefused | ConnectionLost) -> bool:
    """It was put off for no reason of the reader's: RFC 3463's code is not 4.1 or 4.2 (the mailbox)."""
    if not isinstance(error, MailRefused) or error.code in _PERMANENT_CODES:
        return False
    if status := _TRANSIENT_STATUS.match(str(error)):
        return status[1] not in ("1", "2")
    return error.code in (CLOSING, _SERVER_TROUBLE)


def _is_no_mailbox(error: MailRefused) -> bool:
    """The server knows that there is no such mailbox: by RFC 3463's code, or where it has none, in words."""
    if error.code not in _PERMANENT_CODES or error.stage not in ("RCPT", "."):
        return False
    if status := _PERMANENT_STATUS.match(str(error)):
        return status[1] in _NO_MAILBOX_STATUSES
    return error.stage == "RCPT" and bool(_NO_MAILBOX_PHRASES.search(str(error)))


def open_channel(settings: Settings) -> MailChannel:
    mail_settings = settings.get_channel_settings(MailSettings)
    if gap := mail_settings.find_gap():
        raise ConfigError(Phrase("{file}: {gap}", file=settings.file, gap=gap))
    try:
        return MailChannel(mail_settings)
    except Rejected as error:
        raise ConfigError(Phrase("{file}: [mail] from: {error}", file=settings.file, error=error)) from error
