"""Boxes and what they say → the page's lines with their sizes, as a PDF has them.

A scan's sizes differ by some pixels from line to line, so those that are nearly alike are made one. A heading set
vertically beside its text is laid above it, where the reader looks for headings.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.newspaper.boxes import Box, Line
from bot.newspaper.sheet import body_size
from bot.sources.scan.picture import Grey
from bot.sources.scan.reading import Reading, is_tall

SURE = 0.5  # mean chance from which a reading is one; dirt and drawings read as words stay below
HAN = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]")
WIDE = {"(": "（", ")": "）"}
BRACKET = re.compile(r"\((?=[\u3400-\u9fff“《])|(?<=[\u3400-\u9fff”》])\)")
DASH = re.compile(r"—一$|^—一(?=[\u3400-\u9fff])")  # of two squares; nothing begins or ends so otherwise
OPENING, CLOSING = "“‘（《【「『〈", "，。、；：！？”’）》】」』〉"
INK, INK_LETTERS = 0.91, 0.72  # share of the size that is ink, from top to foot: of Chinese characters, of letters
FAINT = 0.15  # of the fullest row's ink; rows with less, of brackets and tails alone, do not count as height
SPECK = 0.02  # of the line's height; a column with less ink is white
HALF = 0.45  # of the size: white in the square of a mark, before or behind it
ALIKE = 1.08  # ratio of neighbouring sizes that are one
SHORT, RATHER_ALIKE = 2, 1.25  # characters whose size is uncertain, and by how much
BODY = (0.91, 1.08)  # of the body's size: what is meant to be as large
# Of a vertical line's size:
BESIDE = 2.5  # most white between it and its text, or between two of one heading
SLIT = 0.02  # height that it is laid into above its text


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A line and whether it is set vertically."""

    line: Line
    is_tall: bool


def lines(page: Grey, boxes: Sequence[Box], readings: Sequence[Reading]) -> tuple[Line, ...]:
    """The lines that were read, in no order. Lengths are in pixels of the page."""
    found = [
        written
        for box, reading in zip(boxes, readings, strict=True)
        if reading.sure >= SURE and (written := measured(page, box, with_wide_marks(reading.text)))
    ]
    level = snapped([each.line for each in found if not each.is_tall])
    return (*level, *laid(snapped([each.line for each in found if each.is_tall]), level))


def with_wide_marks(text: str) -> str:
    """The line with the marks that a Chinese line has, where the network's alphabet has one shape under several codes.

    >>> with_wide_marks("风采(体坛观澜)・第3(4)期—一")
    '风采（体坛观澜）·第3(4)期——'
    """
    text = text.replace("\u3000", " ").strip()
    if not HAN.search(text):
        return text
    return DASH.sub("——", BRACKET.sub(lambda found: WIDE[found[0]], text.replace("・", "·")))


def measured(page: Grey, box: Box, text: str) -> Written | None:
    """The line with its ink's edges and its size; None for white."""
    part = page[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    if not text or not part.size:
        return None
    ink = inked(part)
    tall = is_tall(box)
    if tall:
        ink = ink.T
    columns, rows = ink.sum(axis=0), ink.sum(axis=1)
    span, across = ends(columns > SPECK * len(ink)), ends(rows > FAINT * rows.max())
    if span is None or across is None:
        return None
    size = (across[1] - across[0]) / (INK if HAN.search(text) else INK_LETTERS)
    middle = (across[0] + across[1]) / 2
    start = span[0] - (HALF * size if text[0] in OPENING else 0.0)
    end = span[1] + (HALF * size if text[-1] in CLOSING else 0.0)
    first, last = middle - size / 2, middle + size / 2
    left, top, right, bottom = (first, start, last, end) if tall else (start, first, end, last)
    return Written(
        line=Line(
            text=text,
            left=box.left + left,
            right=box.left + right,
            top=box.top + top,
            bottom=box.top + bottom,
            size=size,
        ),
        is_tall=tall,
    )


def inked(part: Grey) -> Grey:
    """1 where ink is, be it dark on light or light on dark."""
    _, ink = cv2.threshold(part, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return np.asarray(1 - ink if ink.mean() > 0.5 else ink, dtype=np.uint8)


def ends(is_inked: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The first place with ink and the one after the last."""
    found = np.flatnonzero(is_inked)
    return (int(found[0]), int(found[-1]) + 1) if len(found) else None


def snapped(found: list[Line]) -> list[Line]:
    """The lines with sizes that are nearly alike made one: the body's first, then chains of the others.

    A character or two, such as a headline's last, show their size less well and take the nearest of the others'.
    """
    long = [line for line in found if len(line.text) > SHORT]
    if not long:
        return found
    rough = rough_body(long)
    body = middle([line.size for line in long if abs(line.size - rough) < 0.1 * rough])
    out = [replace(line, size=body) for line in long if BODY[0] * body <= line.size <= BODY[1] * body]
    rest = [line for line in long if not BODY[0] * body <= line.size <= BODY[1] * body]
    for chain in chains(sorted(rest, key=lambda line: line.size)):
        size = middle([line.size for line in chain])
        out += [replace(line, size=size) for line in chain]
    sizes = {line.size for line in out}
    return [*out, *(nearest(line, sizes) for line in found if len(line.text) <= SHORT)]


def nearest(line: Line, sizes: Collection[float]) -> Line:
    size = min(sizes, key=lambda size: abs(size - line.size))
    return replace(line, size=size) if 1 / RATHER_ALIKE < line.size / size < RATHER_ALIKE else line


def rough_body(found: Sequence[Line]) -> float:
    return body_size([replace(line, size=float(round(line.size))) for line in found])


def middle(sizes: Sequence[float]) -> float:
    return float(np.median(sizes))


def chains(rest: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines, sorted by size, parted where the next is clearly larger."""
    chain: list[Line] = []
    for line in rest:
        if chain and line.size > ALIKE * chain[-1].size:
            yield chain
            chain = []
        chain.append(line)
    if chain:
        yield chain


def laid(tall: Sequence[Line], level: Sequence[Line]) -> Iterator[Line]:
    """Vertical lines as level ones above the text beside them; read from the right, as they are."""
    for heading in headings(tall):
        text = beside(heading, level)
        if not text:
            yield from heading
            continue
        top = min(line.top for line in text)
        first = min(text, key=lambda line: (line.top, line.left))
        slit = SLIT * max(line.size for line in heading)
        for number, line in enumerate(heading):
            foot = top - slit * (len(heading) - 1 - number)
            yield replace(line, left=first.left, right=first.right, top=foot - slit, bottom=foot)


def headings(tall: Sequence[Line]) -> list[list[Line]]:
    """Vertical lines that stand side by side, each from the right to the left."""
    found: list[list[Line]] = []
    for line in sorted(tall, key=lambda line: -line.left):
        fitting = [lines for lines in found if goes_on(lines[-1], line)]
        if fitting:
            fitting[-1].append(line)
        else:
            found.append([line])
    return found


def goes_on(right: Line, left: Line) -> bool:
    overlap = min(right.bottom, left.bottom) - max(right.top, left.top)
    least = min(right.bottom - right.top, left.bottom - left.top)
    return overlap > least / 2 and right.left - left.right < BESIDE * min(right.size, left.size)


def beside(heading: Sequence[Line], level: Sequence[Line]) -> list[Line]:
    """The lines of text beside a vertical heading, on the side that has more of them."""
    left, right = min(line.left for line in heading), max(line.right for line in heading)
    top, bottom = min(line.top for line in heading), max(line.bottom for line in heading)
    near = BESIDE * max(line.size for line in heading)
    level = [line for line in level if top - line.size < (line.top + line.bottom) / 2 < bottom + line.size]
    after = [line for line in level if -line.size < line.left - right < near]
    before = [line for line in level if -line.size < left - line.right < near]
    nearest = max(after, before, key=len)
    left, right = min((line.left for line in nearest), default=0.0), max((line.right for line in nearest), default=0.0)
    return [line for line in level if line.left < right and line.right > left]  # those that are indented, too
