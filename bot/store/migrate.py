"""Brings the tables up to date, at every start, once however many processes start together."""

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
_ADVISORY_LOCK = 0x7A686169  # "zhai": a PostgreSQL advisory lock, freed with the transaction
_FIRST_TABLES = {"sources", "articles", "digests", "editions", "messages", "deliveries"}  # of the first migration
_MAX_NAMES = 5  # of tables in a message


def migrate_database(database: Database) -> bool:
    """Apply the migrations that are missing; return whether the database was empty before.

    Raises StoreError where it is newer than this program, or holds tables of another one.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    try:
        with database.begin_write() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            revision = MigrationContext.configure(connection).get_current_revision()
            _refuse_foreign_tables(database, connection, revision)
            if revision != ScriptDirectory.from_config(config).get_current_head():
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
    """Raise StoreError where the database is another program's.

    One that no migration of ours touched must hold no table at all. One with a revision may be another program's too:
    others use Alembic as well, and number their revisions as we do.
    """
    names = set(inspect(connection).get_table_names())
    is_ours = not names if revision is None else names >= _FIRST_TABLES
    if not is_ours:
        foreign = sorted(names - {"alembic_version"}) or ["alembic_version"]
        raise StoreError(
            Phrase(
                "{database} holds tables of another program, or half of ours ({names}); "
                "name an empty database in [store] url, or restore a backup",
                database=database.url.render_as_string(),
                names=", ".join(foreign[:_MAX_NAMES]) + ("…" if len(foreign) > _MAX_NAMES else ""),
            )
        )


def record_creation(database: Database, now: datetime) -> None:
    """Note that the database exists since `now`, where that is not noted yet."""
    with database.begin_write() as connection:
        statement = insert_once(connection, tables.database).values(id=1, created_at=now)
        connection.execute(statement.on_conflict_do_nothing())


def load_creation(database: Database) -> datetime | None:
    """Return since when the database exists, None where that is not noted."""
    with database.begin_read() as connection:
        return connection.execute(select(tables.database.c.created_at)).scalar()
