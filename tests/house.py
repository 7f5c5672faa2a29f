"""Figures of names and shape for a checkout: `python tests/house.py CHECKOUT`.

A function begins with a verb when its first word is one of VERBS: add a verb here where it is missing.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VERBS = frozenset(
    """
accept acquire add advance alert align allow analyse analyze announce answer append apply archive ask assemble
assert assign attach await backup balance begin bind block break bring build cache calculate call cancel cap
capture carry change check choose claim classify clean clear clip close cluster collapse collect combine
commit compare compile complete compose compress compute condense configure confirm connect consume continue
convert copy correct count cover crawl create crop cross cut damp decide declare decode decrypt deduplicate
defer define delay delete deliver demote derive describe deserialize detach detect determine diff disable
discard discover dispatch display divide do download draft drain draw drop dump embed emit enable encode
encrypt end enforce enqueue ensure enter enumerate escape estimate evaluate exclude execute exit expand expect
expire explain export extend extract fail fetch fill filter find finish fit fix flag flatten flush fold follow
forget format forward freeze gather generate get give grant group guard guess handle hash hide hold identify
ignore import include increment index infer inform init initialize inject insert inspect install interpret
invalidate invite invoke is issue iterate join judge jump keep kill label launch leave lend limit link list
listen load locate lock log look lower mail make map mark mask match measure merge migrate miss mock modify
monitor move name narrow negotiate next normalize note notify number observe offer omit open order overlap
override pack page pair parse part partition pass pause peek penalize perform pick ping place plan poll pop
post predict prefer prepare preview print prioritize process produce promote propose protect prove prune
publish pull purge push put quarantine query queue quote raise rank rate reach read rebuild recall receive
recognize recompute reconnect record recover redact redirect reduce refer refill refresh refuse register
reject release reload remember remind remove rename render renew reopen reorder repair repeat replace reply
report request require reschedule resend reserve reset resolve respond rest restart restore restrict result
resume retire retry return reuse reveal reverse revoke rewrite roll rotate round route run sample sanitize
save scale scan schedule score search seek select send separate serialize serve set settle shorten show shrink
shuffle shut sign simplify size skip sleep slice slim smooth snapshot solve sort spell split spread squeeze
stamp start stop store strip submit subscribe subtract suggest summarize supply suppress suspend swap sweep
sync synchronize tag take tell terminate test throttle tidy tokenize touch trace track train translate
transliterate trim truncate trust try turn unescape unfold unlock unpack unsubscribe unwrap update upgrade
upload use validate verify visit wait wake walk warn watch weigh wrap write yield
""".split()  # noqa: SIM905 - a list of words is read more easily
)
NOT_COUNTED = (
    "is_",
    "has_",
    "can_",
    "should_",
    "was_",
    "needs_",
    "may_",
    "test_",
    "from_",
    "to_",
    "on_",
    "by_",
)
MAX_COLUMNS = 110


@dataclass(frozen=True, kw_only=True)
class NameFigures:
    """What was counted; shares are of all functions but properties (verbs: of those but predicates and the
    like).
    """

    functions: int
    verb_share: float
    one_word_share: float
    without_verb: tuple[str, ...]
    rings: tuple[tuple[str, ...], ...]
    long_lines: int
    lines: int


def measure_names(root: Path) -> NameFigures:
    """Count the names in bot/ and summarizer/ below `root`."""
    names: list[str] = []
    modules: dict[str, ast.Module] = {}
    lines = long_lines = 0
    for path in (path for folder in ("bot", "summarizer") for path in sorted((root / folder).rglob("*.py"))):
        text = path.read_text("utf-8")
        lines += text.count("\n")
        long_lines += sum(len(line) > MAX_COLUMNS for line in text.splitlines())
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        modules[module] = ast.parse(text)
        if "migrations" not in path.parts:
            names.extend(_list_functions(modules[module]))
    plain = [name for name in names if not name.startswith(NOT_COUNTED)]
    without = tuple(sorted(name for name in plain if name.split("_")[0] not in VERBS))
    return NameFigures(
        functions=len(names),
        verb_share=1 - len(without) / max(1, len(plain)),
        one_word_share=sum("_" not in name for name in names) / max(1, len(names)),
        without_verb=without,
        rings=tuple(_find_rings(_build_graph(modules))),
        long_lines=long_lines,
        lines=lines,
    )


def _list_functions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("__"):
            decorators = {
                decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)
            }
            if not decorators & {"property", "cached_property"}:
                yield node.name.lstrip("_")


def _build_graph(modules: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Return for each module those that it imports, inside functions too."""
    graph: dict[str, set[str]] = defaultdict(set)
    for module, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    inside = f"{node.module}.{alias.name}"
                    graph[module].add(inside if inside in modules else node.module)
        graph[module] = graph[module] & modules.keys() - {module}
    return graph


def _find_rings(graph: dict[str, set[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the sets of modules that import each other, by whatever way round."""
    reachable = {module: _reach(graph, module) for module in graph}
    seen: set[str] = set()
    for module in graph:
        ring = {other for other in reachable[module] if module in reachable[other]}
        if module in reachable[module] and module not in seen:
            seen |= ring
            yield tuple(sorted(ring))


def _reach(graph: dict[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting.extend(graph.get(module, ()))
    return reached


if __name__ == "__main__":
    print(measure_names(Path(sys.argv[1])))
