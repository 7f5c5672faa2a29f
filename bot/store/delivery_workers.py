"""Registers delivery workers, so that a later worker can prove that an earlier one is dead.

A worker that was killed leaves claims behind. Other machines wait for the end of its lease, because they
cannot know more. On the same machine the kernel knows: see process_identity. If process numbers cannot be
compared (another container, another boot), a SQLite database has a lock file beside it: every worker holds a
lock in it, and the kernel releases the locks of a process that ends.
"""

import fcntl
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, select

from bot.errors import StoreError
from bot.models import DeliveryState
from bot.phrases import Phrase
from bot.store.engine import Database, insert_once
from bot.store.process_identity import ProcessIdentity, has_ended, identify_process
from bot.store.tables import deliveries, delivery_workers


class DeliveryWorkerStore:
    def __init__(self, database: Database) -> None:
        self.database = database
        self._own: set[str] = set()  # registered by this process, which could take their locks again
        self._registered_at: dict[str, datetime] = {}  # by name, as last seen
        self._in_file: dict[str, str] = {}  # by name, as last seen in the file itself, as text
        self._lock_file: int | None = None

    def register_worker(self, name: str, now: datetime) -> None:
        """Record the process of the worker, and take its lock. A worker repeats this, to renew its
        registration time.

        Removes dead workers that hold no claims.
        """
        identity = identify_process()
        with self.database.begin_write() as connection:
            holding = select(deliveries.c.worker).where(deliveries.c.state == DeliveryState.SENDING)
            rows = connection.execute(
                select(delivery_workers).where(delivery_workers.c.name.not_in(holding))
            ).all()
            ended = [row.name for row in rows if self._is_proved_dead(row, identity)]
            connection.execute(delete(delivery_workers).where(delivery_workers.c.name.in_(ended)))
            values = {
                "name": name,
                "boot_id": identity.boot_id,
                "pid_namespace": identity.pid_namespace,
                "pid": identity.pid,
                "started_ticks": identity.started_ticks,
                "registered_at": now,
            }
            statement = insert_once(connection, delivery_workers).values(values)
            statement = statement.on_conflict_do_update(index_elements=["name"], set_=values)
            self._take_lock(connection.execute(statement.returning(delivery_workers.c.id)).scalar_one())
        self._own.add(name)
        self._registered_at[name] = now
        self.database.write_back()
        self._is_in_file(name)

    def remove_worker(self, name: str) -> None:
        """Remove a worker that has ended normally and holds no claims."""
        with self.database.begin_write() as connection:
            connection.execute(delete(delivery_workers).where(delivery_workers.c.name == name))
        self.close()

    def is_registered(self, name: str) -> bool:
        """Return False if the database does not have the worker: then it is not the database that was opened.

        Also if its registration is older than before: then an older copy replaced the database.
        """
        query = select(delivery_workers.c.registered_at).where(delivery_workers.c.name == name)
        with self.database.begin_read() as connection:
            registered_at = connection.execute(query).scalar()
        if registered_at is None or registered_at < self._registered_at.get(name, registered_at):
            return False
        self._registered_at[name] = registered_at
        return self._is_in_file(name)

    def _is_in_file(self, name: str) -> bool:
        """Return False if the file itself contains an older registration than before.

        Open connections continue to read the journal beside the file, even if another file was copied over
        it.
        """
        query = "SELECT registered_at FROM delivery_workers WHERE name = ?"
        try:
            row = self.database.read_file(query, (name,))
        except StoreError:
            return True  # it is being written; permanent damage is reported by the open connection
        if row is None:
            return True
        written, last_written = (row[0] if row else ""), self._in_file.get(name, "")
        self._in_file[name] = max(written, last_written)
        return written >= last_written

    def find_dead_workers(self) -> tuple[str, ...]:
        """Return the workers that hold claims and have certainly ended."""
        holding = select(deliveries.c.worker).where(deliveries.c.state == DeliveryState.SENDING)
        with self.database.begin_read() as connection:
            rows = connection.execute(
                select(delivery_workers).where(delivery_workers.c.name.in_(holding))
            ).all()
        identity = identify_process()
        return tuple(
            row.name for row in rows if row.name not in self._own and self._is_proved_dead(row, identity)
        )

    def close(self) -> None:
        """Release the lock."""
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    # Any: the columns' types are the table's, which Row cannot know.
    def _is_proved_dead(self, row: "Row[Any]", mine: ProcessIdentity) -> bool:
        identity = ProcessIdentity(
            boot_id=row.boot_id,
            pid_namespace=row.pid_namespace,
            pid=row.pid,
            started_ticks=row.started_ticks,
        )
        if mine.is_comparable(identity):
            return has_ended(identity)
        return self._is_lock_free(row.id)

    def _take_lock(self, number: int) -> None:
        """Lock byte `number` of the lock file. Forked processes do not inherit the lock."""
        if (path := self.database.lock_path) is None:
            return
        if self._lock_file is None:
            self._lock_file = _open_lock_file(path)
        fcntl.lockf(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)

    def _is_lock_free(self, number: int) -> bool:
        """Return True if no process holds that byte.

        Only SQLite has a lock file; elsewhere nothing is proved.
        """
        if (path := self.database.lock_path) is None:
            return False
        if self._lock_file is None:
            self._lock_file = _open_lock_file(path)
        try:
            fcntl.lockf(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError:
            return False
        with suppress(OSError):
            fcntl.lockf(self._lock_file, fcntl.LOCK_UN, 1, number)
        return True


def _open_lock_file(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            Phrase("{path} cannot be opened: {reason}", path=path, reason=error.strerror or error)
        ) from error
