"""How many parts the last message that was handed over replaced: a rich one may replace several."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("parts_begun", sa.Integer, nullable=False, server_default="1"))
