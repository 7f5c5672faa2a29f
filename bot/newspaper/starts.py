"""How much the first characters of a text look like a beginning: a table of log-odds.

A paragraph begins with few characters (“, 近, 据, 在, 本, 一), the rest of a torn one with any. The table was counted by
tests/benchmarks/pages/count_starts.py; unknown characters count 0.
"""

import json
from functools import cache
from importlib.resources import files


@cache
def table() -> dict[str, float]:
    """First character, or first two → natural log of (share among beginnings / share inside sentences)."""
    found: dict[str, float] = json.loads(files("bot.newspaper").joinpath("starts.json").read_text(encoding="utf-8"))
    return found


def start_score(text: str) -> float:
    """Log-odds that a text begins with `text`'s first characters rather than goes on with them; 0 when unknown.

    A lower-case Latin letter or a closing mark first means: it goes on.
    """
    first = text[:1]
    if not first:
        return 0.0
    if first.islower() and first.isascii():
        return -3.0
    if first in "，。、；：！？”’）》」』…,.;:!?)%":
        return -4.0
    if first.isupper() and first.isascii():
        return 1.0 if text.isascii() else 0.0
    known = table()
    return known.get(text[:2], known.get(first, 0.0))
