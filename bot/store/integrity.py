"""Checks a SQLite database for damage: its pages, its references and its documents."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

_MAX_COMPLAINTS = 5  # more complaints would add nothing
_DOCUMENTS = ("articles", "editions", "messages")  # tables whose column `document` contains JSON


def find_damage(path: Path) -> tuple[str, ...]:
    """Return a few lines about damage in the database file. Nothing else may write to it meanwhile."""
    try:
        # immutable: SQLite makes no journal beside it
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)) as connection:
            return tuple(islice(_list_damage(connection), _MAX_COMPLAINTS))
    except sqlite3.DatabaseError as error:
        return (str(error),)


def _list_damage(connection: sqlite3.Connection) -> Iterator[str]:
    if complaints := _check_pages(connection, str(_MAX_COMPLAINTS)):
        if tables := _list_damaged_tables(connection):
            yield f"damaged tables: {', '.join(tables)}"
        yield from complaints
        return  # rows in damaged pages cannot be checked
    for table, row, target, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table}: row {row} names a row of {target} that is not there"
    for table in _DOCUMENTS:
        yield from _list_damaged_documents(connection, table)
    for number, digest, name, content_hash, document in connection.execute(
        "SELECT id, digest, name, content_hash, document FROM editions"
    ):
        if hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest() != content_hash:
            yield f"editions: edition {number} ({digest}, {name}) is not as it was frozen"


def _list_damaged_tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables whose own pages or indexes are damaged."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in names if _check_pages(connection, "'" + name.replace("'", "''") + "'")]


def _check_pages(connection: sqlite3.Connection, argument: str) -> list[str]:
    """Return the problems that SQLite's check finds. `argument` is their maximum number or a table's name."""
    try:
        complaints = [row[0] for row in connection.execute(f"PRAGMA integrity_check({argument})")]
    except sqlite3.DatabaseError as error:  # too damaged to be checked to the end
        return [str(error)]
    return [] if complaints == ["ok"] else [" ".join(complaint.split()) for complaint in complaints]


def _list_damaged_documents(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    # our own names
    for number, document in connection.execute(f"SELECT rowid, document FROM {table}"):  # noqa: S608
        try:
            json.loads(document)
        except ValueError:
            yield f"{table}: the document in row {number} cannot be read"
