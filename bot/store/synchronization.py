"""Synchronizes subscriptions with what the operator writes: the destinations of a file, a digest's schedule.

A version says what was synchronized last, so that nothing is read where nothing has changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from bot.store import tables
from bot.store.address_changes import SCHEDULE, mark_address_gone
from bot.store.destinations import load_moves
from bot.store.engine import Database, insert_once
from bot.store.subscribers import (
    build_address_values,
    build_event_row,
    build_subscription_values,
    load_hashes,
    load_suppressions,
    lock_addresses,
)
from bot.subscribers.decisions import Decision, Situation
from bot.subscribers.subscriber import Subscriber, SubscriberState, SubscriptionState, Suppression


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSubscription:
    """An open subscription that a file names, with what the file says of its address."""

    address_key: str
    name: str
    unsubscribe: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _ScheduledGroup:
    """Subscriptions of a digest with the same document of wishes, the same key and the same next slot."""

    document: str
    wishes_key: str
    next_slot_at: datetime


class SynchronizationStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def find_version(self, belongs_to: str, digest: str) -> str:
        """Return what was synchronized last, "" if nothing was."""
        versions = tables.synchronized_files
        query = select(versions.c.version).where(
            versions.c.belongs_to == belongs_to, versions.c.digest == digest
        )
        with self.database.begin_read() as connection:
            return connection.execute(query).scalar() or ""

    def find_schedule_version(self, digest: str) -> str:
        return self.find_version(SCHEDULE, digest)

    def record_version(self, belongs_to: str, digest: str, version: str, now: datetime) -> None:
        with self.database.begin_write() as connection:
            _record_version(connection, belongs_to, digest, version, now)

    def list_files(self) -> tuple[tuple[str, str], ...]:
        """Return the files and digests that were synchronized: (belongs_to, digest)."""
        versions = tables.synchronized_files
        query = select(versions.c.belongs_to, versions.c.digest).where(versions.c.belongs_to != SCHEDULE)
        with self.database.begin_read() as connection:
            return tuple((row.belongs_to, row.digest) for row in connection.execute(query))

    def drop_file(self, belongs_to: str, digest: str) -> None:
        """Forget that the file was synchronized."""
        versions = tables.synchronized_files
        with self.database.begin_write() as connection:
            connection.execute(
                delete(versions).where(versions.c.belongs_to == belongs_to, versions.c.digest == digest)
            )

    def drop_versions(self, digest: str) -> None:
        """Let all files of the digest be read again; they stay known."""
        versions = tables.synchronized_files
        theirs = (versions.c.digest == digest, versions.c.belongs_to != SCHEDULE)
        with self.database.begin_write() as connection:
            connection.execute(update(versions).where(*theirs).values(version=""))

    def end_pauses(self, now: datetime) -> None:
        """Make subscribers active whose pause is over; the event of the pause said until when.

        Their next slots were set when the pause began.
        """
        subscribers = tables.subscribers
        is_over = subscribers.c.paused_until <= now
        with self.database.begin_read() as connection:
            if connection.execute(select(subscribers.c.id).where(is_over).limit(1)).first() is None:
                return
        values = {"state": SubscriberState.ACTIVE, "paused_until": None}
        with self.database.begin_write() as connection:
            connection.execute(update(subscribers).where(is_over).values(values))

    def list_open(self, belongs_to: str, digest: str) -> dict[str, FileSubscription]:
        """Return the open subscriptions that the file names, by the key of their address."""
        rows, addresses = tables.subscriptions.c, tables.addresses.c
        query = (
            select(addresses.key, addresses.name, addresses.unsubscribe)
            .join(tables.subscriptions, rows.address_id == addresses.id)
            .where(rows.belongs_to == belongs_to, rows.digest == digest, rows.state != SubscriptionState.LEFT)
        )
        with self.database.begin_read() as connection:
            return {
                row.key: FileSubscription(address_key=row.key, name=row.name, unsubscribe=row.unsubscribe)
                for row in connection.execute(query)
            }

    def load_moves(self) -> Mapping[tuple[str, str], str]:
        """Return (channel, address) → the new address, for the addresses that moved."""
        with self.database.begin_read() as connection:
            return load_moves(connection)

    def load_situations(self, keys: Sequence[str], digest: str) -> dict[str, Situation | None]:
        """Return the situation of each address that is new here; None where somebody has it already."""
        with self.database.begin_read() as connection:
            present = _find_present(connection, keys)
            suppressions = _load_by_key(connection, keys, digest)
        return {
            key: None
            if key in present
            else Situation(subscriber=None, suppressions=suppressions.get(key, ()))
            for key in keys
        }

    def insert_new(self, decided: Mapping[str, Decision]) -> int:
        """Save decisions about new addresses, in one transaction; return how many.

        An address that somebody has added meanwhile is left to the next synchronization.
        """
        with self.database.begin_write() as connection:
            lock_addresses(connection, decided)
            present = _find_present(connection, list(decided))
            new = [
                (decision.subscriber, decision)
                for key, decision in decided.items()
                if key not in present and decision.subscriber is not None
            ]
            if new:
                _insert_subscribers(connection, new)
                _mark_gone(connection, [subscriber.addresses[0].key for subscriber, _ in new])
        return len(new)

    def list_groups(self, digest: str) -> tuple[_ScheduledGroup, ...]:
        """Return which wishes the digest's scheduled subscriptions have, with their keys and next slots."""
        rows = tables.subscriptions.c
        query = (
            select(rows.wishes, rows.wishes_key, rows.next_slot_at)
            .join(tables.subscribers, tables.subscribers.c.id == rows.subscriber_id)
            .where(
                rows.digest == digest,
                rows.next_slot_at.is_not(None),
                tables.subscribers.c.state != SubscriberState.PAUSED,
            )
            .distinct()
        )
        with self.database.begin_read() as connection:
            return tuple(
                _ScheduledGroup(document=row.wishes, wishes_key=row.wishes_key, next_slot_at=row.next_slot_at)
                for row in connection.execute(query)
            )

    def reschedule_group(
        self, digest: str, group: _ScheduledGroup, wishes_key: str, slot_at: datetime
    ) -> None:
        """Give the group another key and next slot."""
        rows = tables.subscriptions
        paused = select(tables.subscribers.c.id).where(tables.subscribers.c.state == SubscriberState.PAUSED)
        theirs = (
            rows.c.digest == digest,
            rows.c.next_slot_at == group.next_slot_at,
            rows.c.wishes_key == group.wishes_key,
            rows.c.wishes == group.document,
            rows.c.subscriber_id.not_in(paused),
        )
        values = {"wishes_key": wishes_key, "next_slot_at": slot_at}
        with self.database.begin_write() as connection:
            connection.execute(update(rows).where(*theirs).values(values))

    def list_single_keys(self, digest: str) -> tuple[str, ...]:
        """Return the keys of subscribers whose slots are computed one by one: paused, or without a slot."""
        rows, subscribers, addresses = tables.subscriptions.c, tables.subscribers.c, tables.addresses.c
        is_lost = and_(
            subscribers.state == SubscriberState.ACTIVE,
            rows.next_slot_at.is_(None),
            addresses.gone_at.is_(None),
        )
        query = (
            select(subscribers.key)
            .select_from(tables.subscriptions)
            .join(tables.subscribers, rows.subscriber_id == subscribers.id)
            .join(tables.addresses, rows.address_id == addresses.id)
            .where(
                rows.digest == digest,
                rows.state == SubscriptionState.ACTIVE,
                or_(is_lost, subscribers.state == SubscriberState.PAUSED),
            )
            .distinct()
        )
        with self.database.begin_read() as connection:
            return tuple(connection.execute(query).scalars())

    def record_schedule(self, digest: str, version: str, now: datetime) -> None:
        self.record_version(SCHEDULE, digest, version, now)


def _record_version(
    connection: Connection, belongs_to: str, digest: str, version: str, now: datetime
) -> None:
    values = {"version": version, "synchronized_at": now}
    statement = insert_once(connection, tables.synchronized_files).values(
        belongs_to=belongs_to, digest=digest, **values
    )
    connection.execute(statement.on_conflict_do_update(index_elements=["belongs_to", "digest"], set_=values))


def _find_present(connection: Connection, keys: Sequence[str]) -> set[str]:
    addresses = tables.addresses
    return set(connection.execute(select(addresses.c.key).where(addresses.c.key.in_(keys))).scalars())


def _load_by_key(
    connection: Connection, keys: Iterable[str], digest: str
) -> dict[str, tuple[Suppression, ...]]:
    suppressions: dict[str, tuple[Suppression, ...]] = {}
    for suppression in load_suppressions(connection, load_hashes(connection, keys)):
        if suppression.digest in ("", digest):
            key = suppression.address_key
            suppressions[key] = (*suppressions.get(key, ()), suppression)
    return suppressions


def _mark_gone(connection: Connection, keys: Sequence[str]) -> None:
    """Deliveries may have taught before that nobody is there."""
    broken = tables.broken_destinations
    query = select(broken).where(broken.c.destination.in_(keys), broken.c.paused_at.is_not(None))
    for row in connection.execute(query).all():
        mark_address_gone(connection, row.destination, row.reason, row.paused_at)


def _insert_subscribers(connection: Connection, new: Sequence[tuple[Subscriber, Decision]]) -> None:
    """Insert new subscribers with one address, one subscription and the events of each."""
    subscribers = tables.subscribers
    rows = [
        {
            "key": subscriber.key,
            "state": subscriber.state,
            "language": subscriber.language,
            "zone": subscriber.zone,
            "paused_until": subscriber.paused_until,
            "created_at": subscriber.created_at,
        }
        for subscriber, _ in new
    ]
    statement = insert(subscribers).returning(subscribers.c.id, sort_by_parameter_order=True)
    ids = connection.execute(statement, rows).scalars().all()
    addresses = tables.addresses
    statement = insert(addresses).returning(addresses.c.id, sort_by_parameter_order=True)
    address_rows = [
        {"subscriber_id": number, **build_address_values(subscriber.addresses[0])}
        for number, (subscriber, _) in zip(ids, new, strict=True)
    ]
    address_ids = connection.execute(statement, address_rows).scalars().all()
    connection.execute(
        insert(tables.subscriptions),
        [
            {"subscriber_id": number, **build_subscription_values(subscriber.subscriptions[0], address_id)}
            for number, address_id, (subscriber, _) in zip(ids, address_ids, new, strict=True)
        ],
    )
    connection.execute(
        insert(tables.events),
        [
            build_event_row(number, event)
            for number, (_, decision) in zip(ids, new, strict=True)
            for event in decision.events
        ],
    )
