"""What an address of Telegram is: a chat by number, or a channel by its @name."""

import re

from bot.channels.telegram.settings import TelegramSettings
from bot.config.config_table import ConfigTable
from bot.errors import InputError
from bot.phrases import Phrase

_CHAT = re.compile(r"-?\d{1,15}|@[A-Za-z][A-Za-z0-9_]{3,31}")
_EXPECTED = Phrase("a chat's number (-1001234567890) or a channel's @name")


# a chat needs no setting
def read_address(table: ConfigTable, settings: TelegramSettings) -> str:  # noqa: ARG001
    value = table.get_value("chat")
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else table.read_text("chat")
    if not _CHAT.fullmatch(text):
        raise table.build_error("chat", _EXPECTED)
    return text


def parse_address(text: str) -> str:
    """Return the chat as it is written. Raises InputError."""
    if not _CHAT.fullmatch(text):
        raise InputError(Phrase("{address} is not {expected}", address=text, expected=_EXPECTED))
    return text
