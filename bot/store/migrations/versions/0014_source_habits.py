"""A source remembers for which configuration it was read, where it moved, that it is gone, and how often news
come.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("sources", sa.Column("configuration", sa.String(64), nullable=False, server_default=""))
    op.add_column("sources", sa.Column("moved_to", sa.Text, nullable=False, server_default=""))
    op.add_column("sources", sa.Column("moved_readings", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sources", sa.Column("gone_at", sa.DateTime(timezone=True)))
    op.add_column("sources", sa.Column("newest_at", sa.DateTime(timezone=True)))
    op.add_column("sources", sa.Column("usual_gap_days", sa.Float, nullable=False, server_default="0"))
