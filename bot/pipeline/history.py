"""The history of a digest: its earlier names and schedule, and the effects of a change of either."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot import files
from bot.editorial.slots import Slot, find_latest_slot, find_next_slot
from bot.models import Destination, Digest
from bot.phrases import Phrase
from bot.settings import Settings
from bot.store import Store
from bot.store.digests import DigestState
from bot.subscribers.address_file import MAX_LINE_BYTES, read_address_lines

_KEYS_PER_QUERY = 500  # below every engine's limit of parameters


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestHistory:
    """`names`: the digest's name and its earlier ones. `has_changed`: its next slot is the first with another
    schedule or name, so an edition may have been published only a moment ago.
    """

    names: tuple[str, ...]
    has_changed: bool
    last_published_at: datetime | None = None
    covered_until: datetime | None = None

    def covers(self, slot: Slot) -> bool:
        """Return whether the slot needs no edition: it was skipped, or because of the change it opened before
        an edition that is already published.
        """
        last = self.last_published_at if self.has_changed else None
        return any(moment >= slot.opens_at for moment in (last, self.covered_until) if moment)


def load_history(
    settings: Settings, store: Store, digest: Digest, state: DigestState | None
) -> DigestHistory:
    """Return the history of the digest; `state` is the store's. Raises InputError if an address file is
    missing.
    """
    names = find_names(settings, store, digest)
    schedule = state.schedule if state else ""
    is_renamed = len(names) > 1 and store.digests.find_last_published_at([digest.name]) is None
    return DigestHistory(
        names=names,
        has_changed=is_renamed or schedule not in ("", describe_schedule(digest)),
        last_published_at=store.digests.find_last_published_at(names),
        covered_until=state.covered_until if state else None,
    )


def find_names(settings: Settings, store: Store, digest: Digest) -> tuple[str, ...]:
    """Return the digest's name, then its earlier names: names that are no longer configured and whose
    editions went to destinations of this digest. Raises InputError if an address file is missing.
    """
    former = store.digests.find_former_names(digest.name, [other.name for other in settings.digests])
    sent: set[str] = set()
    keys = _list_keys(settings, digest) if former else iter(())
    while len(sent) < len(former) and (portion := list(islice(keys, _KEYS_PER_QUERY))):
        sent |= store.digests.find_sent_to(former, portion)
    return (digest.name, *(name for name in former if name in sent))


def describe_schedule(digest: Digest) -> str:
    """Return the digest's schedule as it is stored: "07:30,18:00 Asia/Shanghai 0123456", Monday is 0."""
    days = "".join(map(str, sorted(digest.weekdays)))
    times = ",".join(f"{at:%H:%M}" for at in digest.times)
    return f"{times} {digest.zone.key} {days}"


def describe_changes(settings: Settings, store: Store, digest: Digest, now: datetime) -> Iterator[Phrase]:
    """Yield what changed since the digest's last slot, and the effect of the change. Changes nothing.

    Raises InputError if an address file is missing.
    """
    state = store.digests.find_state(digest.name)
    history = load_history(settings, store, digest, state)
    latest = find_latest_slot(digest, now)
    if (
        latest
        and now < latest.closes_at
        and not history.covers(latest)
        and not _is_published(store, digest, latest)
    ):
        comes = Phrase("is published now if something is new")
    else:
        opens_at = _find_next_free_slot(store, digest, now)
        comes = Phrase("is published at {time}", time=f"{opens_at:%Y-%m-%d %H:%M}")
    if former := history.names[1:]:
        yield Phrase(
            "{digest} was called {names}: it continues from there and repeats no story; its next "
            "edition {comes}",
            digest=digest.name,
            names=", ".join(former),
            comes=comes,
        )
    if state and state.schedule not in ("", describe_schedule(digest)):
        yield Phrase(
            "{digest}: the schedule was {before} and is {now}: no story is repeated; its next "
            "edition {comes}",
            digest=digest.name,
            before=_shorten_schedule(state.schedule),
            now=_shorten_schedule(describe_schedule(digest)),
            comes=comes,
        )


def _find_next_free_slot(store: Store, digest: Digest, now: datetime) -> datetime:
    """Return when the next slot without an edition opens, in the digest's zone."""
    slot = find_next_slot(digest, now)
    while _is_published(store, digest, slot):
        slot = find_next_slot(digest, slot.opens_at)
    return slot.opens_at.astimezone(digest.zone)


def _is_published(store: Store, digest: Digest, slot: Slot) -> bool:
    return store.editions.find_edition_id(digest.name, slot.opens_at) is not None


def _shorten_schedule(schedule: str) -> str | Phrase:
    time, zone, days = schedule.split()
    if days == "0123456":
        return f"{time} {zone}"
    return Phrase("{time} {zone} on {days} days a week", time=time, zone=zone, days=len(days))


def _list_keys(settings: Settings, digest: Digest) -> Iterator[str]:
    """Yield the keys of the digest's destinations."""
    yield from (destination.key for destination in settings.find_destinations(digest.name))
    for address_file in settings.find_address_files(digest.name):
        for line in read_address_lines(files.read_lines(address_file.file, MAX_LINE_BYTES), address_file):
            if isinstance(line, Destination):
                yield line.key
