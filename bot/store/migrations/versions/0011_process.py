"""Since when the database exists, which processes deliver from it, and the last schedule of each digest."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "database",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_table(
        "delivery_workers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("boot_id", sa.String(64), nullable=False),
        sa.Column("pid_namespace", sa.String(64), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started_ticks", sa.BigInteger, nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.UniqueConstraint("name", name="delivery_workers_once"),
    )
    op.add_column("digests", sa.Column("schedule", sa.Text, nullable=False, server_default=""))
    op.add_column("digests", sa.Column("covered_until", MOMENT))
    # a database of before exists since its first digest was seen
    first = op.get_bind().execute(sa.text("SELECT min(first_seen_at) FROM digests")).scalar()
    if first is not None:
        op.execute("INSERT INTO database (id, created_at) SELECT 1, min(first_seen_at) FROM digests")
