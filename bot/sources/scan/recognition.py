"""Boxes of lines on a page → what each says, where its characters stand, and how sure that is.

The network (PP-OCRv6, read out by CTC; Graves et al. 2006) reads a strip 48 pixels high. Strips of about one
length are read together. A tall narrow box is a line set vertically: its characters are laid side by side
first.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from bot.newspaper.boxes import Box
from bot.sources.scan import networks
from bot.sources.scan.networks import Floats
from bot.sources.scan.page_image import Grey

_HEIGHT = 48  # pixels of a strip, as the network was trained
_AT_ONCE = 4  # strips a batch
_NARROWEST = 32  # pixels of a strip; the network needs some
_LONGEST = 40  # times its height that a strip is long; a longer line is read in pieces
_LEAST_PITCH, _MOST_PITCH = 0.7, 1.25  # of the width of a vertical line: how high a character is
_TALL = 1.8  # times its width that a box is high when its line is set vertically


@dataclass(frozen=True, kw_only=True, slots=True)
class LineReading:
    """What a line says; `sure` is the mean chance of its characters, 0 to 1.

    `places` are their middles along the line, in pixels from its beginning.
    """

    text: str
    places: tuple[float, ...]
    sure: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Strip:
    """A line or a piece of one, to be read. `start` is its offset along the line, in pixels of the page."""

    line: int
    start: int
    length: int
    across: int  # the line's height, or width where it is vertical

    @property
    def ratio(self) -> float:
        return self.length / self.across


def recognize_lines(page: Grey, boxes: Sequence[Box]) -> list[LineReading]:
    """Return what each box says."""
    pieces: list[list[tuple[int, LineReading]]] = [[] for _ in boxes]
    strips = sorted(
        (strip for line, box in enumerate(boxes) for strip in _split_strips(line, box)), key=lambda s: s.ratio
    )

    def read(group: Sequence[_Strip]) -> list[LineReading]:
        strips = _build_batch([(strip, _cut_strip(page, boxes[strip.line], strip)) for strip in group])
        answer = networks.run_network(networks.RECOGNITION, strips)
        return [
            _decode_chances(chances, strip, strips.shape[3])
            for strip, chances in zip(group, answer, strict=True)
        ]

    groups = [strips[at : at + _AT_ONCE] for at in range(0, len(strips), _AT_ONCE)]
    for group, readings in zip(groups, networks.map_threads(read, groups), strict=True):
        for strip, reading in zip(group, readings, strict=True):
            pieces[strip.line].append((strip.start, reading))
    return [_join_readings(sorted(readings, key=lambda piece: piece[0])) for readings in pieces]


def is_tall(box: Box) -> bool:
    return box.bottom - box.top >= _TALL * (box.right - box.left)


def _split_strips(line: int, box: Box) -> Iterator[_Strip]:
    """Return the line in pieces that the network can take."""
    width, height = int(box.right) - int(box.left), int(box.bottom) - int(box.top)
    length, across = (height, width) if is_tall(box) else (width, height)
    if length < 1 or across < 1:
        return
    number = -(-length // (_LONGEST * across))
    for piece in range(number):
        start, end = length * piece // number, length * (piece + 1) // number
        yield _Strip(line=line, start=start, length=end - start, across=across)


def _cut_strip(page: Grey, box: Box, strip: _Strip) -> Grey:
    """Return the strip's part of the page, its characters side by side."""
    part = page[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    if not is_tall(box):
        return part[:, strip.start : strip.start + strip.length]
    return _lay_down(part[strip.start : strip.start + strip.length])


def _lay_down(part: Grey) -> Grey:
    """Return a vertical line's characters side by side, each in a square of the line's width."""
    width = part.shape[1]
    tops = [*_find_cell_tops(part), part.shape[0]]
    out = np.full((width, width * (len(tops) - 1)), int(part.max()), dtype=np.uint8)
    for place, (top, end) in enumerate(itertools.pairwise(tops)):
        cell = part[top : min(end, top + width)]
        first = (width - len(cell)) // 2
        out[first : first + len(cell), place * width : (place + 1) * width] = cell
    return out


def _find_cell_tops(part: Grey) -> list[int]:
    """Return where a vertical line's characters begin: one character height apart, at the whitest row
    nearby.
    """
    height, width = part.shape
    dark = (int(part.max()) - part.astype(np.int32)).sum(axis=1)
    tops = [0]
    while True:
        first, last = tops[-1] + round(_LEAST_PITCH * width), tops[-1] + round(_MOST_PITCH * width)
        if last >= height:
            return tops
        tops.append(first + int(dark[first:last].argmin()))


def _build_batch(rows: Sequence[tuple[_Strip, Grey]]) -> Floats:
    """Return strips as the network expects them.

    They have equal lengths and three equal colours from -1 to 1, with 0 after a strip's end.
    """
    widths = [max(1, round(strip.ratio * _HEIGHT)) for strip, _ in rows]
    out = np.zeros((len(rows), 3, _HEIGHT, max(_NARROWEST, *widths)), dtype=np.float32)
    for row, (_, part), width in zip(out, rows, widths, strict=True):
        strip = np.asarray(cv2.resize(part, (width, _HEIGHT), interpolation=cv2.INTER_AREA), dtype=np.float32)
        row[:, :, :width] = strip / 127.5 - 1
    return out


def _decode_chances(chances: Floats, strip: _Strip, width: int) -> LineReading:
    """Return the characters with these probabilities (steps × characters).

    Repeated characters count as one; "nothing" separates them.
    """
    best = chances.argmax(axis=1)
    steps = np.flatnonzero((best != 0) & (np.diff(best, prepend=0) != 0))
    listed = networks.load_characters()
    scale = width / len(best) * strip.across / _HEIGHT
    return LineReading(
        text="".join(listed[code] for code in best[steps].tolist()),
        places=tuple(strip.start + (step + 0.5) * scale for step in steps.tolist()),
        sure=float(chances[steps, best[steps]].mean()) if len(steps) else 0.0,
    )


def _join_readings(pieces: Sequence[tuple[int, LineReading]]) -> LineReading:
    readings = [reading for _, reading in pieces if reading.text]
    if not readings:
        return LineReading(text="", places=(), sure=0.0)
    return LineReading(
        text="".join(reading.text for reading in readings),
        places=tuple(place for reading in readings for place in reading.places),
        sure=sum(reading.sure * len(reading.text) for reading in readings)
        / sum(len(r.text) for r in readings),
    )
