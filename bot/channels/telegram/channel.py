"""Telegram: one message a part, in HTML; a rich part by sendRichMessage, which python-telegram-bot does not
know yet.

The limits are kept by rate_limits.py and not by python-telegram-bot's limiter, because the wait has to end
before a part is recorded as in flight.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import httpx
from telegram import Bot, ChatMember, ChatMemberRestricted, LinkPreviewOptions
from telegram.constants import ChatType, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest, RequestData

from bot.channels.protocol import PATIENCE_SECONDS, Arrival
from bot.channels.telegram.arrival import MAX_MESSAGES, prove_arrival
from bot.channels.telegram.rate_limits import TelegramRateLimiter
from bot.channels.telegram.settings import TelegramSettings
from bot.errors import (
    ChatMoved,
    ConfigError,
    DeliveryError,
    DeliveryUnconfirmed,
    Rejected,
    RichRefused,
    SubscriberGone,
    TopicClosed,
    TryLater,
)
from bot.models import Delivery, Destination, Message, MessagePart
from bot.phrases import Phrase
from bot.settings import Settings

_T = TypeVar("_T")

_TELEGRAM = "https://api.telegram.org"
_EARLY_SECONDS = 0.001  # a timer may ring so much too soon
_TIMEOUT_SECONDS = 20.0
_BROKEN_TOKEN_SECONDS = 600.0
_REFUSED_STATUSES = (
    500,
    502,
    503,
)  # the server or its front door did not take the request; 504 leaves that open
# What can be done about a refusal, by a piece of Telegram's own words for it, in lower case.
_REMEDIES = {
    "chat not found": Phrase("look at chat in [[destination]]; a person must have written to the bot before"),
    "thread not found": Phrase("look at topic in [[destination]]"),
    "topic_closed": Phrase("open it again, or take topic out of [[destination]]"),
    "administrator rights": Phrase("make the bot an administrator with “Post messages”"),
    "not enough rights": Phrase("let the bot write there"),
    "blocked by the user": Phrase("`zhaibao subscribers resume` when the subscriber wants it again"),
    "deactivated": Phrase("take the [[destination]] out: the account is gone"),
    "initiate conversation": Phrase("the subscriber must press /start first"),
    "kicked": Phrase("add the bot there again"),
    "not a member": Phrase("add the bot there"),
}
_SUBSCRIBER_GONE = (
    "blocked by the user",
    "user is deactivated",
    "bot was kicked",
    "not a member",
    "administrator rights",  # to post in a channel
    "not enough rights",
)
_GENERAL_TOPIC = 1  # of a forum: a message names no thread there; one that names it is refused
_TOPIC_GONE = ("thread not found", "topic_closed", "topic_deleted")
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class _NotTakenError(Exception):
    """The server answered with one of REFUSED_STATUS."""


class TelegramRequest(HTTPXRequest):
    """python-telegram-bot's requests; a server's refusal differs from an answer that nobody can interpret."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: object, **kw: object
    ) -> tuple[int, bytes]:
        status, body = await super().do_request(url, method, request_data, *args, **kw)  # type: ignore[arg-type]
        if status in _REFUSED_STATUSES:
            raise _NotTakenError(f"the server answered {status}")
        return status, body


def build_bot(settings: TelegramSettings) -> Bot:
    """The bot of this configuration. Raises ConfigError without a token."""
    if not settings.token:
        raise ConfigError(Phrase("no bot token: set ZHAIBAO_TELEGRAM_TOKEN to what @BotFather gave you"))
    _hide_logged_urls()
    try:
        return Bot(settings.token.reveal(), build_base_url(settings), request=build_request(settings))
    except InvalidToken as error:
        raise ConfigError(
            Phrase("ZHAIBAO_TELEGRAM_TOKEN is no bot token; @BotFather's look like 123456:ABC…")
        ) from error


def build_base_url(settings: TelegramSettings) -> str:
    return f"{settings.base_url or _TELEGRAM}/bot"


def build_file_url(settings: TelegramSettings) -> str:
    return f"{settings.base_url or _TELEGRAM}/file/bot"


def build_request(settings: TelegramSettings) -> TelegramRequest:
    """Return a new client: requests and the wait for updates do not share connections."""
    return TelegramRequest(
        connect_timeout=_TIMEOUT_SECONDS,
        read_timeout=_TIMEOUT_SECONDS,
        write_timeout=_TIMEOUT_SECONDS,
        pool_timeout=_TIMEOUT_SECONDS,
        connection_pool_size=16,
        proxy=settings.proxy.reveal() or None,
        httpx_kwargs={"trust_env": False},
    )


def _hide_logged_urls() -> None:
    """httpx logs every URL, and here the URL holds the token."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


class TelegramChannel:
    """`profile` is the number of a user whose profile shows the channel that is sent to, None where nobody's
    does.
    """

    def __init__(
        self, bot: Bot, clock: Callable[[], float] = time.monotonic, profile: int | None = None
    ) -> None:
        self.bot = bot
        self.profile = profile
        self.clock = clock
        self.rate_limiter = TelegramRateLimiter()
        self.initialized = False

    async def ensure_ready(self) -> None:
        if not self.initialized:
            await self._ask_telegram(self.bot.initialize)
            self.initialized = True

    def measure_rest(self, delivery: Delivery) -> float:
        return self.rate_limiter.measure_rest(delivery.address, self.clock())

    def reserve_turn(self, delivery: Delivery) -> float:
        return self.rate_limiter.reserve_turn(delivery.address, self.clock(), PATIENCE_SECONDS)

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        is_answered = False
        try:
            self._record_departure(delivery)
            shown = message.parts[part]
            number = await (self._send_rich if shown.stands_for else self._send_plain)(
                delivery, shown, quietly=part > 0
            )
            is_answered = True
        finally:
            self.rate_limiter.record_answer(delivery.address, self.clock(), is_answered=is_answered)
        return f"message {number}"

    async def _send_plain(self, delivery: Delivery, part: MessagePart, *, quietly: bool) -> int:
        sent = await self._ask_telegram(
            lambda: self.bot.send_message(
                chat_id=_parse_chat(delivery.address),
                text=part.html,
                parse_mode=ParseMode.HTML,
                message_thread_id=_get_thread(delivery.topic),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                disable_notification=quietly,
            )
        )
        return sent.message_id

    async def _send_rich(self, delivery: Delivery, part: MessagePart, *, quietly: bool) -> int:
        """Raises RichRefused if the server refuses this kind of message for every recipient."""
        asked: dict[str, object] = {
            "chat_id": _parse_chat(delivery.address),
            "rich_message": {"html": part.html, "skip_entity_detection": True},
            "disable_notification": quietly,
        }
        if (thread := _get_thread(delivery.topic)) is not None:
            asked["message_thread_id"] = thread
        try:
            sent = await self._ask_telegram(
                lambda: self.bot.do_api_request("sendRichMessage", api_kwargs=asked)
            )
        except Rejected as error:
            if _is_about_form(error):
                raise RichRefused(str(error), of_all=False) from error
            raise
        return int(sent["message_id"])

    def _record_departure(self, delivery: Delivery) -> None:
        """Its turn has come. Raises TryLater where another message was refused since that turn was taken."""
        now = self.clock()
        silent = self.rate_limiter.silent_until - now
        if silent > _EARLY_SECONDS:
            raise TryLater(Phrase("Telegram asks to wait {seconds:.1f} s more", seconds=silent), silent)
        self.rate_limiter.record_departure(delivery.address, now)

    def release_delivery(self, delivery: Delivery, *, is_recorded: bool) -> None: ...

    async def find_arrival(self, delivery: Delivery, message: Message, since: datetime) -> Arrival:
        if self.profile is None or message.rich:  # which form was in doubt is not known
            return Arrival()
        profile, text = self.profile, message.parts[delivery.parts_sent].text
        await self.ensure_ready()
        messages = await self._ask_telegram(
            lambda: self.bot.get_user_personal_chat_messages(profile, limit=MAX_MESSAGES)
        )
        return prove_arrival(messages, delivery.address, text, since)

    async def check_destination(self, destination: Destination) -> Phrase:
        await self.ensure_ready()
        chat = await self._ask_telegram(lambda: self.bot.get_chat(_parse_chat(destination.address)))
        name = chat.title or chat.full_name or destination.address
        if chat.type == ChatType.PRIVATE:
            return Phrase("@{username} may write to {name}", username=self.bot.username, name=name)
        me = await self._ask_telegram(lambda: self.bot.get_chat_member(chat.id, self.bot.id))
        if (missing := _find_missing_right(me, chat.type, self.bot.username, name)) is not None:
            raise Rejected(missing)
        return Phrase("@{username} may post in {name}", username=self.bot.username, name=name)

    async def close(self) -> None:
        await self.bot.shutdown()

    async def _ask_telegram(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """Ask Telegram; translate its refusals into what is known about the message."""
        try:
            return await ask()
        except RetryAfter as error:
            seconds = read_retry_seconds(error)
            self.rate_limiter.suspend_until(self.clock() + seconds)  # a 429 is obeyed for the whole bot
            raise TryLater(Phrase("Telegram asks to wait {seconds:g} s", seconds=seconds), seconds) from error
        except TelegramError as error:
            raise _interpret_error(error) from error


def _find_missing_right(me: ChatMember, kind: str, bot: str, chat: str) -> Phrase | None:
    """Return why the bot may not post there, and the remedy; None when it may."""
    is_out = isinstance(me, ChatMemberRestricted) and not me.is_member
    if is_out or me.status in (ChatMember.LEFT, ChatMember.BANNED):
        return Phrase("@{bot} is not in {chat}: add it there", bot=bot, chat=chat)
    if isinstance(me, ChatMemberRestricted) and not me.can_send_messages:
        return Phrase("@{bot} may not write in {chat}: lift its restriction", bot=bot, chat=chat)
    if kind == ChatType.CHANNEL and not getattr(me, "can_post_messages", me.status == ChatMember.OWNER):
        return Phrase(
            "@{bot} may not post in {chat}: make it an administrator with “Post messages”", bot=bot, chat=chat
        )
    return None


def _get_thread(topic: int | None) -> int | None:
    return None if topic == _GENERAL_TOPIC else topic


def _parse_chat(address: str) -> int | str:
    return address if address.startswith("@") else int(address)


def read_retry_seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def _interpret_error(error: TelegramError) -> DeliveryError:
    """What a refusal says about the message.

    BadRequest is a NetworkError and TimedOut too, so the order matters.
    """
    cause = error.__cause__
    match error:
        case ChatMigrated():
            return ChatMoved(Phrase("the group became a supergroup"), str(error.new_chat_id))
        case EndPointNotFound():
            return RichRefused(
                Phrase("this Bot API server knows no rich messages (they came with 10.1)"), of_all=True
            )
        case Forbidden():
            return _interpret_refusal(error.message.removeprefix("Forbidden: "))
        case InvalidToken():
            return TryLater(
                Phrase("Telegram does not know the token: look at ZHAIBAO_TELEGRAM_TOKEN"),
                _BROKEN_TOKEN_SECONDS,
            )
        case BadRequest() if any(piece in error.message.lower() for piece in _TOPIC_GONE):
            return TopicClosed(_add_remedy(error.message))
        case BadRequest():
            return _interpret_refusal(error.message)
        case NetworkError() if isinstance(cause, _NOT_SENT):
            return TryLater(Phrase("Telegram cannot be reached ({name})", name=type(cause).__name__))
        case NetworkError() if isinstance(cause, _NotTakenError):
            return TryLater(Phrase("Telegram does not take it now: {cause}", cause=cause))
        case TimedOut():
            return DeliveryUnconfirmed(Phrase("no answer in time: the message may have arrived"))
        case _:
            return DeliveryUnconfirmed(
                Phrase("{message}: the message may have arrived", message=error.message)
            )


def _interpret_refusal(words: str) -> Rejected:
    is_gone = any(piece in words.lower() for piece in _SUBSCRIBER_GONE)
    return SubscriberGone(_add_remedy(words)) if is_gone else Rejected(_add_remedy(words))


def _is_about_form(error: Rejected) -> bool:
    """True of a refusal that says nothing of the chat: of a message a plain one is worth a try."""
    cause = error.__cause__
    return type(error) is Rejected and isinstance(cause, BadRequest) and not _find_remedy(cause.message)


def _find_remedy(words: str) -> Phrase | None:
    return next((remedy for piece, remedy in _REMEDIES.items() if piece in words.lower()), None)


def _add_remedy(words: str) -> Phrase:
    if remedy := _find_remedy(words):
        return Phrase("Telegram refuses: {answer}; {remedy}", answer=words, remedy=remedy)
    return Phrase("Telegram refuses: {answer}", answer=words)


def open_channel(settings: Settings) -> TelegramChannel:
    telegram = settings.get_channel_settings(TelegramSettings)
    return TelegramChannel(build_bot(telegram), profile=telegram.profile or None)
