"""The ledger of deliveries: who may send what now, and what became of it.

Before a part goes out that is recorded (Started); what the other side said is recorded when it is known. So after a
crash a delivery that was in flight is known to be so, and only such a one is in doubt. A claim is a lease: a worker
that died holds it until the lease ends, a worker that lost it learns so from the answer to its next record.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, and_, case, func, insert, not_, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from bot.models import Delivery, DeliveryState
from bot.store.engine import Database
from bot.store.tables import deliveries, editions, receipts

PENDING, SENDING = DeliveryState.PENDING, DeliveryState.SENDING
MANY = 1000  # rows to a transaction, so that no statement outgrows a database's limit of parameters


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """A part is about to be handed over."""

    delivery_id: int
    lease_until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The other side took part number `part` (from 0) and said `receipt`; `last`: the delivery is done."""

    delivery_id: int
    part: int
    receipt: str
    last: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """The worker lets go: PENDING (again at `due_at`), FAILED or UNCERTAIN, and why.

    `tried` counts the attempt; a claim handed back unused does not. `address`: the destination's new one.
    """

    delivery_id: int
    state: DeliveryState
    error: str = ""
    due_at: datetime | None = None
    tried: bool = True
    address: str = ""


Event = Started | Accepted | Ended


class Deliveries:
    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(
        self, channel: str, worker: str, now: datetime, lease_until: datetime, limit: int
    ) -> tuple[Delivery, ...]:
        """Take up to `limit` deliveries that are due, oldest first; each is this worker's until `lease_until`.

        A destination's earlier deliveries go first: while one is open, its later ones are not given out.
        """
        ready = and_(
            deliveries.c.channel == channel,
            deliveries.c.state == PENDING,
            deliveries.c.due_at <= now,
            deliveries.c.expires_at > now,
            not_(waits()),
        )
        with self.database.write() as connection:
            ids = locked(connection, ready, limit)
            if not ids:
                return ()
            values = {"state": SENDING, "worker": worker, "lease_until": lease_until, "updated_at": now}
            connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(**values, in_flight=False))
            return fetched(connection, deliveries.c.id.in_(ids))

    def record(self, worker: str, events: Sequence[Event], now: datetime) -> tuple[bool, ...]:
        """Write what happened, in one transaction. False for an event whose delivery is no longer this worker's."""
        held = [False] * len(events)
        with self.database.write() as connection:
            # always in the order of ids, so that no two transactions can wait for each other
            for at in sorted(range(len(events)), key=lambda at: events[at].delivery_id):
                held[at] = recorded(connection, worker, events[at], now)
        return tuple(held)

    def renew(self, worker: str, held: Collection[int], lease_until: datetime) -> None:
        """Go on holding these deliveries, those of them that are still this worker's."""
        mine = and_(deliveries.c.id.in_(held), deliveries.c.worker == worker, deliveries.c.state == SENDING)
        with self.database.write() as connection:
            ids = locked(connection, mine, len(held))
            connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(lease_until=lease_until))

    def recover(self, now: datetime, *, repeatable: Sequence[str], limit: int = MANY) -> tuple[Delivery, ...]:
        """Free what dead workers held, up to `limit` of them; return what is in doubt.

        Not in flight: pending again, at once. In flight: pending where the channel is `repeatable` (the same
        Message-ID, the same file), else uncertain: nobody can know whether the message arrived. The row still names
        the worker, whose answer counts if it comes after all (see `recorded`).
        """
        dead = and_(deliveries.c.state == SENDING, deliveries.c.lease_until <= now)
        doubtful = and_(deliveries.c.in_flight, deliveries.c.channel.not_in(repeatable))
        with self.database.write() as connection:
            rows = connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(locked(connection, dead, limit)))
                .values(
                    state=case((doubtful, DeliveryState.UNCERTAIN), else_=PENDING),
                    error=case((doubtful, "the program ended while this was being sent"), else_=deliveries.c.error),
                    in_flight=False,
                    due_at=now,
                    updated_at=now,
                )
                .returning(deliveries.c.id, deliveries.c.state)
            ).all()
            return fetched(connection, deliveries.c.id.in_([row.id for row in rows if row.state != PENDING]))

    def expire(self, now: datetime, limit: int = MANY) -> tuple[Delivery, ...]:
        """Give up on what is past its digest's lateness, up to `limit` of it; return those given up."""
        late = and_(deliveries.c.state == PENDING, deliveries.c.expires_at <= now)
        with self.database.write() as connection:
            ids = locked(connection, late, limit)
            values = {"state": DeliveryState.EXPIRED, "updated_at": now}
            connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(values))
            return fetched(connection, deliveries.c.id.in_(ids))

    def listed(self, state: DeliveryState | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """Newest first."""
        with self.database.read() as connection:
            wanted = deliveries.c.state == state if state else deliveries.c.id.is_not(None)
            return fetched(connection, wanted, newest=limit)

    def counts(self) -> dict[DeliveryState, int]:
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return {DeliveryState(state): count for state, count in rows}

    def next_due_at(self, channel: str) -> datetime | None:
        """When the next delivery of the channel may be claimed or recovered; None when nothing waits.

        One that waits for its destination's earlier one is not due before that is done.
        """
        at = case((deliveries.c.state == SENDING, deliveries.c.lease_until), else_=deliveries.c.due_at)
        first = or_(deliveries.c.state == SENDING, and_(deliveries.c.state == PENDING, not_(waits())))
        query = select(func.min(at)).where(deliveries.c.channel == channel, first)
        with self.database.read() as connection:
            return connection.execute(query).scalar()


def waits() -> ColumnElement[bool]:
    """True of a delivery whose destination has an earlier one that is open."""
    earlier = deliveries.alias()
    return (
        select(earlier.c.id)
        .where(
            earlier.c.destination == deliveries.c.destination,
            earlier.c.id < deliveries.c.id,
            earlier.c.state.in_((PENDING, SENDING)),
        )
        .exists()
    )


def locked(connection: Connection, wanted: ColumnElement[bool], limit: int) -> Sequence[int]:
    """The ids of up to `limit` such deliveries, oldest first, ours alone until the transaction ends.

    On PostgreSQL rows another transaction holds are passed over, so that no two can wait for each other.
    """
    query = select(deliveries.c.id).where(wanted).order_by(deliveries.c.id).limit(limit)
    return connection.execute(query.with_for_update(skip_locked=True, of=deliveries)).scalars().all()


def recorded(connection: Connection, worker: str, event: Event, now: datetime) -> bool:
    mine = and_(deliveries.c.id == event.delivery_id, deliveries.c.worker == worker, deliveries.c.state == SENDING)
    values: dict[str, object] = {"updated_at": now}
    match event:
        case Started():
            values |= {"in_flight": True, "lease_until": event.lease_until}
        case Accepted():
            values |= {"in_flight": False, "parts_sent": event.part + 1}
            if event.last:
                values |= {
                    "state": DeliveryState.SENT,
                    "worker": "",
                    "error": "",
                    "attempts": deliveries.c.attempts + 1,
                }
        case Ended():
            values |= {"state": event.state, "in_flight": False, "worker": ""}
            values |= {"error": event.error, "attempts": deliveries.c.attempts + 1} if event.tried else {}
            values |= {"due_at": event.due_at} if event.due_at else {}
            values |= {"address": event.address} if event.address else {}
    held = connection.execute(update(deliveries).where(mine).values(values)).rowcount == 1
    if isinstance(event, Accepted) and (held or settled(connection, worker, event, values)):
        row = {"delivery_id": event.delivery_id, "part": event.part, "receipt": event.receipt, "accepted_at": now}
        connection.execute(insert(receipts).values(row))
    return held


def settled(connection: Connection, worker: str, event: Accepted, values: dict[str, object]) -> bool:
    """An answer that came after the lease was lost still tells what became of the part, if nobody has sent it since."""
    in_doubt = and_(
        deliveries.c.id == event.delivery_id,
        deliveries.c.worker == worker,
        deliveries.c.parts_sent == event.part,
        deliveries.c.state.in_((PENDING, DeliveryState.UNCERTAIN)),
    )
    known = {"state": PENDING, "worker": "", "error": ""} | values
    return connection.execute(update(deliveries).where(in_doubt).values(known)).rowcount == 1


def fetched(connection: Connection, wanted: ColumnElement[bool], newest: int | None = None) -> tuple[Delivery, ...]:
    ids = select(deliveries.c.id).where(wanted).order_by(deliveries.c.id.desc()).limit(newest)
    query = select(deliveries, editions.c.digest, editions.c.slot).join(editions).where(deliveries.c.id.in_(ids))
    rows = connection.execute(query.order_by(deliveries.c.id.desc() if newest else deliveries.c.id)).all()
    said: dict[int, list[str]] = {row.id: [] for row in rows}
    given = select(receipts.c.delivery_id, receipts.c.receipt).where(receipts.c.delivery_id.in_(ids))
    for delivery_id, receipt in connection.execute(given.order_by(receipts.c.part)):
        said[delivery_id].append(receipt)
    return tuple(model(row, tuple(said[row.id])) for row in rows)


# Any: the columns' types are the table's, which Row cannot know.
def model(row: "Row[tuple[object, ...]]", said: tuple[str, ...]) -> Delivery:
    return Delivery(
        id=row.id,
        edition_id=row.edition_id,
        digest=row.digest,
        slot=row.slot,
        channel=row.channel,
        address=row.address,
        topic=row.topic,
        state=DeliveryState(row.state),
        parts_sent=row.parts_sent,
        attempts=row.attempts,
        due_at=row.due_at,
        expires_at=row.expires_at,
        receipts=said,
        error=row.error,
        updated_at=row.updated_at,
    )
