"""Rule out labels by the printed sizes of a page's pieces: text is not set as a headline, nor a headline as
text.

Sizes come from a PDF or a scan. They are so clear that their weights are set by hand, not learned. A text
page has no sizes.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from bot.newspaper.boxes import HEADING_SIZE
from bot.newspaper.layout import Piece

_AGAINST = -25.0  # stronger than all other evidence for a label together
_ALIKE = 1.05  # ratio up to which two sizes count as equal
_LITTLE = 1.35  # of the text's size: headlines are larger, except for the heads of short items
_LARGE = 1.5  # of the text's size: no sub-heading is this large
_RATHER_NOT = -6.0  # a weight that the rest of the evidence can outweigh
# Observation → one weight for each label: kicker, title, deck, lead, paragraph, rest, sub-heading,
# standfirst.
WEIGHTS = {
    "set as text": (_AGAINST, _AGAINST, _AGAINST, 0.0, 0.0, 0.0, 0.0, 0.0),
    "set as a heading": (0.0, 0.0, 0.0, _AGAINST, _AGAINST, _AGAINST, 0.0, _AGAINST),
    "set little larger than the text, alone": (
        _RATHER_NOT,
        _RATHER_NOT,
        _RATHER_NOT,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ),
    "set large": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, _RATHER_NOT, 0.0),
    "set largest of its headings": (_AGAINST, 0.0, _AGAINST, 0.0, 0.0, 0.0, _AGAINST, _AGAINST),
    "set smaller, above a larger heading": (0.0, _AGAINST, _AGAINST, 0.0, 0.0, 0.0, _AGAINST, _AGAINST),
    "set smaller, below a larger heading": (_AGAINST, _AGAINST, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
}


def observe_sizes(pieces: Sequence[Piece]) -> list[tuple[tuple[str, float], ...]]:
    """Return what the size of each piece shows, by itself and beside the headings that it stands with."""
    observations: list[tuple[tuple[str, float], ...]] = []
    for start, end in _find_stretches(pieces):
        run = pieces[start:end]
        if run[0].size < HEADING_SIZE:
            observations += [(("set as text", 1.0),) if piece.size else () for piece in run]
        else:
            largest = max(piece.size for piece in run)
            of_it = [i for i, piece in enumerate(run) if piece.size * _ALIKE >= largest]
            observations += [
                (("set as a heading", 1.0), *_compare_sizes(run, i, of_it)) for i in range(len(run))
            ]
    return observations


def _find_stretches(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Return where runs of pieces that are all headings, or all not headings, begin and end."""
    start = 0
    for i in range(1, len(pieces) + 1):
        if i == len(pieces) or (pieces[i].size >= HEADING_SIZE) != (pieces[start].size >= HEADING_SIZE):
            yield start, i
            start = i


def _compare_sizes(run: Sequence[Piece], i: int, largest: list[int]) -> Iterator[tuple[str, float]]:
    """Compare heading `i` with its neighbours; `largest` are the numbers of the largest, in ascending
    order.
    """
    if run[i].size >= _LARGE:
        yield "set large", 1.0
    if len(run) == 1 and run[0].size < _LITTLE:
        yield "set little larger than the text, alone", 1.0
    at = bisect_left(largest, i)
    is_largest = largest[at : at + 1] == [i]
    if len(run) == 1 or (is_largest and len(largest) > 1):
        return
    if is_largest:
        yield "set largest of its headings", 1.0
    elif not at:
        yield "set smaller, above a larger heading", 1.0
    elif at == len(largest):
        yield "set smaller, below a larger heading", 1.0
