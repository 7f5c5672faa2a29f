"""Sentences → what they share, as a sparse table of weighted terms, never a matrix of sentences by sentences.

Everything asked of the similarity cos(s_i, s_j) is a sum over the terms two sentences have in common, and those
sums can be taken term by term. So a book costs as many times an article as it has more words, not the square;
and since no product of matrices is left to a library that spreads it over threads, the result is the same to
the last bit on every machine with the same numpy.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from summarizer.languages import Language

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bounds = Sequence[tuple[int, int]]  # (start, end) of each sentence, in order, not overlapping

APART = str.maketrans(dict.fromkeys("—–/…", " "))  # stand between words without white space
# Inside a word they stay: 3.5, covid-19, don't.
AROUND = string.punctuation + "“”‘’„‚«»‹›¿¡·•。，、；：！？（）《》「」『』【】"


@dataclass(frozen=True, kw_only=True, slots=True)
class Graph:
    """n sentences as sparse TF-IDF vectors of length 1; entries sorted by term, then by sentence.

    Terms of a single sentence link nothing: they count in the lengths of the vectors, and are then left out.
    """

    size: int  # n
    rows: Integers  # sentence of each entry
    terms: Integers  # term of each entry, 0 … terms-1
    weights: Floats  # of each entry; the squares of a sentence sum up to 1 or less
    firsts: Integers  # where each term's entries begin
    names: Integers  # of each term, ascending: two characters, or the number of a word
    numbers: dict[str, int]  # of the words met so far; those of pieces asked for join them
    distinct: Integers  # terms of each sentence, those of no other sentence counted too; shape (n,)

    def directed(self) -> tuple[Floats, Floats]:
        """Return (F, B), each of shape (n,): F_i = Σ_{j<i} cos(s_j, s_i), B_i = Σ_{j>i} cos(s_i, s_j)."""
        if not len(self.rows):
            return np.zeros(self.size), np.zeros(self.size)
        through = np.cumsum(self.weights)
        before = through - self.weights
        earlier = before - before[self.firsts][self.terms]
        totals = np.add.reduceat(self.weights, self.firsts)
        later = totals[self.terms] - earlier - self.weights
        return self._by_sentence(self.weights * earlier), self._by_sentence(self.weights * later)

    def spread(self, mass: Floats) -> Floats:
        """Return W·mass for the similarities W of shape (n, n) with a zero diagonal; mass has shape (n,)."""
        if not len(self.rows):
            return np.zeros(self.size)
        own = self.weights * mass[self.rows]
        sums = np.add.reduceat(own, self.firsts)
        return self._by_sentence(self.weights * (sums[self.terms] - own))

    def likeness(self, sentence: int) -> Floats:
        """Return cos(s_sentence, s_j) for every j, shape (n,); 0 for the sentence itself."""
        alone = np.zeros(self.size)
        alone[sentence] = 1.0
        return self.spread(alone)

    def only(self, sentences: Integers) -> "Graph":
        """Return the graph of some of the sentences, numbered anew from 0; the weights stay."""
        place = np.full(self.size, -1, dtype=np.int64)
        place[sentences] = np.arange(len(sentences))
        rows = place[self.rows]
        kept = rows >= 0
        terms = self.terms[kept]
        new = _first_of_each(terms)
        return Graph(
            size=len(sentences),
            rows=rows[kept],
            terms=np.cumsum(new) - 1,
            weights=self.weights[kept],
            firsts=np.flatnonzero(new),
            names=self.names[terms[new]],
            numbers=self.numbers,
            distinct=self.distinct[sentences],
        )

    def echoes(self, text: str, parts: Bounds, language: Language, mass: Floats) -> Floats:
        """Return for each part of a text the mass of the sentences that hold its terms, term by term, shape (parts,).

        `mass` has shape (n,). Terms of no sentence, or of the part's own alone, weigh nothing.
        """
        if not len(self.names):
            return np.zeros(len(parts))
        held = np.bincount(self.terms, weights=mass[self.rows])
        names, rows, _ = _entries(text, parts, language, self.numbers)
        places = np.minimum(np.searchsorted(self.names, names), len(self.names) - 1)
        found = np.where(self.names[places] == names, held[places], 0.0)
        return np.bincount(rows, weights=found, minlength=len(parts)).astype(np.float64, copy=False)

    def _by_sentence(self, values: Floats) -> Floats:
        return np.bincount(self.rows, weights=values, minlength=self.size).astype(np.float64, copy=False)


def graph(text: str, bounds: Bounds, language: Language) -> Graph:
    """Return what the sentences text[start:end] share.

    Weights are tf · ln((n + 1) / (df + ½)), df counted over these n sentences (Zheng & Lapata 2019).
    """
    size = len(bounds)
    numbers: dict[str, int] = {}
    names, rows, counts = _entries(text, bounds, language, numbers)
    new = _first_of_each(names)
    terms = np.cumsum(new) - 1
    spread = np.bincount(terms, minlength=1)  # df
    weights = counts * np.log((size + 1) / (spread + 0.5))[terms]
    norms = np.sqrt(np.bincount(rows, weights=weights * weights, minlength=size))
    weights = weights / np.where(norms > 0, norms, 1.0)[rows]
    shared = spread[terms] > 1
    new = new[shared]
    return Graph(
        size=size,
        rows=rows[shared],
        terms=np.cumsum(new) - 1,
        weights=weights[shared],
        firsts=np.flatnonzero(new),
        names=names[shared][new],
        numbers=numbers,
        distinct=np.bincount(rows, minlength=size),
    )


def _entries(
    text: str, bounds: Bounds, language: Language, numbers: dict[str, int]
) -> tuple[Integers, Integers, Integers]:
    """Return each term of each sentence once: its name, the sentence, how often; sorted by name, then by sentence."""
    start, end = bounds[0][0], bounds[-1][1]
    inside = [(first - start, last - start) for first, last in bounds]
    names, rows = _terms(text[start:end], inside, language, numbers)
    bits = len(bounds).bit_length()
    keys = np.sort(names << bits | rows)
    places = np.flatnonzero(_first_of_each(keys))
    keys, counts = keys[places], np.diff(places, append=len(keys))
    return keys >> bits, keys & ((1 << bits) - 1), counts


def _first_of_each(values: Integers) -> NDArray[np.bool_]:
    """Return True where a sorted value differs from the one before it, shape (values,)."""
    new = np.ones(len(values), dtype=bool)
    new[1:] = values[1:] != values[:-1]
    return new


def _terms(text: str, bounds: Bounds, language: Language, numbers: dict[str, int]) -> tuple[Integers, Integers]:
    """Return every term as a number, and the sentence it stands in. `numbers` are those given to words so far."""
    return _pairs(text, bounds, language) if language.units == "pairs" else _words(text, bounds, language, numbers)


def _words(text: str, bounds: Bounds, language: Language, numbers: dict[str, int]) -> tuple[Integers, Integers]:
    """Return the number of every word that says something, and the sentence it stands in; both of shape (words,)."""
    silent = language.stop | {""}
    found: list[int] = []
    counts: list[int] = []
    text = text.translate(APART)
    for start, end in bounds:
        words = [word for piece in text[start:end].lower().split() if (word := piece.strip(AROUND)) not in silent]
        found += [numbers.setdefault(word, len(numbers)) for word in words]
        counts.append(len(words))
    return np.array(found, dtype=np.int64), np.repeat(np.arange(len(bounds)), counts)


def _pairs(text: str, bounds: Bounds, language: Language) -> tuple[Integers, Integers]:
    """Return every two neighbouring characters of words as a number, and their sentence; both of shape (pairs,).

    Characters beyond the basic plane fold into it: two rare ones that meet there do no harm.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64) & 0xFFFF
    row = np.full(len(codes) + 1, -1, dtype=np.int64)
    for number, (start, end) in enumerate(bounds):
        row[start:end] = number
    word = _meaningful(language.stop)[codes]
    together = np.flatnonzero(word[:-1] & word[1:] & (row[:-2] == row[1:-1]) & (row[:-2] >= 0))
    return codes[together] << 16 | codes[together + 1], row[together]


@cache
def _meaningful(stop: frozenset[str]) -> NDArray[np.bool_]:
    """Return for each character of the basic plane whether it is part of a word that says something, shape (65536,)."""
    return np.array([chr(code).isalnum() and chr(code) not in stop for code in range(0x10000)])
