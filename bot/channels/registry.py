"""The table of channels."""

from typing import Any

from bot.channels.archive.row import ROW as ARCHIVE
from bot.channels.mail.row import ROW as MAIL
from bot.channels.protocol import ChannelRow
from bot.channels.telegram.row import ROW as TELEGRAM

CHANNELS: dict[str, ChannelRow[Any]] = {"telegram": TELEGRAM, "mail": MAIL, "archive": ARCHIVE}
