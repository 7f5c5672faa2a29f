"""Which entries of a source were read (links that were followed, files that were parsed), and which cost too
much.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from bot.store.engine import Database, insert_once
from bot.store.tables import entries

_KEYS_PER_QUERY = 500  # keys in a query, below every engine's limit of parameters


class _EntryRow(NamedTuple):
    failures: int
    retry_at: datetime | None


class EntryStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def select_unread(self, source: str, keys: Sequence[str], now: datetime) -> tuple[str, ...]:
        """Return those of `keys` that were not read from this source, in their order.

        An entry that cost too much to read is among them when it is time to try it again.
        """
        rows = self._load_rows(source, keys)
        done = {key for key, row in rows.items() if not row.retry_at or now < row.retry_at}
        return tuple(key for key in keys if key not in done)

    def record_read(self, source: str, keys: Collection[str], now: datetime) -> None:
        """Record that these were read."""
        self._save_rows([_build_row(source, key, now) for key in keys])

    def record_failures(
        self, source: str, keys: Sequence[str], now: datetime, compute_wait: Callable[[int], timedelta]
    ) -> dict[str, int]:
        """Record that these cost too much to read; return how many times in a row each has done so.

        `compute_wait` returns how long to wait after a number of failures.
        """
        rows = self._load_rows(source, keys)
        failures = {key: rows[key].failures + 1 if key in rows else 1 for key in keys}
        self._save_rows(
            [
                _build_row(source, key, now) | {"failures": count, "retry_at": now + compute_wait(count)}
                for key, count in failures.items()
            ]
        )
        return failures

    def _load_rows(self, source: str, keys: Sequence[str]) -> dict[str, _EntryRow]:
        hashes = [_hash_key(key) for key in keys]
        rows: dict[str, _EntryRow] = {}
        with self.database.begin_read() as connection:
            for start in range(0, len(hashes), _KEYS_PER_QUERY):
                some = hashes[start : start + _KEYS_PER_QUERY]
                query = select(entries.c.key, entries.c.failures, entries.c.retry_at)
                query = query.where(entries.c.source == source, entries.c.key.in_(some))
                rows.update(
                    (key, _EntryRow(failures, retry_at))
                    for key, failures, retry_at in connection.execute(query)
                )
        return {key: rows[hashed] for key, hashed in zip(keys, hashes, strict=True) if hashed in rows}

    def _save_rows(self, rows: Sequence[Mapping[str, object]]) -> None:
        if not rows:
            return
        with self.database.begin_write() as connection:
            statement = insert_once(connection, entries)
            changed = {name: statement.excluded[name] for name in ("read_at", "failures", "retry_at")}
            statement = statement.on_conflict_do_update(index_elements=["source", "key"], set_=changed)
            connection.execute(statement, list(rows))


def _build_row(source: str, key: str, now: datetime) -> dict[str, object]:
    return {"source": source, "key": _hash_key(key), "read_at": now, "failures": 0, "retry_at": None}


def _hash_key(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
