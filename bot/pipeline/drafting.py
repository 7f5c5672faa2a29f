"""Articles and earlier editions → an edition as it would be frozen at one moment. Nothing is stored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.editorial.composition import compose_edition
from bot.editorial.selection import Selection, select_stories
from bot.editorial.stories import group_events, mark_updates
from bot.models import Article, Digest, Edition, PrintedStory
from bot.pipeline.history import find_names
from bot.settings import Settings
from bot.store import Store
from summarizer import find_words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OVERLAP = timedelta(hours=1)  # before the last edition: its articles may have been stored while it was made
_MAX_EARLIER_EDITIONS = 400  # editions in which printed stories are searched


def draft_edition(
    settings: Settings, store: Store, digest: Digest, slot_at: datetime, now: datetime
) -> Edition:
    """Return the edition as it would be frozen now. Raises InputError if an address file is missing."""
    sources = settings.find_sources(digest)
    failing = {state.name for state in store.sources.load_states() if state.error}
    unread = [source.title or source.name for source in sources if source.name in failing]
    earlier = load_earlier_editions(store, digest, find_names(settings, store, digest), now)
    edition = draft_after(settings, store, digest, earlier, slot_at=slot_at, now=now, unread=unread)
    has_several = len(digest.times) > 1 or store.editions.find_named(digest.name, edition.name) is not None
    return replace(edition, shares_day=True) if has_several else edition


def select_for_digest(settings: Settings, store: Store, digest: Digest, now: datetime) -> Selection:
    """Return the new articles since the last edition: the stories that are selected, and what is left out.

    Raises InputError if an address file is missing.
    """
    earlier = load_earlier_editions(store, digest, find_names(settings, store, digest), now)
    return _select_after(settings, store, digest, earlier, now)


def draft_after(
    settings: Settings,
    store: Store,
    digest: Digest,
    earlier: Sequence[Edition],
    *,
    slot_at: datetime,
    now: datetime,
    unread: Sequence[str] = (),
) -> Edition:
    """Return the edition that follows `earlier` (newest first), of the articles first seen until `now`."""
    # only articles of an edition's last hour are selected again, so the last edition is enough
    named = {reference for edition in earlier[:1] for reference in edition.more}
    selection = _select_after(settings, store, digest, earlier, now)
    return compose_edition(digest, slot_at, selection, now=now, unread=unread, named=named)


def load_earlier_editions(
    store: Store, digest: Digest, names: Collection[str], now: datetime, *, before: datetime | None = None
) -> tuple[Edition, ...]:
    """Return the editions whose stories come back only as updates at `now`, newest first.

    The last edition counts whatever its age, so that a weekly digest repeats nothing.
    """
    since = now - timedelta(days=digest.printed_days)
    load = store.editions.load_recent_editions
    return load(names, since, _MAX_EARLIER_EDITIONS, before=before) or load(names, _EPOCH, 1, before=before)


def _select_after(
    settings: Settings, store: Store, digest: Digest, earlier: Sequence[Edition], now: datetime
) -> Selection:
    sources = settings.find_sources(digest)
    seen_after = max((edition.created_at - _OVERLAP for edition in earlier), default=_EPOCH)
    articles = store.articles.load_articles_since(seen_after, [source.name for source in sources], now)
    printed = [article for edition in earlier for article in _list_articles(edition)]
    events = mark_updates(
        group_events(articles, printed, language=digest.language),
        _find_printings(earlier),
        today=now.astimezone(digest.zone).date(),
        zone=digest.zone,
    )
    return select_stories(events, sources, digest, now=now, spans=find_words)


def _find_printings(editions: Iterable[Edition]) -> dict[str, list[PrintedStory]]:
    """Return where each article was printed, by its fingerprint."""
    printings = defaultdict(list)
    for edition in editions:
        for number, story in enumerate(edition.stories, 1):
            for article in (story.article, *story.others):
                printings[article.fingerprint].append(PrintedStory(edition=edition.name, number=number))
    return printings


def _list_articles(edition: Edition) -> Iterable[Article]:
    for story in edition.stories:
        yield story.article
        yield from story.others
