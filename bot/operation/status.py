"""The state of everything at one moment, for `zhaibao status` and the metrics."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.editorial.slots import find_next_slot, list_slots_of
from bot.models import DeliveryState
from bot.operation.problems import Problem, find_disk_folder, find_problems
from bot.settings import Settings
from bot.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestStatus:
    """A digest's edition of today, None where it is not out; its deliveries by state; its next slot."""

    name: str
    zone: str
    next_slot_at: datetime
    edition_id: int | None = None
    published_at: datetime | None = None
    stories: int | None = None
    deliveries: Mapping[DeliveryState, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _SourceStatus:
    """A source: when it was last read, since when it fails, how many articles were read and printed."""

    name: str
    read_at: datetime | None
    failing_since: datetime | None
    articles: int
    printed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OperationStatus:
    """`deliveries` counts all by state, `subscribers` likewise; sizes are in bytes, 0 where unknown."""

    version: str
    now: datetime
    digests: tuple[DigestStatus, ...]
    sources: tuple[_SourceStatus, ...]
    deliveries: Mapping[DeliveryState, int]
    subscribers: Mapping[str, int]
    problems: tuple[Problem, ...]
    free_bytes: int
    database_bytes: int


def collect_status(settings: Settings, store: Store, now: datetime, version: str) -> OperationStatus:
    """Return how everything stands. Raises StoreError."""
    store.search.index_new()  # what was printed is counted in the index
    states = {state.name: state for state in store.sources.load_states()}
    read, printed = store.figures.count_articles_by_source(), store.figures.count_printed_by_source()
    file = store.figures.find_file()
    return OperationStatus(
        version=version,
        now=now,
        digests=tuple(_collect_digest(settings, store, now)),
        sources=tuple(
            _SourceStatus(
                name=source.name,
                read_at=state.collected_at if (state := states.get(source.name)) else None,
                failing_since=state.failing_since if state else None,
                articles=read.get(source.name, 0),
                printed=printed.get(source.name, 0),
            )
            for source in settings.sources
        ),
        deliveries=store.deliveries.count_by_state(),
        subscribers=store.figures.count_subscribers_by_state(),
        problems=find_problems(settings, store, now),
        free_bytes=shutil.disk_usage(find_disk_folder(settings, store)).free,
        database_bytes=file.stat().st_size if file and file.exists() else 0,
    )


def _collect_digest(settings: Settings, store: Store, now: datetime) -> list[DigestStatus]:
    rows = []
    for digest in settings.digests:
        slots = reversed(list_slots_of(digest, now.astimezone(digest.zone).date()))
        numbers = (store.editions.find_edition_id(digest.name, slot.opens_at) for slot in slots)
        number = next(filter(None, numbers), None)
        edition = store.editions.load_edition(number) if number else None
        rows.append(
            DigestStatus(
                name=digest.name,
                zone=digest.zone.key,
                next_slot_at=find_next_slot(digest, now).opens_at,
                edition_id=number,
                published_at=edition.created_at if edition else None,
                stories=len(edition.stories) if edition else None,
                deliveries=store.figures.count_by_edition(number) if number else {},
            )
        )
    return rows
