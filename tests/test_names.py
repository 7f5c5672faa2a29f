"""Names: what the glossary says, held against every identifier of bot/ and summarizer/.

`python tests/house.py .` prints the figures of the names (how many functions begin with a verb, and so on).
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import house

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
PACKAGES = ("bot", "summarizer")
FILES = tuple(
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
)
TREES = {path: ast.parse(path.read_text("utf-8")) for path in FILES}
ROWS_OF_TABLES = {
    "channel",
    "form",
    "settings",
    "address_rules",
    "preview",
    "rate_limits",
    "telegram",
    "row",
    "__init__",
}


def read_glossary_rows() -> Iterator[list[str]]:
    """Yield the cells of each row of the glossary's tables."""
    for line in GLOSSARY.splitlines():
        if line.startswith("| ") and not line.startswith(("| name", "|--")):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


FORBIDDEN = {name for cells in read_glossary_rows() for name in re.findall(r"`(\w+)`", cells[-1])}


def find_identifiers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield each name that a module itself gives: definitions, parameters, variables, attributes of its
    classes.
    """
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name):
                yield name, node.lineno
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_identifier_has_a_forbidden_name(path: Path) -> None:
    wrong = sorted(
        f"line {line}: {name}"
        for name, line in set(find_identifiers(TREES[path]))
        if not name.startswith("__")
        and FORBIDDEN & {name, *re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")}
    )
    assert not wrong, f"{path.relative_to(ROOT)} uses names that docs/glossary.md forbids: {'; '.join(wrong)}"


def test_no_class_name_stands_twice() -> None:
    places = defaultdict(list)
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert not {name: where for name, where in places.items() if len(where) > 1}


def test_no_file_name_stands_in_two_packages_unless_the_files_are_rows_of_a_table() -> None:
    doors_and_store = {
        "store",
        "chat",
        "web",
        "inbox",
        "cli",
        "pipeline",
        "operation",
    }  # files named after the same noun
    places = defaultdict(set)
    for path in FILES:
        places[path.stem].add(path.relative_to(ROOT).parent.as_posix())
    twice = {
        stem: folders
        for stem, folders in places.items()
        if stem not in ROWS_OF_TABLES
        and len({folder for folder in folders if folder.removeprefix("bot/") not in doors_and_store}) > 1
    }
    assert not twice


def is_registered(node: ast.AST) -> bool:
    """Whether a decorator hands the function to somebody else, as click's `@cli.command()` does."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
        isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)
        for decorator in node.decorator_list
    )


def find_public_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                if not name.startswith("_") and not is_registered(node):
                    yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if not name.startswith("_"):
                    yield name


def test_a_public_name_is_used_outside_its_module() -> None:
    texts = {
        path: path.read_text("utf-8")
        for folder in (*PACKAGES, "tests")
        for path in (ROOT / folder).rglob("*.py")
    }
    words = {path: set(re.findall(r"\w+", text)) for path, text in texts.items()}
    unused = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, tree in TREES.items()
        for name in find_public_names(tree)
        if not any(name in found for other, found in words.items() if other != path)
    ]
    assert not unused, "give these an underscore: " + ", ".join(unused)


def test_every_class_of_the_models_stands_in_the_glossary() -> None:
    names = {node.name for node in TREES[ROOT / "bot/models.py"].body if isinstance(node, ast.ClassDef)}
    assert not {name for name in names if f"`{name}`" not in GLOSSARY and not name.startswith("_")}


def test_names_and_shape_meet_the_goals() -> None:
    figures = house.measure_names(ROOT)
    assert figures.verb_share >= 0.70, figures
    assert figures.one_word_share <= 0.30, figures
    assert not figures.rings, figures
    assert figures.long_lines <= figures.lines * 0.005, figures
