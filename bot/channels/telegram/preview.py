"""Telegram messages as files to look at."""

from collections.abc import Iterator

from bot.channels.protocol import PreviewFile
from bot.channels.telegram.settings import TelegramSettings
from bot.models import Edition, Message
from bot.phrases import Phrase


# a message says all
def preview_message(message: Message, edition: Edition, settings: TelegramSettings) -> Iterator[PreviewFile]:  # noqa: ARG001
    for number, part in enumerate(message.parts, 1):
        title = Phrase("Telegram message {number} of {total}", number=number, total=len(message.parts))
        yield PreviewFile(
            f"telegram-{number}.html", part.html, Phrase("{message}, as it is sent", message=title)
        )
        yield PreviewFile(
            f"telegram-{number}.txt", part.text, Phrase("{message}, as it reads", message=title)
        )
    for number, rich_part in enumerate(filter(None, message.rich), 1):
        yield PreviewFile(
            f"telegram-rich-{number}.html",
            rich_part.html,
            Phrase("Rich Message {number}, as it is sent", number=number),
        )
