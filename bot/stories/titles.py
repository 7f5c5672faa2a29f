"""What many of a day's titles speak of. Without a dictionary: runs of characters and words that several share."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.folding import folded
from bot.stories.traits import RUN, STOP, WORD

MANY = 3  # titles
SHORT_WORD = 4  # letters; shorter ones say little


def shared_terms(titles: Sequence[str]) -> list[tuple[str, ...]]:
    """Return for each title what it shares with at least two others, but not with more than half of all.

    >>> shared_terms(["江州地铁开通", "江州地铁试车", "江州地铁票价", "水库蓄水", "学校开学", "医院搬家"])[0]
    ('江州地铁',)
    """
    read = [folded(title) for title in titles]
    held = Counter(piece for title in read for piece in {piece for run in runs(title) for piece in run})
    common = {piece for piece, count in held.items() if MANY <= count <= len(titles) / 2}
    return [tuple(dict.fromkeys(term for run in runs(title) for term in joined(run, common))) for title in read]


def runs(title: str) -> Iterator[list[str]]:
    """Yield the pairs of characters of each run without spaces, and each word as a run of its own."""
    for found in RUN.finditer(title):
        yield [found[0][start : start + 2] for start in range(len(found[0]) - 1)]
    for word in WORD.findall(title):
        if len(word) >= SHORT_WORD and word not in STOP:
            yield [word]


def joined(run: Sequence[str], common: set[str]) -> Iterator[str]:
    """Yield what neighbouring common pairs make together: 江州, 州地, 地铁 are 江州地铁."""
    term = ""
    for piece in run:
        if piece in common:
            term = term + piece[-1] if term else piece
        elif term:
            yield term
            term = ""
    if term:
        yield term
