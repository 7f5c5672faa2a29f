"""Stored articles → editions of one digest, for any wishes: a function of (digest, wishes, from, until).

The articles of a span are compared once, whatever the number of wishes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.editorial.printings import EditionIndex, ReadingHistory, parse_index, write_index
from bot.editorial.selection import Selection
from bot.editorial.slots import get_schedule
from bot.editorial.stories import Event, group_events
from bot.editorial.story_pool import PoolSelection, StoryPool
from bot.models import Digest, Edition
from bot.pipeline.history import find_names
from bot.settings import Settings
from bot.store import Store
from summarizer import find_words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OVERLAP = timedelta(hours=1)  # before a span: its articles may have been stored while an edition was made
_MAX_EARLIER_EDITIONS = 400  # editions in which printed stories are searched
_MAX_SPAN = timedelta(days=31)  # of a subscription; after a longer pause the best of the last month comes
_NEAR = timedelta(hours=1)  # between two spans that are one for a new subscriber


@dataclass(frozen=True, kw_only=True, slots=True)
class _OwnDraft:
    """The digest's own edition with the key of its content, and the ids of those that it follows."""

    edition: Edition
    content_key: str
    history: tuple[int, ...]


class EditionBuilder:
    """Builds editions of one digest that reach until one instant. `digest` is as it is configured."""

    def __init__(self, settings: Settings, store: Store, digest: Digest, until_at: datetime) -> None:
        self.settings, self.store, self.digest, self.until_at = settings, store, digest, until_at
        self.sources = settings.find_sources(digest)
        failing = {state.name for state in store.sources.load_states() if state.error}
        self.unread = [source.title or source.name for source in self.sources if source.name in failing]
        self._indexes: dict[int, EditionIndex] = {}
        self._events: dict[datetime | None, tuple[Event, ...]] = {}
        self._pools: dict[tuple[datetime | None, str, str], StoryPool] = {}

    def list_own_editions(self) -> tuple[int, ...]:
        """Return the ids of the digest's own editions within its printed_days, under all its names.

        Raises InputError if an address file is missing.
        """
        names = find_names(self.settings, self.store, self.digest)
        since = self.until_at - timedelta(days=self.digest.printed_days)
        return self.store.editions.list_own_ids(names, since, self.until_at)

    def load_indexes(self, ids: Collection[int]) -> None:
        """Load what these editions printed, before the first `select`: its stories are compared with them."""
        self._indexes |= self.store.editions.load_indexes(set(ids) - self._indexes.keys())

    def build_history(self, ids: Iterable[int]) -> ReadingHistory:
        """Return what these editions printed, oldest first; those that are gone are left out."""
        ids = tuple(ids)
        self.load_indexes(ids)
        return ReadingHistory(editions=tuple(self._indexes[each] for each in ids if each in self._indexes))

    def read_editions(self, editions: Iterable[Edition]) -> ReadingHistory:
        """Return what these editions printed, oldest first; they need not be stored."""
        indexes = [parse_index(edition.name, write_index(edition)) for edition in editions]
        self._indexes |= {-place: index for place, index in enumerate(indexes, 1)}
        return ReadingHistory(editions=tuple(indexes))

    def find_days(self, ids: Iterable[int]) -> dict[int, date]:
        """Return the day of each of these editions that is loaded."""
        return {each: self._indexes[each].day for each in ids if each in self._indexes}

    def choose_from(self, last_until_at: datetime | None, own_from_at: datetime | None) -> datetime:
        """Return where the span of a subscription begins: at the end of its last edition.

        A new subscription gets the digest's usual span, or what the digest's own edition covers if that is
        about as long.
        """
        if last_until_at is not None and last_until_at <= self.until_at:
            return max(last_until_at, self.until_at - _MAX_SPAN)
        usual = self.until_at - get_schedule(self.digest).usual_span
        return own_from_at if own_from_at and abs(own_from_at - usual) <= _NEAR else usual

    def select(self, digest: Digest, from_at: datetime | None, history: ReadingHistory) -> PoolSelection:
        """Choose the stories of the digest as somebody wishes to have it."""
        return self._open_pool(digest, from_at).select(digest, history)

    def compose(
        self,
        digest: Digest,
        from_at: datetime | None,
        slot_at: datetime,
        chosen: PoolSelection,
        now: datetime,
    ) -> Edition:
        """Compose the edition of the chosen stories."""
        pool = self._open_pool(digest, from_at)
        edition = pool.compose(digest, slot_at, chosen, now=now, unread=self.unread)
        return replace(edition, shares_day=len(digest.times) > 1)

    def close_span(self, from_at: datetime | None) -> None:
        """Forget the articles of the span."""
        self._events.pop(from_at, None)
        for key in [key for key in self._pools if key[0] == from_at]:
            del self._pools[key]

    def _open_pool(self, digest: Digest, from_at: datetime | None) -> StoryPool:
        key = (from_at, digest.language, digest.zone.key)
        if key not in self._pools:
            self._pools[key] = StoryPool(
                self._load_events(from_at),
                self.sources,
                digest,
                from_at=from_at,
                until_at=self.until_at,
                spans=find_words,
            )
        return self._pools[key]

    def _load_events(self, from_at: datetime | None) -> tuple[Event, ...]:
        if from_at not in self._events:
            after = from_at - _OVERLAP if from_at else _EPOCH
            articles = self.store.articles.load_articles_since(
                after, [source.name for source in self.sources], self.until_at
            )
            keys = {key for index in self._indexes.values() for key in index.numbers}
            since = self.until_at - timedelta(days=self.digest.printed_days) - _MAX_SPAN
            printed = self.store.articles.load_by_keys(keys, since)
            new = {article.fingerprint for article in articles}
            earlier = [article for article in printed if article.fingerprint not in new]
            self._events[from_at] = group_events(articles, earlier)
        return self._events[from_at]


def draft_edition(
    settings: Settings, store: Store, digest: Digest, slot_at: datetime, now: datetime
) -> Edition:
    """Return the digest's own edition as it would be frozen now.

    Raises InputError if an address file is missing.
    """
    return compose_own_edition(settings, store, digest, slot_at, now).edition


def compose_own_edition(
    settings: Settings, store: Store, digest: Digest, slot_at: datetime, now: datetime
) -> _OwnDraft:
    """Return the digest's own edition as it would be frozen now.

    Raises InputError if an address file is missing.
    """
    builder = EditionBuilder(settings, store, digest, now)
    ids = builder.list_own_editions()
    from_at = store.editions.find_until(ids[-1]) if ids else None
    chosen = builder.select(digest, from_at, builder.build_history(ids))
    edition = builder.compose(digest, from_at, slot_at, chosen, now)
    if store.editions.find_named(digest.name, edition.name) is not None:
        edition = replace(edition, shares_day=True)
    return _OwnDraft(edition=edition, content_key=chosen.content_key, history=ids)


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
    builder = EditionBuilder(settings, store, digest, now)
    history = builder.read_editions(earlier[::-1])
    from_at = (earlier[0].until_at or earlier[0].created_at) if earlier else None
    edition = builder.compose(digest, from_at, slot_at, builder.select(digest, from_at, history), now)
    return replace(edition, empty_sources=tuple(unread))


def load_earlier_editions(
    store: Store, digest: Digest, names: Collection[str], now: datetime, *, before: datetime | None = None
) -> tuple[Edition, ...]:
    """Return the editions whose stories come back only as updates at `now`, newest first.

    The last edition counts at any age, so that a weekly digest repeats nothing.
    """
    since = now - timedelta(days=digest.printed_days)
    load = store.editions.load_recent_editions
    return load(names, since, _MAX_EARLIER_EDITIONS, before=before) or load(names, _EPOCH, 1, before=before)


def select_for_digest(settings: Settings, store: Store, digest: Digest, now: datetime) -> Selection:
    """Return the new articles since the last edition: the stories that are selected, and what is left out.

    Raises InputError if an address file is missing.
    """
    builder = EditionBuilder(settings, store, digest, now)
    ids = builder.list_own_editions()
    from_at = store.editions.find_until(ids[-1]) if ids else None
    return builder.select(digest, from_at, builder.build_history(ids)).selection
