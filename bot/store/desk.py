"""The operator's decisions on single deliveries, each with a line in the audit that stays."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from bot.errors import UnknownName, WrongState
from bot.models import DeliveryState
from bot.store.destinations import FORGOTTEN, forget_failures
from bot.store.engine import Database, insert_once
from bot.store.tables import audit, broken, deliveries, messages, receipts

PENDING, SENT, UNCERTAIN = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN
CLOSED = (DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.CANCELLED)
LIFE = timedelta(hours=24)  # what an operator sends again is not too late before


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """One line of the audit: who did what to a delivery, and in which state that was."""

    delivery_id: int
    act: str
    was: DeliveryState
    who: str
    note: str
    at: datetime


# Any: the columns' types are the table's, which Row cannot know.
Change = Callable[[Connection, "Row[Any]", datetime], Mapping[str, object]]


class Desk:
    """Each method takes deliveries by id, all or none. Raises UnknownName, WrongState."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def resend(self, ids: Sequence[int], who: str, now: datetime, note: str = "") -> None:
        """Send again: what was sent whole from its first part, everything else from the part that is missing."""
        self.decide("resend", ids, (UNCERTAIN, SENT, *CLOSED), again, who, now, note)

    def settle(self, ids: Sequence[int], who: str, now: datetime, note: str = "") -> None:
        """The part in doubt did arrive: the delivery is done, or goes on with the next part."""
        self.decide("settle", ids, (UNCERTAIN,), arrived, who, now, note)

    def cancel(self, ids: Sequence[int], who: str, now: datetime, note: str = "") -> None:
        """Send no more of it."""
        self.decide("cancel", ids, (PENDING, UNCERTAIN), withdrawn, who, now, note)

    def resume(self, addresses: Sequence[str], who: str, now: datetime, note: str = "") -> int:
        """Send to these paused readers again, to all where none is named; return how many. Raises UnknownName."""
        with self.database.write() as connection:
            found = [row for address in addresses for row in paused(connection, address)]
            rows = {row.destination: row for row in (found if addresses else paused(connection))}
            for row in rows.values():
                this = deliveries.c.id == row.delivery_id
                was = connection.execute(select(deliveries.c.state).where(this)).scalar_one()
                connection.execute(update(broken).where(broken.c.destination == row.destination).values(FORGOTTEN))
                line = {"at": now, "who": who, "act": "resume", "delivery_id": row.delivery_id, "was": was}
                connection.execute(insert(audit).values(note=note or row.destination, **line))
        return len(rows)

    def decide(
        self, act: str, ids: Sequence[int], states: Sequence[DeliveryState], change: Change, who: str, now: datetime,
        note: str,
    ) -> None:  # fmt: skip
        with self.database.write() as connection:
            for number in sorted(set(ids)):
                this = deliveries.c.id == number
                row = connection.execute(select(deliveries).where(this).with_for_update()).first()
                if row is None:
                    raise UnknownName(f"no delivery {number}; `zhaibao deliveries` lists them")
                if row.state not in states:
                    takes = ", ".join(states)
                    raise WrongState(f"delivery {number} is {row.state}; {act} takes one that is {takes}")
                values = {"worker": "", "in_flight": False, "updated_at": now, **change(connection, row, now)}
                connection.execute(update(deliveries).where(this).values(values))
                line = {"at": now, "who": who, "act": act, "delivery_id": number, "was": row.state, "note": note}
                connection.execute(insert(audit).values(line))

    def lines(self, limit: int) -> tuple[Decided, ...]:
        """The audit, newest first."""
        with self.database.read() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit)).all()
        return tuple(
            Decided(
                delivery_id=row.delivery_id,
                act=row.act,
                was=DeliveryState(row.was),
                who=row.who,
                note=row.note,
                at=row.at,
            )
            for row in rows
        )


def paused(connection: Connection, address: str = "") -> "Sequence[Row[Any]]":
    """The paused readers of this address, as it stands in the list. Raises UnknownName where there is none."""
    named = or_(broken.c.destination == address, broken.c.destination.endswith(f":{address}", autoescape=True))
    query = select(broken).where(broken.c.paused_at.is_not(None), *([named] if address else []))
    rows = connection.execute(query.with_for_update()).all()
    if address and not rows:
        raise UnknownName(f"nobody at {address} is paused; `zhaibao paused` lists who is")
    return rows


def again(connection: Connection, row: "Row[Any]", now: datetime) -> Mapping[str, object]:
    forget_failures(connection, [row.id])
    begun = 0 if row.state == SENT else row.parts_sent
    return {**waiting(row, now), "parts_sent": begun}


def arrived(connection: Connection, row: "Row[Any]", now: datetime) -> Mapping[str, object]:
    forget_failures(connection, [row.id])
    arrived_now = range(row.parts_sent, row.parts_sent + row.parts_begun)
    newest = {"receipt": "settled by hand", "accepted_at": now}
    statement = insert_once(connection, receipts)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["delivery_id", "part"], set_=newest),
        [{"delivery_id": row.id, "part": part, **newest} for part in arrived_now],
    )
    is_last = arrived_now.stop >= parts_of(connection, row)
    return {**({"state": SENT, "error": ""} if is_last else waiting(row, now)), "parts_sent": arrived_now.stop}


def withdrawn(connection: Connection, row: "Row[Any]", now: datetime) -> Mapping[str, object]:  # noqa: ARG001
    return {"state": DeliveryState.CANCELLED}


def waiting(row: "Row[Any]", now: datetime) -> Mapping[str, object]:
    return {"state": PENDING, "error": "", "attempts": 0, "due_at": now, "expires_at": max(row.expires_at, now + LIFE)}


def parts_of(connection: Connection, row: "Row[Any]") -> int:
    query = select(messages.c.document).where(
        messages.c.edition_id == row.edition_id, messages.c.channel == row.channel
    )
    return len(json.loads(connection.execute(query).scalar_one())["parts"])
