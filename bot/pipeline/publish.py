"""Second step: articles → an edition, frozen with its messages and recipients."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import structlog

from bot import files
from bot.channels.protocol import FormContext
from bot.channels.registry import CHANNELS
from bot.editorial.selection import Selection, select_stories
from bot.editorial.slots import Slot, compose_edition, find_latest_slot, get_slot_on
from bot.editorial.stories import group_events, mark_updates
from bot.errors import InputError
from bot.models import Article, Destination, Digest, Edition, Message, PrintedStory
from bot.settings import Settings
from bot.store import Store
from bot.subscribers.address_file import MAX_LINE_BYTES, read_address_lines
from summarizer import find_words

_log = structlog.get_logger("publish")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OVERLAP = timedelta(hours=1)  # articles that were being collected while the last edition was made
_MAX_EARLIER_EDITIONS = 400  # editions looked at for what was told
_MAX_LOGGED_FAULTS = 10  # lines of a file of readers
_MAX_ARCHIVED_EDITIONS = 400  # editions the archive's list reaches back: a year of mornings


class PublishResult(StrEnum):
    PUBLISHED = "published"
    ALREADY = "published before"
    NOT_DUE = "not due"
    MISSED = "missed"
    WAITS = "waits"


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishOutcome:
    """What came of a digest's slot, and `why` it waits.

    `stories` counts those of the edition; `slot` is None where none has opened.
    """

    digest: Digest
    result: PublishResult
    slot: date | None = None
    stories: int = 0
    destinations: int = 0
    why: str = ""


async def publish_due(settings: Settings, store: Store, now: datetime) -> tuple[PublishOutcome, ...]:
    """Publish every digest whose slot is open and has no edition yet."""
    return tuple([await _publish_if_due(settings, store, digest, now) for digest in settings.digests])


async def _publish_if_due(settings: Settings, store: Store, digest: Digest, now: datetime) -> PublishOutcome:
    known_since = await asyncio.to_thread(store.editions.register_digest, digest.name, now)
    slot = find_latest_slot(digest, now)
    if slot is None:
        return PublishOutcome(digest=digest, result=PublishResult.NOT_DUE)
    if await asyncio.to_thread(store.editions.find_edition_id, digest.name, slot.day):
        return PublishOutcome(digest=digest, result=PublishResult.ALREADY, slot=slot.day)
    if now < slot.closes_at:
        try:
            return await _publish_slot(settings, store, digest, slot, now)
        except InputError as error:
            # until its file of readers is there again, or the slot is past; the other digests are none the worse
            _log.error("waits", digest=digest.name, slot=slot.day.isoformat(), error=str(error))
            return PublishOutcome(digest=digest, result=PublishResult.WAITS, slot=slot.day, why=str(error))
    if slot.opens_at >= known_since and await asyncio.to_thread(
        store.editions.record_missed_slot, digest.name, slot.day, now
    ):
        _log.error("missed", digest=digest.name, slot=slot.day.isoformat(), lateness_minutes=digest.lateness_minutes)
        return PublishOutcome(digest=digest, result=PublishResult.MISSED, slot=slot.day)
    return PublishOutcome(digest=digest, result=PublishResult.NOT_DUE, slot=slot.day)


async def publish_now(settings: Settings, store: Store, digest: Digest, now: datetime) -> PublishOutcome:
    """Publish today's edition because somebody asks for it: early, late, or on a day off."""
    today = now.astimezone(digest.zone).date()
    slot = get_slot_on(digest, today) or Slot(day=today, opens_at=now, closes_at=now)
    await asyncio.to_thread(store.editions.register_digest, digest.name, now)
    return await _publish_slot(settings, store, digest, slot, now)


async def _publish_slot(settings: Settings, store: Store, digest: Digest, slot: Slot, now: datetime) -> PublishOutcome:
    edition = await asyncio.to_thread(draft_edition, settings, store, digest, slot.day, now)
    channels = settings.find_channels(digest.name)
    rendered = await asyncio.to_thread(render_messages, edition, channels, settings, store)
    expires_at = max(slot.opens_at, now) + timedelta(minutes=digest.lateness_minutes)
    edition_id = await asyncio.to_thread(
        store.editions.freeze_edition, edition, rendered, read_destinations(settings, digest), expires_at
    )
    if edition_id is None:
        return PublishOutcome(digest=digest, result=PublishResult.ALREADY, slot=slot.day)
    _log.info("published", digest=digest.name, slot=slot.day.isoformat(), stories=len(edition.stories))
    return PublishOutcome(
        digest=digest,
        result=PublishResult.PUBLISHED,
        slot=slot.day,
        stories=len(edition.stories),
        destinations=await asyncio.to_thread(store.editions.count_deliveries, edition_id),
    )


def read_destinations(settings: Settings, digest: Digest) -> Iterator[Destination]:
    """All who get the digest, those in files too; a line that names nobody is told and costs nobody else anything.

    Raises InputError where a file cannot be read.
    """
    yield from settings.find_destinations(digest.name)
    for readers in settings.find_address_files(digest.name):
        faults = 0
        for found in read_address_lines(files.read_lines(readers.file, MAX_LINE_BYTES), readers):
            if isinstance(found, Destination):
                yield found
                continue
            faults += 1
            if faults <= _MAX_LOGGED_FAULTS:
                _log.error(
                    "reader", digest=digest.name, file=str(readers.file), line=found.line, error=str(found.reason)
                )
        if faults > _MAX_LOGGED_FAULTS:
            _log.error("readers", digest=digest.name, file=str(readers.file), faults=faults)


def draft_edition(settings: Settings, store: Store, digest: Digest, day: date, now: datetime) -> Edition:
    """The edition as it would be frozen now."""
    sources = settings.find_sources(digest)
    failing = {state.name for state in store.sources.load_states() if state.error}
    unread = [source.title or source.name for source in sources if source.name in failing]
    # of an edition's articles only those of its last hour are looked at again: the last edition is enough
    named = {one for last in store.editions.load_recent_editions([digest.name], _EPOCH, limit=1) for one in last.more}
    return compose_edition(
        digest, day, select_for_digest(settings, store, digest, now), now=now, unread=unread, named=named
    )


def select_for_digest(settings: Settings, store: Store, digest: Digest, now: datetime) -> Selection:
    """What came since the last edition and was not told before: what is chosen of it, and what is left out."""
    sources = settings.find_sources(digest)
    names = [source.name for source in sources]
    # the last one counts however old it is: a weekly digest, or a machine that was off, repeats nothing either
    last = store.editions.load_recent_editions([digest.name], _EPOCH, limit=1)
    earlier = (
        store.editions.load_recent_editions(
            [digest.name], now - timedelta(days=digest.printed_days), limit=_MAX_EARLIER_EDITIONS
        )
        or last
    )
    since = max((edition.created_at - _OVERLAP for edition in earlier), default=_EPOCH)
    told = [article for edition in earlier for article in _list_articles(edition)]
    today = now.astimezone(digest.zone).date()
    found = mark_updates(
        group_events(store.articles.load_articles_since(since, names), told, language=digest.language),
        find_printings(earlier),
        today=today,
        zone=digest.zone,
    )
    return select_stories(found, sources, digest, now=now, spans=find_words)


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
    earlier = store.editions.load_recent_editions(digests | {edition.digest}, _EPOCH, limit=_MAX_ARCHIVED_EDITIONS)
    return tuple(each for each in earlier if (each.digest, each.slot) != (edition.digest, edition.slot))


def find_printings(editions: Iterable[Edition]) -> dict[str, list[PrintedStory]]:
    """Where each article was told, by its fingerprint."""
    found = defaultdict(list)
    for edition in editions:
        for number, story in enumerate(edition.stories, 1):
            for article in (story.article, *story.others):
                found[article.fingerprint].append(PrintedStory(slot=edition.slot, number=number))
    return found


def _list_articles(edition: Edition) -> Iterable[Article]:
    for story in edition.stories:
        yield story.article
        yield from story.others


def _build_archive_url(edition: Edition, settings: Settings) -> str:
    """Return where the edition's page will be, "" where no channel of the digest shows one to everybody."""
    for destination in settings.find_destinations(edition.digest):
        row = CHANNELS[destination.channel]
        if row.build_page_address and (url := row.build_page_address(edition, row.get_settings(settings))):
            return url
    return ""
