"""What deliveries taught about destinations: which moved, and which refuse everything.

Deliveries record it in their own transactions; editions use it when they freeze their deliveries. The
operator can list those that are paused.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, insert, or_, select, update

from bot.models import DeliveryState, Destination
from bot.store.engine import insert_once
from bot.store.tables import audit, broken_destinations, deliveries, moved_addresses

_PORTION_SIZE = 1000  # rows in a statement
_FREE_FAILURES = 2  # failures in a row without a consequence: they may be our own fault
_MAX_REST_DAYS = 30
_EARLY_END = timedelta(hours=1)  # a rest ends shortly before the slot of its last day
_MAX_DOUBLINGS = 6
_ALERT_INTERVAL = timedelta(days=1)
NO_FAILURES: Mapping[str, object] = {"failures": 0, "paused_at": None, "reason": "", "delivery_id": None}


def record_move(connection: Connection, channel: str, old: str, new: str) -> None:
    """Use the new address for what waits for the old one, and for later editions."""
    connection.execute(
        update(moved_addresses)
        .where(moved_addresses.c.channel == channel, moved_addresses.c.now_at == old)
        .values(now_at=new)
    )
    statement = insert_once(connection, moved_addresses).values(channel=channel, address=old, now_at=new)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["channel", "address"], set_={"now_at": new})
    )
    waiting = (deliveries.c.channel == channel, deliveries.c.address == old, deliveries.c.state == "pending")
    connection.execute(update(deliveries).where(*waiting).values(address=new))


def load_moves(connection: Connection) -> Mapping[tuple[str, str], str]:
    """Return (channel, address) → the new address, for all destinations that moved."""
    return {(row.channel, row.address): row.now_at for row in connection.execute(select(moved_addresses))}


def record_refusal(connection: Connection, destination: str, now: datetime) -> None:
    """Count a refusal. Two in a row cost nothing; after the next ones it rests for 2, 4, 8 … days, at most a
    month.
    """
    query = select(broken_destinations.c.failures).where(broken_destinations.c.destination == destination)
    failures = (connection.execute(query).scalar() or 0) + 1
    days = (
        min(2 ** min(failures - _FREE_FAILURES, _MAX_DOUBLINGS), _MAX_REST_DAYS)
        if failures > _FREE_FAILURES
        else 0
    )
    values = {"failures": failures, "rests_until": now + timedelta(days=days) - _EARLY_END if days else now}
    statement = insert_once(connection, broken_destinations).values(destination=destination, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["destination"], set_=values))


def record_trouble(connection: Connection, name: str, now: datetime) -> bool:
    """Return whether the operator is to be alerted: a destination's, or a channel's, trouble is logged once a
    day.
    """
    statement = insert_once(connection, broken_destinations).values(
        destination=name, failures=0, rests_until=now, alerted_at=now
    )
    is_old = or_(
        broken_destinations.c.alerted_at.is_(None), broken_destinations.c.alerted_at <= now - _ALERT_INTERVAL
    )
    upsert = statement.on_conflict_do_update(
        index_elements=["destination"], set_={"alerted_at": now}, where=is_old
    )
    return connection.execute(upsert.returning(broken_destinations.c.destination)).first() is not None


def pause_destination(
    connection: Connection, destination: str, delivery_id: int, reason: str, now: datetime
) -> None:
    """Leave the destination out of later editions, until somebody resumes it or something arrives there after
    all.
    """
    values = {"paused_at": now, "reason": reason, "delivery_id": delivery_id}
    connection.execute(
        update(broken_destinations).where(broken_destinations.c.destination == destination).values(values)
    )
    line = {
        "at": now,
        "who": "zhaibao",
        "act": "pause",
        "delivery_id": delivery_id,
        "note": f"{destination}: {reason}",
    }
    connection.execute(insert(audit).values(was=DeliveryState.SENDING, **line))


_OF_DELIVERIES = broken_destinations.c.destination.in_(
    select(deliveries.c.destination).where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
)
_CLEAR_FAILURES = (
    update(broken_destinations)
    .where(
        _OF_DELIVERIES, or_(broken_destinations.c.failures > 0, broken_destinations.c.paused_at.is_not(None))
    )
    .values(NO_FAILURES)
)
_END_RESTS = (
    update(broken_destinations).where(_OF_DELIVERIES, broken_destinations.c.failures > 0).values(failures=0)
)


def clear_failures(connection: Connection, delivery_ids: Collection[int]) -> bool:
    """Something arrived there; return whether there had been trouble.

    When the operator was last alerted stays: once a day is once a day.
    """
    return connection.execute(_CLEAR_FAILURES, {"ids": delivery_ids}).rowcount > 0


def end_rests(connection: Connection, delivery_ids: Collection[int]) -> None:
    """The operator tries again: the destination rests no longer. A pause stays until something arrives."""
    connection.execute(_END_RESTS, {"ids": delivery_ids})


def find_left_out(connection: Connection, keys: Sequence[str], now: datetime) -> Mapping[str, str]:
    """Return those of these destinations that get nothing now, and why."""
    rests = and_(broken_destinations.c.failures > 0, broken_destinations.c.rests_until > now)
    silent = or_(rests, broken_destinations.c.paused_at.is_not(None))
    rows = connection.execute(
        select(broken_destinations).where(broken_destinations.c.destination.in_(keys), silent)
    )
    return {row.destination: _explain_left_out(row) for row in rows}


# Any: the columns' types are the table's, which Row cannot know.
def _explain_left_out(row: "Row[Any]") -> str:
    if row.paused_at:
        return (
            f"left out: paused since {row.paused_at:%Y-%m-%d} ({row.reason}); "
            f"`zhaibao subscribers resume {row.destination}` ends the pause"
        )
    until = f"tried again from {row.rests_until:%Y-%m-%d}"
    return f"left out: refused {row.failures} times in a row, {until}; `zhaibao resend` tries now"


def split_portions(destinations: Iterable[Destination]) -> Iterator[list[Destination]]:
    """Yield the destinations in portions that fit one statement."""
    rest = iter(destinations)
    while portion := list(islice(rest, _PORTION_SIZE)):
        yield portion
