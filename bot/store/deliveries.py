"""Deliveries: who may send what now, and what became of it.

Before a part is sent, that is recorded (PartStarted); the answer of the other side is recorded when it comes.
So after a crash it is known which deliveries were in flight, and only these are uncertain. A claim is a
lease: a worker that died holds it until the lease ends or its death is proved; a worker that lost it learns
so when it next records.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Update, and_, bindparam, case, func, not_, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from bot.models import Delivery, DeliveryState, MessageKind
from bot.store.address_changes import mark_address_gone, mark_addresses_reached, move_address
from bot.store.destinations import (
    clear_failures,
    pause_destination,
    record_move,
    record_refusal,
    record_trouble,
)
from bot.store.engine import Database, insert_once
from bot.store.subscribers import REMOVED
from bot.store.tables import deliveries, direct_messages, editions, receipts

_PENDING, _SENDING = DeliveryState.PENDING, DeliveryState.SENDING
_MAX_ROWS = 1000  # rows in a transaction, below every database's limit of parameters


# Those of the deliveries that the worker holds; always in the order of ids, so that no two transactions can
# wait for each other. There is a transaction for every few mails: building a statement takes longer than
# carrying it out.
_HELD = (
    select(deliveries.c.id)
    .where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)),
        deliveries.c.worker == bindparam("worker"),
        deliveries.c.state == _SENDING,
    )
    .order_by(deliveries.c.id)
    .with_for_update()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PartStarted:
    """A part is about to be sent; a rich one stands for several `parts`."""

    delivery_id: int
    lease_until: datetime
    parts: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class PartAccepted:
    """The other side accepted part number `part` (from 0) and answered `receipt`; `last`: the delivery is
    done.

    A rich part replaced several `parts`, of which `part` is the first.
    """

    delivery_id: int
    part: int
    receipt: str
    last: bool
    parts: int = 1

    @property
    def next_part(self) -> int:
        return self.part + self.parts


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryEnded:
    """The worker returns its claim: PENDING (again at `due_at`), FAILED, UNCERTAIN or CANCELLED, and why.

    `is_attempt`: False for a claim that was returned unused. `address`: the destination's new one, remembered
    for later editions. `drop_topic`: this delivery continues without its topic. `should_pause`: the
    subscriber is gone, and later editions leave it out. `trouble`: whose it is, "" where it is the
    destination's own.
    """

    delivery_id: int
    state: DeliveryState
    error: str = ""
    due_at: datetime | None = None
    is_attempt: bool = True
    address: str = ""
    drop_topic: bool = False
    should_pause: bool = False
    trouble: str = ""


class RecordResult(IntEnum):
    """The result of recording an event; only LOST is false."""

    LOST = 0  # the delivery no longer belongs to this worker
    RECORDED = 1
    NEWS = 2  # recorded, and the operator was not alerted to this trouble for a day


DeliveryEvent = PartStarted | PartAccepted | DeliveryEnded


class DeliveryStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def claim_deliveries(
        self, channel: str, worker: str, now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Delivery, ...]:
        """Claim up to `limit` deliveries that are due, oldest first; each is this worker's until
        `lease_until`.

        A destination's deliveries go out in order: while one is open, its later ones cannot be claimed.
        """
        ready = and_(
            deliveries.c.channel == channel,
            deliveries.c.state == _PENDING,
            deliveries.c.due_at <= now,
            deliveries.c.expires_at > now,
            not_(_has_earlier_open()),
        )
        query = _select_with_edition(ready).order_by(deliveries.c.id).limit(limit)
        with self.database.begin_write() as connection:
            rows = connection.execute(query.with_for_update(skip_locked=True, of=deliveries)).all()
            if not rows:
                return ()
            values = {"state": _SENDING, "worker": worker, "lease_until": lease_until, "updated_at": now}
            taken = update(deliveries).where(deliveries.c.id.in_([row.id for row in rows]))
            connection.execute(taken.values(**values, in_flight=False))
            begun = [row.id for row in rows if row.parts_sent]
            receipts_by_id = (
                _load_receipts(connection, deliveries.c.id.in_(begun)) if begun else defaultdict(list)
            )
        return tuple(
            replace(_build_delivery(row, receipts_by_id[row.id]), state=_SENDING, updated_at=now)
            for row in rows
        )

    def record_events(
        self, worker: str, events: Sequence[DeliveryEvent], now: datetime
    ) -> tuple[RecordResult, ...]:
        """Record at most one event for each delivery, in one transaction; return the result of each event."""
        ids = [event.delivery_id for event in events]
        with self.database.begin_write() as connection:
            held = set(connection.execute(_HELD, {"ids": ids, "worker": worker}).scalars())
            own_events = [event for event in events if event.delivery_id in held]
            _record_started(
                connection, [event for event in own_events if isinstance(event, PartStarted)], now
            )
            accepted = [event for event in events if isinstance(event, PartAccepted)]
            late = [
                event
                for event in accepted
                if event.delivery_id not in held and _settle_late_answer(connection, worker, event)
            ]
            _record_accepted(
                connection, [event for event in accepted if event.delivery_id in held] + late, now
            )
            ended = [event for event in own_events if isinstance(event, DeliveryEnded)]
            news = {event.delivery_id for event in ended if _record_ended(connection, event, now)}
        return tuple(RecordResult((number in held) + (number in news)) for number in ids)

    def renew_leases(self, worker: str, held: Collection[int], lease_until: datetime) -> Sequence[int]:
        """Extend the lease of those of these deliveries that are still this worker's; return which."""
        mine = and_(deliveries.c.id.in_(held), deliveries.c.worker == worker, deliveries.c.state == _SENDING)
        with self.database.begin_write() as connection:
            ids = _lock_deliveries(connection, mine, len(held))
            connection.execute(
                update(deliveries).where(deliveries.c.id.in_(ids)).values(lease_until=lease_until)
            )
        return ids

    def recover_claims(
        self,
        now: datetime,
        *,
        repeatable: Sequence[str],
        dead_workers: Collection[str] = (),
        limit: int = _MAX_ROWS,
    ) -> tuple[Delivery, ...]:
        """Free up to `limit` claims whose lease has ended or whose worker is proved dead; return what is in
        doubt.

        Not in flight: pending again, at once. In flight: pending where the channel is `repeatable` (the same
        Message-ID, the same file), else uncertain: nobody can know whether the message arrived. The row still
        names the worker, whose answer counts if it comes after all (see `_settle_late_answer`).
        """
        is_abandoned = or_(deliveries.c.lease_until <= now, deliveries.c.worker.in_(dead_workers))
        dead = and_(deliveries.c.state == _SENDING, is_abandoned)
        doubtful = and_(deliveries.c.in_flight, deliveries.c.channel.not_in(repeatable))
        with self.database.begin_write() as connection:
            rows = connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(_lock_deliveries(connection, dead, limit)))
                .values(
                    state=case((doubtful, DeliveryState.UNCERTAIN), else_=_PENDING),
                    error=case(
                        (doubtful, "the program ended while this was being sent"), else_=deliveries.c.error
                    ),
                    in_flight=False,
                    due_at=now,
                    updated_at=now,
                )
                .returning(deliveries.c.id, deliveries.c.state)
            ).all()
            return _load_deliveries(
                connection, deliveries.c.id.in_([row.id for row in rows if row.state != _PENDING])
            )

    def expire_deliveries(self, now: datetime, limit: int = _MAX_ROWS) -> tuple[Delivery, ...]:
        """Give up up to `limit` deliveries that are past their digest's lateness; return them."""
        late = and_(deliveries.c.state == _PENDING, deliveries.c.expires_at <= now)
        with self.database.begin_write() as connection:
            ids = _lock_deliveries(connection, late, limit)
            values = {"state": DeliveryState.EXPIRED, "updated_at": now}
            connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(values))
            return _load_deliveries(connection, deliveries.c.id.in_(ids))

    def cancel_channels(self, configured: Collection[str], now: datetime) -> int:
        """Cancel the waiting deliveries of channels that are no longer configured; return how many."""
        removed = and_(deliveries.c.state == _PENDING, deliveries.c.channel.not_in(configured))
        values = {"state": DeliveryState.CANCELLED, "error": REMOVED, "updated_at": now}
        with self.database.begin_write() as connection:
            return connection.execute(update(deliveries).where(removed).values(values)).rowcount

    def list_deliveries(self, state: DeliveryState | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """Return deliveries, newest first."""
        with self.database.begin_read() as connection:
            wanted = deliveries.c.state == state if state else deliveries.c.id.is_not(None)
            return _load_deliveries(connection, wanted, newest=limit)

    def list_uncertain(self, channel: str, now: datetime, limit: int = 20) -> tuple[Delivery, ...]:
        """Return the channel's newest deliveries in doubt that are not too late yet."""
        uncertain = and_(
            deliveries.c.channel == channel,
            deliveries.c.state == DeliveryState.UNCERTAIN,
            deliveries.c.expires_at > now,
        )
        with self.database.begin_read() as connection:
            return _load_deliveries(connection, uncertain, newest=limit)

    def count_by_state(self) -> dict[DeliveryState, int]:
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        with self.database.begin_read() as connection:
            rows = connection.execute(query).all()
        return {DeliveryState(state): count for state, count in rows}

    def find_next_due_at(self, channel: str) -> datetime | None:
        """Return when the next delivery of the channel may be claimed or recovered; None if nothing waits.

        A delivery that waits for an earlier one of its destination is not due before that is done.
        """
        at = case((deliveries.c.state == _SENDING, deliveries.c.lease_until), else_=deliveries.c.due_at)
        first = or_(
            deliveries.c.state == _SENDING, and_(deliveries.c.state == _PENDING, not_(_has_earlier_open()))
        )
        query = select(func.min(at)).where(deliveries.c.channel == channel, first)
        with self.database.begin_read() as connection:
            return connection.execute(query).scalar()


def _has_earlier_open() -> ColumnElement[bool]:
    """Return the condition that the destination has an earlier delivery that is still open."""
    earlier = deliveries.alias()
    return (
        select(earlier.c.id)
        .where(
            earlier.c.destination == deliveries.c.destination,
            earlier.c.id < deliveries.c.id,
            earlier.c.state.in_((_PENDING, _SENDING)),
        )
        .exists()
    )


def _lock_deliveries(connection: Connection, wanted: ColumnElement[bool], limit: int) -> Sequence[int]:
    """Return the ids of up to `limit` such deliveries, oldest first, locked until the transaction ends.

    On PostgreSQL, rows that another transaction has locked are skipped, so that transactions never wait for
    each other.
    """
    query = select(deliveries.c.id).where(wanted).order_by(deliveries.c.id).limit(limit)
    return connection.execute(query.with_for_update(skip_locked=True, of=deliveries)).scalars().all()


def _record_started(connection: Connection, events: Sequence[PartStarted], now: datetime) -> None:
    for parts in {event.parts for event in events}:
        starts = [event for event in events if event.parts == parts]
        values = {"in_flight": True, "parts_begun": parts, "updated_at": now}
        values |= {"lease_until": max(event.lease_until for event in starts)}
        started = deliveries.c.id.in_([event.delivery_id for event in starts])
        connection.execute(update(deliveries).where(started).values(values))


def _record_accepted(connection: Connection, events: Sequence[PartAccepted], now: datetime) -> None:
    """Store the answer to each part; a delivery whose last part it was is done."""
    for is_last in (False, True):
        rows = [
            {"number": event.delivery_id, "parts": event.next_part, "now": now}
            for event in events
            if event.last == is_last
        ]
        if rows:
            connection.execute(_build_accepted_update(is_last), rows)
    if events:
        if clear_failures(connection, ids := [event.delivery_id for event in events]):
            mark_addresses_reached(connection, ids, now)
        answers = [
            {"delivery_id": event.delivery_id, "part": part, "receipt": event.receipt, "accepted_at": now}
            for event in events
            for part in range(event.part, event.next_part)
        ]
        connection.execute(_get_receipt_insert(connection), answers)


_receipt_inserts: dict[str, Any] = {}  # by the dialect's name


@lru_cache
def _build_accepted_update(is_last: bool) -> Update:
    values = {"in_flight": False, "parts_sent": bindparam("parts"), "updated_at": bindparam("now")}
    done = {"state": DeliveryState.SENT, "worker": "", "error": "", "attempts": deliveries.c.attempts + 1}
    return (
        update(deliveries)
        .where(deliveries.c.id == bindparam("number"))
        .values(values | (done if is_last else {}))
    )


def _get_receipt_insert(connection: Connection) -> Any:  # Any: as in insert_once
    name = connection.dialect.name
    if name not in _receipt_inserts:
        statement = insert_once(connection, receipts)
        # a part that is sent again gets a new answer
        newest = {"receipt": statement.excluded.receipt, "accepted_at": statement.excluded.accepted_at}
        _receipt_inserts[name] = statement.on_conflict_do_update(
            index_elements=["delivery_id", "part"], set_=newest
        )
    return _receipt_inserts[name]


def _record_ended(connection: Connection, event: DeliveryEnded, now: datetime) -> bool:
    """End the claim and remember what it teaches about the destination; return whether that is news."""
    this = deliveries.c.id == event.delivery_id
    values: dict[str, object] = {"state": event.state, "in_flight": False, "worker": "", "updated_at": now}
    values |= {"error": event.error} if event.error else {}
    values |= {"attempts": deliveries.c.attempts + 1} if event.is_attempt else {}
    values |= {"error": event.error} if event.is_attempt or event.error else {}
    values |= {"due_at": event.due_at} if event.due_at else {}
    values |= {"topic": None} if event.drop_topic else {}
    values |= {"address": event.address} if event.address else {}
    is_news = event.is_attempt and _record_lesson(connection, event, now)
    connection.execute(update(deliveries).where(this).values(values))
    return is_news


def _record_lesson(connection: Connection, event: DeliveryEnded, now: datetime) -> bool:
    """Remember what an attempt says about its destination; return whether the operator is to be alerted."""
    columns = (deliveries.c.channel, deliveries.c.address, deliveries.c.destination)
    row = connection.execute(select(*columns).where(deliveries.c.id == event.delivery_id)).one()
    if event.address:
        record_move(connection, row.channel, row.address, event.address)
        move_address(connection, row.channel, row.address, event.address, now)
    if event.state == DeliveryState.FAILED:
        record_refusal(connection, row.destination, now)
    if event.should_pause:
        pause_destination(connection, row.destination, event.delivery_id, event.error, now)
        mark_address_gone(connection, row.destination, event.error, now)
    return record_trouble(connection, event.trouble or row.destination, now)


def _settle_late_answer(connection: Connection, worker: str, event: PartAccepted) -> bool:
    """Use an answer that came after the lease was lost. Return False if another worker sent the part."""
    in_doubt = and_(
        deliveries.c.id == event.delivery_id,
        deliveries.c.worker == worker,
        deliveries.c.parts_sent == event.part,
        deliveries.c.state.in_((_PENDING, DeliveryState.UNCERTAIN)),
    )
    values = {"state": _PENDING, "worker": "", "error": ""}
    return connection.execute(update(deliveries).where(in_doubt).values(values)).rowcount == 1


def _select_with_edition(wanted: ColumnElement[bool]) -> "Select[Any]":
    columns = (
        deliveries,
        func.coalesce(editions.c.digest, direct_messages.c.digest).label("digest"),
        editions.c.name.label("edition_name"),
        direct_messages.c.created_at,
    )
    return select(*columns).outerjoin(editions).outerjoin(direct_messages).where(wanted)


def _load_deliveries(
    connection: Connection, wanted: ColumnElement[bool], newest: int | None = None
) -> tuple[Delivery, ...]:
    ids = select(deliveries.c.id).where(wanted).order_by(deliveries.c.id.desc()).limit(newest)
    query = _select_with_edition(deliveries.c.id.in_(ids)).order_by(
        deliveries.c.id.desc() if newest else deliveries.c.id
    )
    receipts_by_id = _load_receipts(connection, deliveries.c.id.in_(ids))
    return tuple(_build_delivery(row, receipts_by_id[row.id]) for row in connection.execute(query))


def _load_receipts(connection: Connection, wanted: ColumnElement[bool]) -> defaultdict[int, list[str]]:
    """Return the answers to these deliveries, a list for each in the order of parts."""
    receipts_by_id: defaultdict[int, list[str]] = defaultdict(list)
    query = select(receipts.c.delivery_id, receipts.c.receipt).join(deliveries).where(wanted)
    for delivery_id, receipt in connection.execute(query.order_by(receipts.c.part)):
        receipts_by_id[delivery_id].append(receipt)
    return receipts_by_id


# Any: the columns' types are the table's, which Row cannot know.
def _build_delivery(row: "Row[Any]", parts_receipts: Sequence[str]) -> Delivery:
    return Delivery(
        id=row.id,
        edition_id=row.edition_id,
        digest=row.digest,
        edition_name=row.edition_name or row.created_at.date().isoformat(),
        destination=row.destination,
        channel=row.channel,
        address=row.address,
        topic=row.topic,
        state=DeliveryState(row.state),
        parts_sent=row.parts_sent,
        attempts=row.attempts,
        due_at=row.due_at,
        expires_at=row.expires_at,
        receipts=tuple(parts_receipts),
        error=row.error,
        updated_at=row.updated_at,
        name=row.name,
        unsubscribe=row.unsubscribe,
        kind=MessageKind(row.kind),
        direct_message_id=row.direct_message_id,
        subscription_id=row.subscription_id,
        silent=row.silent,
    )
