"""Finds the subjects of many titles of a day without a dictionary: characters and words that several titles
share.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.editorial.stories.traits import STOP_WORDS, WIDE_RUN, WORD
from bot.text.folding import fold_text

_MANY_TITLES = 3  # titles
_MIN_WORD_LETTERS = 4  # shorter words are not distinctive


def find_shared_terms(titles: Sequence[str]) -> list[tuple[str, ...]]:
    """Return for each title the terms that it shares with at least two others, but at most half of all
    titles.

    >>> titles = ["江州地铁开通", "江州地铁试车", "江州地铁票价", "水库蓄水", "学校开学", "医院搬家"]
    >>> find_shared_terms(titles)[0]
    ('江州地铁',)
    """
    read = [fold_text(title) for title in titles]
    held = Counter(
        piece for title in read for piece in {piece for run in _split_runs(title) for piece in run}
    )
    common = {piece for piece, count in held.items() if _MANY_TITLES <= count <= len(titles) / 2}
    return [
        tuple(dict.fromkeys(term for run in _split_runs(title) for term in _join_pieces(run, common)))
        for title in read
    ]


def _split_runs(title: str) -> Iterator[list[str]]:
    """Yield the character pairs of each run without spaces, and each word as a separate run."""
    for match in WIDE_RUN.finditer(title):
        yield [match[0][start : start + 2] for start in range(len(match[0]) - 1)]
    for word in WORD.findall(title):
        if len(word) >= _MIN_WORD_LETTERS and word not in STOP_WORDS:
            yield [word]


def _join_pieces(run: Sequence[str], common: set[str]) -> Iterator[str]:
    """Yield the terms formed by adjacent common pairs: 江州, 州地, 地铁 give 江州地铁."""
    term = ""
    for piece in run:
        if piece in common:
            term = term + piece[-1] if term else piece
        elif term:
            yield term
            term = ""
    if term:
        yield term
