"""The audit of the operator's decisions, addresses that moved, destinations that keep refusing; an index for
claims.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)
SQLITE_STAYS = """CREATE TRIGGER audit_no_{act} BEFORE {act} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"""
POSTGRESQL_STAYS = (
    """CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$""",
    """CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()""",
)


def upgrade() -> None:
    op.drop_index("deliveries_by_state", "deliveries")
    op.create_index("deliveries_by_state", "deliveries", ["state", "channel", "id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("delivery_id", sa.Integer, sa.ForeignKey("deliveries.id"), nullable=False),
        sa.Column("was", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (
        [SQLITE_STAYS.format(act=act) for act in ("update", "delete")] if is_sqlite else POSTGRESQL_STAYS
    ):
        op.execute(statement)
    op.create_table(
        "moved",
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("now_at", sa.Text, nullable=False),
    )
    op.create_table(
        "broken",
        sa.Column("destination", sa.Text, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("rests_until", MOMENT, nullable=False),
    )
