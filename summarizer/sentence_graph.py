"""Sentences → their common terms, as a sparse table of weighted terms instead of a matrix of sentences.

Every use of the similarity cos(s_i, s_j) is a sum over the common terms of two sentences. These sums are
computed term by term. The cost is therefore linear in the number of words, not quadratic. No matrix product
is left to a multithreaded library, so the result is identical to the last bit on every machine with the same
numpy.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from summarizer.languages import Language

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_SentenceBounds = Sequence[tuple[int, int]]  # (start, end) of each sentence, in order, not overlapping

_APART = "—–/…"  # marks between words without white space
# These marks stay inside a word: 3.5, covid-19, don't.
AROUND = string.punctuation + "“”‘’„‚«»‹›¿¡·•。，、；：！？（）《》「」『』【】"


@dataclass(frozen=True, kw_only=True, slots=True)
class SentenceGraph:
    """The n sentences as sparse TF-IDF vectors of length 1. Entries are sorted by term, then by sentence.

    Terms of only one sentence link nothing. They count in the lengths of the vectors and are then left out.
    """

    size: int  # n
    rows: Integers  # sentence of each entry
    terms: Integers  # term of each entry, 0 … terms-1
    weights: Floats  # of each entry; the sum of squares of a sentence is at most 1
    names: Integers  # of each term, ascending: two characters, or the number of a word
    numbers: dict[str, int]  # of the words so far; words of later pieces are added
    distinct: Integers  # terms of each sentence, including unique ones; shape (n,)

    def sum_directed(self) -> tuple[Floats, Floats]:
        """Return (F, B), each of shape (n,): F_i = Σ_{j<i} cos(s_j, s_i), B_i = Σ_{j>i} cos(s_i, s_j)."""
        totals = _sum_by_place(self.terms, self.weights, len(self.names))
        before = np.cumsum(self.weights) - self.weights
        earlier = before - (np.cumsum(totals) - totals).take(self.terms)
        later = totals.take(self.terms) - earlier - self.weights
        return _sum_by_place(self.rows, self.weights * earlier, self.size), _sum_by_place(
            self.rows, self.weights * later, self.size
        )

    def spread_mass(self, mass: Floats) -> Floats:
        """Return W·mass for the similarities W of shape (n, n) with a zero diagonal; mass has shape (n,)."""
        own = self.weights * mass.take(self.rows)
        others = _sum_by_place(self.terms, own, len(self.names)).take(self.terms) - own
        return _sum_by_place(self.rows, self.weights * others, self.size)

    def compare_with(self, sentence: int) -> Floats:
        """Return cos(s_sentence, s_j) for every j, shape (n,); 0 for the sentence itself."""
        alone = np.zeros(self.size)
        alone[sentence] = 1.0
        return self.spread_mass(alone)

    def take_first(self, count: int) -> "SentenceGraph":
        """Return the graph of the first `count` sentences with the same weights."""
        places = (self.rows < count).nonzero()[0]
        return SentenceGraph(
            size=count,
            rows=self.rows.take(places),
            terms=self.terms.take(places),
            weights=self.weights.take(places),
            names=self.names,
            numbers=self.numbers,
            distinct=self.distinct[:count],
        )


def _sum_by_place(places: Integers, values: Floats, size: int) -> Floats:
    """Return the sum of the values at place p, for each p in 0 … size-1."""
    if not len(places):
        return np.zeros(size)  # bincount would return integers
    # # numpy's stub ignores the weights
    sums: Floats = np.bincount(places, values, size)  # type: ignore[assignment]
    return sums


def build_graph(text: str, bounds: _SentenceBounds, language: Language) -> SentenceGraph:
    """Return the graph of the sentences text[start:end].

    Weights are tf · ln((n + 1) / (df + ½)), where df is counted over these n sentences (Zheng & Lapata 2019).
    """
    size = len(bounds)
    numbers: dict[str, int] = {}
    names, rows, counts = _count_terms(text, bounds, language, numbers)
    firsts = find_firsts(names)
    found_in = _measure_steps(firsts, len(names))  # df of each term
    rarity = np.log((size + 1) / (np.arange(size + 1) + 0.5)).take(found_in)
    weights: Floats = rarity.repeat(found_in) * counts
    norms: Floats = np.sqrt(_sum_by_place(rows, weights * weights, size))
    shared = found_in > 1
    repeated = shared.repeat(found_in).nonzero()[0]
    found_in = found_in[shared]
    linked = rows.take(repeated)
    return SentenceGraph(
        size=size,
        rows=linked,
        terms=np.arange(len(found_in)).repeat(found_in),
        weights=weights.take(repeated) / norms.take(linked),
        names=names.take(firsts[shared]),
        numbers=numbers,
        distinct=np.bincount(rows, minlength=size),
    )


def _count_terms(
    text: str, bounds: _SentenceBounds, language: Language, numbers: dict[str, int]
) -> tuple[Integers, Integers, Integers]:
    """Return the name, sentence and count of each term of each sentence, sorted by name, then by sentence."""
    start, end = bounds[0][0], bounds[-1][1]
    inside = [(first - start, last - start) for first, last in bounds]
    names, rows = _number_terms(text[start:end], inside, language, numbers)
    bits = len(bounds).bit_length()
    keys = names << bits | rows
    keys.sort()
    firsts = find_firsts(keys)
    keys_once = keys.take(firsts)
    return keys_once >> bits, keys_once & ((1 << bits) - 1), _measure_steps(firsts, len(keys))


def find_firsts(values: Integers) -> Integers:
    """Return the places at which a sorted value differs from the one before it."""
    new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new.nonzero()[0]


def _measure_steps(firsts: Integers, size: int) -> Integers:
    """Return the distance from each place to the next one, and from the last place to `size`."""
    ends = np.empty_like(firsts)
    ends[:-1] = firsts[1:]
    ends[-1:] = size
    return ends - firsts


def _number_terms(
    text: str, bounds: _SentenceBounds, language: Language, numbers: dict[str, int]
) -> tuple[Integers, Integers]:
    """Return every term as a number, and its sentence.

    `numbers` has the numbers of the words so far.
    """
    return (
        _number_pairs(text, bounds, language)
        if language.units == "pairs"
        else _number_words(text, bounds, language, numbers)
    )


def _number_words(
    text: str, bounds: _SentenceBounds, language: Language, numbers: dict[str, int]
) -> tuple[Integers, Integers]:
    """Return the number and the sentence of every word that is not a stop word, both of shape (words,).

    `numbers` also has words with the punctuation around them, because half of those in a text are repeated.
    """
    silent = language.stop | {""}
    for mark in _APART:
        text = text.replace(mark, " ")
    words_by_sentence = [text[start:end].lower().split() for start, end in bounds]
    pieces = list(chain.from_iterable(words_by_sentence))
    for piece in dict.fromkeys(pieces):
        if piece not in numbers:
            word = piece if piece.isalnum() else piece.strip(AROUND)
            numbers[piece] = -1 if word in silent else numbers.setdefault(word, len(numbers))
    names = np.fromiter(map(numbers.__getitem__, pieces), dtype=np.int64, count=len(pieces))
    numbered = (names >= 0).nonzero()[0]
    return names.take(numbered), np.arange(len(bounds)).repeat(list(map(len, words_by_sentence))).take(
        numbered
    )


def _number_pairs(text: str, bounds: _SentenceBounds, language: Language) -> tuple[Integers, Integers]:
    """Return every pair of adjacent characters in words as a number, and its sentence, both of shape
    (pairs,).

    Characters outside the basic plane are mapped into it. Collisions of rare characters do no harm.
    """
    codes = (
        np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64) & 0xFFFF
    )
    row = np.full(len(codes) + 1, -1, dtype=np.int64)
    for number, (start, end) in enumerate(bounds):
        row[start:end] = number
    word = _mark_meaningful(language.stop).take(codes)
    together = (word[:-1] & word[1:] & (row[:-2] == row[1:-1]) & (row[:-2] >= 0)).nonzero()[0]
    return codes.take(together) << 16 | codes.take(together + 1), row.take(together)


@cache
def _mark_meaningful(stop: frozenset[str]) -> NDArray[np.bool_]:
    """Return for each character of the basic plane whether it can be part of a meaningful word, shape
    (65536,).
    """
    return np.array([chr(code).isalnum() and chr(code) not in stop for code in range(0x10000)])
