"""The last editions, as they would have been with the present settings and version.

Nothing is stored or sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.editorial.edition_changes import EditionChanges, compare_editions
from bot.models import Digest, Edition
from bot.pipeline.drafting import draft_after, load_earlier_editions
from bot.pipeline.history import find_names
from bot.settings import Settings
from bot.store import Store

# Keys of [[digest]] that decide which stories an edition prints and what it prints of them.
REPLAYED_KEYS = (
    "language", "sources", "max_stories", "max_characters", "printed_days", "min_certainty", "min_points",
    "max_age_days", "topics", "sections",
)  # fmt: skip
_MAX_EDITIONS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayedEdition:
    """An edition as it was published, and as it would have been."""

    published: Edition
    replayed: Edition

    @property
    def changes(self) -> EditionChanges:
        return compare_editions(self.published, self.replayed)


def replay_editions(
    settings: Settings, store: Store, digest: Digest, *, since: datetime
) -> Iterator[ReplayedEdition]:
    """Yield the editions published after `since`, oldest first, and what `digest` makes of the same articles.

    Each follows the replayed editions before it: a story that is left out on one day may come on the next.
    Raises InputError if an address file is missing.
    """
    names = find_names(settings, store, digest)
    editions = store.editions.load_recent_editions(names, since, limit=_MAX_EDITIONS)
    published = sorted(editions, key=lambda edition: edition.created_at)
    if not published:
        return
    first = published[0].created_at
    earlier = [*load_earlier_editions(store, digest, names, first, before=first)]
    for edition in published:
        moment = edition.created_at
        replayed = draft_after(
            settings,
            store,
            digest,
            _choose_recent(earlier, digest, moment),
            slot_at=edition.slot_at,
            now=moment,
            unread=edition.empty_sources,
        )
        replayed = replace(replayed, shares_day=edition.shares_day)
        earlier.insert(0, replayed)
        yield ReplayedEdition(published=edition, replayed=replayed)


def _choose_recent(earlier: Sequence[Edition], digest: Digest, moment: datetime) -> Sequence[Edition]:
    since = moment - timedelta(days=digest.printed_days)
    return [edition for edition in earlier if edition.created_at > since] or earlier[:1]
