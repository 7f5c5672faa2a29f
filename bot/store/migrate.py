"""Migrates the tables at every start; if several processes start together, only one of them does."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, select, text

from bot.errors import StoreError
from bot.phrases import Phrase
from bot.store import tables
from bot.store.engine import Database, insert_once

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x7A686169  # "zhai": a PostgreSQL advisory lock, released with the transaction
_FIRST_TABLES = {
    "sources",
    "articles",
    "digests",
    "editions",
    "messages",
    "deliveries",
}  # of the first migration
_MAX_NAMES = 5  # of tables in a message


def migrate_database(database: Database) -> bool:
    """Apply the missing migrations; return whether the database was empty before.

    Raises StoreError if it is newer than this program, or contains tables of another program.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    with database.begin_read() as connection:  # most starts: checking every reference takes long
        if MigrationContext.configure(connection).get_current_revision() == head:
            _refuse_foreign_tables(database, connection, head)
            return False
    try:
        with database.begin_migration() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            revision = MigrationContext.configure(connection).get_current_revision()
            _refuse_foreign_tables(database, connection, revision)
            if revision != head:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            Phrase(
                "{database} was written by a newer zhaibao; update it: {error}",
                database=database.url.render_as_string(),
                error=error,
            )
        ) from error
    return revision is None


def _refuse_foreign_tables(database: Database, connection: Connection, revision: str | None) -> None:
    """Raise StoreError if the database belongs to another program.

    A database without our migrations must have no table at all. A database with a revision may belong to
    another program too: others also use Alembic and number their revisions in the same way.
    """
    names = set(inspect(connection).get_table_names())
    is_ours = not names if revision is None else names >= _FIRST_TABLES
    if not is_ours:
        foreign = sorted(names - {"alembic_version"}) or ["alembic_version"]
        raise StoreError(
            Phrase(
                "{database} contains tables of another program, or only some of ours ({names}); "
                "name an empty database in [store] url, or restore a backup",
                database=database.url.render_as_string(),
                names=", ".join(foreign[:_MAX_NAMES]) + ("…" if len(foreign) > _MAX_NAMES else ""),
            )
        )


def record_creation(database: Database, now: datetime) -> None:
    """Record that the database exists since `now`, if that is not recorded yet."""
    with database.begin_write() as connection:
        statement = insert_once(connection, tables.database).values(id=1, created_at=now)
        connection.execute(statement.on_conflict_do_nothing())


def load_creation(database: Database) -> datetime | None:
    """Return since when the database exists, None if that is not recorded."""
    with database.begin_read() as connection:
        return connection.execute(select(tables.database.c.created_at)).scalar()
