"""How much the first or last characters of a text look like a beginning or an end: two tables of log-odds.

A paragraph begins with few characters (“, 近, 据, 在, 本, 一), the rest of a torn one with any; a heading ends in
few (展, 设, 新, 行), the first part of a torn paragraph in any (的, 在, 和). Both were counted by
tests/benchmarks/pages/count_edges.py; unknown characters count 0.
"""

import json
from functools import cache
from importlib.resources import files

_GOES_ON = "，。、；：！？”’）》」』…,.;:!?)%"


@cache
def _load_tables() -> tuple[dict[str, float], dict[str, float]]:
    """Beginnings and endings: one character, or two → natural log of (share at the edge / share inside
    sentences).
    """
    found = json.loads(files("bot.newspaper").joinpath("edges.json").read_text(encoding="utf-8"))
    return found["starts"], found["ends"]


def score_start(text: str) -> float:
    """Log-odds that a text begins with `text`'s first characters rather than goes on with them; 0 when
    unknown.

    A lower-case Latin letter or a closing mark first means: it goes on.
    """
    first = text[:1]
    if not first:
        return 0.0
    if first.islower() and first.isascii():
        return -3.0
    if first in _GOES_ON:
        return -4.0
    if first.isupper() and first.isascii():
        return 1.0 if text.isascii() else 0.0
    known = _load_tables()[0]
    return known.get(text[:2], known.get(first, 0.0))


def score_end(text: str) -> float:
    """Log-odds that a heading ends in `text`'s last characters rather than goes on after them; 0 when
    unknown.
    """
    known = _load_tables()[1]
    return known.get(text[-2:], known.get(text[-1:], 0.0))
