"""Who may import whom: the table of the design, held against every module of bot/ and summarizer/."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "summarizer")
SUMMARIZER_TYPES = ("summarizer", "summarizer.values", "summarizer.summary")

# A layer → the layers its modules may import besides their own package's files.
LAYERS = {
    "core": (),
    "values": ("values",),
    "pure": ("values", "core", "pure"),  # no rings: see test_no_two_parts_import_each_other
    "edge": ("values", "core", "pure"),
    "shell": ("values", "core", "pure", "edge"),
    "door": ("values", "core", "pure", "edge", "shell"),
    "start": ("values", "core", "pure", "edge", "shell", "door", "start"),
}


@dataclass(frozen=True)
class Row:
    """A part of the house: its layer, and the libraries it may use beside the standard library."""

    layer: str
    libraries: str = ""


TABLE = {
    "summarizer": Row("core", "numpy jieba rjieba opencc sentencex"),
    "bot": Row("values"),
    "bot.models": Row("values"),
    "bot.errors": Row("values"),
    "bot.settings": Row("values"),
    "bot.phrases": Row("values"),
    "bot.locales": Row("pure", "babel"),
    "bot.text": Row("pure", "opencc"),
    "bot.rate_limiter": Row("pure"),
    "bot.retry_policy": Row("pure"),
    "bot.sources": Row(
        "pure", "feedparser nh3 lxml markdown_it protego readability trafilatura pypdfium2 cv2 numpy onnxruntime PIL"
    ),
    "bot.newspaper": Row("pure"),
    "bot.editorial": Row("pure"),
    "bot.editorial.topics": Row("pure", "regex"),
    "bot.editorial.selection": Row("pure"),
    "bot.editorial.stories": Row("pure", "numpy"),
    "bot.editorial.composition": Row("pure"),
    "bot.editorial.slots": Row("pure"),
    "bot.subscribers": Row("pure"),
    "bot.render": Row("pure", "jinja2 markupsafe css_inline telegram.constants"),
    "bot.files": Row("edge"),
    "bot.config": Row("edge"),
    "bot.fetch": Row("edge", "httpx httpcore brotli protego structlog"),
    "bot.workers": Row("edge"),
    "bot.store": Row("edge", "sqlalchemy alembic structlog"),
    "bot.channels": Row("edge", "telegram httpx dkim structlog"),
    "bot.log": Row("edge", "structlog"),
    "bot.pipeline": Row("shell", "structlog"),
    "bot.schedule": Row("door", "apscheduler structlog"),
    "bot.chat": Row("door", "telegram structlog"),
    "bot.web": Row("door", "starlette uvicorn jinja2 structlog"),
    "bot.cli": Row("start", "click rich structlog"),
    "bot.__main__": Row("start", "click rich structlog"),
}
# channels.telegram needs python-telegram-bot and the errors of the HTTP client beneath it; every other part of an edge
# keeps to one library for the world it touches.


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


FILES = dict(modules())


def part_of(module: str) -> str:
    """Return the row of TABLE a module belongs to, "" where there is none."""
    found = [name for name in TABLE if module == name or module.startswith(f"{name}.")]
    part = max(found, key=len, default="")
    return "" if part == "bot" and module != "bot" else part


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of every module a file imports, also inside functions; "." for a relative import."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield "."
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in FILES else node.module or "."


def is_allowed(part: str, name: str) -> bool:
    row = TABLE[part]
    if name.split(".")[0] not in PACKAGES:
        libraries = row.libraries.split()
        standard = name.split(".")[0] in sys.stdlib_module_names
        return standard or any(name == library or name.startswith(f"{library}.") for library in libraries)
    other = part_of(name)
    if other == part:
        return True
    if row.layer == "values" and name in SUMMARIZER_TYPES:
        return True
    return other in TABLE and TABLE[other].layer in LAYERS[row.layer]


@pytest.mark.parametrize("module", FILES)
def test_every_module_stands_in_the_table(module: str) -> None:
    assert part_of(module), f"{module} is in no row of TABLE in {Path(__file__).name}: add it to the table"


@pytest.mark.parametrize("module", [module for module in FILES if part_of(module)])
def test_a_module_imports_only_what_its_layer_may(module: str) -> None:
    part = part_of(module)
    wrong = sorted({name for name in imported(FILES[module]) if not is_allowed(part, name)})
    row = TABLE[part]
    assert not wrong, f"{module} ({row.layer}) imports {', '.join(wrong)}; it may import {LAYERS[row.layer]}, {row}"


def test_no_two_parts_import_each_other() -> None:
    arrows = {
        (part_of(module), part_of(name))
        for module, path in FILES.items()
        for name in imported(path)
        if name in FILES and part_of(name) != part_of(module)
    }
    assert not {(one, other) for one, other in arrows if (other, one) in arrows}


def test_no_module_imports_itself_through_others() -> None:
    """Imports inside functions count too."""
    graph = {module: {name for name in imported(path) if name in FILES} - {module} for module, path in FILES.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the ring


def test_the_table_names_only_layers_there_are() -> None:
    assert {row.layer for row in TABLE.values()} <= set(LAYERS)


@pytest.mark.parametrize(
    ("part", "name", "allowed"),
    [
        ("bot.editorial.slots", "bot.models", True),
        ("bot.editorial.slots", "httpx", False),
        ("bot.editorial.slots", "bot.store", False),
        ("bot.store", "bot.fetch.fetcher", False),
        ("bot.pipeline", "bot.store", True),
        ("bot.chat", "bot.web", False),
        ("bot.cli", "bot.web", True),
        ("bot.models", "summarizer", True),
        ("bot.models", "summarizer.sentence_graph", False),
        ("summarizer", "bot.models", False),
        ("bot.render", "telegram", False),
        ("bot.render", "telegram.constants", True),
        ("bot.store", ".", False),
    ],
)
def test_the_table_is_read_as_it_is_meant(part: str, name: str, allowed: bool) -> None:
    assert is_allowed(part, name) is allowed
