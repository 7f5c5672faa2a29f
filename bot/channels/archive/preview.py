"""The archive's files as they will stand in its folder."""

from collections.abc import Iterator

from bot.channels.archive.settings import ArchiveSettings
from bot.channels.protocol import PreviewFile
from bot.models import Edition, Message

_DESCRIPTIONS = {"index.html": "the archive: all editions", "feed.xml": "the archive's feed"}


def preview_message(message: Message, edition: Edition, settings: ArchiveSettings) -> Iterator[PreviewFile]:  # noqa: ARG001 - a message says all
    for part in message.parts:
        yield PreviewFile(f"archive/{part.name}", part.html, _DESCRIPTIONS.get(part.name, "the archive: this edition"))
