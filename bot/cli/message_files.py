"""Writes the messages of an edition for every channel into a folder."""

from collections.abc import Mapping
from pathlib import Path

from bot.channels.archive.channel import write_file
from bot.channels.registry import CHANNELS
from bot.models import Edition, Message
from bot.phrases import Phrase
from bot.settings import Settings


def write_message_files(
    out: Path, edition: Edition, messages: Mapping[str, Message], settings: Settings
) -> tuple[tuple[Path, Phrase], ...]:
    """Write the files and return each with a description.

    Delete the files of an earlier preview that are no longer needed.
    """
    written: list[tuple[Path, Phrase]] = []
    for name, message in messages.items():
        row = CHANNELS[name]
        for pattern in row.stale_previews:
            for stale in out.glob(pattern):
                stale.unlink()
        files = row.preview(message, edition, row.get_settings(settings))
        written += [(write_file(out, file.name, file.content), file.what) for file in files]
    return tuple(written)
