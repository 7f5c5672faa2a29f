"""Which words the texts around a heading share with it and with each other.

The terms of a Chinese text are its pairs of characters; those of an English text are its longer words. A term
that fewer of the page's pieces contain has a greater weight.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from bot.newspaper.piece_traits import SHORT, PieceTraits

_WINDOW = 300  # characters of text on each side that are compared
FAR = 1000  # the same, for what the article as a whole is about
# characters of a piece that are compared: no paragraph has more, and many headings may use the same piece
_LONGEST = 2000
# pieces on each side that are searched; without this limit, a page of headings alone takes quadratic time
_REACH = 40
_HAN_PAIR = re.compile(r"(?=([\u3400-\u9fff]{2}))")
_LATIN = re.compile(r"[a-zA-Z0-9.]+")
_LATIN_WORD = re.compile(r"[a-z0-9']{4,}")
_RECENT = 8  # texts that are kept with their terms: the headings of one article have the same beside them
_UNIT = 2**32  # weights are whole numbers of its parts, so that their sum is the same in any order
_Key = TypeVar("_Key", bound=Hashable)
_Made = TypeVar("_Made")


@dataclass(frozen=True, eq=False, slots=True)
class SideTerms:
    """The terms of the text on one side of a piece, with their weight."""

    terms: frozenset[str]
    total: int


class PageTerms:
    """The terms of a page's pieces and their weights."""

    def __init__(self, traits: Sequence[PieceTraits]) -> None:
        self.traits = traits
        interned: dict[
            str, str
        ] = {}  # so that a term of many pieces is one string, for a long page has millions
        listed = (_list_terms(piece.text[:_LONGEST]) for piece in traits)
        self.terms = [frozenset(map(interned.setdefault, terms, terms)) for terms in listed]
        self.running = [i for i, piece in enumerate(traits) if not piece.is_short]
        spread = Counter(chain.from_iterable(self.terms))
        rarity = {n: round(math.log((len(traits) + 1) / n) * _UNIT) for n in set(spread.values())}
        self.weight = {term: rarity[n] for term, n in spread.items()}
        self.sides: dict[tuple[int, int], SideTerms] = {}
        self.verbatims: dict[int, float] = {}
        self.likenesses: dict[tuple[SideTerms, SideTerms], float] = {}

    def collect_side(self, i: int, step: int, window: int = _WINDOW) -> SideTerms:
        """Return the terms of about `window` characters before (`step` -1) or after (+1) piece `i`."""
        length, last, start = 0.0, i, i
        first = at = bisect_right(self.running, i) if step > 0 else bisect_left(self.running, i) - 1
        while 0 <= at < len(self.running) and length < window and abs(self.running[at] - start) <= _REACH:
            j = self.running[at]
            start = j if at == first else start  # so that all headings beside a text look equally far into it
            if length and step > 0 and window == _WINDOW and j > last + 1:
                break
            length += self.traits[j].length
            last, at = j, at + step
        return self.merge_terms(first, at) if step > 0 else self.merge_terms(at + 1, first + 1)

    def merge_terms(self, first: int, end: int) -> SideTerms:
        """Return the terms of the running pieces from index `first` up to, but not including, `end`.

        The indexes count running pieces only.
        """

        def made() -> SideTerms:
            terms = frozenset[str]().union(*[self.terms[i] for i in self.running[first:end]])
            return SideTerms(terms, self.add_weights(terms))

        return _recall_recent(self.sides, (first, end), made)

    def add_weights(self, bag: Iterable[str]) -> int:
        return sum(map(self.weight.__getitem__, bag))

    def measure_text_similarity(self, first: SideTerms, second: SideTerms) -> float:
        """Return the weighted share of terms that two texts have in common, 0 to 1 (Dice)."""
        both = first.total + second.total
        if not both:
            return 0.0
        return _recall_recent(
            self.likenesses, (first, second), lambda: 2 * self.add_weights(first.terms & second.terms) / both
        )

    def measure_coverage(self, i: int, side: SideTerms) -> float:
        """Return the weighted share of piece `i`'s terms that the text on one side also has."""
        own = self.terms[i]
        total = self.add_weights(own)
        return self.add_weights(own & side.terms) / total if total else 0.0

    def has_shared_terms(self, i: int, j: int) -> bool:
        return not self.terms[i].isdisjoint(self.terms[j])

    def measure_verbatim(self, i: int) -> float:
        """Return the length of the longest part of piece `i` that the next running text repeats literally,
        as a share of the piece.
        """
        return _recall_recent(self.verbatims, i, lambda: self.find_longest_shared(i))

    def find_longest_shared(self, i: int) -> float:
        text = self.traits[i].text
        j = next((j for j in range(i + 1, min(i + 4, len(self.traits))) if not self.traits[j].is_short), None)
        if j is None or not text or len(text) > SHORT or text.isascii():
            return 0.0
        body = self.traits[j].text[: _WINDOW // 2]
        longest = 0
        for start in range(len(text)):
            while start + longest < len(text) and text[start : start + longest + 1] in body:
                longest += 1
        return longest / len(text)


def _recall_recent(memory: dict[_Key, _Made], key: _Key, made: Callable[[], _Made]) -> _Made:
    """Return the recent value for `key`, or make and remember it."""
    if key not in memory:
        if len(memory) >= _RECENT:
            del memory[next(iter(memory))]
        memory[key] = made()
    return memory[key]


def extract_terms(text: str) -> frozenset[str]:
    return frozenset(_list_terms(text))


def _list_terms(text: str) -> list[str]:
    if text.isascii():
        return _LATIN_WORD.findall(text.lower())
    return _HAN_PAIR.findall(text) + _LATIN.findall(text)
