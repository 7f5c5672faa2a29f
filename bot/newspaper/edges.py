"""Score how much the first or last characters of a text look like a beginning or an end.

Two tables hold log-odds. A paragraph begins with one of few characters (“, 近, 据, 在, 本, 一), the rest
of a torn one with any. A heading ends in one of few (展, 设, 新, 行), the first part of a torn paragraph
in any (的, 在, 和). tests/benchmarks/pages/count_edges.py counted both. Unknown characters count 0.
"""

import json
from functools import cache
from importlib.resources import files

_GOES_ON = "，。、；：！？”’）》」』…,.;:!?)%"


@cache
def _load_tables() -> tuple[dict[str, float], dict[str, float]]:
    """Return the tables of beginnings and endings.

    Each maps one or two characters to the natural log of (share at the edge / share inside sentences).
    """
    tables = json.loads(files("bot.newspaper").joinpath("edges.json").read_text(encoding="utf-8"))
    return tables["starts"], tables["ends"]


def score_start(text: str) -> float:
    """Return the log-odds that `text` begins a paragraph rather than continues one; 0 when unknown.

    A lower-case Latin letter or a closing mark at the start means that it continues one.
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
    log_odds = _load_tables()[0]
    return log_odds.get(text[:2], log_odds.get(first, 0.0))


def score_end(text: str) -> float:
    """Return the log-odds that a heading ends with `text` rather than continues after it; 0 when unknown."""
    log_odds = _load_tables()[1]
    return log_odds.get(text[-2:], log_odds.get(text[-1:], 0.0))
