"""What the other sides taught us about destinations: which moved, and which refuse everything.

Inside other nouns' transactions: deliveries learn it, editions heed it when recipients are frozen.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, delete, select, update

from bot.store.engine import insert_once
from bot.store.tables import broken, deliveries, moved

PORTION = 1000  # names to a statement
FREE = 2  # failures in a row that may be our own fault
LONGEST_REST_DAYS = 30
EARLY = timedelta(hours=1)  # a rest ends a little before the slot of its last day
MOST_DOUBLINGS = 6


def remember_move(connection: Connection, channel: str, old: str, new: str) -> None:
    """Rewrite what waits for the old address, and what will be frozen for it."""
    connection.execute(update(moved).where(moved.c.channel == channel, moved.c.now_at == old).values(now_at=new))
    statement = insert_once(connection, moved).values(channel=channel, address=old, now_at=new)
    connection.execute(statement.on_conflict_do_update(index_elements=["channel", "address"], set_={"now_at": new}))
    waiting = (deliveries.c.channel == channel, deliveries.c.address == old, deliveries.c.state == "pending")
    connection.execute(update(deliveries).where(*waiting).values(address=new))


def moves(connection: Connection) -> Mapping[tuple[str, str], str]:
    """(channel, address) → where it is now, of all that moved."""
    return {(row.channel, row.address): row.now_at for row in connection.execute(select(moved))}


def remember_failure(connection: Connection, destination: str, now: datetime) -> None:
    """Two failures in a row cost nothing; after the next ones it rests for 2, 4, 8 … days, never more than a month."""
    query = select(broken.c.failures).where(broken.c.destination == destination)
    failures = (connection.execute(query).scalar() or 0) + 1
    days = min(2 ** min(failures - FREE, MOST_DOUBLINGS), LONGEST_REST_DAYS) if failures > FREE else 0
    values = {"failures": failures, "rests_until": now + timedelta(days=days) - EARLY if days else now}
    statement = insert_once(connection, broken).values(destination=destination, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["destination"], set_=values))


def forget_failures(connection: Connection, delivery_ids: Collection[int]) -> None:
    """Something arrived there."""
    reached = select(deliveries.c.destination).where(deliveries.c.id.in_(delivery_ids))
    connection.execute(delete(broken).where(broken.c.destination.in_(reached)))


def resting(connection: Connection, keys: Collection[str], now: datetime) -> Mapping[str, tuple[int, datetime]]:
    """Those of these destinations that are not to be tried now: how often they failed, and until when they rest."""
    found: dict[str, tuple[int, datetime]] = {}
    for portion in portions(keys):
        query = select(broken).where(broken.c.destination.in_(portion), broken.c.rests_until > now)
        found |= {row.destination: (row.failures, row.rests_until) for row in connection.execute(query)}
    return found


def portions(keys: Collection[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while portion := list(islice(rest, PORTION)):
        yield portion
