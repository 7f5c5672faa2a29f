"""Second step: articles → an edition, frozen with its messages and recipients."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import structlog

from bot import files, render
from bot.choice import Choice, choose
from bot.digest import Slot, compose, latest_slot, slot_on
from bot.errors import InputError
from bot.models import Article, Destination, Digest, Edition, Message, Told
from bot.recipients import MAX_BYTES, recipients
from bot.settings import Settings
from bot.store import Store
from bot.stories import events, updates
from summarizer import words

log = structlog.get_logger("publish")

EVER = datetime(1970, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(hours=1)  # articles that were being collected while the last edition was made
MOST_TOLD = 400  # editions looked at for what was told
FAULTS_TOLD = 10  # lines of a file of readers
HISTORY = 400  # editions the archive's list reaches back: a year of mornings

FORMS: dict[str, Callable[[Edition, Sequence[Edition], Settings], Message]] = {
    "telegram": lambda edition, _, settings: render.telegram(
        edition, archive_url=archive_url(edition, settings), themes=settings.themes, rich=settings.telegram.rich
    ),
    "mail": lambda edition, _, settings: render.mail(
        edition,
        archive_url=archive_url(edition, settings),
        unsubscribe_url=settings.mail.unsubscribe_url(edition.digest),
        themes=settings.themes,
    ),
    "archive": lambda edition, history, settings: render.archive(
        edition, history, public_url=settings.archive.public_url, themes=settings.themes
    ),
}


class Result(StrEnum):
    PUBLISHED = "published"
    ALREADY = "published before"
    NOT_DUE = "not due"
    MISSED = "missed"
    WAITS = "waits"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of a digest's slot, and `why` it waits.

    `stories` counts those of the edition; `slot` is None where none has opened.
    """

    digest: Digest
    result: Result
    slot: date | None = None
    stories: int = 0
    destinations: int = 0
    why: str = ""


async def publish_due(settings: Settings, store: Store, now: datetime) -> tuple[Outcome, ...]:
    """Publish every digest whose slot is open and has no edition yet."""
    return tuple([await publish_if_due(settings, store, digest, now) for digest in settings.digests])


async def publish_if_due(settings: Settings, store: Store, digest: Digest, now: datetime) -> Outcome:
    known_since = await asyncio.to_thread(store.editions.known_since, digest.name, now)
    slot = latest_slot(digest, now)
    if slot is None:
        return Outcome(digest=digest, result=Result.NOT_DUE)
    if await asyncio.to_thread(store.editions.of_slot, digest.name, slot.day):
        return Outcome(digest=digest, result=Result.ALREADY, slot=slot.day)
    if now < slot.closes_at:
        try:
            return await publish(settings, store, digest, slot, now)
        except InputError as error:
            # until its file of readers is there again, or the slot is past; the other digests are none the worse
            log.error("waits", digest=digest.name, slot=slot.day.isoformat(), error=str(error))
            return Outcome(digest=digest, result=Result.WAITS, slot=slot.day, why=str(error))
    if slot.opens_at >= known_since and await asyncio.to_thread(store.editions.miss, digest.name, slot.day, now):
        log.error("missed", digest=digest.name, slot=slot.day.isoformat(), lateness_minutes=digest.lateness_minutes)
        return Outcome(digest=digest, result=Result.MISSED, slot=slot.day)
    return Outcome(digest=digest, result=Result.NOT_DUE, slot=slot.day)


async def publish_now(settings: Settings, store: Store, digest: Digest, now: datetime) -> Outcome:
    """Publish today's edition because somebody asks for it: early, late, or on a day off."""
    today = now.astimezone(digest.zone).date()
    slot = slot_on(digest, today) or Slot(day=today, opens_at=now, closes_at=now)
    await asyncio.to_thread(store.editions.known_since, digest.name, now)
    return await publish(settings, store, digest, slot, now)


async def publish(settings: Settings, store: Store, digest: Digest, slot: Slot, now: datetime) -> Outcome:
    edition = await asyncio.to_thread(draft, settings, store, digest, slot.day, now)
    channels = settings.channels_of(digest.name)
    rendered = await asyncio.to_thread(messages, edition, channels, settings, store)
    expires_at = max(slot.opens_at, now) + timedelta(minutes=digest.lateness_minutes)
    edition_id = await asyncio.to_thread(
        store.editions.freeze, edition, rendered, everyone(settings, digest), expires_at
    )
    if edition_id is None:
        return Outcome(digest=digest, result=Result.ALREADY, slot=slot.day)
    log.info("published", digest=digest.name, slot=slot.day.isoformat(), stories=len(edition.stories))
    return Outcome(
        digest=digest,
        result=Result.PUBLISHED,
        slot=slot.day,
        stories=len(edition.stories),
        destinations=await asyncio.to_thread(store.editions.recipients, edition_id),
    )


def everyone(settings: Settings, digest: Digest) -> Iterator[Destination]:
    """All who get the digest, those in files too; a line that names nobody is told and costs nobody else anything.

    Raises InputError where a file cannot be read.
    """
    yield from settings.destinations_of(digest.name)
    for readers in settings.readers_of(digest.name):
        faults = 0
        for found in recipients(files.lines(readers.file, MAX_BYTES), readers):
            if isinstance(found, Destination):
                yield found
                continue
            faults += 1
            if faults <= FAULTS_TOLD:
                log.error("reader", digest=digest.name, file=str(readers.file), line=found.line, error=found.reason)
        if faults > FAULTS_TOLD:
            log.error("readers", digest=digest.name, file=str(readers.file), faults=faults)


def draft(settings: Settings, store: Store, digest: Digest, day: date, now: datetime) -> Edition:
    """The edition as it would be frozen now."""
    sources = settings.sources_of(digest)
    failing = {state.name for state in store.sources.states() if state.error}
    unread = [source.title or source.name for source in sources if source.name in failing]
    # of an edition's articles only those of its last hour are looked at again: the last edition is enough
    named = {one for last in store.editions.recent([digest.name], EVER, limit=1) for one in last.more}
    return compose(digest, day, choice(settings, store, digest, now), now=now, unread=unread, named=named)


def choice(settings: Settings, store: Store, digest: Digest, now: datetime) -> Choice:
    """What came since the last edition and was not told before: what is chosen of it, and what is left out."""
    sources = settings.sources_of(digest)
    names = [source.name for source in sources]
    # the last one counts however old it is: a weekly digest, or a machine that was off, repeats nothing either
    last = store.editions.recent([digest.name], EVER, limit=1)
    earlier = store.editions.recent([digest.name], now - timedelta(days=digest.told_days), limit=MOST_TOLD) or last
    since = max((edition.created_at - OVERLAP for edition in earlier), default=EVER)
    told = [article for edition in earlier for article in articles_of(edition)]
    today = now.astimezone(digest.zone).date()
    found = updates(
        events(store.articles.seen_since(since, names), told), tellings(earlier), today=today, zone=digest.zone
    )
    return choose(found, sources, digest, now=now, spans=words)


def messages(edition: Edition, channels: Collection[str], settings: Settings, store: Store) -> dict[str, Message]:
    """The edition in the form of each channel. The archive's folder shows every digest that goes into it."""
    archived = {destination.digest for destination in settings.destinations if destination.channel == "archive"}
    earlier = store.editions.recent(archived | {edition.digest}, EVER, limit=HISTORY) if "archive" in channels else ()
    history = [each for each in earlier if (each.digest, each.slot) != (edition.digest, edition.slot)]
    return {channel: FORMS[channel](edition, history, settings) for channel in channels}


def tellings(editions: Iterable[Edition]) -> dict[str, list[Told]]:
    """Where each article was told, by its fingerprint."""
    found = defaultdict(list)
    for edition in editions:
        for number, story in enumerate(edition.stories, 1):
            for article in (story.article, *story.others):
                found[article.fingerprint].append(Told(slot=edition.slot, number=number))
    return found


def articles_of(edition: Edition) -> Iterable[Article]:
    for story in edition.stories:
        yield story.article
        yield from story.others


def archive_url(edition: Edition, settings: Settings) -> str:
    """Where the edition's page will be, "" where the digest is in no archive or the archive is not public."""
    is_archived = any(one.channel == "archive" for one in settings.destinations_of(edition.digest))
    public_url = settings.archive.public_url
    return render.page_address(edition, public_url) if public_url and is_archived else ""
