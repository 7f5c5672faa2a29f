"""Which entries of a source have been read: links that were followed, files that were taken apart."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.store.engine import Database, insert_once
from bot.store.tables import entries

_KEYS_PER_QUERY = 500  # keys a query, under every engine's limit of parameters


class EntryStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def select_unread(self, source: str, keys: Sequence[str]) -> tuple[str, ...]:
        """Those of `keys` that were not read from this source before, in their order."""
        hashed = {key: _hash_key(key) for key in keys}
        known: set[str] = set()
        with self.database.begin_read() as connection:
            for start in range(0, len(keys), _KEYS_PER_QUERY):
                asked = [hashed[key] for key in keys[start : start + _KEYS_PER_QUERY]]
                query = select(entries.c.key).where(entries.c.source == source, entries.c.key.in_(asked))
                known.update(connection.execute(query).scalars())
        return tuple(key for key in keys if hashed[key] not in known)

    def record_read(self, source: str, keys: Collection[str], now: datetime) -> None:
        """Note that these were read."""
        rows = [{"source": source, "key": _hash_key(key), "read_at": now} for key in keys]
        if rows:
            with self.database.begin_write() as connection:
                connection.execute(insert_once(connection, entries).on_conflict_do_nothing(), rows)


def _hash_key(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
