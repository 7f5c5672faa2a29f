"""A text → which of its sentences hold the words of the language's lists, and figures; and in what script it
is.

To look for the words of a list with re takes 15 to 40 µs an article and list, nearly all of it spent where
none of them begins. Here the first characters of every word of every list are looked up for all places of the
text at once, and re is asked only where they stand.
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

_LISTS = 0b1111  # a bit for each list of `_signs`: one of its words may begin here
DIGIT, POINT = 1 << 4, 1 << 5  # a figure is digits, with . and , between them
SCRIPTS = IN_TRADITIONAL, IN_SIMPLIFIED = 1 << 6, 1 << 7
NUMBERS = [
    [number for number in range(4) if flag >> number & 1] for flag in range(_LISTS + 1)
]  # the lists of a flag
_PLANE = 0x10000  # code points beyond fold into the basic plane: re has the last word on what stands there
# What a character is multiplied by for each one behind it, to tell heads apart in a table of one plane.
_SPREAD = np.uint16(31)


@dataclass(frozen=True, kw_only=True, slots=True)
class _SentenceSigns:
    """What the n sentences of a text hold; arrays of shape (n,)."""

    reported: Floats  # 1 where the sentence reports what somebody said, else 0
    spoken: Floats  # 1 where it speaks in the first or second person, else 0
    slogan: Floats  # 1 where it could stand in any article of its kind, else 0
    hollow: Floats  # words of praise and exhortation in it
    figures: Floats  # figures in it
    holds_traditional: bool  # traditional characters stand in the text
    holds_both_scripts: bool  # traditional characters and simplified ones stand in the text


def find_signs(text: str, starts: list[int], ends: list[int], language: Language) -> _SentenceSigns:
    """Look for what the sentences text[start:end], in order and not overlapping, hold."""
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
    """Return for each character what stands or may begin there."""
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
    """Return the flags of each character, of each two of them, and so on, as far as heads are long.

    Several are told apart by Σ ordinal · _SPREAD^(characters behind it), modulo _PLANE, as 16 bits reckon by
    themselves.
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
    """Return how often each sentence holds a word of each list, shape (lists, n); none overlaps another of
    its list.
    """
    lists = _list_signs(language)
    matches = [sign.pattern.match for sign in lists]
    free = [0] * len(lists)  # where the last word of each list is over
    found: list[int] = []
    (places,) = (flags & _LISTS).nonzero()
    for place, flag in zip(places.tolist(), flags.take(places).tolist(), strict=True):
        for number in NUMBERS[flag & _LISTS]:
            if place >= free[number] and (hit := matches[number](text, place)):
                free[number] = hit.end()
                row = bisect_right(ends, place)
                if row < len(ends) and place >= starts[row]:
                    found.append(number * len(ends) + row)
    held = np.bincount(np.array(found, dtype=np.int64), minlength=len(lists) * len(ends))
    return held.reshape(len(lists), -1).astype(np.float64)


def _count_figures(flags: _Flags, starts: list[int], ends: list[int]) -> Floats:
    """Return how many figures begin in each sentence: digits with nothing but . and , between them are one."""
    (digits,) = (flags & DIGIT).nonzero()
    begins = digits.take(find_firsts(np.cumsum(flags & (DIGIT | POINT) == 0).take(digits)))
    rows = np.array(ends).searchsorted(begins, side="right")
    inside = np.array([*starts, len(flags)]).take(rows) <= begins
    return np.bincount(rows[inside], minlength=len(ends)).astype(np.float64)
