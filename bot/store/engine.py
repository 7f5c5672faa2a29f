"""One engine for SQLite and PostgreSQL: durable commits, explicit transactions, errors in the project's own
words.
"""

import mmap
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import InputError, StoreError, StoreReplaced
from bot.phrases import Phrase
from bot.settings import Secret
from bot.store.integrity import find_damage

_BUSY_SECONDS = 30
_WAL_PAUSE_SECONDS = 0.02
_WRITES = "zhaibao_writes"


class Database:
    """Connections to one database. Several threads and several processes may use it at once."""

    def __init__(self, url: Secret, busy_seconds: float = _BUSY_SECONDS) -> None:
        try:
            self.url = make_url(url.reveal())
            self.is_sqlite = self.url.get_backend_name() == "sqlite"
            self.engine = (
                _build_sqlite_engine(self.url, busy_seconds)
                if self.is_sqlite
                else _build_postgresql_engine(self.url)
            )
        except (ArgumentError, NoSuchModuleError, ValueError):
            # not chained: the library's message contains parts of the URL, and so of the password
            raise StoreError(
                Phrase("[store] url cannot be used; write sqlite:///FILE or postgresql://USER@HOST/DB")
            ) from None
        except ModuleNotFoundError as error:
            raise StoreError(
                Phrase("[store] url needs the driver for PostgreSQL: pip install zhaibao[postgresql]")
            ) from error
        self.file = _find_file(self.url) if self.is_sqlite else None
        self._file_identity = _identify_file(self.file)
        self.writer = self.engine.execution_options(**{_WRITES: True})
        # SQLite has one writer; this queue is fair and lets our own threads wait without polling.
        self.write_lock = threading.Lock()

    @contextmanager
    def begin_read(self) -> Iterator[Connection]:
        with self._translate_errors(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def begin_write(self) -> Iterator[Connection]:
        """One transaction: committed at the end, or not at all."""
        if not self.is_sqlite:
            with self._translate_errors(), self.writer.begin() as connection:
                yield connection
            return
        with self.write_lock, self._translate_errors(), self.writer.begin() as connection:
            self.check_file()  # otherwise the transaction would be written to a deleted file
            yield connection

    @contextmanager
    def begin_migration(self) -> Iterator[Connection]:
        """One transaction that may rebuild tables: SQLite checks references at its end, not meanwhile."""
        if not self.is_sqlite:
            with self.begin_write() as connection:
                yield connection
            return
        with self.write_lock, self._translate_errors(), self.writer.connect() as connection:
            # Any: the driver's own connection, inside the pool's; the pragma does nothing in a transaction
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    if dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                        raise RuntimeError(f"a migration left a reference without its row: {dangling}")
            finally:
                driver.execute("PRAGMA foreign_keys=ON")

    @property
    def lock_path(self) -> Path | None:
        """The lock file of the delivery workers, beside a SQLite database."""
        return self.file.with_name(f"{self.file.name}-workers") if self.file else None

    def check_file(self) -> None:
        """Raise StoreReplaced if the file of a SQLite database is not the one that was opened."""
        if _identify_file(self.file) != self._file_identity:
            raise StoreReplaced(
                Phrase(
                    "the database {file} was deleted or replaced while zhaibao used it: nothing more "
                    "is sent; "
                    "put the right file in its place and start zhaibao again",
                    file=self.file,
                )
            )

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Translate the database's errors into StoreError."""
        try:
            yield
        except (IntegrityError, DataError):
            raise  # our statement was wrong: a bug, not trouble with the database
        except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
            raise StoreError(
                Phrase(
                    "the database {database} reports an error: {reason}",
                    database=self.url.render_as_string(),
                    reason=_extract_reason(error),
                )
            ) from error

    def write_back(self) -> None:
        """Move what is committed from SQLite's journal into the file, as far as open transactions allow."""
        if self.file is None:
            return
        with self._translate_errors(), closing(self.engine.raw_connection()) as pooled:
            pooled.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def scrub_file(self, traces: Collection[str]) -> bool:
        """Leave nothing of deleted texts in the files: empty the journal; rebuild a file that still has them.

        Returns False while other processes read older states. PostgreSQL does so in its own time.
        """
        if self.file is None:
            return True
        if not self._truncate_journal():
            return False
        if not _has_any(self.file, traces):
            return True
        self.release_space()
        return self._truncate_journal()

    def _truncate_journal(self) -> bool:
        """Write SQLite's journal back and empty it; return False while other processes still read from it."""
        with self.write_lock, self._translate_errors(), closing(self.engine.raw_connection()) as pooled:
            busy, *_ = pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def read_file(self, query: str, values: tuple[str, ...]) -> tuple[Any, ...] | None:
        """Return the first row of a query on the file itself, without its journal; () if there is none.

        None if the database is not a file. Raises StoreError if the file cannot be read now.
        """
        if self.file is None:
            return None
        uri = f"{self.file.as_uri()}?immutable=1"
        with self._translate_errors(), closing(sqlite3.connect(uri, uri=True)) as connection:
            return connection.execute(query, values).fetchone() or ()

    def release_space(self) -> None:
        """Return free space to the disk. PostgreSQL does so automatically."""
        if not self.is_sqlite:
            return
        connection = self.engine.raw_connection()  # VACUUM must run outside a transaction
        try:
            with self._translate_errors():
                connection.cursor().execute("VACUUM")
        finally:
            connection.close()

    def backup(self, target: Path) -> None:
        """Copy the database into a new file, while others use it, and check the copy.

        Raises InputError, and StoreError also if the copy is damaged: then no file is left.
        """
        if not self.is_sqlite:
            raise InputError(Phrase("zhaibao backup copies SQLite databases; for PostgreSQL use pg_dump"))
        if target.exists():
            raise InputError(Phrase("{target} exists and is not changed; name another file", target=target))
        partial = target.with_name(f".{target.name}.part")
        try:
            with self._translate_errors(), closing(self.engine.raw_connection()) as pooled:
                partial.unlink(missing_ok=True)
                partial.touch(mode=0o600)
                with closing(sqlite3.connect(partial)) as copy:
                    # Any: the driver's own connection, inside the pool's
                    source: Any = pooled.driver_connection
                    source.backup(copy)
            if damage := find_damage(partial):
                raise StoreError(
                    Phrase(
                        "the database {database} is damaged, and no backup was written: {damage}; "
                        "restore the last good backup",
                        database=self.url.render_as_string(),
                        damage="; ".join(damage),
                    )
                )
            partial.replace(target)
        except OSError as error:
            raise InputError(
                Phrase(
                    "{target}: cannot be written ({reason})", target=target, reason=error.strerror or error
                )
            ) from error
        finally:
            partial.unlink(missing_ok=True)

    def close(self) -> None:
        self.engine.dispose()


def _find_file(url: URL) -> Path | None:
    """Return the file of a SQLite database, None if it is in memory."""
    return Path(url.database).resolve() if url.database and url.database != ":memory:" else None


def _has_any(file: Path, texts: Collection[str]) -> bool:
    """Return whether the bytes of one of the texts stand anywhere in the file."""
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(text.encode("utf-8", "surrogatepass")) >= 0 for text in texts)


def _identify_file(file: Path | None) -> tuple[int, int] | None:
    """Return device and inode of the file, None if there is no file."""
    try:
        status = file.stat() if file else None
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status else None


def _extract_reason(error: Exception) -> str:
    """Return what the database itself reports, in one line and without our SQL."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return next(iter(str(cause).strip().splitlines()), type(cause).__name__)


def _build_sqlite_engine(url: URL, busy_seconds: float) -> Engine:
    path = url.database
    if path and path != ":memory:":
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).touch(mode=0o600)  # it holds subscribers' addresses
        except OSError as error:
            raise StoreError(
                Phrase(
                    "the database {path} cannot be opened: {reason}",
                    path=path,
                    reason=error.strerror or error,
                )
            ) from error
    engine = create_engine(url, connect_args={"timeout": busy_seconds, "check_same_thread": False})

    # pysqlite begins transactions by its own rules; None leaves that to us.
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#serializable-isolation-savepoints-transactional-d
    # dl
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:  # noqa: ARG001  # Any: the driver's own connection
        connection.isolation_level = None
        _enable_write_ahead(connection, busy_seconds)
        connection.execute("PRAGMA synchronous=FULL")  # what is committed survives a power cut
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten: see forgetting.py

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _enable_write_ahead(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Switch to the write-ahead log.

    Here SQLite does not wait for other processes as it does elsewhere, so we do.
    """
    end = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)


def _build_postgresql_engine(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _BUSY_SECONDS})


def insert_once(connection: Connection, table: Any) -> Any:
    """Return an INSERT that skips existing rows; with RETURNING it returns the new ones."""
    # Any: the two dialects' Insert classes share no base with on_conflict_do_nothing.
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table)
