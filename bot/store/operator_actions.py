"""The operator's decisions about single deliveries. Each adds a permanent line to the audit."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.errors import UnknownName, WrongState
from bot.models import DeliveryState
from bot.phrases import Phrase
from bot.store.destinations import clear_failures, end_rests
from bot.store.engine import Database, insert_once
from bot.store.tables import audit, deliveries, direct_messages, messages, receipts

_PENDING, _SENT, _UNCERTAIN = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN
_CLOSED = (DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.CANCELLED)
RESEND_LIFETIME = timedelta(hours=24)  # a delivery that the operator sends again expires after this time


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditLine:
    """One line of the audit: who did what to a delivery, and its state before."""

    delivery_id: int
    act: str
    was: DeliveryState
    who: str
    note: str
    at: datetime


# Any: the columns' types are the table's, which Row cannot know.
_Change = Callable[[Connection, "Row[Any]", datetime], Mapping[str, object]]


class OperatorActions:
    """Each method changes deliveries by id, all or none. Raises UnknownName, WrongState."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def resend(self, ids: Sequence[int], who: str, now: datetime, note: str = "") -> None:
        """Send again: a delivery that was sent from its first part, any other from the first missing part."""
        self._apply_change("resend", ids, (_UNCERTAIN, _SENT, *_CLOSED), _reopen_delivery, who, now, note)

    def settle(self, ids: Sequence[int], who: str, now: datetime, note: str = "") -> None:
        """Record that the part in doubt arrived: the delivery is done, or continues with the next part."""
        self._apply_change("settle", ids, (_UNCERTAIN,), _settle_part, who, now, note)

    def cancel(self, ids: Sequence[int], who: str, now: datetime, note: str = "") -> None:
        """Send no further part of these deliveries."""
        self._apply_change("cancel", ids, (_PENDING, _UNCERTAIN), _cancel_delivery, who, now, note)

    def _apply_change(
        self,
        act: str,
        ids: Sequence[int],
        states: Sequence[DeliveryState],
        change: _Change,
        who: str,
        now: datetime,
        note: str,
    ) -> None:
        with self.database.begin_write() as connection:
            for number in sorted(set(ids)):
                this = deliveries.c.id == number
                row = connection.execute(select(deliveries).where(this).with_for_update()).first()
                if row is None:
                    raise UnknownName(
                        Phrase("no delivery {number}; `zhaibao deliveries` lists them", number=number)
                    )
                if row.state not in states:
                    takes = ", ".join(states)
                    raise WrongState(
                        Phrase(
                            "delivery {number} is {state}; {act} is only for deliveries that are {takes}",
                            number=number,
                            state=row.state,
                            act=act,
                            takes=takes,
                        )
                    )
                values = {"worker": "", "in_flight": False, "updated_at": now, **change(connection, row, now)}
                connection.execute(update(deliveries).where(this).values(values))
                line = {
                    "at": now,
                    "who": who,
                    "act": act,
                    "delivery_id": number,
                    "was": row.state,
                    "note": note,
                }
                connection.execute(insert(audit).values(line))

    def list_audit(self, limit: int) -> tuple[AuditLine, ...]:
        """Return the audit, newest first."""
        with self.database.begin_read() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit)).all()
        return tuple(
            AuditLine(
                delivery_id=row.delivery_id,
                act=row.act,
                was=DeliveryState(row.was),
                who=row.who,
                note=row.note,
                at=row.at,
            )
            for row in rows
        )


def _reopen_delivery(connection: Connection, row: "Row[Any]", now: datetime) -> Mapping[str, object]:
    end_rests(connection, [row.id])
    begun = 0 if row.state == _SENT else row.parts_sent
    return {**_build_pending_values(row, now), "parts_sent": begun}


def _settle_part(connection: Connection, row: "Row[Any]", now: datetime) -> Mapping[str, object]:
    clear_failures(connection, [row.id])
    arrived_now = range(row.parts_sent, row.parts_sent + row.parts_begun)
    newest = {"receipt": "settled by hand", "accepted_at": now}
    statement = insert_once(connection, receipts)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["delivery_id", "part"], set_=newest),
        [{"delivery_id": row.id, "part": part, **newest} for part in arrived_now],
    )
    is_last = arrived_now.stop >= _count_parts(connection, row)
    return {
        **({"state": _SENT, "error": ""} if is_last else _build_pending_values(row, now)),
        "parts_sent": arrived_now.stop,
    }


def _cancel_delivery(connection: Connection, row: "Row[Any]", now: datetime) -> Mapping[str, object]:  # noqa: ARG001
    """Return the values of a delivery that is not sent; one that arrived before the resend stays sent."""
    resent = (audit.c.delivery_id == row.id, audit.c.act == "resend", audit.c.was == _SENT)
    if connection.execute(select(audit.c.id).where(*resent).limit(1)).first():
        return {"state": _SENT, "error": "", "parts_sent": _count_parts(connection, row)}
    return {"state": DeliveryState.CANCELLED}


def _build_pending_values(row: "Row[Any]", now: datetime) -> Mapping[str, object]:
    return {
        "state": _PENDING,
        "error": "",
        "attempts": 0,
        "due_at": now,
        "expires_at": max(row.expires_at, now + RESEND_LIFETIME),
    }


def _count_parts(connection: Connection, row: "Row[Any]") -> int:
    query = (
        select(direct_messages.c.document).where(direct_messages.c.id == row.direct_message_id)
        if row.edition_id is None
        else select(messages.c.document).where(
            messages.c.edition_id == row.edition_id, messages.c.channel == row.channel
        )
    )
    return len(json.loads(connection.execute(query).scalar_one())["parts"])
