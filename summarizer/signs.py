"""Text → the sentences that contain figures and words of the language's lists, and the script of the text.

A search for the words of a list with re takes 15 to 40 µs per article and list, mostly at places where no
word begins. This module looks up the first characters of all words at all places of the text at once, and
uses re only at matching places.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, reduce

import numpy as np
from numpy.typing import NDArray

from summarizer.languages import Language
from summarizer.languages.language import WordSign
from summarizer.scripts import SIMPLIFIED, TRADITIONAL
from summarizer.sentence_graph import Floats, find_firsts

_Flags = NDArray[np.uint8]

_LISTS = 0b1111  # one bit for each list of `_signs`: a word of the list may begin here
DIGIT, POINT = 1 << 4, 1 << 5  # a figure consists of digits with . and , between them
SCRIPTS = IN_TRADITIONAL, IN_SIMPLIFIED = 1 << 6, 1 << 7
NUMBERS = [
    [number for number in range(4) if flag >> number & 1] for flag in range(_LISTS + 1)
]  # the lists of a flag
_PLANE = 0x10000  # higher code points are mapped into the basic plane; re checks the result
# The factor of a character for each character after it, to hash heads into a table of one plane.
_SPREAD = np.uint16(31)


@dataclass(frozen=True, kw_only=True, slots=True)
class _SentenceSigns:
    """The signs in the n sentences of a text. Arrays have shape (n,)."""

    reported: Floats  # 1 if the sentence reports speech, else 0
    spoken: Floats  # 1 if it is in the first or second person, else 0
    slogan: Floats  # 1 if it could be in any article of its kind, else 0
    hollow: Floats  # words of praise and exhortation in it
    figures: Floats  # number of figures in it
    holds_traditional: bool  # the text contains traditional characters
    holds_both_scripts: bool  # the text contains traditional and simplified characters


def find_signs(text: str, starts: list[int], ends: list[int], language: Language) -> _SentenceSigns:
    """Find the signs in the sentences text[start:end], which are in order and do not overlap."""
    flags = _flag_characters(text, language)
    reported, spoken, slogan, hollow = _count_signs(text, flags, starts, ends, language)
    present = int(np.bitwise_or.reduce(flags, initial=0))
    return _SentenceSigns(
        reported=np.minimum(reported, 1),
        spoken=np.minimum(spoken, 1),
        slogan=np.minimum(slogan, 1),
        hollow=hollow,
        figures=_count_figures(flags, starts, ends),
        holds_traditional=bool(present & IN_TRADITIONAL),
        holds_both_scripts=all(present & script for script in SCRIPTS),
    )


def _list_signs(language: Language) -> tuple[WordSign, ...]:
    return language.reported, language.spoken, language.slogan, language.hollow


def _flag_characters(text: str, language: Language) -> _Flags:
    """Return the flags of each character: what is or may begin there."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint16)
    single, *longer = _build_flag_tables(language)
    flags: _Flags = single.take(codes)
    heads = codes
    for more, table in enumerate(longer, start=1):
        heads = heads[:-1] * _SPREAD + codes[more:]
        flags[:-more] |= table.take(heads)
    return flags


@cache
def _build_flag_tables(language: Language) -> list[_Flags]:
    """Return the flags of single characters, of pairs, and so on, up to the length of the heads.

    Sequences are hashed as Σ ordinal · _SPREAD^(number of characters after it), modulo _PLANE by 16-bit
    overflow.
    """
    lists = _list_signs(language)
    longest = max((len(head) for sign in lists for head in sign.heads), default=1)
    tables = [np.zeros(_PLANE, dtype=np.uint8) for _ in range(longest)]
    for number, sign in enumerate(lists):
        for head in sign.heads:
            place = reduce(lambda place, letter: place * int(_SPREAD) + ord(letter), head, 0)
            tables[len(head) - 1][place % _PLANE] |= 1 << number
    for flag, characters in (
        (DIGIT, "0123456789０１２３４５６７８９"),
        (POINT, ".,"),
        (IN_TRADITIONAL, TRADITIONAL),
        (IN_SIMPLIFIED, SIMPLIFIED),
    ):
        tables[0][[ord(character) for character in characters]] |= flag
    return tables


def _count_signs(text: str, flags: _Flags, starts: list[int], ends: list[int], language: Language) -> Floats:
    """Return how often each sentence contains a word of each list, shape (lists, n). Words of a list do not
    overlap.
    """
    lists = _list_signs(language)
    matches = [sign.pattern.match for sign in lists]
    free = [0] * len(lists)  # where the last word of each list ends
    hits: list[int] = []
    (places,) = (flags & _LISTS).nonzero()
    for place, flag in zip(places.tolist(), flags.take(places).tolist(), strict=True):
        for number in NUMBERS[flag & _LISTS]:
            if place >= free[number] and (hit := matches[number](text, place)):
                free[number] = hit.end()
                row = bisect_right(ends, place)
                if row < len(ends) and place >= starts[row]:
                    hits.append(number * len(ends) + row)
    held = np.bincount(np.array(hits, dtype=np.int64), minlength=len(lists) * len(ends))
    return held.reshape(len(lists), -1).astype(np.float64)


def _count_figures(flags: _Flags, starts: list[int], ends: list[int]) -> Floats:
    """Return how many figures begin in each sentence. Digits joined by . and , are one figure."""
    (digits,) = (flags & DIGIT).nonzero()
    begins = digits.take(find_firsts(np.cumsum(flags & (DIGIT | POINT) == 0).take(digits)))
    rows = np.array(ends).searchsorted(begins, side="right")
    inside = np.array([*starts, len(flags)]).take(rows) <= begins
    return np.bincount(rows[inside], minlength=len(ends)).astype(np.float64)
