"""Boxes and what they say → the page's lines with their sizes, as a PDF has them.

A scan's sizes differ by some pixels from line to line, so those that are nearly alike are made one. A heading
set vertically beside its text is laid above it, where the reader looks for headings.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.newspaper.boxes import Box, PageLine, Way
from bot.newspaper.sheet import measure_body_size
from bot.sources.scan.page_image import Grey
from bot.sources.scan.recognition import LineReading, is_tall

_SURE = 0.5  # mean chance from which a reading is one; dirt and drawings read as words stay below
_HAN = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]")
_WIDE = {"(": "（", ")": "）"}
_BRACKET = re.compile(r"\((?=[\u3400-\u9fff“《])|(?<=[\u3400-\u9fff”》])\)")
_DASH = re.compile(r"—一$|^—一(?=[\u3400-\u9fff])")  # of two squares; nothing begins or ends so otherwise
_OPENING, _CLOSING = "“‘（《【「『〈", "，。、；：！？”’）》】」』〉"
_INK, _INK_LETTERS = (
    0.91,
    0.72,
)  # share of the size that is ink, from top to foot: of Chinese characters, of letters
_FAINT = 0.15  # of the fullest row's ink; rows with less, of brackets and tails alone, do not count as height
_SPECK = 0.02  # of the line's height; a column with less ink is white
_HALF = 0.45  # of the size: white in the square of a mark, before or behind it
_ALIKE = 1.08  # ratio of neighbouring sizes that are one
_SHORT, _RATHER_ALIKE = 2, 1.25  # characters whose size is uncertain, and by how much
_BODY = (0.91, 1.08)  # of the body's size: lines in this range count as body text
# Of a vertical line's size:
_BESIDE = 2.5  # most white between it and its text, or between two of one heading
_SLIT = 0.02  # height that it is laid into above its text


@dataclass(frozen=True, kw_only=True, slots=True)
class _ReadLine:
    """A line and whether it is set vertically."""

    line: PageLine
    is_tall: bool


def build_lines(page: Grey, boxes: Sequence[Box], readings: Sequence[LineReading]) -> tuple[PageLine, ...]:
    """The lines that were read, in no order. Lengths are in pixels of the page."""
    lines = [
        written
        for box, reading in zip(boxes, readings, strict=True)
        if reading.sure >= _SURE and (written := _measure_line(page, box, _widen_marks(reading.text)))
    ]
    level = _snap_sizes([each.line for each in lines if not each.is_tall])
    tall = [each.line for each in lines if each.is_tall]
    if sum(len(line.text) for line in tall) > sum(len(line.text) for line in level):
        return (*level, *(replace(line, way=Way.VERTICAL) for line in _snap_sizes(tall)))
    return (*level, *_lay_lines(_snap_sizes(tall), level))


def _widen_marks(text: str) -> str:
    """Return the line with Chinese marks: the network's alphabet has one shape under several codes.

    >>> _widen_marks("风采(体坛观澜)・第3(4)期—一")
    '风采（体坛观澜）·第3(4)期——'
    """
    text = text.replace("\u3000", " ").strip()
    if not _HAN.search(text):
        return text
    return _DASH.sub("——", _BRACKET.sub(lambda match: _WIDE[match[0]], text.replace("・", "·")))


def _measure_line(page: Grey, box: Box, text: str) -> _ReadLine | None:
    """The line with its ink's edges and its size; None for white."""
    part = page[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    if not text or not part.size:
        return None
    ink = _mark_ink(part)
    tall = is_tall(box)
    if tall:
        ink = ink.T
    columns, rows = ink.sum(axis=0), ink.sum(axis=1)
    span, across = _find_ends(columns > _SPECK * len(ink)), _find_ends(rows > _FAINT * rows.max())
    if span is None or across is None:
        return None
    size = (across[1] - across[0]) / (_INK if _HAN.search(text) else _INK_LETTERS)
    middle = (across[0] + across[1]) / 2
    start = span[0] - (_HALF * size if text[0] in _OPENING else 0.0)
    end = span[1] + (_HALF * size if text[-1] in _CLOSING else 0.0)
    first, last = middle - size / 2, middle + size / 2
    left, top, right, bottom = (first, start, last, end) if tall else (start, first, end, last)
    return _ReadLine(
        line=PageLine(
            text=text,
            left=box.left + left,
            right=box.left + right,
            top=box.top + top,
            bottom=box.top + bottom,
            size=size,
        ),
        is_tall=tall,
    )


def _mark_ink(part: Grey) -> Grey:
    """1 where ink is, be it dark on light or light on dark."""
    _, ink = cv2.threshold(part, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return np.asarray(1 - ink if ink.mean() > 0.5 else ink, dtype=np.uint8)


def _find_ends(is_inked: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The first place with ink and the one after the last."""
    inked = np.flatnonzero(is_inked)
    return (int(inked[0]), int(inked[-1]) + 1) if len(inked) else None


def _snap_sizes(lines: list[PageLine]) -> list[PageLine]:
    """The lines with sizes that are nearly alike made one: the body's first, then chains of the others.

    A character or two, such as a headline's last, show their size less well and take the nearest of the
    others'.
    """
    long = [line for line in lines if len(line.text) > _SHORT]
    if not long:
        return lines
    rough = _estimate_body(long)
    body = _get_median([line.size for line in long if abs(line.size - rough) < 0.1 * rough])
    out = [replace(line, size=body) for line in long if _BODY[0] * body <= line.size <= _BODY[1] * body]
    rest = [line for line in long if not _BODY[0] * body <= line.size <= _BODY[1] * body]
    for chain in _split_by_size(sorted(rest, key=lambda line: line.size)):
        size = _get_median([line.size for line in chain])
        out += [replace(line, size=size) for line in chain]
    sizes = {line.size for line in out}
    return [*out, *(_find_nearest(line, sizes) for line in lines if len(line.text) <= _SHORT)]


def _find_nearest(line: PageLine, sizes: Collection[float]) -> PageLine:
    size = min(sizes, key=lambda size: abs(size - line.size))
    return replace(line, size=size) if 1 / _RATHER_ALIKE < line.size / size < _RATHER_ALIKE else line


def _estimate_body(lines: Sequence[PageLine]) -> float:
    return measure_body_size([replace(line, size=float(round(line.size))) for line in lines])


def _get_median(sizes: Sequence[float]) -> float:
    return float(np.median(sizes))


def _split_by_size(rest: Sequence[PageLine]) -> Iterator[list[PageLine]]:
    """Lines, sorted by size, parted where the next is clearly larger."""
    chain: list[PageLine] = []
    for line in rest:
        if chain and line.size > _ALIKE * chain[-1].size:
            yield chain
            chain = []
        chain.append(line)
    if chain:
        yield chain


def _lay_lines(tall: Sequence[PageLine], level: Sequence[PageLine]) -> Iterator[PageLine]:
    """Vertical lines as level ones above the text beside them; read from the right, as they are."""
    for heading in _group_headings(tall):
        text = _find_beside(heading, level)
        if not text:
            yield from heading
            continue
        top = min(line.top for line in text)
        first = min(text, key=lambda line: (line.top, line.left))
        slit = _SLIT * max(line.size for line in heading)
        for number, line in enumerate(heading):
            foot = top - slit * (len(heading) - 1 - number)
            yield replace(line, left=first.left, right=first.right, top=foot - slit, bottom=foot)


def _group_headings(tall: Sequence[PageLine]) -> list[list[PageLine]]:
    """Vertical lines that stand side by side, each from the right to the left."""
    headings: list[list[PageLine]] = []
    for line in sorted(tall, key=lambda line: -line.left):
        fitting = [lines for lines in headings if _can_continue(lines[-1], line)]
        if fitting:
            fitting[-1].append(line)
        else:
            headings.append([line])
    return headings


def _can_continue(right: PageLine, left: PageLine) -> bool:
    overlap = min(right.bottom, left.bottom) - max(right.top, left.top)
    least = min(right.bottom - right.top, left.bottom - left.top)
    return overlap > least / 2 and right.left - left.right < _BESIDE * min(right.size, left.size)


def _find_beside(heading: Sequence[PageLine], level: Sequence[PageLine]) -> list[PageLine]:
    """The lines of text beside a vertical heading, on the side that has more of them."""
    left, right = min(line.left for line in heading), max(line.right for line in heading)
    top, bottom = min(line.top for line in heading), max(line.bottom for line in heading)
    near = _BESIDE * max(line.size for line in heading)
    level = [line for line in level if top - line.size < (line.top + line.bottom) / 2 < bottom + line.size]
    after = [line for line in level if -line.size < line.left - right < near]
    before = [line for line in level if -line.size < left - line.right < near]
    nearest = max(after, before, key=len)
    left, right = (
        min((line.left for line in nearest), default=0.0),
        max((line.right for line in nearest), default=0.0),
    )
    return [line for line in level if line.left < right and line.right > left]  # those that are indented, too
