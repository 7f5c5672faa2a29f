"""Telegram messages as files to look at."""

from collections.abc import Iterator

from bot.channels.protocol import PreviewFile
from bot.channels.telegram.settings import TelegramSettings
from bot.models import Edition, Message


def preview_message(message: Message, edition: Edition, settings: TelegramSettings) -> Iterator[PreviewFile]:  # noqa: ARG001 - a message says all
    for number, part in enumerate(message.parts, 1):
        title = f"Telegram message {number} of {len(message.parts)}"
        yield PreviewFile(f"telegram-{number}.html", part.html, f"{title}, as it is sent")
        yield PreviewFile(f"telegram-{number}.txt", part.text, f"{title}, as it reads")
    for number, rich_part in enumerate(filter(None, message.rich), 1):
        yield PreviewFile(f"telegram-rich-{number}.html", rich_part.html, f"Rich Message {number}, as it is sent")
