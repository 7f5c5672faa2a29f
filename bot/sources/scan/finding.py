"""A page in grey → the boxes of its lines, pictures and frames, in pixels of the page.

The network (DB; Liao et al. 2020) says of each point how likely it lies inside of a line. It sees the page at half the
size or less, in tiles, so that its memory does not grow with the page; the tiles' answers are put together before
lines are made of them, and so no line is cut.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.newspaper.boxes import Box
from bot.sources.scan import models
from bot.sources.scan.models import Floats
from bot.sources.scan.picture import Grey, scaled

SEEN = 2_048  # pixels of the longer edge the network sees
TILE, MARGIN = 896, 48  # pixels a tile has, and of them those at each edge that only lend their neighbours context
LIKELY = 0.3  # chance from which a point lies in a line
SURE = 0.5  # mean chance of a line's points
UNCLIP = 1.6  # the network marks the inside of a line; how much that is widened, as it was trained
LEAST = 3  # pixels, as seen by the network, of the least inside of a line
LEAST_PICTURE = 40  # pixels, as seen by the network, of a picture's or frame's edge
FILLED, EMPTY = 0.35, 0.15  # share of a box that is ink: from here on a picture, up to here a frame
STEP = 8  # pixels: how exactly places are compared
RULE = 60  # pixels, as seen by the network, of a drawn line that may part two columns
PASSES = 3  # of cutting: lines that were cut show where others are to be
MOST = 20_000  # boxes; a page of more holds no lines to be cut
# Of a line's height:
COLUMN, LEAST_LINES = 6.0, 2  # how far above and below lines are looked for that begin where one does, and how many
BROKEN = 0.6  # most white between two pieces of one line, as the network sees it: at a wide mark, at a tile's edge
GUTTER = 0.55  # least white between two columns
AROUND = 6.0  # how far above or below the white must go on: an odd space within a line ends at the next
NEAR = 1.5  # how far beside it
STRAY = 0.05  # share of that white that may be specks, or a mark that hangs over
TEXT = 0.25  # share of the rows beside it that have ink near it
EDGE = 2  # pixels, as seen by the network, that a part keeps of the white beside it

Bools = NDArray[np.bool_]
Tops = Mapping[int, Sequence[float]]  # a place across the page, in STEPs → the tops of the boxes with an edge there


@dataclass(frozen=True, kw_only=True, slots=True)
class Edges:
    starts: Tops
    ends: Tops


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    lines: tuple[Box, ...]
    pictures: tuple[Box, ...]
    frames: tuple[Box, ...]


def found(page: Grey) -> Found:
    """The boxes of what stands on the page; the order means nothing."""
    ratio = min(1.0, SEEN / max(page.shape))
    small = scaled(page, ratio) if ratio < 1 else page
    ink = np.asarray(cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1], dtype=np.uint8)
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((RULE, 1), np.uint8))
    unruled = (ink > 0) & (np.asarray(cv2.dilate(rules, np.ones((1, 3), np.uint8))) == 0)
    pieces = [widened(box) for box in insides(chances(small))]
    boxes = rejoined(pieces, edges_of(pieces))
    for _ in range(PASSES):
        edges = edges_of(boxes)
        boxes = [part for box in boxes for part in parted(box, unruled, edges)]
    lines = tuple(boxes)
    pictures, frames = drawn(ink, lines)
    return Found(
        lines=tuple(grown(box, 1 / ratio, page.shape) for box in lines),
        pictures=tuple(grown(box, 1 / ratio, page.shape) for box in pictures),
        frames=tuple(grown(box, 1 / ratio, page.shape) for box in frames),
    )


def chances(small: Grey) -> Floats:
    """How likely each point lies in a line."""
    height, width = small.shape
    out = np.zeros((height, width), dtype=np.float32)
    padded = np.pad(small, ((MARGIN, TILE), (MARGIN, TILE)), mode="edge")

    def look(place: tuple[int, int]) -> None:
        y, x = place
        answer = models.answer(models.FINDS, tile(padded[y : y + TILE, x : x + TILE]))
        inner = answer[0, 0, MARGIN:-MARGIN, MARGIN:-MARGIN]
        part = out[y : y + inner.shape[0], x : x + inner.shape[1]]
        part[:] = inner[: part.shape[0], : part.shape[1]]

    models.each(look, tiles(height, width))
    return out


def tiles(height: int, width: int) -> Iterator[tuple[int, int]]:
    """Where the tiles' own parts begin."""
    step = TILE - 2 * MARGIN
    return ((y, x) for y in range(0, height, step) for x in range(0, width, step))


def tile(part: Grey) -> Floats:
    """A tile as the network takes it: three equal colours from -1 to 1."""
    grey = part.astype(np.float32) / 127.5 - 1
    return np.repeat(grey[None, None], 3, axis=1)


def insides(likely: Floats) -> list[Box]:
    """The boxes of points that hang together and are likely enough."""
    mask = cv2.dilate((likely > LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    chance = np.bincount(labels.ravel(), weights=likely.ravel(), minlength=count) / stats[:, cv2.CC_STAT_AREA]
    return [
        Box(left=float(x), top=float(y), right=float(x + w), bottom=float(y + h))
        for (x, y, w, h, _), sure in zip(stats[1:].tolist(), chance[1:].tolist(), strict=True)
        if min(w, h) >= LEAST and sure >= SURE
    ]


def widened(box: Box) -> Box:
    """The line whose inside `box` is."""
    width, height = box.right - box.left, box.bottom - box.top
    by = width * height * UNCLIP / (2 * (width + height))
    return Box(left=box.left - by, top=box.top - by, right=box.right + by, bottom=box.bottom + by)


def grown(box: Box, ratio: float, shape: tuple[int, ...]) -> Box:
    """The box in pixels of the page, inside of it."""
    return Box(
        left=max(0.0, box.left * ratio),
        top=max(0.0, box.top * ratio),
        right=min(float(shape[1]), box.right * ratio),
        bottom=min(float(shape[0]), box.bottom * ratio),
    )


def edges_of(boxes: Sequence[Box]) -> Edges:
    starts: defaultdict[int, list[float]] = defaultdict(list)
    ends: defaultdict[int, list[float]] = defaultdict(list)
    for box in boxes[:MOST]:
        starts[int(box.left) // STEP].append(box.top)
        ends[int(box.right) // STEP].append(box.top)
    return Edges(starts=starts, ends=ends)


def rejoined(boxes: list[Box], edges: Edges) -> list[Box]:
    """The boxes, those put together that are pieces of one line: in one row, with hardly a gap between two columns."""
    if len(boxes) > MOST:
        return boxes
    found: list[Box] = []
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for box in sorted(boxes, key=lambda box: box.left):
        middle, reach = (box.top + box.bottom) / 2, (box.bottom - box.top) / 4
        fitting = [i for row in steps(middle, reach) for i in rows[row] if goes_on(found[i], box)]
        i = max(fitting, key=lambda i: found[i].right, default=-1)
        if fitting and not is_gutter(found[i].right, box.left, box, edges):
            found[i] = around(found[i], box)
        else:
            rows[int(middle) // STEP].append(len(found))
            found.append(box)
    return found


def steps(place: float, reach: float) -> range:
    return range(int(place - reach) // STEP, int(place + reach) // STEP + 1)


def goes_on(line: Box, box: Box) -> bool:
    height, other = line.bottom - line.top, box.bottom - box.top
    alike = 0.75 < height / other < 1.33 and height < line.right - line.left
    return alike and -other < box.left - line.right < BROKEN * other


def is_gutter(start: float, end: float, line: Box, edges: Edges) -> bool:
    """Whether lines above or below `line` end where its white starts, and others begin where it ends."""
    return is_edge(start, line, edges.ends, 1) and is_edge(end, line, edges.starts, LEAST_LINES)


def is_edge(place: float, line: Box, edges: Tops, least: int) -> bool:
    height = line.bottom - line.top
    tops = (top for step in steps(place, height / 4) for top in edges.get(step, ()))
    return sum(0 < abs(top - line.top) < COLUMN * height for top in tops) >= least


def around(one: Box, other: Box) -> Box:
    return Box(
        left=min(one.left, other.left),
        top=min(one.top, other.top),
        right=max(one.right, other.right),
        bottom=max(one.bottom, other.bottom),
    )


def parted(line: Box, ink: Bools, edges: Edges) -> Iterator[Box]:
    """The line cut where columns part: at white between the ends and beginnings of others, or that runs on there."""
    top, bottom = max(0, int(line.top)), int(line.bottom)
    left, right = max(0, int(line.left)), min(ink.shape[1], int(line.right))
    height = bottom - top
    far = round(AROUND * height)
    begin = line.left
    for start, end in whites(ink[top:bottom, left:right], GUTTER * height):
        is_cut = is_gutter(left + start + EDGE, left + end - EDGE, line, edges) or any(
            runs_on(rows[:, left:right], start, end, height)
            for rows in (ink[max(0, top - far) : top], ink[bottom : bottom + far])
        )
        if is_cut and left + start > begin + height / 2:
            yield replace(line, left=begin, right=left + start + EDGE)
            begin = left + end - EDGE
    yield replace(line, left=begin)


def whites(rows: Bools, least: float) -> list[tuple[int, int]]:
    """Where white at least so wide runs through a line, between its ink."""
    inner = rows.shape[1]
    return [(start, end) for start, end in whites_of(rows) if end - start >= least and start > 0 and end < inner]


def runs_on(rows: Bools, start: int, end: int, height: int) -> bool:
    """Whether the white from `start` to `end` goes on in these rows above or below, with text on both sides of it."""
    near = round(NEAR * height)
    sides = (rows[:, max(0, start - near) : start], rows[:, end : end + near])
    if not all(side.size and side.any(axis=1).mean() > TEXT for side in sides):
        return False
    return any(gap_end - gap_start >= GUTTER * height for gap_start, gap_end in whites_of(rows[:, start:end]))


def whites_of(rows: Bools) -> list[tuple[int, int]]:
    """Where white runs through the rows."""
    white = rows.mean(axis=0) <= STRAY
    edges = np.flatnonzero(np.diff(np.concatenate(([False], white, [False])).astype(np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def drawn(ink: Grey, lines: tuple[Box, ...]) -> tuple[list[Box], list[Box]]:
    """Pictures and frames: what ink is left without the lines, filled or only around. `ink` is used up."""
    for line in lines:
        ink[max(0, int(line.top)) : int(line.bottom) + 1, max(0, int(line.left)) : int(line.right) + 1] = 0
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    pictures: list[Box] = []
    frames: list[Box] = []
    for x, y, w, h, area in stats[1:].tolist():
        if min(w, h) < LEAST_PICTURE:
            continue
        box = Box(left=float(x), top=float(y), right=float(x + w), bottom=float(y + h))
        if area > FILLED * w * h:
            pictures.append(box)
        elif area < EMPTY * w * h:
            frames.append(box)
    return pictures, frames
