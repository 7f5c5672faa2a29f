"""Who may import whom: the table of the design, held against every module of bot/ and summarizer/."""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
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
    "bot.masking": Row("values"),
    "bot.phrases": Row("values"),
    "bot.locales": Row("pure", "babel"),
    "bot.text": Row("pure", "opencc"),
    "bot.rate_limiter": Row("pure"),
    "bot.retry_policy": Row("pure"),
    "bot.sources": Row(
        "pure",
        "feedparser nh3 lxml markdown_it protego readability trafilatura pypdfium2 cv2 numpy onnxruntime PIL",
    ),
    "bot.newspaper": Row("pure"),
    "bot.editorial": Row("pure"),
    "bot.editorial.topics": Row("pure", "regex numpy"),
    "bot.editorial.selection": Row("pure", "numpy"),
    "bot.editorial.printings": Row("pure"),
    "bot.editorial.story_pool": Row("pure"),
    "bot.editorial.stories": Row("pure", "numpy pypinyin"),
    "bot.editorial.composition": Row("pure"),
    "bot.editorial.slots": Row("pure"),
    "bot.editorial.left_out": Row("pure"),
    "bot.subscribers": Row("pure"),
    "bot.render": Row("pure", "jinja2"),
    "bot.files": Row("edge"),
    "bot.config": Row("edge"),
    "bot.config.config_table": Row("pure"),
    "bot.fetch": Row("edge", "httpx httpcore brotli"),
    "bot.workers": Row("edge"),
    "bot.store": Row("edge", "sqlalchemy alembic"),
    "bot.channels": Row("edge", "telegram httpx aiosmtplib"),
    "bot.channels.protocol": Row("pure"),
    "bot.channels.mail.form": Row("pure", "css_inline"),
    "bot.channels.telegram.markup_rules": Row("pure"),
    "bot.channels.mail.mime": Row("pure", "idna"),
    "bot.channels.mail.mail_texts": Row("pure"),
    "bot.channels.*.form": Row("pure"),
    "bot.channels.*.live_text": Row("pure"),
    "bot.channels.*.address_rules": Row("pure"),
    "bot.channels.*.settings": Row("pure"),
    "bot.channels.*.preview": Row("pure"),
    "bot.channels.*.rate_limits": Row("pure"),
    "bot.log": Row("edge", "structlog"),
    "bot.pipeline": Row("shell", "structlog"),
    "bot.operation": Row("shell", "structlog prometheus_client"),
    "bot.schedule": Row("door", "apscheduler structlog"),
    "bot.chat": Row("door", "telegram structlog starlette uvicorn"),
    "bot.web": Row("door", "starlette uvicorn structlog"),
    "bot.cli": Row("start", "click rich structlog"),
    "bot.__main__": Row("start"),
}
# Telegram's client needs python-telegram-bot and the errors of the HTTP client beneath it; every other part
# of an edge keeps to one library for the world it touches. A star stands for any name.


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


FILES = dict(modules())


def part_of(module: str) -> str:
    """Return the row of TABLE a module belongs to, "" where there is none."""
    names = [name for name in TABLE if any(fnmatchcase(parent, name) for parent in list_parents(module))]
    part = max(names, key=lambda name: (name.count("."), "*" not in name), default="")
    return "" if part == "bot" and module != "bot" else part


def list_parents(module: str) -> Iterator[str]:
    """Yield the module and the packages it stands in."""
    while module:
        yield module
        module = module.rpartition(".")[0]


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file imports, also in functions; "." if relative."""
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
    assert not wrong, (
        f"{module} ({row.layer}) imports {', '.join(wrong)}; it may import {LAYERS[row.layer]}, {row}"
    )


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
    graph = {
        module: {name for name in imported(path) if name in FILES} - {module}
        for module, path in FILES.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the ring


def test_every_row_has_a_module() -> None:
    unused = set(TABLE) - {part_of(module) for module in FILES}
    assert not unused, f"no module belongs to the rows {sorted(unused)}: take them out of the table"


def test_every_library_of_a_row_is_imported_by_one_of_its_modules() -> None:
    used = {(part_of(module), name) for module, path in FILES.items() for name in imported(path)}
    unused = [
        (part, library)
        for part, row in TABLE.items()
        for library in row.libraries.split()
        if not any(
            other == part and (name == library or name.startswith(f"{library}.")) for other, name in used
        )
    ]
    assert not unused, f"take these libraries out of the table: {unused}"


def find_ring(arrows: Mapping[str, set[str]]) -> list[str]:
    """Return modules that import each other in a ring, the first one again at the end; [] where there is
    none.
    """
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_ring_not_even_inside_functions() -> None:
    ring = find_ring({module: set(imported(path)) & set(FILES) - {module} for module, path in FILES.items()})
    assert not ring, " imports ".join(reversed(ring))


def test_a_ring_of_three_modules_is_found() -> None:
    assert set(find_ring({"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": set()})) == {"a", "b", "c"}
    assert find_ring({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize(
    ("module", "part"),
    [
        ("bot.channels.mail.form", "bot.channels.mail.form"),
        ("bot.channels.telegram.form", "bot.channels.*.form"),
        ("bot.channels.telegram.channel", "bot.channels"),
        ("bot.channels", "bot.channels"),
        ("bot.nowhere", ""),
        ("summarizer.graph", "summarizer"),
    ],
)
def test_the_most_exact_row_counts(module: str, part: str) -> None:
    assert part_of(module) == part


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
        ("bot.chat", "bot.schedule", False),
        ("bot.cli", "bot.chat", True),
        ("bot.models", "summarizer", True),
        ("bot.models", "summarizer.sentence_graph", False),
        ("summarizer", "bot.models", False),
        ("bot.render", "css_inline", False),
        ("bot.channels", "telegram.constants", True),
        ("bot.channels.*.form", "bot.channels.protocol", True),
        ("bot.channels.*.form", "bot.channels.mail.channel", False),
        ("bot.config", "bot.channels.protocol", True),
        ("bot.config", "bot.channels.registry", False),
        ("bot.store", ".", False),
    ],
)
def test_the_table_is_read_as_it_is_meant(part: str, name: str, allowed: bool) -> None:
    assert is_allowed(part, name) is allowed
