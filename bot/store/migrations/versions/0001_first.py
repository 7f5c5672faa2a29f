"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("last_modified", sa.Text, nullable=False),
        sa.Column("collected_at", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.UniqueConstraint("source", "fingerprint", name="articles_once"),
    )
    op.create_index("articles_by_time", "articles", ["first_seen_at"])
    op.create_table(
        "digests",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("first_seen_at", MOMENT, nullable=False),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("slot", sa.Date, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.UniqueConstraint("digest", "slot", name="editions_once"),
    )
    op.create_table(
        "missed_slots",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("slot", sa.Date, primary_key=True),
        sa.Column("noticed_at", MOMENT, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("editions.id"), primary_key=True),
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("editions.id"), nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("topic", sa.BigInteger),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("parts_sent", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("worker", sa.String(64), nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("in_flight", sa.Boolean, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.UniqueConstraint("edition_id", "destination", name="deliveries_once"),
    )
    op.create_index("deliveries_by_state", "deliveries", ["channel", "state", "due_at"])
    op.create_index("deliveries_by_destination", "deliveries", ["destination", "state"])
    op.create_table(
        "receipts",
        sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
    )
