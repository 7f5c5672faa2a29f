"""Documents that cost too much to read, which are read again less and less often."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("entries", sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
    op.add_column("entries", sa.Column("retry_at", sa.DateTime(timezone=True)))
