"""An edition → its messages, in the form of each channel."""

from collections.abc import Collection
from datetime import UTC, datetime
from urllib.parse import quote

from bot.channels.protocol import FormContext
from bot.channels.registry import CHANNELS
from bot.models import Edition, Message
from bot.settings import Settings
from bot.store import Store

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_ARCHIVED_EDITIONS = 400  # editions in the archive's list: a year of daily ones


def render_messages(
    edition: Edition, channels: Collection[str], settings: Settings, store: Store
) -> dict[str, Message]:
    """Return the edition in the form of each channel."""
    return {channel: _render_message(edition, channel, settings, store) for channel in channels}


def _render_message(edition: Edition, channel: str, settings: Settings, store: Store) -> Message:
    row = CHANNELS[channel]
    context = FormContext(
        archive_url=_build_archive_url(edition, settings),
        history=_load_history(edition, channel, settings, store) if row.needs_history else (),
        themes=settings.themes,
    )
    return row.render(edition, row.get_settings(settings), context)


def _load_history(edition: Edition, channel: str, settings: Settings, store: Store) -> tuple[Edition, ...]:
    """Return the earlier editions of all digests that go to the channel."""
    digests = {destination.digest for destination in settings.destinations if destination.channel == channel}
    earlier = store.editions.load_recent_editions(
        digests | {edition.digest}, _EPOCH, limit=_MAX_ARCHIVED_EDITIONS
    )
    return tuple(each for each in earlier if (each.digest, each.slot_at) != (edition.digest, edition.slot_at))


def _build_archive_url(edition: Edition, settings: Settings) -> str:
    """Return the address of the edition's page, "" if no channel of the digest has a public one."""
    for destination in settings.find_destinations(edition.digest):
        row = CHANNELS[destination.channel]
        if row.build_page_address and (url := row.build_page_address(edition, row.get_settings(settings))):
            return url
    web = settings.web
    if web.listen and "." not in edition.digest:  # subscribers' own digests have no page
        return f"{web.address}/d/{quote(edition.digest)}/{quote(edition.name)}"
    return ""
