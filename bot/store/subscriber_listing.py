"""Lists subscribers, and exports all that is known about one of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.store import tables
from bot.store.engine import Database
from bot.store.subscribers import (
    build_event,
    build_subscriber,
    find_subscriber_id,
    load_hashes,
    load_subscriber,
)
from bot.subscribers.subscriber import Lookup, Subscriber, SubscriberEvent, SubscriberState
from bot.subscribers.wishes import NO_WISHES, Wishes

_PAGE_SIZE = 500  # subscribers in a query


class SubscriberListing:
    def __init__(self, database: Database) -> None:
        self.database = database

    def list_subscribers(
        self, state: SubscriberState | None = None, limit: int | None = None
    ) -> Iterator[Subscriber]:
        """Yield subscribers, newest first; those of one state if it is given, otherwise all not forgotten."""
        before: int | None = None
        number = 0
        while limit is None or number < limit:
            size = min(_PAGE_SIZE, limit - number) if limit is not None else _PAGE_SIZE
            with self.database.begin_read() as connection:
                page = _load_page(connection, state, before, size)
            yield from page
            if len(page) < size:
                return
            number, before = number + len(page), page[-1].id

    def count_by_state(self) -> dict[SubscriberState, int]:
        query = select(tables.subscribers.c.state, func.count()).group_by(tables.subscribers.c.state)
        with self.database.begin_read() as connection:
            counts = Counter({SubscriberState(state): number for state, number in connection.execute(query)})
        return dict(counts)

    def count_suppressions(self) -> int:
        """Return how many addresses no import and no file may subscribe again."""
        with self.database.begin_read() as connection:
            return connection.execute(select(func.count()).select_from(tables.suppressions)).scalar_one()

    def list_events(self, lookup: Lookup) -> tuple[SubscriberEvent, ...]:
        """Return the subscriber's events, oldest first."""
        with self.database.begin_read() as connection:
            number = find_subscriber_id(connection, lookup)
            return _load_events(connection, number) if number else ()

    def export_subscriber(self, lookup: Lookup) -> Mapping[str, object] | None:
        """Return all that is known about the subscriber, ready for JSON; None if there is none."""
        with self.database.begin_read() as connection:
            number = find_subscriber_id(connection, lookup)
            subscriber = load_subscriber(connection, number) if number else None
            if subscriber is None:
                return None
            keys = [address.key for address in subscriber.addresses if address.address]
            hashes = load_hashes(connection, keys)
            return {
                **describe_subscriber(subscriber),
                "key": subscriber.key,
                "events": [describe_event(event) for event in _load_events(connection, subscriber.id)],
                "deliveries": _load_deliveries(connection, keys),
                "suppressions": _load_suppressions(connection, list(hashes)),
            }


def describe_subscriber(subscriber: Subscriber) -> dict[str, object]:
    """Return the subscriber with addresses and subscriptions, ready for JSON."""
    return {
        "state": str(subscriber.state),
        "created_at": subscriber.created_at,
        "language": subscriber.language,
        "zone": subscriber.zone,
        "paused_until": subscriber.paused_until,
        "addresses": [
            {
                "channel": address.channel,
                "address": address.address,
                "topic": address.topic,
                "name": address.name,
                "unsubscribe": address.unsubscribe,
                "confirmed_at": address.confirmed_at,
                "gone_at": address.gone_at,
                "gone_reason": address.gone_reason,
            }
            for address in subscriber.addresses
        ],
        "subscriptions": [
            {
                "digest": subscription.digest,
                "address": subscription.address_key,
                "state": str(subscription.state),
                "wishes": describe_wishes(subscription.wishes),
                "next_slot_at": subscription.next_slot_at,
                "last_until_at": subscription.last_until_at,
                "belongs_to": subscription.belongs_to,
                "created_at": subscription.created_at,
            }
            for subscription in subscriber.subscriptions
        ],
    }


def describe_wishes(wishes: Wishes) -> dict[str, object]:
    """Return the wishes that there are, ready for JSON."""
    values = {field.name: getattr(wishes, field.name) for field in fields(wishes)}
    plain = {
        "times": [at.isoformat(timespec="minutes") for at in wishes.times],
        "weekdays": list(wishes.weekdays),
        "zone": wishes.zone.key if wishes.zone else "",
        "topics": list(wishes.topics),
        "sections": list(wishes.sections),
        "length": str(wishes.length or ""),
    }
    return {
        name: plain.get(name, value) for name, value in values.items() if value != getattr(NO_WISHES, name)
    }


def _load_page(
    connection: Connection, state: SubscriberState | None, before: int | None, size: int
) -> list[Subscriber]:
    subscribers = tables.subscribers
    query = select(subscribers).order_by(subscribers.c.id.desc()).limit(size)
    wanted = subscribers.c.state == state if state else subscribers.c.state != SubscriberState.FORGOTTEN
    query = query.where(wanted)
    rows = connection.execute(query.where(subscribers.c.id < before) if before is not None else query).all()
    addresses: dict[int, list[Row[Any]]] = defaultdict(list)
    subscriptions: dict[int, list[Row[Any]]] = defaultdict(list)
    for table, target in ((tables.addresses, addresses), (tables.subscriptions, subscriptions)):
        theirs = table.c.subscriber_id.in_([row.id for row in rows])
        for row in connection.execute(select(table).where(theirs).order_by(table.c.id)):
            target[row.subscriber_id].append(row)
    return [build_subscriber(row, addresses[row.id], subscriptions[row.id]) for row in rows]


def _load_events(connection: Connection, number: int) -> tuple[SubscriberEvent, ...]:
    events = tables.events
    query = select(events).where(events.c.subscriber_id == number).order_by(events.c.id)
    return tuple(map(build_event, connection.execute(query)))


def describe_event(event: SubscriberEvent) -> dict[str, object]:
    return {
        "at": event.at,
        "who": event.who,
        "door": str(event.door),
        "what": str(event.what),
        "details": dict(event.details),
    }


def _load_deliveries(connection: Connection, keys: list[str]) -> list[dict[str, object]]:
    deliveries, editions, direct = tables.deliveries, tables.editions, tables.direct_messages
    digest = func.coalesce(editions.c.digest, direct.c.digest).label("digest")
    query = (
        select(deliveries, digest, editions.c.slot_at)
        .outerjoin(editions)
        .outerjoin(direct)
        .where(deliveries.c.destination.in_(keys))
        .order_by(deliveries.c.id)
    )
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "digest": row.digest,
            "slot_at": row.slot_at,
            "address": row.destination,
            "state": row.state,
            "updated_at": row.updated_at,
            "error": row.error,
        }
        for row in connection.execute(query)
    ]


def _load_suppressions(connection: Connection, hashes: list[str]) -> list[dict[str, object]]:
    suppressions = tables.suppressions
    query = select(suppressions).where(suppressions.c.keyed_hash.in_(hashes)).order_by(suppressions.c.at)
    rows: list[dict[str, object]] = []
    for row in connection.execute(query):
        at: datetime = row.at
        rows.append({"digest": row.digest, "why": row.why, "at": at})
    return rows
