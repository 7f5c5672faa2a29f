"""A slot is an instant; an edition knows its span and the group of subscriptions that it was made for.

The names of the editions until now are their days, so that the addresses of their pages stay.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOMENT = sa.DateTime(timezone=True)
NOON = time(12)


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT name, schedule FROM digests")).all()
    schedules = {row.name: row.schedule for row in rows}
    _change_editions(connection, schedules)
    _change_missed_slots(connection, schedules)
    op.add_column("subscriptions", sa.Column("history", sa.Text, nullable=False, server_default=""))


def _change_editions(connection: sa.Connection, schedules: Mapping[str, str]) -> None:
    op.add_column("editions", sa.Column("slot_at", MOMENT))
    op.add_column("editions", sa.Column("name", sa.String(32), nullable=False, server_default=""))
    op.add_column("editions", sa.Column("from_at", MOMENT))
    op.add_column("editions", sa.Column("until_at", MOMENT))
    op.add_column("editions", sa.Column("group_key", sa.String(64), nullable=False, server_default=""))
    op.add_column("editions", sa.Column("content_key", sa.String(64), nullable=False, server_default=""))
    op.add_column("editions", sa.Column("printed", sa.Text))
    editions = sa.table(
        "editions",
        sa.column("id", sa.Integer),
        sa.column("digest", sa.String),
        sa.column("slot", sa.Date),
        sa.column("slot_at", MOMENT),
        sa.column("name", sa.String),
        sa.column("created_at", MOMENT),
        sa.column("until_at", MOMENT),
    )
    query = sa.select(editions.c.id, editions.c.digest, editions.c.slot, editions.c.created_at)
    for number, digest, day, created_at in connection.execute(query).all():
        values = {
            "slot_at": _find_slot(day, schedules.get(digest, "")),
            "name": day.isoformat(),
            "until_at": created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC),
        }
        connection.execute(sa.update(editions).where(editions.c.id == number).values(values))
    with op.batch_alter_table("editions") as batch:
        batch.drop_constraint("editions_once", type_="unique")
        batch.drop_column("slot")
        batch.alter_column("slot_at", existing_type=MOMENT, nullable=False)
        batch.alter_column("until_at", existing_type=MOMENT, nullable=False)
        batch.create_unique_constraint("editions_once", ["digest", "group_key", "slot_at"])


def _change_missed_slots(connection: sa.Connection, schedules: Mapping[str, str]) -> None:
    days = sa.table(
        "missed_slots",
        sa.column("digest", sa.String),
        sa.column("slot", sa.Date),
        sa.column("noticed_at", MOMENT),
    )
    rows = [
        {
            "digest": row.digest,
            "slot_at": _find_slot(row.slot, schedules.get(row.digest, "")),
            "noticed_at": row.noticed_at,
        }
        for row in connection.execute(sa.select(days)).all()
    ]
    op.drop_table("missed_slots")
    slots = op.create_table(
        "missed_slots",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("slot_at", MOMENT, primary_key=True),
        sa.Column("noticed_at", MOMENT, nullable=False),
    )
    if rows:
        connection.execute(sa.insert(slots), rows)


def _find_slot(day: date, schedule: str) -> datetime:
    """Return when the day's slot opened by the digest's last schedule: "08:00 Asia/Shanghai 0123456"."""
    at, _, rest = schedule.partition(" ")
    zone = ZoneInfo(rest.partition(" ")[0]) if rest else UTC
    return datetime.combine(day, time.fromisoformat(at) if at else NOON, zone).astimezone(UTC)
