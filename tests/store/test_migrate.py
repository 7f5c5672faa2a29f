"""The tables come to be once, whole or not at all, and never backwards."""

import threading

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.errors import StoreError
from bot.settings import Secret
from bot.store import Store
from bot.store.engine import Database
from bot.store.migrate import MIGRATIONS_FOLDER, migrate_database
from bot.store.tables import metadata
from tests.fakes import NOON
from tests.store.samples import freeze, to


def is_ours(name: str | None, *_: object) -> bool:
    """The search index is of another make on each engine."""
    return not (name or "").startswith(("article_words", "printed_words"))


def test_the_migrations_make_the_tables_that_the_program_uses(store: Store) -> None:
    with store.database.begin_read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(store_url: str) -> None:
    with Store(Secret(store_url)) as store:
        freeze(store, to("1"))
    with Store(Secret(store_url)) as store:
        migrate_database(store.database)
        assert store.deliveries.count_by_state() == {"pending": 1}


def test_programs_that_start_together_migrate_once(store_url: str) -> None:
    errors: list[Exception] = []
    barrier = threading.Barrier(6)

    def start() -> None:
        try:
            barrier.wait()
            Store(Secret(store_url)).database.close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Store(Secret(store_url)) as store, store.database.begin_read() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1


def test_a_newer_database_is_refused_and_left_as_it_is(store_url: str) -> None:
    with Store(Secret(store_url)) as store, store.database.begin_write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="was written by a newer zhaibao; update it"):
        Store(Secret(store_url))
    database = Database(Secret(store_url))
    with database.begin_read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    database.close()


def test_a_half_made_database_is_refused_and_left_as_it_is(store_url: str) -> None:
    database = Database(Secret(store_url))
    with database.begin_write() as connection:
        connection.execute(text("CREATE TABLE receipts (id INTEGER)"))
        connection.execute(text("CREATE TABLE strangers (id INTEGER)"))
    with pytest.raises(
        StoreError, match=r"contains tables of another program, or only some of ours \(receipts, strangers\)"
    ):
        Store(Secret(store_url))
    with database.begin_read() as connection:
        assert sorted(inspect(connection).get_table_names()) == ["receipts", "strangers"]
    database.close()


@pytest.mark.parametrize("revision", [None, "0001", "ae1027a6acf"])
def test_a_database_of_another_program_is_refused_whatever_its_tables_are_called(
    store_url: str, revision: str | None
) -> None:
    database = Database(Secret(store_url))
    with database.begin_write() as connection:
        connection.execute(text("CREATE TABLE customers (id INTEGER)"))
        if revision:  # it uses Alembic too
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    with pytest.raises(
        StoreError, match=r"contains tables of another program, or only some of ours \(customers\)"
    ):
        Store(Secret(store_url))
    with database.begin_read() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version", "customers"}
    database.close()


def test_tables_of_others_beside_ours_are_left_alone(store_url: str) -> None:
    with Store(Secret(store_url)) as store, store.database.begin_write() as connection:
        connection.execute(text("CREATE TABLE customers (id INTEGER)"))
    with Store(Secret(store_url)) as store:
        assert not store.is_new


def test_only_the_opening_that_makes_the_tables_calls_the_database_new(store_url: str) -> None:
    with Store(Secret(store_url)) as store:
        assert store.is_new
        assert store.record_creation(NOON) == NOON
    with Store(Secret(store_url)) as store:
        assert not store.is_new
        assert store.record_creation(NOON.replace(year=2027)) == NOON


def test_a_migration_that_fails_half_way_leaves_no_table(store_url: str) -> None:
    database = Database(Secret(store_url))
    with database.begin_write() as connection:
        connection.execute(
            text("CREATE VIEW moved AS SELECT 1 AS id")
        )  # in the way of one of the last tables
    with pytest.raises(StoreError, match="already exists"):
        migrate_database(database)
    with database.begin_read() as connection:
        assert inspect(connection).get_table_names() == []
    database.close()


def test_a_database_of_the_first_version_comes_up_to_date_with_all_it_holds(store_url: str) -> None:
    database = Database(Secret(store_url))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
    with database.begin_write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with database.begin_write() as connection:
        connection.execute(
            text(
                "INSERT INTO digests (name, first_seen_at) VALUES ('daily', '2026-01-15 12:00:00.000000+00')"
            )
        )
    database.close()
    with Store(Secret(store_url)) as store:
        assert (
            store.digests.register_digest("daily", NOON.replace(year=2027)).first_seen_at.date()
            == NOON.date()
        )
        freeze(store, to("1"))
        assert store.deliveries.count_by_state() == {"pending": 1}
