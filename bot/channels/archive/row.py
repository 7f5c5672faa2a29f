"""The row of the archive channel."""

from bot.channels.archive.address_rules import parse_address, read_address
from bot.channels.archive.form import build_page_address, render_archive
from bot.channels.archive.preview import preview_message
from bot.channels.archive.settings import ArchiveSettings, read_settings
from bot.channels.protocol import ChannelRow, FormContext
from bot.models import Edition, Message


def _render(edition: Edition, settings: ArchiveSettings, context: FormContext) -> Message:
    return render_archive(edition, context.history, public_url=settings.public_url, themes=context.themes)


ROW = ChannelRow(
    client="bot.channels.archive.channel",
    settings=ArchiveSettings,
    read_settings=read_settings,
    read_address=read_address,
    parse_address=parse_address,
    render=_render,
    preview=preview_message,
    repeatable=True,
    in_flight=1,
    needs_history=True,
    build_page_address=lambda edition, settings: build_page_address(edition, settings.public_url),
)
