"""Which sources of an edition were still being read when it was made."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("editions", sa.Column("unfinished", sa.Text, nullable=False, server_default=""))
