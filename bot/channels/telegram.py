"""Telegram: one message a part, in HTML; a rich part by sendRichMessage, which python-telegram-bot does not know yet.

The limits are kept by bot.channels.traffic and not by python-telegram-bot's limiter, because the wait has to end before
a part is recorded as in flight.
"""

import logging
import time
from collections.abc import Awaitable, Callable
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

from bot.channels import PATIENCE_SECONDS
from bot.channels.traffic import Traffic
from bot.errors import (
    ConfigError,
    DeliveryError,
    Gone,
    Moved,
    Rejected,
    RichRefused,
    TopicClosed,
    TryLater,
    Unconfirmed,
)
from bot.models import Delivery, Destination, Message, Part
from bot.settings import Settings, TelegramSettings

T = TypeVar("T")

TELEGRAM = "https://api.telegram.org"
EARLY_SECONDS = 0.001  # a timer may ring so much too soon
TIMEOUT_SECONDS = 20.0
BROKEN_TOKEN_SECONDS = 600.0
REFUSED_STATUS = (500, 502, 503)  # the server or its front door did not take the request; 504 leaves that open
# What can be done about a refusal, by a piece of Telegram's own words for it, in lower case.
REMEDIES = {
    "chat not found": "look at chat in [[destination]]; a person must have written to the bot before",
    "thread not found": "look at topic in [[destination]]",
    "topic_closed": "open it again, or take topic out of [[destination]]",
    "administrator rights": "make the bot an administrator with “Post messages”",
    "not enough rights": "let the bot write there",
    "blocked by the user": "`zhaibao resume` when the reader wants it again",
    "deactivated": "take the [[destination]] out: the account is gone",
    "initiate conversation": "the reader must press /start first",
    "kicked": "add the bot there again",
    "not a member": "add the bot there",
}
READER_GONE = ("blocked by the user", "user is deactivated", "bot was kicked")
TOPIC_GONE = ("thread not found", "topic_closed", "topic_deleted")
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class NotTakenError(Exception):
    """The server answered with one of REFUSED_STATUS."""


class Request(HTTPXRequest):
    """python-telegram-bot's requests, telling a server's refusal from an answer nobody can interpret."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: object, **kw: object
    ) -> tuple[int, bytes]:
        status, body = await super().do_request(url, method, request_data, *args, **kw)  # type: ignore[arg-type]
        if status in REFUSED_STATUS:
            raise NotTakenError(f"the server answered {status}")
        return status, body


def bot_for(settings: TelegramSettings) -> Bot:
    """The bot of this configuration. Raises ConfigError without a token."""
    if not settings.token:
        raise ConfigError("no bot token: set ZHAIBAO_TELEGRAM_TOKEN to what @BotFather gave you")
    quiet()
    try:
        return Bot(settings.token.reveal(), base_url(settings), request=request(settings))
    except InvalidToken as error:
        raise ConfigError("ZHAIBAO_TELEGRAM_TOKEN is no bot token; @BotFather's look like 123456:ABC…") from error


def base_url(settings: TelegramSettings) -> str:
    return f"{settings.base_url or TELEGRAM}/bot"


def request(settings: TelegramSettings) -> Request:
    """A client of its own: connections are not shared between those who ask and those who wait for updates."""
    return Request(
        connect_timeout=TIMEOUT_SECONDS,
        read_timeout=TIMEOUT_SECONDS,
        write_timeout=TIMEOUT_SECONDS,
        pool_timeout=TIMEOUT_SECONDS,
        connection_pool_size=16,
        proxy=settings.proxy.reveal() or None,
        httpx_kwargs={"trust_env": False},
    )


def quiet() -> None:
    """httpx logs every URL, and here the URL holds the token."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


class Telegram:
    def __init__(self, bot: Bot, clock: Callable[[], float] = time.monotonic) -> None:
        self.bot = bot
        self.clock = clock
        self.traffic = Traffic()
        self.initialized = False

    async def ready(self) -> None:
        if not self.initialized:
            await self.told(self.bot.initialize)
            self.initialized = True

    def rest(self, delivery: Delivery) -> float:
        return self.traffic.rest(delivery.address, self.clock())

    def turn(self, delivery: Delivery) -> float:
        return self.traffic.turn(delivery.address, self.clock(), PATIENCE_SECONDS)

    async def send(self, delivery: Delivery, message: Message, part: int) -> str:
        is_told = False
        try:
            self.leaves(delivery)
            shown = message.parts[part]
            number = await (self.rich if shown.stands_for else self.plain)(delivery, shown, quietly=part > 0)
            is_told = True
        finally:
            self.traffic.answered(delivery.address, self.clock(), is_told=is_told)
        return f"message {number}"

    async def plain(self, delivery: Delivery, part: Part, *, quietly: bool) -> int:
        sent = await self.told(
            lambda: self.bot.send_message(
                chat_id=chat(delivery.address),
                text=part.html,
                parse_mode=ParseMode.HTML,
                message_thread_id=delivery.topic,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                disable_notification=quietly,
            )
        )
        return sent.message_id

    async def rich(self, delivery: Delivery, part: Part, *, quietly: bool) -> int:
        """Raises RichRefused where the server does not take what it is, whoever it is for."""
        asked: dict[str, object] = {
            "chat_id": chat(delivery.address),
            "rich_message": {"html": part.html, "skip_entity_detection": True},
            "disable_notification": quietly,
        }
        if delivery.topic is not None:
            asked["message_thread_id"] = delivery.topic
        try:
            sent = await self.told(lambda: self.bot.do_api_request("sendRichMessage", api_kwargs=asked))
        except Rejected as error:
            if is_about_the_form(error):
                raise RichRefused(str(error), of_all=False) from error
            raise
        return int(sent["message_id"])

    def leaves(self, delivery: Delivery) -> None:
        """Its turn has come. Raises TryLater where another message was refused since that turn was taken."""
        now = self.clock()
        silent = self.traffic.silent_until - now
        if silent > EARLY_SECONDS:
            raise TryLater(f"Telegram asks to wait {silent:.1f} s more", silent)
        self.traffic.leaves(delivery.address, now)

    async def check(self, destination: Destination) -> str:
        await self.ready()
        found = await self.told(lambda: self.bot.get_chat(chat(destination.address)))
        name = found.title or found.full_name or destination.address
        if found.type == ChatType.PRIVATE:
            return f"@{self.bot.username} may write to {name}"
        me = await self.told(lambda: self.bot.get_chat_member(found.id, self.bot.id))
        if (missing := missing_right(me, found.type)) is not None:
            raise Rejected(f"@{self.bot.username} {missing.format(name=name)}")
        return f"@{self.bot.username} may post in {name}"

    async def close(self) -> None:
        await self.bot.shutdown()

    async def told(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask Telegram; translate its refusals into what is known about the message."""
        try:
            return await ask()
        except RetryAfter as error:
            seconds = retry_seconds(error)
            self.traffic.silence(self.clock() + seconds)  # a 429 is obeyed for the whole bot
            raise TryLater(f"Telegram asks to wait {seconds:g} s", seconds) from error
        except TelegramError as error:
            raise meaning(error) from error


def missing_right(me: ChatMember, kind: str) -> str | None:
    """Why the bot may not post there, and the remedy; None when it may."""
    is_out = isinstance(me, ChatMemberRestricted) and not me.is_member
    if is_out or me.status in (ChatMember.LEFT, ChatMember.BANNED):
        return "is not in {name}: add it there"
    if isinstance(me, ChatMemberRestricted) and not me.can_send_messages:
        return "may not write in {name}: lift its restriction"
    if kind == ChatType.CHANNEL and not getattr(me, "can_post_messages", me.status == ChatMember.OWNER):
        return "may not post in {name}: make it an administrator with “Post messages”"
    return None


def chat(address: str) -> int | str:
    return address if address.startswith("@") else int(address)


def retry_seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def meaning(error: TelegramError) -> DeliveryError:
    """What a refusal says about the message. BadRequest is a NetworkError and TimedOut too, so the order matters."""
    cause = error.__cause__
    match error:
        case ChatMigrated():
            return Moved("the group became a supergroup", str(error.new_chat_id))
        case EndPointNotFound():
            return RichRefused("this Bot API server knows no rich messages (they came with 10.1)", of_all=True)
        case Forbidden():
            return no_entry(error.message.removeprefix("Forbidden: "))
        case InvalidToken():
            return TryLater("Telegram does not know the token: look at ZHAIBAO_TELEGRAM_TOKEN", BROKEN_TOKEN_SECONDS)
        case BadRequest() if any(piece in error.message.lower() for piece in TOPIC_GONE):
            return TopicClosed(with_remedy(error.message))
        case BadRequest():
            return Rejected(with_remedy(error.message))
        case NetworkError() if isinstance(cause, NOT_SENT):
            return TryLater(f"Telegram cannot be reached ({type(cause).__name__})")
        case NetworkError() if isinstance(cause, NotTakenError):
            return TryLater(f"Telegram does not take it now: {cause}")
        case TimedOut():
            return Unconfirmed("no answer in time: the message may have arrived")
        case _:
            return Unconfirmed(f"{error.message}: the message may have arrived")


def no_entry(words: str) -> Rejected:
    is_gone = any(piece in words.lower() for piece in READER_GONE)
    return Gone(with_remedy(words)) if is_gone else Rejected(with_remedy(words))


def is_about_the_form(error: Rejected) -> bool:
    """True of a refusal that says nothing of the chat: of a message a plain one is worth a try."""
    cause = error.__cause__
    return type(error) is Rejected and isinstance(cause, BadRequest) and not remedy_for(cause.message)


def remedy_for(words: str) -> str:
    return next((remedy for piece, remedy in REMEDIES.items() if piece in words.lower()), "")


def with_remedy(words: str) -> str:
    remedy = remedy_for(words)
    return f"Telegram refuses: {words}" + (f"; {remedy}" if remedy else "")


def open_channel(settings: Settings) -> Telegram:
    return Telegram(bot_for(settings.telegram))
