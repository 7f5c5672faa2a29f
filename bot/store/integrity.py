"""Whether a SQLite database is whole: its pages, its references and the documents in it."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

_MAX_COMPLAINTS = 5  # more say nothing that these do not
_DOCUMENTS = ("articles", "editions", "messages")  # tables whose column `document` holds JSON


def find_damage(path: Path) -> tuple[str, ...]:
    """Return what is damaged in the database file, in a few lines; nothing else may be writing to it."""
    try:
        # immutable: no journal is made beside it
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)) as connection:
            return tuple(islice(_list_damage(connection), _MAX_COMPLAINTS))
    except sqlite3.DatabaseError as error:
        return (str(error),)


def _list_damage(connection: sqlite3.Connection) -> Iterator[str]:
    if complaints := _check_pages(connection, str(_MAX_COMPLAINTS)):
        if tables := _list_damaged_tables(connection):
            yield f"damaged tables: {', '.join(tables)}"
        yield from complaints
        return  # what stands in damaged pages is not worth reading
    for table, row, target, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table}: row {row} names a row of {target} that is not there"
    for table in _DOCUMENTS:
        yield from _list_damaged_documents(connection, table)
    for number, digest, slot, content_hash, document in connection.execute(
        "SELECT id, digest, slot, content_hash, document FROM editions"
    ):
        if hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest() != content_hash:
            yield f"editions: edition {number} ({digest}, {slot}) is not as it was frozen"


def _list_damaged_tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables whose own pages or indexes are damaged."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in names if _check_pages(connection, "'" + name.replace("'", "''") + "'")]


def _check_pages(connection: sqlite3.Connection, argument: str) -> list[str]:
    """Return what SQLite's own check complains of; `argument` is a number of complaints or a table's name."""
    try:
        complaints = [row[0] for row in connection.execute(f"PRAGMA integrity_check({argument})")]
    except sqlite3.DatabaseError as error:  # too damaged to be checked to the end
        return [str(error)]
    return [] if complaints == ["ok"] else [" ".join(complaint.split()) for complaint in complaints]


def _list_damaged_documents(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    for number, document in connection.execute(f"SELECT rowid, document FROM {table}"):  # noqa: S608 - our own names
        try:
            json.loads(document)
        except ValueError:
            yield f"{table}: the document in row {number} cannot be read"
