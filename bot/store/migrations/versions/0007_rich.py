"""How many parts the message stood for that was handed over last: a rich one may stand for several."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("parts_begun", sa.Integer, nullable=False, server_default="1"))
