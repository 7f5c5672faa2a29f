"""The archive's files as they will stand in its folder."""

from collections.abc import Iterator

from bot.channels.archive.settings import ArchiveSettings
from bot.channels.protocol import PreviewFile
from bot.models import Edition, Message
from bot.phrases import Phrase

_DESCRIPTIONS = {
    "index.html": Phrase("the archive: all editions"),
    "feed.xml": Phrase("the archive: its feed"),
}


# a message says all
def preview_message(message: Message, edition: Edition, settings: ArchiveSettings) -> Iterator[PreviewFile]:  # noqa: ARG001
    for part in message.parts:
        yield PreviewFile(
            f"archive/{part.name}",
            part.html,
            _DESCRIPTIONS.get(part.name, Phrase("the archive: this edition")),
        )
