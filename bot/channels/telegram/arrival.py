"""Whether a message that may have arrived stands in a channel: from the channel's last messages.

The Bot API lets a bot read no chat, with one exception: the last 20 messages of the channel that a user shows
on the profile (getUserPersonalChatMessages, Bot API 10.0). What else was tried is in
docs/explanation/uncertain.md.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from telegram import Message as TelegramMessage

from bot.channels.protocol import Arrival

MAX_MESSAGES = 20  # the method gives no more
_CLOCK_TOLERANCE = timedelta(minutes=1)  # between Telegram's clock and ours


def prove_arrival(messages: Sequence[TelegramMessage], address: str, text: str, since: datetime) -> Arrival:
    """Return whether a message of this text was posted in the chat since then; `messages` are the last ones.

    Nothing is known where the profile shows another channel, or where more was posted than the last messages
    hold.
    """
    if not messages or not all(_is_chat(message, address) for message in messages):
        return Arrival()
    earliest = since - _CLOCK_TOLERANCE
    for message in messages:
        if message.date >= earliest and _squeeze(message.text or "") == _squeeze(text):
            return Arrival(is_known=True, receipt=f"message {message.message_id}")
    is_whole = len(messages) < MAX_MESSAGES or any(message.date < earliest for message in messages)
    return Arrival(is_known=is_whole)


def _is_chat(message: TelegramMessage, address: str) -> bool:
    username = f"@{message.chat.username}" if message.chat.username else ""
    return address == str(message.chat.id) or (bool(username) and address.lower() == username.lower())


def _squeeze(text: str) -> str:
    """Telegram trims and joins white space in its own way."""
    return "".join(text.split())
