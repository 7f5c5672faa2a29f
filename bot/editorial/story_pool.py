"""The events of a span of time, compared and scored once; an edition for any wishes comes from them cheaply.

What a subscriber has read decides what is an update for them: an event with an article that one of their
editions printed. The sentences that are new, and the stories as composed, are kept, because many subscribers
have the same.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.editorial.composition import compose_edition, compose_story
from bot.editorial.printings import ReadingHistory, build_article_key
from bot.editorial.selection import CandidateTable, Selection, StoryCandidate, is_review
from bot.editorial.stories import Event, mark_updates, sort_articles
from bot.editorial.topics import WordSpans
from bot.models import Digest, Edition, PrintedStory, Source, Story

_MAX_KEYED = 50  # more stories without room than an edition names
_Reading = Mapping[str, tuple[PrintedStory, ...]]  # by the keys of articles


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolSelection:
    """The stories for somebody. `content_key` is the same for whom the same edition is composed."""

    selection: Selection
    history: ReadingHistory
    content_key: str


class StoryPool:
    """The events of the articles that came after `from_at`, until `until_at`, for one digest.

    `events` hold as printed all earlier articles that anybody has read. The digest decides language and zone.
    """

    def __init__(
        self,
        events: Sequence[Event],
        sources: Sequence[Source],
        digest: Digest,
        *,
        from_at: datetime | None,
        until_at: datetime,
        spans: WordSpans,
    ) -> None:
        self.digest, self.from_at, self.until_at = digest, from_at, until_at
        self._today = until_at.astimezone(digest.zone).date()
        latest_first = digest.zone if is_review(from_at, until_at) else None
        self._events = [sort_articles(event, digest.language, latest_first) for event in events]
        bare = [replace(event, printed=(), follows=()) for event in self._events]
        self._table = CandidateTable(bare, sources, digest, now=until_at, spans=spans, from_at=from_at)
        self._orders: dict[str, list[int]] = defaultdict(list)
        for order, event in enumerate(self._events):
            articles = (*event.articles, *event.printed, *event.follows)
            for key in dict.fromkeys(map(build_article_key, articles)):
                self._orders[key].append(order)
        self._updates: dict[tuple[int, frozenset[str], date], StoryCandidate | None] = {}
        self._stories: dict[tuple[object, ...], Story] = {}

    def select(self, digest: Digest, history: ReadingHistory) -> PoolSelection:
        """Choose the stories of the digest, as somebody wishes to have it, for whoever has read that."""
        touched = self._find_touched(history)
        changed = {order: self._find_update(order, reading) for order, reading in touched.items()}
        selection = self._table.select(digest, changed)
        return PoolSelection(
            selection=selection, history=history, content_key=self._build_key(digest, selection, history)
        )

    def compose(
        self,
        digest: Digest,
        slot_at: datetime,
        chosen: PoolSelection,
        *,
        now: datetime,
        unread: Sequence[str] = (),
    ) -> Edition:
        """Compose the edition of the chosen stories."""
        edition = compose_edition(
            digest,
            slot_at,
            chosen.selection,
            now=now,
            unread=unread,
            was_named=chosen.history.was_named,
            compose=self._compose_story,
        )
        return replace(edition, from_at=self.from_at, until_at=self.until_at)

    def _find_touched(self, history: ReadingHistory) -> Mapping[int, _Reading]:
        """Return for each event of which something was read the articles, and where they were printed."""
        touched: dict[int, dict[str, tuple[PrintedStory, ...]]] = defaultdict(dict)
        for edition in history.editions:
            for key in edition.numbers.keys() & self._orders.keys():
                for order in self._orders[key]:
                    if key not in touched[order]:
                        touched[order][key] = history.find_printings(key)
        return touched

    def _find_update(self, order: int, reading: _Reading) -> StoryCandidate | None:
        """Return the event as it is for whoever has read that, or None if all its articles were read."""
        printings = sorted(printing for places in reading.values() for printing in places)
        key = (order, frozenset(reading), printings[-1].day)
        if key not in self._updates:
            self._updates[key] = self._build_update(order, reading)
        candidate = self._updates[key]
        if candidate is None or candidate.event.first_printing is None:
            return candidate
        return replace(candidate, event=replace(candidate.event, first_printing=printings[0]))

    def _build_update(self, order: int, reading: _Reading) -> StoryCandidate | None:
        event = self._events[order]
        new = tuple(article for article in event.articles if build_article_key(article) not in reading)
        if not new:
            return None
        before = (*event.articles, *event.printed)
        printed = tuple(article for article in before if build_article_key(article) in reading)
        follows = tuple(article for article in event.follows if build_article_key(article) in reading)
        own = replace(event, articles=new, printed=printed, follows=() if printed else follows)
        printings = {
            article.fingerprint: reading[build_article_key(article)] for article in (*printed, *follows)
        }
        (update,) = mark_updates([own], printings, today=self._today, zone=self.digest.zone)
        return self._table.build_candidate(update, order)

    def _compose_story(self, candidate: StoryCandidate, digest: Digest, today: date) -> Story:
        event = candidate.event
        articles = tuple(article.fingerprint for article in event.articles)
        printed = tuple(article.fingerprint for article in event.printed) if event.first_printing else ()
        key = (candidate.order, articles, printed, digest.max_characters)
        if key not in self._stories:
            self._stories[key] = compose_story(event, candidate.section, digest, today)
        return replace(self._stories[key], first_printing=event.first_printing)

    def _build_key(self, digest: Digest, selection: Selection, history: ReadingHistory) -> str:
        """Return a hash of all that decides about the edition."""
        parts: list[object] = [
            digest.name, digest.language, digest.zone.key, digest.max_characters, digest.theme, digest.title,
            self.from_at, self.until_at, selection.count_left_out(), len(selection.crowded_out),
        ]  # fmt: skip
        for candidate in selection.chosen:
            printing = candidate.event.first_printing
            parts += [
                candidate.article.fingerprint,
                len(candidate.event.articles),
                candidate.section,
                printing,
            ]
        parts += [
            candidate.order for candidate in selection.crowded_out if history.was_named(candidate.reference)
        ]
        parts += [candidate.order for candidate in selection.crowded_out[:_MAX_KEYED]]
        return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
