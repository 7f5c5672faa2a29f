"""Brings the subscriptions in line with what the operator writes: destinations, address files, schedules.

Who is named in zhaibao.toml or in an address file is a subscriber whose subscription belongs to that file. A
line that goes ends the subscription; a line that names somebody who left, complained or is forgotten does
nothing and is reported. Where nothing has changed since the last time, nothing but the files is read.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import structlog

from bot import files
from bot.models import Destination, Digest
from bot.pipeline.subscribing import build_address, create_key, index_digests
from bot.settings import AddressFile, Settings
from bot.store import Store
from bot.store.synchronization import FileSubscription
from bot.subscribers import decisions
from bot.subscribers.address_file import MAX_LINE_BYTES, AddressFault, read_address_lines
from bot.subscribers.decisions import ChangeResult, Decide, Decision, SubscribeRequest
from bot.subscribers.subscriber import Door, Lookup, Origin
from bot.subscribers.wishes import compute_wishes_key, parse_wishes

_T = TypeVar("_T")

_log = structlog.get_logger("subscribers")

_PORTION_SIZE = 500  # new subscribers in a transaction
_CHANGES_SIZE = 100  # changes of known subscribers in a transaction
_MAX_LOGGED_FAULTS = 10  # lines of one address file
# a file that changed within this time may be incomplete: a missing line proves nothing
_SETTLED_SECONDS = 1.0


@dataclass(kw_only=True, slots=True)
class AddressTally:
    """What became of the addresses of a file, of zhaibao.toml or of an import.

    `suppressed` are addresses that left, complained or are forgotten; `faults` are lines that name nobody.
    """

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    left: int = 0
    suppressed: list[str] = field(default_factory=list)
    faults: list[AddressFault] = field(default_factory=list)

    def count_decision(self, decision: Decision, address: str) -> None:
        match decision.result:
            case ChangeResult.NEW | ChangeResult.AGAIN | ChangeResult.UNCONFIRMED:
                self.new += 1
            case ChangeResult.SUPPRESSED:
                self.suppressed.append(address)
            case ChangeResult.CHANGED:
                self.changed += 1
            case _:
                self.unchanged += 1


@dataclass(frozen=True, kw_only=True, slots=True)
class _NamedAddresses:
    """A place where the operator names destinations of a digest, and what it held when it was read."""

    belongs_to: str
    digest: str
    version: str
    read: Callable[[], Iterator[Destination | AddressFault]]


def synchronize_all(settings: Settings, store: Store, now: datetime) -> AddressTally:
    """Synchronize all digests, and end what belongs to digests that are no more.

    Raises InputError if an address file cannot be read.
    """
    tally = AddressTally()
    for digest in settings.digests:
        _synchronize_into(tally, settings, store, digest, now)
    for name in {name for _, name in store.synchronization.list_files()} - index_digests(settings).keys():
        _end_removed_places(settings, store, name, [], now, tally)
    return tally


def synchronize_digest(settings: Settings, store: Store, digest: Digest, now: datetime) -> AddressTally:
    """Synchronize the destinations and the schedule of one digest.

    Raises InputError if an address file cannot be read.
    """
    tally = AddressTally()
    _synchronize_into(tally, settings, store, digest, now)
    return tally


def _synchronize_into(
    tally: AddressTally, settings: Settings, store: Store, digest: Digest, now: datetime
) -> None:
    store.synchronization.end_pauses(now)
    places = _list_places(settings, digest.name)
    _synchronize_places(settings, store, places, now, tally)
    if _end_removed_places(settings, store, digest.name, places, now, tally):
        _synchronize_places(settings, store, places, now, tally)
    _synchronize_schedule(settings, store, digest, now)


def _synchronize_places(
    settings: Settings, store: Store, places: Sequence[_NamedAddresses], now: datetime, tally: AddressTally
) -> None:
    """Synchronize what has changed; what one file no longer names, another may."""
    while changed := [place for place in places if not _is_synchronized(store, place)]:
        for place in changed:
            _synchronize_place(settings, store, place, now, tally)


def import_destinations(
    settings: Settings, store: Store, destinations: Iterable[Destination | AddressFault], origin: Origin
) -> AddressTally:
    """Subscribe the destinations, whose operator says that they want it; they belong to no file."""
    tally = AddressTally()
    for portion in _split(destinations, _PORTION_SIZE):
        tally.faults.extend(item for item in portion if isinstance(item, AddressFault))
        named = [item for item in portion if isinstance(item, Destination)]
        _subscribe_portion(settings, store, named, "", origin, tally)
    return tally


def _list_places(settings: Settings, digest: str) -> list[_NamedAddresses]:
    """Return where the digest's destinations are named. Raises InputError if a file cannot be read."""
    destinations = settings.find_destinations(digest)
    places = []
    if destinations:
        version = _hash_lines(repr(destination).encode() for destination in destinations)
        name = settings.file.name
        places.append(
            _NamedAddresses(belongs_to=name, digest=digest, version=version, read=partial(iter, destinations))
        )
    files_of_digest = settings.find_address_files(digest)
    return [
        *places,
        *(
            _NamedAddresses(
                belongs_to=str(address_file.file),
                digest=digest,
                version=_hash_file(address_file.file),
                read=partial(read_file, address_file),
            )
            for address_file in files_of_digest
        ),
    ]


def read_file(address_file: AddressFile) -> Iterator[Destination | AddressFault]:
    """Yield the destination of each line. Raises InputError if the file cannot be read."""
    return read_address_lines(files.read_lines(address_file.file, MAX_LINE_BYTES), address_file)


def _hash_lines(lines: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=32)
    for line in lines:
        digest.update(line)
        digest.update(b"\n")
    return digest.hexdigest()


def _hash_file(path: Path) -> str:
    """Return the hash of the file's lines; a file that did not change is not read again.

    Raises InputError.
    """
    try:
        while 0 <= time.time() - path.stat().st_mtime < _SETTLED_SECONDS:
            time.sleep(_SETTLED_SECONDS)
        status = path.stat()
    except OSError:
        return _hash_lines(files.read_lines(path, MAX_LINE_BYTES))  # reading it says why
    return _hash_version(path, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=256)
def _hash_version(path: Path, inode: int, size: int, changed_ns: int) -> str:  # noqa: ARG001 - the key
    return _hash_lines(files.read_lines(path, MAX_LINE_BYTES))


def _is_synchronized(store: Store, place: _NamedAddresses) -> bool:
    return store.synchronization.find_version(place.belongs_to, place.digest) == place.version


def _synchronize_place(
    settings: Settings, store: Store, place: _NamedAddresses, now: datetime, tally: AddressTally
) -> None:
    origin = Origin(who=place.belongs_to, door=Door.FILE, at=now)
    open_subscriptions = store.synchronization.list_open(place.belongs_to, place.digest)
    moves = store.synchronization.load_moves()
    before = len(tally.faults), len(tally.suppressed)
    for portion in _split(place.read(), _PORTION_SIZE):
        tally.faults.extend(item for item in portion if isinstance(item, AddressFault))
        named = [_follow_move(item, moves) for item in portion if isinstance(item, Destination)]
        subscriptions = {
            each.key: open_subscriptions.pop(each.key) for each in named if each.key in open_subscriptions
        }
        missing = [each for each in named if _is_news(each, subscriptions.get(each.key))]
        tally.unchanged += len(named) - len(missing)
        _subscribe_portion(settings, store, missing, place.belongs_to, origin, tally)
    _leave_addresses(settings, store, place, list(open_subscriptions), origin)
    tally.left += len(open_subscriptions)
    if open_subscriptions:
        store.synchronization.drop_versions(place.digest)
    store.synchronization.record_version(place.belongs_to, place.digest, place.version, now)
    _log_trouble(place, tally, *before)


def _follow_move(destination: Destination, moves: Mapping[tuple[str, str], str]) -> Destination:
    address = moves.get((destination.channel, destination.address))
    return replace(destination, address=address) if address else destination


def _is_news(destination: Destination, subscription: FileSubscription | None) -> bool:
    """Whether the subscription is missing, or the file says something new of its address."""
    if subscription is None:
        return True
    news = (destination.name, subscription.name), (destination.unsubscribe, subscription.unsubscribe)
    return any(now and now != before for now, before in news)


def _subscribe_portion(
    settings: Settings,
    store: Store,
    destinations: Sequence[Destination],
    belongs_to: str,
    origin: Origin,
    tally: AddressTally,
) -> None:
    """Subscribe those that are new here in one transaction, the others one by one."""
    digests = index_digests(settings)
    by_digest: dict[str, dict[str, Destination]] = {each.digest: {} for each in destinations}
    for destination in destinations:
        by_digest[destination.digest][destination.key] = destination
    for digest, by_key in by_digest.items():
        situations = store.synchronization.load_situations(list(by_key), digest)
        decided: dict[str, Decision] = {}
        changes: list[tuple[Destination, Decide]] = []
        for key, destination in by_key.items():
            request = SubscribeRequest(
                digest=digest,
                address=build_address(destination),
                key=create_key(),
                is_own_wish=False,
                belongs_to=belongs_to,
            )
            decide = partial(decisions.subscribe, request=request, digests=digests, origin=origin)
            situation = situations[key]
            if situation is None:
                changes.append((destination, decide))
                continue
            decided[key] = decide(situation)
            tally.count_decision(decided[key], destination.address)
        store.synchronization.insert_new(decided)
        for part in _split(changes, _CHANGES_SIZE):
            lookups = [(Lookup(address_key=destination.key), decide) for destination, decide in part]
            results = store.subscribers.change_many(lookups)
            for (destination, _), decision in zip(part, results, strict=True):
                tally.count_decision(decision, destination.address)


def _leave_addresses(
    settings: Settings, store: Store, place: _NamedAddresses, keys: Sequence[str], origin: Origin
) -> None:
    leave = partial(
        decisions.leave,
        digest=place.digest,
        digests=index_digests(settings),
        origin=origin,
        why=None,
        belongs_to=place.belongs_to,
    )
    for part in _split(keys, _CHANGES_SIZE):
        store.subscribers.change_many(
            (Lookup(address_key=key), partial(leave, address_key=key)) for key in part
        )


def _end_removed_places(
    settings: Settings, store: Store, digest: str, places: Sequence[_NamedAddresses], now: datetime,
    tally: AddressTally,
) -> bool:  # fmt: skip
    """End what belongs to files that the configuration names no more; return whether anything did."""
    present = {place.belongs_to for place in places}
    left = tally.left
    for belongs_to, name in store.synchronization.list_files():
        if name != digest or belongs_to in present:
            continue
        place = _NamedAddresses(belongs_to=belongs_to, digest=name, version="", read=partial(iter, ()))
        keys = list(store.synchronization.list_open(belongs_to, name))
        _leave_addresses(settings, store, place, keys, Origin(who=belongs_to, door=Door.FILE, at=now))
        tally.left += len(keys)
        store.synchronization.drop_file(belongs_to, name)
    if tally.left > left:
        store.synchronization.drop_versions(digest)
    return tally.left > left


def _synchronize_schedule(settings: Settings, store: Store, digest: Digest, now: datetime) -> None:
    """Compute keys and next slots again if the digest's own values have changed."""
    version = hashlib.blake2b(repr(digest).encode(), digest_size=32).hexdigest()
    synchronization = store.synchronization
    if synchronization.find_schedule_version(digest.name) == version:
        return
    for group in synchronization.list_groups(digest.name):
        wishes = parse_wishes(group.document)
        wishes_key = compute_wishes_key(digest, wishes)
        slot_at = group.next_slot_at
        if slot_at > now:  # one that has opened still gets its edition
            slot_at = decisions.compute_next_slot(digest, wishes, now)
        if (wishes_key, slot_at) != (group.wishes_key, group.next_slot_at):
            synchronization.reschedule_group(digest.name, group, wishes_key, slot_at)
    reschedule = partial(decisions.reschedule, digests=index_digests(settings), now=now)
    for part in _split(synchronization.list_single_keys(digest.name), _CHANGES_SIZE):
        store.subscribers.change_many((Lookup(key=key), reschedule) for key in part)
    synchronization.record_schedule(digest.name, version, now)


def _log_trouble(place: _NamedAddresses, tally: AddressTally, faults: int, suppressed: int) -> None:
    """Log wrong lines, and how many addresses stay out; not which: some of them are forgotten."""
    new_faults = tally.faults[faults:]
    for fault in new_faults[:_MAX_LOGGED_FAULTS]:
        _log.error(
            "address line",
            digest=place.digest,
            file=place.belongs_to,
            line=fault.line,
            error=str(fault.reason),
        )
    if len(new_faults) > _MAX_LOGGED_FAULTS:
        _log.error("address file", digest=place.digest, file=place.belongs_to, faults=len(new_faults))
    if number := len(tally.suppressed) - suppressed:
        _log.warning("suppressed", digest=place.digest, file=place.belongs_to, addresses=number)


def _split(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion
