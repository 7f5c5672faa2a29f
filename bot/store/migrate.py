"""Brings the tables up to date, at every start, once however many processes start together."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.phrases import Phrase
from bot.store.engine import Database
from bot.store.tables import metadata

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x7A686169  # "zhai": a PostgreSQL advisory lock, freed with the transaction


def migrate_database(database: Database) -> None:
    """Apply the migrations that are missing. Raises StoreError when the database is newer than this program."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    try:
        with database.begin_write() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            at = MigrationContext.configure(connection).get_current_revision()
            if at is None:
                _refuse_foreign_tables(database, connection)
            if at != ScriptDirectory.from_config(config).get_current_head():
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


def _refuse_foreign_tables(database: Database, connection: Connection) -> None:
    """Raise StoreError where our names are taken by tables that no migration of ours made."""
    taken = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
    if taken:
        raise StoreError(
            Phrase(
                "{database} holds tables of another program, or half of ours ({names}); "
                "name an empty database in [store] url, or restore a backup",
                database=database.url.render_as_string(),
                names=", ".join(taken),
            )
        )
