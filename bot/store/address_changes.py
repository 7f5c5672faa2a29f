"""What deliveries teach about subscribers' addresses, recorded in the transaction of the delivery."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.store.subscribers import (
    decide_and_save,
    find_subscriber_id,
    load_subscriber,
    lock_addresses,
    save_merge,
)
from bot.store.tables import addresses, deliveries, synchronized_files
from bot.subscribers import decisions
from bot.subscribers.subscriber import Door, Lookup, Origin, Subscriber

SCHEDULE = "schedule"  # in the table of synchronized files: what a digest's slots were computed from


def mark_address_gone(connection: Connection, key: str, reason: str, now: datetime) -> None:
    """Nobody is there, as the other side says: nothing more is sent until the address is resumed."""
    if subscriber := _load(connection, key):
        decide = partial(
            decisions.mark_gone, address_key=key, reason=reason, digests={}, origin=_build_origin(now)
        )
        decide_and_save(connection, subscriber, decide)


def mark_addresses_reached(connection: Connection, delivery_ids: Collection[int], now: datetime) -> None:
    """Something arrived there after all; scheduling their digests again sets the next slots."""
    query = (
        select(addresses.c.key)
        .join(deliveries, deliveries.c.destination == addresses.c.key)
        .where(deliveries.c.id.in_(delivery_ids), addresses.c.gone_at.is_not(None))
    )
    for key in connection.execute(query).scalars().all():
        if subscriber := _load(connection, key):
            decide = partial(decisions.resume, digests={}, origin=_build_origin(now))
            decide_and_save(connection, subscriber, decide)
            names = [subscription.digest for subscription in subscriber.subscriptions]
            _require_scheduling(connection, names)


def _require_scheduling(connection: Connection, digests: Collection[str]) -> None:
    """Let the next slots of these digests be computed again before the next edition."""
    versions = synchronized_files
    connection.execute(
        delete(versions).where(versions.c.belongs_to == SCHEDULE, versions.c.digest.in_(digests))
    )


def move_address(connection: Connection, channel: str, old: str, new: str, now: datetime) -> None:
    """A chat has a new number, in all its topics. Who has that number already becomes the same subscriber."""
    keys = connection.execute(
        select(addresses.c.key).where(addresses.c.channel == channel, _is_address(channel, old))
    )
    for key in keys.scalars().all():
        _move_key(connection, key, f"{channel}:{new}{key.removeprefix(f'{channel}:{old}')}", new, now)


def _is_address(channel: str, address: str) -> ColumnElement[bool]:
    """Return the condition that a key is the address's, with any topic; the index of keys answers it."""
    key = f"{channel}:{address}"
    return (addresses.c.key == key) | ((addresses.c.key > f"{key}#") & (addresses.c.key < f"{key}$"))


def _move_key(connection: Connection, old_key: str, new_key: str, new: str, now: datetime) -> None:
    lock_addresses(connection, (old_key, new_key))
    subscriber, other = _load(connection, old_key), _load(connection, new_key)
    if subscriber is None:
        return
    origin = _build_origin(now)
    if other is None:
        decide = partial(decisions.move_address, address_key=old_key, new=new, digests={}, origin=origin)
        decide_and_save(connection, subscriber, decide)
    elif other.id != subscriber.id:
        decision = decisions.merge_subscribers(
            other, subscriber, {}, origin, replaced_key=old_key, new_key=new_key
        )
        save_merge(connection, other, subscriber, decision)


def _load(connection: Connection, key: str) -> Subscriber | None:
    number = find_subscriber_id(connection, Lookup(address_key=key))
    return load_subscriber(connection, number, for_update=True) if number else None


def _build_origin(now: datetime) -> Origin:
    return Origin(who="zhaibao", door=Door.DELIVERY, at=now)
