"""Subscribers with their addresses, subscriptions and events; messages outside an edition."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

MOMENT = sa.DateTime(timezone=True)
_HASH_KEY_BYTES = 32
# Of the audit, `forget` may replace the note, which may name a person, and nothing else.
SQLITE_STAYS = """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN new.note <> '(forgotten)' OR new.id <> old.id OR new.at <> old.at OR new.who <> old.who
     OR new.act <> old.act OR new.delivery_id <> old.delivery_id OR new.was <> old.was
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"""
POSTGRESQL_STAYS = (
    "DROP TRIGGER audit_stays ON audit",
    """CREATE TRIGGER audit_stays BEFORE DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()""",
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW
    WHEN (NEW.note <> '(forgotten)' OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.who <> OLD.who
          OR NEW.act <> OLD.act OR NEW.delivery_id <> OLD.delivery_id OR NEW.was <> OLD.was)
    EXECUTE FUNCTION audit_stays()""",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "hash_keys",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("secret", sa.String(64), nullable=False),
    )
    statement = sa.text("INSERT INTO hash_keys (id, secret) VALUES (1, :secret)")
    op.execute(statement.bindparams(secret=secrets.token_hex(_HASH_KEY_BYTES)))
    _create_subscribers()
    op.create_table(
        "direct_messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(130), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    _change_deliveries()
    for line in ("DROP TRIGGER audit_no_update", SQLITE_STAYS) if is_sqlite else POSTGRESQL_STAYS:
        op.execute(line)


def _create_subscribers() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("paused_until", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("key", name="subscribers_by_key"),
    )
    op.create_index("subscribers_by_state", "subscribers", ["state", "id"])
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subscriber_id", sa.Integer, sa.ForeignKey("subscribers.id"), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("topic", sa.BigInteger),
        sa.Column("keyed_hash", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("unsubscribe", sa.Text, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("gone_at", MOMENT),
        sa.Column("gone_reason", sa.Text, nullable=False),
        sa.UniqueConstraint("key", name="addresses_once"),
    )
    op.create_index("addresses_by_subscriber", "addresses", ["subscriber_id"])
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subscriber_id", sa.Integer, sa.ForeignKey("subscribers.id"), nullable=False),
        sa.Column("address_id", sa.Integer, sa.ForeignKey("addresses.id"), nullable=False),
        sa.Column("digest", sa.String(130), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("belongs_to", sa.Text, nullable=False),
        sa.Column("wishes", sa.Text, nullable=False),
        sa.Column("wishes_key", sa.String(32), nullable=False),
        sa.Column("next_slot_at", MOMENT),
        sa.Column("last_until_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("address_id", "digest", name="subscriptions_once"),
    )
    op.create_index("subscriptions_by_subscriber", "subscriptions", ["subscriber_id"])
    due = ["digest", "next_slot_at", "wishes_key", "last_until_at"]  # a group of equal wishes is a range
    op.create_index("subscriptions_due", "subscriptions", due)
    op.create_index("subscriptions_by_file", "subscriptions", ["belongs_to", "digest"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subscriber_id", sa.Integer, sa.ForeignKey("subscribers.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("door", sa.String(16), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_index("events_by_subscriber", "events", ["subscriber_id", "id"])
    op.create_table(
        "suppressions",
        sa.Column("keyed_hash", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(130), primary_key=True),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "synchronized_files",
        sa.Column("belongs_to", sa.Text, primary_key=True),
        sa.Column("digest", sa.String(130), primary_key=True),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("synchronized_at", MOMENT, nullable=False),
    )


def _change_deliveries() -> None:
    """SQLite rebuilds the table: it cannot make a column nullable."""
    with op.batch_alter_table("deliveries") as batch:
        batch.alter_column("edition_id", existing_type=sa.Integer, nullable=True)
        batch.add_column(sa.Column("direct_message_id", sa.Integer))
        batch.create_foreign_key(
            "deliveries_direct_message", "direct_messages", ["direct_message_id"], ["id"]
        )
        batch.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="edition"))
        batch.add_column(sa.Column("once_key", sa.String(64)))
        batch.add_column(sa.Column("subscription_id", sa.Integer))
        batch.add_column(sa.Column("silent", sa.Boolean, nullable=False, server_default=sa.false()))
        batch.create_unique_constraint("deliveries_once_by_key", ["once_key"])
