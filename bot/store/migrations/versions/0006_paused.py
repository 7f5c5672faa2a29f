"""Subscribers who are gone, when the operator was alerted to a destination's trouble, a subscriber's name."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("broken", sa.Column("told_at", MOMENT))
    op.add_column("broken", sa.Column("paused_at", MOMENT))
    op.add_column("broken", sa.Column("reason", sa.Text, nullable=False, server_default=""))
    op.add_column("broken", sa.Column("delivery_id", sa.Integer))
    op.add_column("deliveries", sa.Column("name", sa.Text, nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("unsubscribe", sa.Text, nullable=False, server_default=""))
