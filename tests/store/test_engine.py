"""What the database does to us is told in our words; what it keeps for us is kept privately."""

import sqlite3
import stat
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.errors import StoreError
from bot.settings import Secret
from bot.store import Store
from bot.store.digests import DigestStore
from bot.store.engine import Database
from bot.store.migrate import migrate_database
from bot.store.tables import digests
from tests.fakes import NOON
from tests.real.postgresql import Server
from tests.store.samples import freeze, to


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "zhaibao.db"
    with Store(Secret(f"sqlite:///{file}")) as store:
        freeze(store, to("1"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert modes == dict.fromkeys(["zhaibao.db", "zhaibao.db-shm", "zhaibao.db-wal"], 0o600)


def test_what_stands_in_the_way_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(
        StoreError, match=r"the database .*zhaibao.db cannot be opened: (File exists|Not a directory)"
    ):
        Store(Secret(f"sqlite:///{tmp_path / 'file' / 'zhaibao.db'}"))
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(StoreError, match="unable to open database file"):
        Store(Secret(f"sqlite:///{tmp_path / 'folder.db'}"))


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "zhaibao.db"
    file.write_text("临溪日报" * 1000)
    with pytest.raises(StoreError, match="reports an error: file is not a database"):
        Store(Secret(f"sqlite:///{file}"))
    assert file.read_text() == "临溪日报" * 1000


@pytest.mark.parametrize("url", ["nonsense", "mysql+nothing://x", "postgresql+psycopg://u@host:hush/db"])
def test_a_url_that_cannot_be_used_is_told_without_showing_it(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Database(Secret(url))
    assert "[store] url cannot be used; write sqlite:///FILE or postgresql://USER@HOST/DB" in str(
        caught.value
    )
    assert "hu" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match="reports an error") as caught:
        Store(Secret("postgresql+psycopg://zhaibao:hush@127.0.0.1:1/zhaibao"))
    assert "hush" not in str(caught.value)
    assert "postgresql+psycopg://127.0.0.1:1/zhaibao" in str(caught.value)


def test_the_address_shown_has_no_password(store: Store) -> None:
    shown = Database(Secret("postgresql+psycopg://zhaibao:hush@db/zhaibao")).url.render_as_string()
    assert shown == "postgresql+psycopg://zhaibao:***@db/zhaibao"
    assert "***" not in store.address


def test_a_full_disk_is_told_and_nothing_is_half_frozen(tmp_path: Path) -> None:
    with Store(Secret(f"sqlite:///{tmp_path / 'zhaibao.db'}")) as store:
        with (
            store.database.begin_write() as connection
        ):  # the pool gives this connection to the next writer too
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            connection.execute(text(f"PRAGMA max_page_count={pages + 2}"))
        with pytest.raises(StoreError, match="database or disk is full"):
            freeze(store, *(to(str(number)) for number in range(2000)))
        with store.database.begin_read() as connection:
            counts = [
                connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
                for table in ("editions", "messages", "deliveries")
            ]
        assert counts == [0, 0, 0]


def test_a_database_that_another_program_holds_is_told(tmp_path: Path) -> None:
    file = tmp_path / "zhaibao.db"
    database = Database(Secret(f"sqlite:///{file}"), busy_seconds=0.01)
    migrate_database(database)
    known = DigestStore(database)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="database is locked"):
        known.register_digest("daily", NOON)
    holder.execute("ROLLBACK")
    holder.close()
    assert known.register_digest("daily", NOON).first_seen_at == NOON
    database.close()


def interrupted(store: Store, postgresql: Server) -> None:
    with store.database.begin_write() as connection:
        connection.execute(insert(digests).values(name="lost", first_seen_at=NOON))
        postgresql.restart()
        connection.execute(text("SELECT 1"))


def test_a_restarted_server_costs_an_error_at_most_and_then_goes_on(
    postgresql: Server, postgresql_url: str
) -> None:
    with Store(Secret(postgresql_url)) as store:
        freeze(store, to("1"))
        with store.database.begin_read() as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1
        postgresql.restart()  # under a connection of the pool
        assert store.deliveries.count_by_state() == {"pending": 1}
        with pytest.raises(StoreError, match="reports an error"):
            interrupted(store, postgresql)
        assert store.deliveries.count_by_state() == {"pending": 1}
        assert store.digests.register_digest("lost", NOON).first_seen_at == NOON


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises((TypeError, StatementError), match="naive datetime"):
        store.digests.register_digest("daily", datetime(2026, 1, 15))


def test_what_we_do_wrong_ourselves_is_not_blamed_on_the_database(store: Store) -> None:
    freeze(store, to("1"))
    with pytest.raises(IntegrityError), store.database.begin_write() as connection:
        connection.execute(insert(digests), [{"name": "twice", "first_seen_at": NOON}] * 2)
