"""Know which pairs of characters headings use: in a kicker, a title, a deck, a sub-heading, or beside one.

座谈 stands in titles, 观察 in the name of a column. words.json holds the most informative pairs with a weight
for each label; tests/benchmarks/pages/fit.py found them. Pairs that occur in fewer than eight headings are
left out.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from bot.newspaper.layout import CJK
from bot.newspaper.piece_traits import PieceTraits, make_certain

_WORD = CJK.pattern.replace("[", "(?!〇)[")
_PAIR = re.compile(rf"(?=({_WORD}{_WORD}))")
SIDES = ((0, "says"), (-1, "after a short piece that says"), (1, "before a short piece that says"))


@cache
def load_table() -> dict[str, tuple[float, ...]]:
    """Return the weights of each observation, one for each label, in the order of
    bot.newspaper.labels.LABELS.
    """
    rows = json.loads(files("bot.newspaper").joinpath("words.json").read_text(encoding="utf-8"))
    return {name: tuple(row) for name, row in rows.items()}


def observe_words(traits: Sequence[PieceTraits], i: int) -> Iterator[tuple[str, float]]:
    """Return the known observations of the words of piece `i`, if it may be a heading, and of headings
    beside it.
    """
    observations = _index_observations()
    return (observations[of] for of in list_sayings(traits, i) if of in observations)


@cache
def _index_observations() -> dict[tuple[str, str], tuple[str, float]]:
    """Return the observations of the table by side and pair."""
    return {
        (side, pair): make_certain(name) for name in load_table() for side, _, pair in [name.rpartition(" ")]
    }


def list_sayings(traits: Sequence[PieceTraits], i: int) -> Iterator[tuple[str, str]]:
    """Return every side and pair of characters at piece `i`, known or not."""
    if not traits[i].is_short:
        return
    for step, side in SIDES:
        if 0 <= i + step < len(traits) and traits[i + step].is_short:
            yield from ((side, pair) for pair in list_pairs(traits[i + step].text))


@lru_cache(maxsize=16)  # three pieces look at each heading
def list_pairs(text: str) -> frozenset[str]:
    return frozenset(_PAIR.findall(text))
