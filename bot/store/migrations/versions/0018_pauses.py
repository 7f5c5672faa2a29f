"""An index of the ends of pauses."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_index("subscribers_by_pause", "subscribers", ["paused_until"])
