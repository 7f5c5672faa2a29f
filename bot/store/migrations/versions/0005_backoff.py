"""How often a source failed in a row, when it is tried again, and when the operator was alerted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("sources", sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("next_at", MOMENT))
    op.add_column("sources", sa.Column("told_at", MOMENT))
