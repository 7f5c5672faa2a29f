"""The operator's desk: what was decided by hand, addresses that moved; claiming without sorting."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_index("deliveries_by_state", "deliveries")
    op.create_index("deliveries_by_state", "deliveries", ["state", "channel", "id"])
