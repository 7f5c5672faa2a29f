"""One engine for SQLite and PostgreSQL: durable commits, explicit transactions, errors in our own words."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from bot.errors import StoreError
from bot.settings import Secret

BUSY_SECONDS = 30
WRITES = "zhaibao_writes"


class Database:
    """Connections to one database. Several threads and several processes may use it at once."""

    def __init__(self, url: Secret) -> None:
        try:
            self.url = make_url(url.reveal())
            self.is_sqlite = self.url.get_backend_name() == "sqlite"
            self.engine = sqlite_engine(self.url.render_as_string(False)) if self.is_sqlite else pg_engine(url)
        except (ArgumentError, NoSuchModuleError) as error:
            raise StoreError(
                "[store] url cannot be used; it takes sqlite:///FILE or postgresql://USER@HOST/DB"
            ) from error
        except ModuleNotFoundError as error:
            raise StoreError(
                "[store] url names PostgreSQL, whose driver is missing: pip install zhaibao[postgresql]"
            ) from error
        self.writer = self.engine.execution_options(**{WRITES: True})
        # SQLite has one writer; queueing here is fair and costs no busy-wait between our own threads.
        self.turn = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.told(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end or not at all."""
        if not self.is_sqlite:
            with self.told(), self.writer.begin() as connection:
                yield connection
            return
        with self.turn, self.told(), self.writer.begin() as connection:
            yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """Translate what the database refuses into StoreError."""
        try:
            yield
        except (OperationalError, InterfaceError) as error:
            raise StoreError(f"the database {self.url.render_as_string()} does not do it: {reason(error)}") from error

    def compact(self) -> None:
        """Give free space back to the disk. PostgreSQL does so by itself."""
        if not self.is_sqlite:
            return
        connection = self.engine.raw_connection()  # VACUUM runs outside of any transaction
        try:
            with self.told():
                connection.cursor().execute("VACUUM")
        finally:
            connection.close()

    def close(self) -> None:
        self.engine.dispose()


def reason(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__


def sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)  # it holds readers' addresses
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    # pysqlite begins transactions when it likes; with None it leaves that to us.
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:  # noqa: ARG001  # Any: the driver's own connection
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # what is committed survives a power cut
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def pg_engine(url: Secret) -> Engine:
    return create_engine(url.reveal(), pool_pre_ping=True, connect_args={"connect_timeout": BUSY_SECONDS})


def insert_once(connection: Connection, table: Any) -> Any:
    """An INSERT that does nothing where the row is there; with RETURNING it tells which were new."""
    # Any: the two dialects' Insert classes share no base with on_conflict_do_nothing.
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
