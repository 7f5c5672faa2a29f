"""A backup that would not restore is no backup: damage is found, named, and leaves no file."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import InputError, StoreError
from bot.settings import Secret
from bot.store import Store
from tests.fakes import NOON
from tests.store.samples import article, edition, freeze, to

PAGE_BYTES = 4096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database that holds enough for several pages of each table, closed."""
    path = tmp_path / "zhaibao.db"
    with Store(Secret(f"sqlite:///{path}")) as store:
        store.articles.add_articles(
            [article(n, text=f"第{n}座水库开始蓄水。" * 200) for n in range(60)], NOON
        )
        freeze(store, *(to(str(n)) for n in range(300)))
    return path


def find_pages(file: Path, table: str) -> list[int]:
    """The pages that a table or index occupies, its root first."""
    with closing(sqlite3.connect(file)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        try:
            rows = connection.execute(
                "SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno", (table,)
            ).fetchall()
        except sqlite3.OperationalError:  # this SQLite was built without dbstat
            return [root]
        return [row[0] for row in rows]


def overwrite(file: Path, page: int, data: bytes, offset: int = 0) -> None:
    with file.open("r+b") as opened:
        opened.seek((page - 1) * PAGE_BYTES + offset)
        opened.write(data)


def spoil_table(file: Path) -> None:
    overwrite(file, find_pages(file, "deliveries")[0], b"\xa5" * PAGE_BYTES)


def spoil_index(file: Path) -> None:
    overwrite(file, find_pages(file, "deliveries_by_state")[-1], b"\0" * PAGE_BYTES)


def cut_off(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size - 3 * PAGE_BYTES)


def change_an_edition(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE editions SET document = replace(document, '临溪', '林西')")


def garble_an_article(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE articles SET document = substr(document, 1, 50) WHERE id = 7")


def lose_an_edition(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM editions")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (spoil_table, "deliveries"),
        (spoil_index, "deliveries"),
        (cut_off, "malformed"),
        (change_an_edition, "edition 1 (daily, 2026-01-15) is not as it was frozen"),
        (garble_an_article, "articles: the document in row 7 cannot be read"),
        (lose_an_edition, "deliveries: row 1 names a row of editions that is not there"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_damaged_copy_is_named_and_leaves_no_file(
    spoil: Callable[[Path], None], named: str, file: Path, tmp_path: Path
) -> None:
    spoil(file)
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(StoreError) as caught, Store(Secret(f"sqlite:///{file}")) as store:
        store.database.backup(folder / "copy.db")
    assert named in str(caught.value)
    assert list(folder.iterdir()) == []


def test_a_whole_copy_is_kept_and_can_be_restored(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store(Secret(f"sqlite:///{file}")) as store:
        store.database.backup(copy)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(("copy", ".copy"))) == [
        "copy.db"
    ]
    with Store(Secret(f"sqlite:///{copy}")) as store:
        assert store.deliveries.count_by_state() == {"pending": 300}
        assert store.editions.load_edition(1) == edition()


def test_an_existing_file_stays_as_it_is(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    with (
        Store(Secret(f"sqlite:///{file}")) as store,
        pytest.raises(InputError, match="exists and is not changed"),
    ):
        store.database.backup(copy)
    assert copy.read_text() == "mine"
