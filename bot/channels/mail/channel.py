"""Mail over SMTP: one recipient a message, the connection kept for the next.

Repeating is safe: a delivery's Message-ID is always the same, so that a mailbox or its owner recognizes a
copy. A connection hands over its next mail only when the last one is recorded as sent (`release_delivery`),
so that a killed program or a full disk repeats at most one mail a connection.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from bot.channels.mail.answers import AnswerMeaning, ClassifiedAnswer, classify_answer
from bot.channels.mail.domains import MAX_MAILS_TO_SLOW, DomainTable, RecipientDomain, get_domain_name
from bot.channels.mail.mime import build_mail, build_message_id, parse_mailbox
from bot.channels.mail.pool import ConnectionPool, OneTooMany
from bot.channels.mail.session import (
    ConnectionLost,
    MailRefused,
    SmtpReply,
    SmtpSession,
    SmtpTimeouts,
    open_session,
)
from bot.channels.mail.settings import MailSettings
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
_SERVER_RETRIES = RetryPolicy(first_seconds=30.0, longest_seconds=600.0)  # of a server that cannot be reached
_BROKEN_LOGIN_SECONDS = 600.0
# kept connections that may turn out to be dead before a mail waits for its next try
_MAX_DEAD_CONNECTIONS = 3
_TOO_FAST_SECONDS = 300.0  # QQ Mail's shortest ban is "some minutes"; the policy doubles the next ones
_OUR_FAULT_SECONDS = 1800.0  # the operator has to do something first


class MailChannel:
    def __init__(
        self,
        settings: MailSettings,
        clock: Callable[[], float] = time.monotonic,
        timeouts: SmtpTimeouts = _TIMEOUTS,
    ) -> None:
        self.settings, self.clock, self.timeouts = settings, clock, timeouts
        self.sender = parse_mailbox(settings.sender).addr_spec
        self.server = f"{settings.host}:{settings.port}"
        self.server_retries = RetryState(_SERVER_RETRIES)
        self.trouble = ""  # why the server is not tried now
        self.domains = DomainTable(dict(settings.per_domain), timeouts.slow, clock)
        self.pool = ConnectionPool(self._open_connection, settings.connections, clock)
        # Sessions whose last mail is not recorded yet, by delivery, and whether it was their last one.
        self._unrecorded: dict[int, tuple[SmtpSession, bool]] = {}
        self._record_failures = 0  # mails that were taken and could not be recorded
        self._is_held_up = False  # by mails to slow domains

    async def ensure_ready(self) -> None:
        pass

    def measure_rest(self, delivery: Delivery) -> float:  # noqa: ARG002 - one mail a subscriber
        return 0.0

    def reserve_turn(self, delivery: Delivery) -> float:
        rest = self.server_retries.paused_until - self.clock()
        return rest if rest > 0 else self.domains.get_domain(delivery.address).reserve_turn()

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        if part:
            raise ValueError("a mail has one part")
        message_id = build_message_id(delivery, self.settings)
        recipient = parse_mailbox(delivery.address).addr_spec
        data = build_mail(
            message,
            self.settings,
            to=delivery.address,
            digest=delivery.digest,
            message_id=message_id,
            at=datetime.now(UTC),
            name=delivery.name,
            unsubscribe=delivery.unsubscribe,
        )
        session, answer = await self._hand_over(self.domains.get_domain(delivery.address), recipient, data)
        # One that is not used any more makes room for a new one only when its last mail is recorded.
        is_last = self.pool.is_spent(session)
        self._unrecorded[delivery.id] = session, is_last
        if not is_last:
            self.pool.return_connection(session)
        return f"{answer} {message_id}"

    def release_delivery(self, delivery: Delivery, *, is_recorded: bool) -> None:
        session, is_last = self._unrecorded.pop(delivery.id, (None, False))
        if session is None:
            return
        self._record_failures += not is_recorded
        session.settle_record(is_recorded=is_recorded)
        if is_last:
            self.pool.return_connection(session)

    async def find_arrival(self, delivery: Delivery, message: Message, since: datetime) -> Arrival:  # noqa: ARG002
        return Arrival()  # what is in doubt is sent again

    async def check_destination(self, destination: Destination) -> Phrase:
        """Ask the server whether it would take mail for the subscriber, and hand it none."""
        recipient = parse_mailbox(destination.address).addr_spec
        session = await self.pool.take_connection()
        try:
            await session.probe_recipient(self.sender, recipient)
        except (MailRefused, ConnectionLost) as error:
            raise self._interpret_error(error, recipient) from error
        finally:
            self.pool.return_connection(session)
        return Phrase(
            "{server} accepts mail from {sender} for {to}",
            server=self.server,
            sender=self.sender,
            to=recipient,
        )

    async def close(self) -> None:
        for session, is_last in self._unrecorded.values():
            if is_last:
                self.pool.return_connection(session)
        self._unrecorded.clear()
        await self.pool.close()

    # One mail

    async def _hand_over(
        self, domain: RecipientDomain, recipient: str, data: bytes
    ) -> tuple[SmtpSession, SmtpReply]:
        """Hand the mail over; return the session, not yet given back, and the server's answer.

        Raises DeliveryError, also if an earlier mail could not be recorded in the meantime: this one could
        not be recorded either.
        """
        record_failures = self._record_failures
        for tries_left in range(_MAX_DEAD_CONNECTIONS, -1, -1):
            session = await self._take_connection(domain)
            if self._record_failures > record_failures:
                self.pool.return_connection(session)
                raise TryLater(Phrase("the mail waits, because an earlier one could not be recorded"))
            was_kept = session.mails > 0
            try:
                with domain.track_mail():
                    answer = await session.send_mail(self.sender, recipient, data)
            except BaseException as error:
                self.pool.return_connection(session)
                if not isinstance(error, MailRefused | ConnectionLost):
                    raise
                # A connection that was kept may have ended since: that says nothing about this mail.
                if not (tries_left and was_kept and _has_ended(error)):
                    raise self._record_error(domain, error, recipient) from error
            else:
                domain.retries.record_success()
                return session, answer
        raise AssertionError("the last round returns or raises")

    async def _take_connection(self, domain: RecipientDomain) -> SmtpSession:
        """Return a connection for the next mail; a spare one where mails to slow domains have filled the
        others.

        Raises ServerUnreachable, also for a slow domain that finds no connection just now.
        """
        while self.pool.spare:
            with suppress(TimeoutError):
                session = await self.pool.take_connection(0.0 if self._is_held_up else self.timeouts.slow)
                self._is_held_up = False
                return session
            self._is_held_up = True
            if domain.longest_seconds > self.timeouts.slow / 2 and len(domain.under_way) > MAX_MAILS_TO_SLOW:
                wait = domain.schedule_return(self.clock(), domain.longest_seconds / MAX_MAILS_TO_SLOW)
                reason = Phrase("mail to {domain} takes long: the rest of it goes later", domain=domain.name)
                raise ServerUnreachable(reason, wait, domain.name)
            with suppress(TimeoutError):
                return await self.pool.take_connection(self.timeouts.slow, is_spare=True)
        return await self.pool.take_connection()

    # The server

    async def _open_connection(self) -> SmtpSession:
        """Return a new connection; none is tried while the server rests.

        Raises ServerUnreachable, OneTooMany.
        """
        if (seconds := self.server_retries.paused_until - self.clock()) > 0:
            raise ServerUnreachable(self.trouble, seconds)
        try:
            session = await self._reach_server()
        except ServerUnreachable as error:
            if self.pool.open:
                raise OneTooMany from error
            self._leave_server(error)
            raise
        self.server_retries.record_success()
        return session

    async def _reach_server(self) -> SmtpSession:
        """Return a new connection. Raises ServerUnreachable."""
        try:
            return await open_session(self.settings, self.timeouts)
        except MailRefused as error:
            if error.stage == "AUTH" and error.is_permanent:
                refusal = Phrase(
                    "{where} refuses the login: look at [mail] user and ZHAIBAO_MAIL_PASSWORD ({error})",
                    where=self.server,
                    error=error,
                )
                raise ServerUnreachable(refusal, _BROKEN_LOGIN_SECONDS) from error
            reason = Phrase(
                "{where} cannot be reached: it answers {stage} with {error}",
                where=self.server,
                stage=error.stage,
                error=error,
            )
            raise ServerUnreachable(reason) from error
        except ConnectionLost as error:
            reason = Phrase(
                "{where} cannot be reached with [mail] tls = {tls!r}: {error}",
                where=self.server,
                tls=self.settings.tls,
                error=error,
            )
            raise ServerUnreachable(reason) from error

    def _leave_server(self, error: ServerUnreachable) -> None:
        """Leave a server alone that cannot be reached, for longer and longer."""
        self.server_retries.record_failure(self.clock(), error.retry_after or 0.0)
        self.trouble = str(error)

    # What is known after an error

    def _record_error(
        self, domain: RecipientDomain, error: MailRefused | ConnectionLost, recipient: str
    ) -> DeliveryError:
        """Return what is known about the mail; leave a server or domain alone that keeps failing."""
        meaning = self._interpret_error(error, recipient)
        if isinstance(meaning, ServerUnreachable) and not meaning.whose:
            self._leave_server(meaning)
        elif isinstance(meaning, ServerUnreachable):
            domain.retries.record_failure(self.clock(), meaning.retry_after or 0.0, is_certain=True)
        elif (
            isinstance(error, MailRefused) and _classify_refusal(error).meaning == AnswerMeaning.DOMAIN_LATER
        ):
            domain.retries.record_failure(self.clock())
            if (seconds := domain.retries.paused_until - self.clock()) > 0:
                return ServerUnreachable(str(meaning), seconds, domain.name)
        return meaning

    def _interpret_error(self, error: MailRefused | ConnectionLost, recipient: str) -> DeliveryError:
        if isinstance(error, ConnectionLost):
            if error.is_doubtful:
                return DeliveryUnconfirmed(
                    Phrase("{where} did not confirm the mail: {error}", where=self.server, error=error)
                )
            return TryLater(Phrase("{where} hung up: {error}", where=self.server, error=error))
        return self._interpret_refusal(error, recipient)

    def _interpret_refusal(self, error: MailRefused, recipient: str) -> DeliveryError:
        """Return what a refusal means for the delivery: who is to rest, and what the operator can do."""
        answer = _classify_refusal(error)
        domain = "" if answer.of_relay else get_domain_name(recipient)
        match answer.meaning:
            case AnswerMeaning.TOO_LARGE:
                return Rejected(
                    Phrase(
                        "{where} refuses the mail: {error}; let [[digest]] max_stories be fewer",
                        where=self.server,
                        error=error,
                    )
                )
            case AnswerMeaning.TOO_FAST:
                reason = Phrase(
                    "{whose} takes no more mail just now: {error}", whose=domain or self.server, error=error
                )
                return ServerUnreachable(reason, _TOO_FAST_SECONDS, domain)
            case _ if error.stage == "MAIL":
                reason = Phrase(
                    "{where} refuses {sender}: {error}; look at [mail] from and user",
                    where=self.server,
                    sender=self.sender,
                    error=error,
                )
                return ServerUnreachable(reason, _BROKEN_LOGIN_SECONDS if error.is_permanent else None)
            case AnswerMeaning.OUR_FAULT:
                return self._build_fault(error, domain)
            case AnswerMeaning.UNKNOWN if error.stage != "RCPT":
                return self._build_fault(error, domain)
            case AnswerMeaning.NO_MAILBOX if error.is_permanent:
                return SubscriberGone(
                    Phrase("the mail server refuses {to}: {error}", to=recipient, error=error)
                )
            case _ if error.is_permanent:
                return Rejected(Phrase("the mail server refuses {to}: {error}", to=recipient, error=error))
        return TryLater(Phrase("the mail server puts {to} off: {error}", to=recipient, error=error))

    def _build_fault(self, error: MailRefused, domain: str) -> ServerUnreachable:
        """Return what a refusal means that is about our mails or our server, not about a subscriber."""
        reason = Phrase(
            "{whose} refuses our mail: {error}; look at SPF, DKIM and DMARC of {sender}, at lists of blocked "
            "servers, and at the mail's content",
            whose=domain or self.server,
            error=error,
            sender=self.sender,
        )
        return ServerUnreachable(reason, _OUR_FAULT_SECONDS, domain)


def _classify_refusal(error: MailRefused) -> ClassifiedAnswer:
    return classify_answer(error.stage, str(error))


def _has_ended(error: MailRefused | ConnectionLost) -> bool:
    """Return whether the connection ended before this mail was taken, with a word or without one."""
    return error.is_closing if isinstance(error, MailRefused) else not error.is_doubtful


def open_channel(settings: Settings) -> MailChannel:
    mail_settings = settings.get_channel_settings(MailSettings)
    if gap := mail_settings.find_gap():
        raise ConfigError(Phrase("{file}: {gap}", file=settings.file, gap=gap))
    try:
        return MailChannel(mail_settings)
    except Rejected as error:
        raise ConfigError(Phrase("{file}: [mail] from: {error}", file=settings.file, error=error)) from error
