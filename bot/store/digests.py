"""What the database knows about the digests: since when, their schedules, and their earlier names."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from bot.store.engine import Database, insert_once
from bot.store.tables import deliveries, digests, editions


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestState:
    """`schedule` is the schedule of the last slot that was handled, "" if there was none.

    Slots that opened until `covered_until` need no edition, although none was published in them.
    """

    first_seen_at: datetime
    schedule: str = ""
    covered_until: datetime | None = None


class DigestStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def register_digest(self, name: str, now: datetime) -> DigestState:
        """Return what is known about the digest; add it if it is new."""
        columns = (digests.c.first_seen_at, digests.c.schedule, digests.c.covered_until)
        query = select(*columns).where(digests.c.name == name)
        with self.database.begin_read() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            with self.database.begin_write() as connection:
                values = {"name": name, "first_seen_at": now, "schedule": ""}
                connection.execute(insert_once(connection, digests).values(values).on_conflict_do_nothing())
                row = connection.execute(query).mappings().one()
        return DigestState(**row)

    def find_state(self, name: str) -> DigestState | None:
        """Return what is known about the digest, None if it is unknown; change nothing."""
        columns = (digests.c.first_seen_at, digests.c.schedule, digests.c.covered_until)
        with self.database.begin_read() as connection:
            row = connection.execute(select(*columns).where(digests.c.name == name)).mappings().first()
        return DigestState(**row) if row else None

    def record_schedule(self, name: str, schedule: str, covered_until: datetime | None = None) -> None:
        """Record that a slot was handled by this schedule; `covered_until`: that slot needs no edition."""
        values = {"schedule": schedule} | ({"covered_until": covered_until} if covered_until else {})
        with self.database.begin_write() as connection:
            connection.execute(update(digests).where(digests.c.name == name).values(values))

    def find_last_published_at(self, names: Collection[str]) -> datetime | None:
        """Return when the last edition of these digests was published, None if there is none."""
        query = select(func.max(editions.c.created_at)).where(
            editions.c.digest.in_(names), editions.c.group_key == ""
        )
        with self.database.begin_read() as connection:
            return connection.execute(query).scalar()

    def find_former_names(self, name: str, configured: Collection[str]) -> tuple[str, ...]:
        """Return the digests that may be this one under an earlier name.

        Such a name is no longer configured, and this digest published nothing while that one did.
        """
        spans = (
            select(editions.c.digest, func.min(editions.c.created_at), func.max(editions.c.created_at))
            .where(editions.c.digest.not_in([name, *configured]))
            .group_by(editions.c.digest)
            .order_by(editions.c.digest)
        )
        with self.database.begin_read() as connection:
            rows = connection.execute(spans).all()
            published = [
                connection.execute(
                    select(editions.c.id).where(
                        editions.c.digest == name, editions.c.created_at.between(first, last)
                    )
                ).first()
                for _, first, last in rows
            ]
        return tuple(row[0] for row, edition in zip(rows, published, strict=True) if edition is None)

    def find_sent_to(self, names: Collection[str], destinations: Collection[str]) -> frozenset[str]:
        """Return which of these digests were published for any of these destinations (Destination.key)."""
        query = (
            select(editions.c.digest)
            .distinct()
            .join(deliveries, deliveries.c.edition_id == editions.c.id)
            .where(editions.c.digest.in_(names), deliveries.c.destination.in_(destinations))
        )
        with self.database.begin_read() as connection:
            return frozenset(connection.execute(query).scalars())
