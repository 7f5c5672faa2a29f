"""Methods of the Bot API that are newer than python-telegram-bot's, a row each, with what is done instead.

A row falls away when the library knows its method. A server that does not know one answers 404, or ignores
the new parameters; then the caller falls back.
"""

from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import EndPointNotFound, TelegramError


@dataclass(frozen=True, kw_only=True, slots=True)
class _NewerMethod:
    """`since` is the version of the Bot API; `fallback` is what is done where a server is older."""

    name: str
    since: str
    fallback: str


_SEND_EPHEMERAL = _NewerMethod(name="sendMessage", since="10.2", fallback="a message in private")
_EDIT_EPHEMERAL = _NewerMethod(name="editEphemeralMessageText", since="10.2", fallback="a message in private")
_RECEIVER = "receiver_user_id"


async def send_ephemeral(
    bot: Bot, chat_id: int, user_id: int, html: str, keyboard: InlineKeyboardMarkup | None, topic: int | None
) -> int | None:
    """Send a message to a group that only one of its users sees; return its number, None where that failed.

    An older server ignores the new parameters and shows the message to all: then it is deleted at once.
    """
    values = _build_values(chat_id, user_id, html, keyboard)
    values["ephemeral_message_parameters"] = {_RECEIVER: user_id}  # as 10.3 spells it
    if topic is not None:
        values["message_thread_id"] = topic
    try:
        sent = await bot.do_api_request(_SEND_EPHEMERAL.name, api_kwargs=values)
    except TelegramError:
        return None
    if number := sent.get("ephemeral_message_id"):
        return int(number)
    await bot.delete_message(chat_id, sent["message_id"])
    return None


async def edit_ephemeral(
    bot: Bot, chat_id: int, user_id: int, number: int, html: str, keyboard: InlineKeyboardMarkup | None
) -> bool:
    """Change a message that one user of a group sees; return False where the server cannot."""
    values = {**_build_values(chat_id, user_id, html, keyboard), "ephemeral_message_id": number}
    try:
        await bot.do_api_request(_EDIT_EPHEMERAL.name, api_kwargs=values)
    except (EndPointNotFound, TelegramError):
        return False
    return True


def _build_values(
    chat_id: int, user_id: int, html: str, keyboard: InlineKeyboardMarkup | None
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "chat_id": chat_id,
        _RECEIVER: user_id,
        "text": html,
        "parse_mode": str(ParseMode.HTML),
        "link_preview_options": {"is_disabled": True},
    }
    if keyboard:
        values["reply_markup"] = keyboard.to_dict()
    return values
