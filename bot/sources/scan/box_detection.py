"""A page in grey → the boxes of its lines, pictures and frames, in pixels of the page.

The network (DB; Liao et al. 2020) computes for each point the probability that it is inside a line. It sees
the page at half the size or less, in tiles, so that its memory does not grow with the page. The tiles'
results are joined before lines are made from them, so no line is cut.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.newspaper.boxes import Box
from bot.sources.scan import networks
from bot.sources.scan.networks import Floats
from bot.sources.scan.page_image import Grey, scale_picture

_SEEN = 2_048  # pixels of the longer edge the network sees
_TILE, _MARGIN = (
    896,
    48,
)  # pixels a tile has, and of them those at each edge that only lend their neighbours context
_LIKELY = 0.3  # probability from which a point belongs to a line
_SURE = 0.5  # mean chance of a line's points
_UNCLIP = 1.6  # the network marks the inside of a line; how much that is widened, as it was trained
_LEAST = 3  # pixels, as seen by the network, of the least inside of a line
_LEAST_PICTURE = 40  # pixels, as seen by the network, of a picture's or frame's edge
_FILLED, _EMPTY = 0.35, 0.15  # share of a box that is ink: from here on a picture, up to here a frame
_STEP = 8  # pixels: how exactly places are compared
_RULE = 60  # pixels, as seen by the network, of a drawn line that may part two columns
_PASSES = 3  # of cutting: lines that were cut show where others are to be
_MOST = 20_000  # boxes; a page of more holds no lines to be cut
# Of a line's height:
_COLUMN, _LEAST_LINES = (
    6.0,
    2,
)  # how far above and below lines are looked for that begin where one does, and how many
# most white between two pieces of one line, as the network sees it: at a wide mark, at a tile's edge
_BROKEN = 0.6
_GUTTER = 0.55  # least white between two columns
_AROUND = 6.0  # how far above or below the white must go on: an odd space within a line ends at the next
_NEAR = 1.5  # how far beside it
_STRAY = 0.05  # share of that white that may be specks, or a mark that hangs over
_TEXT = 0.25  # share of the rows beside it that have ink near it
_EDGE = 2  # pixels, as seen by the network, that a part keeps of the white beside it

_Bools = NDArray[np.bool_]
_Tops = Mapping[
    int, Sequence[float]
]  # a place across the page, in STEPs → the tops of the boxes with an edge there


@dataclass(frozen=True, kw_only=True, slots=True)
class _LineEdges:
    starts: _Tops
    ends: _Tops


@dataclass(frozen=True, kw_only=True, slots=True)
class _DetectedBoxes:
    lines: tuple[Box, ...]
    pictures: tuple[Box, ...]
    frames: tuple[Box, ...]


def detect_boxes(page: Grey) -> _DetectedBoxes:
    """Return the boxes on the page, in no particular order."""
    ratio = min(1.0, _SEEN / max(page.shape))
    small = scale_picture(page, ratio) if ratio < 1 else page
    ink = np.asarray(cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1], dtype=np.uint8)
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_RULE, 1), np.uint8))
    unruled = (ink > 0) & (np.asarray(cv2.dilate(rules, np.ones((1, 3), np.uint8))) == 0)
    pieces = [_widen_box(box) for box in _find_insides(_compute_chances(small))]
    boxes = _rejoin_lines(pieces, _collect_edges(pieces))
    for _ in range(_PASSES):
        edges = _collect_edges(boxes)
        boxes = [part for box in boxes for part in _split_at_columns(box, unruled, edges)]
    lines = tuple(boxes)
    pictures, frames = _find_drawings(ink, lines)
    return _DetectedBoxes(
        lines=tuple(_grow_box(box, 1 / ratio, page.shape) for box in lines),
        pictures=tuple(_grow_box(box, 1 / ratio, page.shape) for box in pictures),
        frames=tuple(_grow_box(box, 1 / ratio, page.shape) for box in frames),
    )


def _compute_chances(small: Grey) -> Floats:
    """Return the probability that each point is inside a line."""
    height, width = small.shape
    out = np.zeros((height, width), dtype=np.float32)
    padded = np.pad(small, ((_MARGIN, _TILE), (_MARGIN, _TILE)), mode="edge")

    def look(place: tuple[int, int]) -> None:
        y, x = place
        answer = networks.run_network(networks.DETECTION, _cut_tile(padded[y : y + _TILE, x : x + _TILE]))
        inner = answer[0, 0, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
        part = out[y : y + inner.shape[0], x : x + inner.shape[1]]
        part[:] = inner[: part.shape[0], : part.shape[1]]

    networks.map_threads(look, _split_tiles(height, width))
    return out


def _split_tiles(height: int, width: int) -> Iterator[tuple[int, int]]:
    """Return where the tiles' own parts begin."""
    step = _TILE - 2 * _MARGIN
    return ((y, x) for y in range(0, height, step) for x in range(0, width, step))


def _cut_tile(part: Grey) -> Floats:
    """Return a tile as the network expects it: three equal colours from -1 to 1."""
    grey = part.astype(np.float32) / 127.5 - 1
    return np.repeat(grey[None, None], 3, axis=1)


def _find_insides(likely: Floats) -> list[Box]:
    """Return the boxes of connected points with a high enough probability."""
    mask = cv2.dilate((likely > _LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    chance = np.bincount(labels.ravel(), weights=likely.ravel(), minlength=count) / stats[:, cv2.CC_STAT_AREA]
    return [
        Box(left=float(x), top=float(y), right=float(x + w), bottom=float(y + h))
        for (x, y, w, h, _), sure in zip(stats[1:].tolist(), chance[1:].tolist(), strict=True)
        if min(w, h) >= _LEAST and sure >= _SURE
    ]


def _widen_box(box: Box) -> Box:
    """Return the line whose inside is `box`."""
    width, height = box.right - box.left, box.bottom - box.top
    by = width * height * _UNCLIP / (2 * (width + height))
    return Box(left=box.left - by, top=box.top - by, right=box.right + by, bottom=box.bottom + by)


def _grow_box(box: Box, ratio: float, shape: tuple[int, ...]) -> Box:
    """Return the box in pixels of the page, limited to the page."""
    return Box(
        left=max(0.0, box.left * ratio),
        top=max(0.0, box.top * ratio),
        right=min(float(shape[1]), box.right * ratio),
        bottom=min(float(shape[0]), box.bottom * ratio),
    )


def _collect_edges(boxes: Sequence[Box]) -> _LineEdges:
    starts: defaultdict[int, list[float]] = defaultdict(list)
    ends: defaultdict[int, list[float]] = defaultdict(list)
    for box in boxes[:_MOST]:
        starts[int(box.left) // _STEP].append(box.top)
        ends[int(box.right) // _STEP].append(box.top)
    return _LineEdges(starts=starts, ends=ends)


def _rejoin_lines(boxes: list[Box], edges: _LineEdges) -> list[Box]:
    """Return the boxes, with the pieces of one line joined: in one row, with almost no gap between two
    columns.
    """
    if len(boxes) > _MOST:
        return boxes
    lines: list[Box] = []
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for box in sorted(boxes, key=lambda box: box.left):
        middle, reach = (box.top + box.bottom) / 2, (box.bottom - box.top) / 4
        fitting = [
            i for row in _count_steps(middle, reach) for i in rows[row] if _can_continue(lines[i], box)
        ]
        i = max(fitting, key=lambda i: lines[i].right, default=-1)
        if fitting and not _is_gutter(lines[i].right, box.left, box, edges):
            lines[i] = _list_neighbours(lines[i], box)
        else:
            rows[int(middle) // _STEP].append(len(lines))
            lines.append(box)
    return lines


def _count_steps(place: float, reach: float) -> range:
    return range(int(place - reach) // _STEP, int(place + reach) // _STEP + 1)


def _can_continue(line: Box, box: Box) -> bool:
    height, other = line.bottom - line.top, box.bottom - box.top
    alike = 0.75 < height / other < 1.33 and height < line.right - line.left
    return alike and -other < box.left - line.right < _BROKEN * other


def _is_gutter(start: float, end: float, line: Box, edges: _LineEdges) -> bool:
    """Return whether other lines near `line` end where its white space starts, and others begin where it
    ends.
    """
    return _is_edge(start, line, edges.ends, 1) and _is_edge(end, line, edges.starts, _LEAST_LINES)


def _is_edge(place: float, line: Box, edges: _Tops, least: int) -> bool:
    height = line.bottom - line.top
    tops = (top for step in _count_steps(place, height / 4) for top in edges.get(step, ()))
    return sum(0 < abs(top - line.top) < _COLUMN * height for top in tops) >= least


def _list_neighbours(first: Box, second: Box) -> Box:
    return Box(
        left=min(first.left, second.left),
        top=min(first.top, second.top),
        right=max(first.right, second.right),
        bottom=max(first.bottom, second.bottom),
    )


def _split_at_columns(line: Box, ink: _Bools, edges: _LineEdges) -> Iterator[Box]:
    """Return the parts of the line, cut where columns separate.

    Columns separate at white space between the ends and beginnings of other lines, or that continues there.
    """
    top, bottom = max(0, int(line.top)), int(line.bottom)
    left, right = max(0, int(line.left)), min(ink.shape[1], int(line.right))
    height = bottom - top
    far = round(_AROUND * height)
    begin = line.left
    for start, end in _find_whites(ink[top:bottom, left:right], _GUTTER * height):
        is_cut = _is_gutter(left + start + _EDGE, left + end - _EDGE, line, edges) or any(
            _is_white_around(rows[:, left:right], start, end, height)
            for rows in (ink[max(0, top - far) : top], ink[bottom : bottom + far])
        )
        if is_cut and left + start > begin + height / 2:
            yield replace(line, left=begin, right=left + start + _EDGE)
            begin = left + end - _EDGE
    yield replace(line, left=begin)


def _find_whites(rows: _Bools, least: float) -> list[tuple[int, int]]:
    """Return where white space of at least this width runs through a line, between its ink."""
    inner = rows.shape[1]
    return [
        (start, end)
        for start, end in _find_row_whites(rows)
        if end - start >= least and start > 0 and end < inner
    ]


def _is_white_around(rows: _Bools, start: int, end: int, height: int) -> bool:
    """Return whether the white space from `start` to `end` continues in these rows, with text on both
    sides.
    """
    near = round(_NEAR * height)
    sides = (rows[:, max(0, start - near) : start], rows[:, end : end + near])
    if not all(side.size and side.any(axis=1).mean() > _TEXT for side in sides):
        return False
    return any(
        gap_end - gap_start >= _GUTTER * height for gap_start, gap_end in _find_row_whites(rows[:, start:end])
    )


def _find_row_whites(rows: _Bools) -> list[tuple[int, int]]:
    """Return where white space runs through the rows."""
    white = rows.mean(axis=0) <= _STRAY
    edges = np.flatnonzero(np.diff(np.concatenate(([False], white, [False])).astype(np.int8))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _find_drawings(ink: Grey, lines: tuple[Box, ...]) -> tuple[list[Box], list[Box]]:
    """Return pictures and frames: the remaining ink outside the lines, filled or only at the edges.

    The function modifies `ink`.
    """
    for line in lines:
        ink[max(0, int(line.top)) : int(line.bottom) + 1, max(0, int(line.left)) : int(line.right) + 1] = 0
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    pictures: list[Box] = []
    frames: list[Box] = []
    for x, y, w, h, area in stats[1:].tolist():
        if min(w, h) < _LEAST_PICTURE:
            continue
        box = Box(left=float(x), top=float(y), right=float(x + w), bottom=float(y + h))
        if area > _FILLED * w * h:
            pictures.append(box)
        elif area < _EMPTY * w * h:
            frames.append(box)
    return pictures, frames
