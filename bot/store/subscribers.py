"""Subscribers: one transaction loads a situation, lets a pure function decide, and saves the decision."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, text, update

from bot.models import DeliveryState
from bot.store import tables
from bot.store.destinations import NO_FAILURES
from bot.store.engine import Database, insert_once
from bot.subscribers.decisions import ChangeResult, Decide, DecideMerge, Decision, Situation
from bot.subscribers.subscriber import (
    Door,
    EventKind,
    Lookup,
    Subscriber,
    SubscriberAddress,
    SubscriberEvent,
    SubscriberState,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
)
from bot.subscribers.wishes import parse_wishes, write_wishes

_HASH_BYTES = 16
_KEY_ENTRY = "zhaibao_hash_key"  # in the connection's own dictionary
REMOVED = "removed: the configuration no longer names this destination"
LEFT = "left: the subscriber does not want this digest any more"

# built once: building such a statement takes longer than carrying it out
_INSERT_SUBSCRIBER = insert(tables.subscribers).returning(tables.subscribers.c.id)
_INSERT_ADDRESS = insert(tables.addresses).returning(tables.addresses.c.id)
_INSERT_SUBSCRIPTION = insert(tables.subscriptions).returning(tables.subscriptions.c.id)


class SubscriberStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def change(self, lookup: Lookup, decide: Decide) -> Decision:
        """Load whoever is meant, decide, save and return the decision: one transaction."""
        with self.database.begin_write() as connection:
            if lookup.address_key:
                lock_addresses(connection, [lookup.address_key])
            number = find_subscriber_id(connection, lookup)
            before = load_subscriber(connection, number, for_update=True) if number else None
            return decide_and_save(connection, before, decide, lookup.address_key)

    def change_many(self, changes: Iterable[tuple[Lookup, Decide]]) -> tuple[Decision, ...]:
        """Make several changes in one transaction, all or none."""
        results = []
        with self.database.begin_write() as connection:
            for lookup, decide in changes:
                number = find_subscriber_id(connection, lookup)
                before = load_subscriber(connection, number, for_update=True) if number else None
                results.append(decide_and_save(connection, before, decide, lookup.address_key))
        return tuple(results)

    def merge(self, survivor: Lookup, absorbed: Lookup, decide: DecideMerge) -> Decision:
        """Let one subscriber take over the other's addresses, subscriptions and history."""
        with self.database.begin_write() as connection:
            numbers = find_subscriber_id(connection, survivor), find_subscriber_id(connection, absorbed)
            loaded = {
                number: load_subscriber(connection, number or 0, for_update=True)
                for number in sorted(filter(None, numbers))
            }
            first, second = loaded.get(numbers[0] or 0), loaded.get(numbers[1] or 0)
            if first is None or second is None or first.id == second.id:
                result = ChangeResult.UNKNOWN if first is None or second is None else ChangeResult.UNCHANGED
                return Decision(result=result, subscriber=first)
            return save_merge(connection, first, second, decide(first, second))

    def find(self, lookup: Lookup) -> Subscriber | None:
        with self.database.begin_read() as connection:
            number = find_subscriber_id(connection, lookup)
            return load_subscriber(connection, number) if number else None

    def find_ended(self, subscription_ids: Collection[int]) -> frozenset[int]:
        """Return which of these subscriptions are not active, or do not exist any more."""
        rows = tables.subscriptions.c
        query = select(rows.id).where(rows.id.in_(subscription_ids), rows.state == SubscriptionState.ACTIVE)
        with self.database.begin_read() as connection:
            return frozenset(subscription_ids) - frozenset(connection.execute(query).scalars())


def decide_and_save(
    connection: Connection, before: Subscriber | None, decide: Decide, address_key: str = ""
) -> Decision:
    """Decide about a loaded subscriber, or an address that nobody has, and save the decision."""
    keys = {address.key for address in before.addresses if address.address} if before else set()
    hashes = load_hashes(connection, keys | ({address_key} if address_key else set()))
    situation = Situation(subscriber=before, suppressions=load_suppressions(connection, hashes))
    return _save_decision(connection, before, decide(situation))


def save_merge(
    connection: Connection, survivor: Subscriber, absorbed: Subscriber, decision: Decision
) -> Decision:
    """Save a merge: what the survivor takes over changes its owner, the rest of the other is deleted."""
    saved = _save_decision(connection, survivor, decision)
    for table in (tables.subscriptions, tables.addresses):
        connection.execute(delete(table).where(table.c.subscriber_id == absorbed.id))
    events = tables.events
    connection.execute(
        update(events).where(events.c.subscriber_id == absorbed.id).values(subscriber_id=survivor.id)
    )
    connection.execute(delete(tables.subscribers).where(tables.subscribers.c.id == absorbed.id))
    return saved


def _save_decision(connection: Connection, before: Subscriber | None, decision: Decision) -> Decision:
    """Save what the decision changes; return it with the ids of new rows."""
    after = decision.subscriber
    if after is None or after == before:
        _save_suppressions(connection, decision)
        return decision
    number = before.id if before else _insert_subscriber(connection, after)
    own_values = _get_own_values(after)
    if before and own_values != _get_own_values(before):
        connection.execute(
            update(tables.subscribers).where(tables.subscribers.c.id == number).values(own_values)
        )
    addresses = _save_addresses(connection, number, before.addresses if before else (), after.addresses)
    ids = {address.key: address.id for address in addresses}
    previous = before.subscriptions if before else ()
    subscriptions = _save_subscriptions(connection, number, previous, after.subscriptions, ids)
    after = replace(after, id=number, addresses=addresses, subscriptions=subscriptions)
    _insert_events(connection, number, decision.events)
    _save_suppressions(connection, decision)
    _cancel_deliveries(connection, after, decision)
    return replace(decision, subscriber=after)


def load_hashes(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Return the keyed hash of each address key → the key. The secret is read once a connection."""
    if _KEY_ENTRY not in connection.info:
        secret = connection.execute(select(tables.hash_keys.c.secret)).scalar_one()
        connection.info[_KEY_ENTRY] = bytes.fromhex(secret)
    return {_hash_address(key, connection.info[_KEY_ENTRY]): key for key in keys}


def _save_suppressions(connection: Connection, decision: Decision) -> None:
    at = max((event.at for event in decision.events), default=None)
    suppressions = tables.suppressions
    for suppression in decision.lifted:
        (keyed_hash,) = load_hashes(connection, [suppression.address_key])
        connection.execute(
            delete(suppressions).where(
                suppressions.c.keyed_hash == keyed_hash, suppressions.c.digest == suppression.digest
            )
        )
    for suppression in decision.suppressed:
        (keyed_hash,) = load_hashes(connection, [suppression.address_key])
        row = {"keyed_hash": keyed_hash, "digest": suppression.digest, "why": suppression.why, "at": at}
        connection.execute(insert_once(connection, suppressions).values(row).on_conflict_do_nothing())


def _hash_address(address_key: str, secret: bytes) -> str:
    """Return the hash by which an address is recognized that is stored nowhere."""
    text = address_key.casefold().encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, key=secret, digest_size=_HASH_BYTES).hexdigest()


def load_subscriber(connection: Connection, number: int, *, for_update: bool = False) -> Subscriber | None:
    """Return the subscriber with addresses and subscriptions; on PostgreSQL `for_update` locks the row."""
    query = select(tables.subscribers).where(tables.subscribers.c.id == number)
    row = connection.execute(query.with_for_update() if for_update else query).first()
    if row is None:
        return None
    addresses, subscriptions = tables.addresses, tables.subscriptions
    address_rows = connection.execute(
        select(addresses).where(addresses.c.subscriber_id == number).order_by(addresses.c.id)
    ).all()
    rows = connection.execute(
        select(subscriptions).where(subscriptions.c.subscriber_id == number).order_by(subscriptions.c.id)
    ).all()
    return build_subscriber(row, address_rows, rows)


# Any: the columns' types are the table's, which Row cannot know.
def build_subscriber(
    row: "Row[Any]", address_rows: "Sequence[Row[Any]]", subscription_rows: "Sequence[Row[Any]]"
) -> Subscriber:
    keys = {each.id: each.key or "" for each in address_rows}
    return Subscriber(
        id=row.id,
        key=row.key,
        state=SubscriberState(row.state),
        created_at=row.created_at,
        language=row.language,
        zone=row.zone,
        paused_until=row.paused_until,
        addresses=tuple(map(build_address, address_rows)),
        subscriptions=tuple(_build_subscription(each, keys[each.address_id]) for each in subscription_rows),
    )


def _insert_events(connection: Connection, subscriber_id: int, events: Iterable[SubscriberEvent]) -> None:
    rows = [build_event_row(subscriber_id, event) for event in events]
    if rows:
        connection.execute(insert(tables.events), rows)


def build_event_row(subscriber_id: int, event: SubscriberEvent) -> dict[str, object]:
    return {
        "subscriber_id": subscriber_id,
        "at": event.at,
        "who": event.who,
        "door": event.door,
        "what": event.what,
        "details": json.dumps(event.details, ensure_ascii=False, sort_keys=True) if event.details else "",
    }


def lock_addresses(connection: Connection, keys: Iterable[str]) -> None:
    """Let two processes that add the same address do so one after the other. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        statement = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
        for key in sorted(keys):
            connection.execute(statement, {"key": key})


def find_subscriber_id(connection: Connection, lookup: Lookup) -> int | None:
    query = (
        select(tables.addresses.c.subscriber_id).where(tables.addresses.c.key == lookup.address_key)
        if lookup.address_key
        else select(tables.subscribers.c.id).where(tables.subscribers.c.key == lookup.key)
    )
    return connection.execute(query).scalar()


def _get_own_values(subscriber: Subscriber) -> dict[str, object]:
    return {
        "key": subscriber.key,
        "state": subscriber.state,
        "language": subscriber.language,
        "zone": subscriber.zone,
        "paused_until": subscriber.paused_until,
    }


def _insert_subscriber(connection: Connection, subscriber: Subscriber) -> int:
    values = {**_get_own_values(subscriber), "created_at": subscriber.created_at}
    return int(connection.execute(_INSERT_SUBSCRIBER, values).scalar_one())


def _save_addresses(
    connection: Connection,
    subscriber_id: int,
    before: Sequence[SubscriberAddress],
    after: Sequence[SubscriberAddress],
) -> tuple[SubscriberAddress, ...]:
    saved = []
    previous = {address.id: address for address in before}
    for address in after:
        values = build_address_values(address)
        if not address.id:
            row = {"subscriber_id": subscriber_id, **values}
            number = connection.execute(_INSERT_ADDRESS, row).scalar_one()
            saved.append(replace(address, id=number))
            continue
        former = previous.get(address.id)
        if former and former.gone_at and not address.gone_at:
            _clear_trouble(connection, former.key)
        if address != former:
            connection.execute(
                update(tables.addresses)
                .where(tables.addresses.c.id == address.id)
                .values(subscriber_id=subscriber_id, **values)
            )
        saved.append(address)
    return tuple(saved)


def _clear_trouble(connection: Connection, key: str) -> None:
    """The address is tried again: what deliveries taught about it is over."""
    broken = tables.broken_destinations
    connection.execute(update(broken).where(broken.c.destination == key).values(NO_FAILURES))


def _save_subscriptions(
    connection: Connection,
    subscriber_id: int,
    before: Sequence[Subscription],
    after: Sequence[Subscription],
    address_ids: Mapping[str, int],
) -> tuple[Subscription, ...]:
    saved = []
    previous = {subscription.id: subscription for subscription in before}
    for subscription in after:
        values = build_subscription_values(subscription, address_ids[subscription.address_key])
        if not subscription.id:
            row = {"subscriber_id": subscriber_id, **values}
            number = connection.execute(_INSERT_SUBSCRIPTION, row).scalar_one()
            saved.append(replace(subscription, id=number))
            continue
        if subscription != previous.get(subscription.id):
            connection.execute(
                update(tables.subscriptions)
                .where(tables.subscriptions.c.id == subscription.id)
                .values(subscriber_id=subscriber_id, **values)
            )
        saved.append(subscription)
    return tuple(saved)


def build_address_values(address: SubscriberAddress) -> dict[str, object]:
    return {
        "channel": address.channel,
        "key": address.key if address.address else None,
        "address": address.address or None,
        "topic": address.topic,
        "name": address.name,
        "unsubscribe": address.unsubscribe,
        "confirmed_at": address.confirmed_at,
        "gone_at": address.gone_at,
        "gone_reason": address.gone_reason,
    }


def build_subscription_values(subscription: Subscription, address_id: int) -> dict[str, object]:
    return {
        "address_id": address_id,
        "digest": subscription.digest,
        "state": subscription.state,
        "belongs_to": subscription.belongs_to,
        "wishes": write_wishes(subscription.wishes),
        "wishes_key": subscription.wishes_key,
        "next_slot_at": subscription.next_slot_at,
        "last_until_at": subscription.last_until_at,
        "created_at": subscription.created_at,
    }


def _cancel_deliveries(connection: Connection, subscriber: Subscriber, decision: Decision) -> None:
    """Cancel what waits for subscriptions that have just ended."""
    deliveries = tables.deliveries
    for subscription in subscriber.subscriptions:
        if subscription.id in decision.cancelled:
            waiting = (
                deliveries.c.destination == subscription.address_key,
                deliveries.c.state == DeliveryState.PENDING,
                deliveries.c.subscription_id == subscription.id,
            )
            last = decision.events[-1]
            reason = REMOVED if last.door is Door.FILE else LEFT
            values = {"state": DeliveryState.CANCELLED, "error": reason, "updated_at": last.at}
            connection.execute(update(deliveries).where(*waiting).values(values))


def load_suppressions(connection: Connection, hashes: Mapping[str, str]) -> tuple[Suppression, ...]:
    """Return the suppressions of these hashes, each of which stands for an address key."""
    if not hashes:
        return ()
    rows = connection.execute(
        select(tables.suppressions).where(tables.suppressions.c.keyed_hash.in_(list(hashes)))
    )
    return tuple(
        Suppression(address_key=hashes[row.keyed_hash], digest=row.digest, why=SuppressionReason(row.why))
        for row in rows
    )


# Any: the columns' types are the table's, which Row cannot know.
def build_address(row: "Row[Any]") -> SubscriberAddress:
    return SubscriberAddress(
        id=row.id,
        channel=row.channel,
        address=row.address or "",
        topic=row.topic,
        name=row.name,
        unsubscribe=row.unsubscribe,
        confirmed_at=row.confirmed_at,
        gone_at=row.gone_at,
        gone_reason=row.gone_reason,
    )


def _build_subscription(row: "Row[Any]", address_key: str) -> Subscription:
    return Subscription(
        id=row.id,
        digest=row.digest,
        address_key=address_key,
        state=SubscriptionState(row.state),
        created_at=row.created_at,
        wishes=parse_wishes(row.wishes),
        wishes_key=row.wishes_key,
        next_slot_at=row.next_slot_at,
        last_until_at=row.last_until_at,
        belongs_to=row.belongs_to,
    )


def build_event(row: "Row[Any]") -> SubscriberEvent:
    return SubscriberEvent(
        at=row.at,
        who=row.who,
        door=Door(row.door),
        what=EventKind(row.what),
        details=json.loads(row.details) if row.details else {},
    )
