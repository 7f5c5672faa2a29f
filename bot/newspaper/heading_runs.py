"""Compare headings with the other headings of a page: their number, their length and their form.

An article's headings differ from those around them; the sub-headings of one article are alike. The rest of
a torn paragraph between two columns is also short, but it does not belong to a run.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from bot.newspaper.piece_traits import PieceTraits, make_certain

Run = tuple[int, int]  # the first piece, and the one after the last

_MOST_COUNTED = 4  # largest number of headings in a run that is distinguished
_NEAR = 3  # runs on each side whose headings are compared
_FIRST_WORD = re.compile(r"^([^ ：:·，。]{1,6})[ ：:·]")  # 黄浦区 …, 长宁区 …


def find_heading_runs(traits: Sequence[PieceTraits]) -> list[Run]:
    """Return the runs of short pieces that follow the end of a sentence or a signature, ascending."""
    runs: list[Run] = []
    for i, piece in enumerate(traits):
        last = traits[i - 1] if i else None
        if not piece.is_short or piece.is_byline:
            continue
        if last is None or last.is_ended or last.is_signed or last.is_byline:
            runs.append((i, i + 1))
        elif runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
    return runs


def observe_run(traits: Sequence[PieceTraits], i: int, runs: Sequence[Run]) -> Iterator[tuple[str, float]]:
    """Return how piece `i` compares with the headings of its run and of the `runs` around it."""
    at = bisect_right(runs, (i, len(traits))) - 1
    if at < 0 or not runs[at][0] <= i < runs[at][1]:
        return
    start, end = runs[at]
    yield make_certain(
        f"heading {min(i - start, _MOST_COUNTED - 1) + 1} of {min(end - start, _MOST_COUNTED)}"
    )
    around = (run for run in runs[max(0, at - _NEAR) : at + _NEAR + 1] if run[0] != start)
    lengths = [traits[j].length for run in around for j in range(*run)]
    if lengths:
        length = traits[i].length
        yield "longer by tens than the headings near", (length - sum(lengths) / len(lengths)) / 10
        yield "longer than the headings near", float(length > max(lengths))
        yield "shorter than the headings near", float(length < min(lengths))
    for side, other in (("before", at - 1), ("after", at + 1)):
        if 0 <= other < len(runs):
            yield from _compare_runs(traits, i, (start, end), runs[other], side)
        else:
            yield make_certain(f"no headings {side}")


def _compare_runs(
    traits: Sequence[PieceTraits], i: int, own: Run, other: Run, side: str
) -> Iterator[tuple[str, float]]:
    twin = other[0] + i - own[0]
    if twin < other[1] and _has_same_opening(traits[i].text, traits[twin].text):
        yield make_certain(f"built like the heading {side}")
    pairs = list(zip(range(*own), range(*other), strict=False))
    if own[1] - own[0] != other[1] - other[0]:
        yield make_certain(f"not as many as the headings {side}")
    elif all(abs(traits[a].length - traits[b].length) <= 1 for a, b in pairs):
        yield make_certain(f"in form like the headings {side}")
    else:
        yield make_certain(f"as many as the headings {side}")


def _has_same_opening(text: str, other: str) -> bool:
    """Return whether both headings begin with a separate word of equal length and with the same last
    character.
    """
    first, second = _FIRST_WORD.match(text), _FIRST_WORD.match(other)
    return bool(first and second and len(first[1]) == len(second[1]) and first[1][-1] == second[1][-1])
