"""What the pages name exists, the page of architecture names every module, and lines of prose are short."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATH = re.compile(r"`((?:bot|docs|seeds|summarizer|templates|tests)/[\w./*-]*)`")
NOT_THERE_YET = (
    "bot/channels/matrix/",
    "bot/channels/gazette/*",
    "bot/jobs/",
    "bot/locales/ru/*",
    "*/NAME.py",
    "*_NAME.py",
)
MAX_COLUMNS = 120


def list_lines(page: Path) -> Iterator[tuple[int, str]]:
    return enumerate(page.read_text("utf-8").splitlines(), 1)


def name_page(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    missing = [
        f"{number}: {path}"
        for number, line in list_lines(page)
        for path in PATH.findall(line)
        if not any(ROOT.glob(path)) and not any(fnmatch(path, pattern) for pattern in NOT_THERE_YET)
    ]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_no_line_of_prose_is_long(page: Path) -> None:
    long = [
        number
        for number, line in list_lines(page)
        if len(line) > MAX_COLUMNS and not line.startswith("|") and "http" not in line
    ]
    assert not long


def test_the_architecture_names_every_module_and_package_of_bot() -> None:
    house = (ROOT / "docs/explanation/architecture.md").read_text("utf-8").split("## Who may import whom")[0]
    named = set(re.findall(r"(?<![\w/])(\w+)(?:/|\.py)", house))
    modules = {
        path.stem
        for path in (ROOT / "bot").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and not path.name.startswith("__")
    }
    assert modules <= named, "every module has its line"


def test_the_newspaper_page_names_modules_that_exist() -> None:
    page = (ROOT / "docs/explanation/newspaper.md").read_text("utf-8")
    columns = re.findall(r"^\| *\d* *\| (`[^|]+`) \|", page, re.MULTILINE)
    modules = {name for column in columns for name in re.findall(r"`([\w/]+)`", column)}
    assert len(modules) > 10
    folders = ("bot/newspaper", "bot/sources/scan", "bot")
    assert not {m for m in modules if not any((ROOT / folder / f"{m}.py").exists() for folder in folders)}


def test_every_path_of_the_glossary_exists() -> None:
    page = (ROOT / "docs/glossary.md").read_text("utf-8")
    rows = re.findall(r"^\|([^|]+)\|[^|]+\|[^|]+\|([^|]+)\|", page, re.MULTILINE)
    paths = {(name.strip(), path) for name, where in rows for path in re.findall(r"[\w*]+/[\w/.*]*", where)}
    assert len(paths) > 80

    def exists(path: str) -> bool:
        places = (f"{folder}{path}{ending}" for folder in ("", "bot/") for ending in ("", ".py"))
        return any(any(ROOT.glob(place)) for place in places)

    assert not [row for row in sorted(paths) if not exists(row[1])]
