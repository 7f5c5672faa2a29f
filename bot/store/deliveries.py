"""The ledger of deliveries: who may send what now, and what became of it.

Before a part goes out that is recorded (Started); what the other side said is recorded when it is known. So after a
crash a delivery that was in flight is known to be so, and only such a one is in doubt. A claim is a lease: a worker
that died holds it until the lease ends, a worker that lost it learns so from the answer to its next record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, and_, case, func, insert, not_, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from bot.models import Delivery, DeliveryState
from bot.store.engine import Database
from bot.store.tables import deliveries, editions, receipts

PENDING, SENDING = DeliveryState.PENDING, DeliveryState.SENDING


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
        earlier = deliveries.alias()
        waits = (
            select(earlier.c.id)
            .where(
                earlier.c.destination == deliveries.c.destination,
                earlier.c.id < deliveries.c.id,
                earlier.c.state.in_((PENDING, SENDING)),
            )
            .exists()
        )
        ready = (
            select(deliveries.c.id)
            .where(
                deliveries.c.channel == channel, deliveries.c.state == PENDING, deliveries.c.due_at <= now, not_(waits)
            )
            .order_by(deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self.database.write() as connection:
            ids = connection.execute(ready).scalars().all()
            taken = connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(ids), deliveries.c.state == PENDING)
                .values(state=SENDING, worker=worker, lease_until=lease_until, in_flight=False, updated_at=now)
                .returning(deliveries.c.id)
            )
            return fetched(connection, deliveries.c.id.in_(taken.scalars().all()))

    def record(self, worker: str, events: Sequence[Event], now: datetime) -> tuple[bool, ...]:
        """Write what happened, in one transaction. False for an event whose delivery is no longer this worker's."""
        with self.database.write() as connection:
            return tuple(recorded(connection, worker, event, now) for event in events)

    def renew(self, worker: str, lease_until: datetime) -> None:
        """Go on holding everything this worker has claimed."""
        held = and_(deliveries.c.worker == worker, deliveries.c.state == SENDING)
        with self.database.write() as connection:
            connection.execute(update(deliveries).where(held).values(lease_until=lease_until))

    def recover(self, now: datetime, *, repeatable: Sequence[str]) -> tuple[Delivery, ...]:
        """Free what dead workers held; return what is in doubt.

        Not in flight: pending again, at once. In flight: pending where the channel is `repeatable` (the same
        Message-ID, the same file), else uncertain: nobody can know whether the message arrived.
        """
        dead = and_(deliveries.c.state == SENDING, deliveries.c.lease_until < now)
        doubtful = and_(deliveries.c.in_flight, deliveries.c.channel.not_in(repeatable))
        with self.database.write() as connection:
            rows = connection.execute(
                update(deliveries)
                .where(dead)
                .values(
                    state=case((doubtful, DeliveryState.UNCERTAIN), else_=PENDING),
                    error=case((doubtful, "the program ended while this was being sent"), else_=deliveries.c.error),
                    in_flight=False,
                    worker="",
                    due_at=now,
                    updated_at=now,
                )
                .returning(deliveries.c.id, deliveries.c.state)
            ).all()
            return fetched(connection, deliveries.c.id.in_([row.id for row in rows if row.state != PENDING]))

    def expire(self, now: datetime) -> tuple[Delivery, ...]:
        """Give up on what is past its digest's lateness; return those given up."""
        with self.database.write() as connection:
            ids = (
                connection.execute(
                    update(deliveries)
                    .where(deliveries.c.state == PENDING, deliveries.c.expires_at <= now)
                    .values(state=DeliveryState.EXPIRED, updated_at=now)
                    .returning(deliveries.c.id)
                )
                .scalars()
                .all()
            )
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
        """When the next pending delivery of the channel is due; None when nothing waits."""
        query = select(func.min(deliveries.c.due_at)).where(
            deliveries.c.channel == channel, or_(deliveries.c.state == PENDING, deliveries.c.state == SENDING)
        )
        with self.database.read() as connection:
            return connection.execute(query).scalar()


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
    if held and isinstance(event, Accepted):
        row = {"delivery_id": event.delivery_id, "part": event.part, "receipt": event.receipt, "accepted_at": now}
        connection.execute(insert(receipts).values(row))
    return held


def fetched(connection: Connection, wanted: ColumnElement[bool], newest: int | None = None) -> tuple[Delivery, ...]:
    query = select(deliveries, editions.c.digest, editions.c.slot).join(editions).where(wanted)
    query = query.order_by(deliveries.c.id.desc()).limit(newest) if newest else query.order_by(deliveries.c.id)
    rows = connection.execute(query).all()
    said: dict[int, list[str]] = {row.id: [] for row in rows}
    given = select(receipts.c.delivery_id, receipts.c.receipt).where(receipts.c.delivery_id.in_(said))
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
