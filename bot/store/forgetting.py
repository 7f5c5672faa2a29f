"""Forgets a subscriber: nothing in the database's files names the person afterwards, and the counts stay.

Deliveries keep a keyed hash instead of the address. SQLite overwrites what is deleted (secure_delete), its
write-ahead log is emptied, and a file that still has a copy of the address from an earlier version is
rebuilt. PostgreSQL overwrites deleted rows in its own time; its log and its backups are the operator's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from bot.models import DeliveryState, Message
from bot.store import documents
from bot.store.engine import Database, insert_once
from bot.store.subscribers import build_event_row, find_subscriber_id, load_hashes, load_subscriber
from bot.store.tables import (
    addresses,
    audit,
    broken_destinations,
    deliveries,
    direct_messages,
    events,
    moved_addresses,
    receipts,
    subscribers,
    subscriptions,
    suppressions,
)
from bot.subscribers.subscriber import (
    Door,
    EventKind,
    Lookup,
    Origin,
    Subscriber,
    SubscriberEvent,
    SubscriberState,
    SubscriptionState,
    SuppressionReason,
)

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
_NOTE = "(forgotten)"  # the only note that the audit's trigger lets through
_FORGOTTEN = "forgotten:"


@dataclass(frozen=True, kw_only=True, slots=True)
class ForgetOutcome:
    """What was forgotten. `files` still name the address; no synchronization subscribes it again.

    `is_scrubbed`: False where another process reads the database all the time, so that its log still holds
    the address: forgetting again, or `zhaibao vacuum`, ends that.
    """

    is_known: bool
    deliveries: int = 0
    files: tuple[str, ...] = ()
    is_scrubbed: bool = True


class ForgettingStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def forget(self, lookup: Lookup, origin: Origin, new_key: str) -> ForgetOutcome:
        """Forget whoever has the address or the key, also an address that only deliveries name."""
        with self.database.begin_write() as connection:
            number = find_subscriber_id(connection, lookup)
            subscriber = load_subscriber(connection, number, for_update=True) if number else None
            keys = (
                {address.key for address in subscriber.addresses if address.address} if subscriber else set()
            )
            keys |= {lookup.address_key} - {""}
            keys |= _find_former_keys(connection, keys)
            hashes = load_hashes(connection, keys)
            count = sum(_forget_deliveries(connection, key, keyed_hash) for keyed_hash, key in hashes.items())
            is_known = subscriber is not None or count > 0
            _forget_destinations(connection, keys)
            if is_known:
                _suppress(connection, hashes, origin)
            if subscriber:
                _forget_subscriber(connection, subscriber, {key: value for value, key in hashes.items()})
                _replace_history(connection, subscriber.id, origin, new_key)
        files = {each.belongs_to for each in subscriber.subscriptions} - {""} if subscriber else ()
        return ForgetOutcome(
            is_known=is_known,
            deliveries=count,
            files=tuple(sorted(files)),
            is_scrubbed=self.database.scrub_file(_list_traces(keys, subscriber)),
        )


def _find_former_keys(connection: Connection, keys: Collection[str]) -> set[str]:
    """Return the keys of addresses that moved to one of these."""
    query = select(moved_addresses.c.channel, moved_addresses.c.address, moved_addresses.c.now_at)
    channels_and_addresses = [key.split("#")[0].split(":", 1) for key in keys]
    wanted = [
        (moved_addresses.c.channel == channel) & (moved_addresses.c.now_at == address)
        for channel, address in channels_and_addresses
    ]
    if not wanted:
        return set()
    return {f"{row.channel}:{row.address}" for row in connection.execute(query.where(or_(*wanted)))}


def _forget_deliveries(connection: Connection, key: str, keyed_hash: str) -> int:
    """Replace the address by its hash; what was not sent yet is cancelled, also for a worker that has it."""
    theirs = deliveries.c.destination == key
    ids = connection.execute(select(deliveries.c.id).where(theirs)).scalars().all()
    for start in range(0, len(ids), 500):
        _forget_portion(connection, ids[start : start + 500])
    connection.execute(
        update(deliveries)
        .where(theirs, deliveries.c.state.in_(_OPEN))
        .values(state=DeliveryState.CANCELLED, worker="", in_flight=False)
    )
    values = {"address": "", "topic": None, "name": "", "unsubscribe": "", "error": ""}
    connection.execute(
        update(deliveries).where(theirs).values(destination=f"{_FORGOTTEN}{keyed_hash}", **values)
    )
    return len(ids)


def _forget_portion(connection: Connection, ids: Sequence[int]) -> None:
    """Empty what belongs to these deliveries: answers, notes, and the texts of direct messages."""
    connection.execute(update(receipts).where(receipts.c.delivery_id.in_(ids)).values(receipt=""))
    connection.execute(update(audit).where(audit.c.delivery_id.in_(ids)).values(note=_NOTE))
    direct = select(deliveries.c.direct_message_id).where(deliveries.c.id.in_(ids))
    empty = documents.to_json(Message(subject="", parts=()))
    connection.execute(update(direct_messages).where(direct_messages.c.id.in_(direct)).values(document=empty))


def _forget_destinations(connection: Connection, keys: Collection[str]) -> None:
    connection.execute(delete(broken_destinations).where(broken_destinations.c.destination.in_(keys)))
    for key in keys:
        channel, address = key.split("#")[0].split(":", 1)
        names_address = or_(moved_addresses.c.address == address, moved_addresses.c.now_at == address)
        connection.execute(delete(moved_addresses).where(moved_addresses.c.channel == channel, names_address))


def _suppress(connection: Connection, hashes: Collection[str], origin: Origin) -> None:
    for keyed_hash in hashes:
        row = {"keyed_hash": keyed_hash, "digest": "", "why": SuppressionReason.FORGOTTEN, "at": origin.at}
        statement = insert_once(connection, suppressions).values(row)
        connection.execute(
            statement.on_conflict_do_update(index_elements=["keyed_hash", "digest"], set_={"why": row["why"]})
        )


def _forget_subscriber(connection: Connection, subscriber: Subscriber, hashes: dict[str, str]) -> None:
    for address in subscriber.addresses:
        values = {
            "key": None,
            "address": None,
            "topic": None,
            "name": "",
            "unsubscribe": "",
            "gone_reason": "",
        }
        keyed_hash = hashes.get(address.key, "") if address.address else ""
        connection.execute(
            update(addresses)
            .where(addresses.c.id == address.id)
            .values(keyed_hash=keyed_hash or addresses.c.keyed_hash, **values)
        )
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.subscriber_id == subscriber.id)
        .values(state=SubscriptionState.LEFT, wishes="", wishes_key="", next_slot_at=None)
    )


def _replace_history(connection: Connection, number: int, origin: Origin, new_key: str) -> None:
    """Keep when something happened and what, but neither who did it nor with which wishes."""
    values = {
        "key": new_key,
        "state": SubscriberState.FORGOTTEN,
        "language": "",
        "zone": "",
        "paused_until": None,
    }
    connection.execute(update(subscribers).where(subscribers.c.id == number).values(values))
    connection.execute(update(events).where(events.c.subscriber_id == number).values(who="", details=""))
    forgotten = select(func.count()).where(
        events.c.subscriber_id == number, events.c.what == EventKind.FORGOTTEN
    )
    if not connection.execute(forgotten).scalar_one():
        who = origin.who if origin.door is Door.COMMAND_LINE else ""
        event = SubscriberEvent(at=origin.at, who=who, door=origin.door, what=EventKind.FORGOTTEN)
        connection.execute(insert(events).values(build_event_row(number, event)))


def _list_traces(keys: Collection[str], subscriber: Subscriber | None) -> tuple[str, ...]:
    """Return the texts that may not stand in the file any more: long enough to mean this person."""
    own = [] if subscriber is None else [address.unsubscribe for address in subscriber.addresses]
    mailboxes = [key.split(":", 1)[1] for key in keys if "@" in key]
    return tuple(text for text in (*keys, *mailboxes, *own) if text)
