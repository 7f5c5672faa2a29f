"""Lines with their places on a page → groups that stand together → pieces with their printed size.

Lengths are in points or any other unit; y increases down the page. Other modules read the lines from a PDF
or a scan; `order` decides the reading order of the groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.newspaper.layout import Piece, join_parts

# As multiples of the body's character size:
HEADING_SIZE = 1.12  # a line of this size or larger is a heading
_INDENT = 0.8  # white before a line that begins a paragraph
_LEADING = 1.0  # most white space between two lines of a block; papers use 0.3 to 0.8
_SPARE = 1.0  # white space at a line's end, beyond the next word's width, that shows the paragraph's end


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float


class Way(StrEnum):
    """How a line runs on the page."""

    LEVEL = "level"
    VERTICAL = "vertical"  # upright characters below each other; lines follow from right to left
    UPWARD = "upward"  # turned by a quarter, read from the foot of the page
    DOWNWARD = "downward"  # turned by a quarter, read from its head


@dataclass(frozen=True, kw_only=True, slots=True)
class PageLine(Box):
    """A line of one column.

    `size` is the size of its font, or the height of a scanned line.
    """

    text: str
    size: float
    way: Way = Way.LEVEL


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A page as it is printed. `pictures` and `frames` are the boxes of its pictures and drawn shapes.

    `is_scan`: the text was read from a picture; lengths are then in its pixels.
    """

    width: float
    height: float
    lines: tuple[PageLine, ...]
    pictures: tuple[Box, ...] = ()
    frames: tuple[Box, ...] = ()
    is_scan: bool = False


@dataclass(slots=True)
class LineGroup:
    """Lines that stand together: a column's text, or the headings of one article, one above the other."""

    lines: list[PageLine]
    is_heading: bool
    left: float = field(init=False)
    right: float = field(init=False)
    top: float = field(init=False)
    bottom: float = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.right = min(l.left for l in self.lines), max(l.right for l in self.lines)  # noqa: E741
        self.top, self.bottom = min(l.top for l in self.lines), max(l.bottom for l in self.lines)  # noqa: E741

    def add_line(self, line: PageLine) -> None:
        self.lines.append(line)
        self.left, self.right = min(self.left, line.left), max(self.right, line.right)
        self.top, self.bottom = min(self.top, line.top), max(self.bottom, line.bottom)


def group_lines(lines: Sequence[PageLine], body: float) -> list[LineGroup]:
    """Return the lines in groups: each line joins the group directly above it if it fits, or begins a new
    one.
    """
    groups: list[LineGroup] = []
    growing: list[LineGroup] = []
    for line in sorted(lines, key=lambda line: (line.top, line.left)):
        growing = [group for group in growing if line.top - group.bottom < 2 * max(line.size, body)]
        fitting = [group for group in growing if _can_continue(group, line, body)]
        if fitting:
            max(fitting, key=lambda group: group.bottom).add_line(line)
            continue
        groups.append(LineGroup(lines=[line], is_heading=line.size >= HEADING_SIZE * body))
        growing.append(groups[-1])
    return groups


def _can_continue(group: LineGroup, line: PageLine, body: float) -> bool:
    """Return whether `line` continues `group` below it."""
    is_heading = line.size >= HEADING_SIZE * body
    last = group.lines[-1]
    white = line.top - last.bottom
    if is_heading != group.is_heading or not -0.5 * line.size < white:
        return False
    if is_heading:
        return white < 0.9 * min(line.size, last.size) and line.left < group.right and line.right > group.left
    slack = _INDENT * body
    inside = group.left - slack <= line.left and line.right <= group.right + slack
    around = line.left - slack <= group.left and group.right <= line.right + slack
    alike = abs(line.size - last.size) < 0.08 * body
    return alike and white < _LEADING * body and (inside or around)


def cut_group(group: LineGroup, body: float, spaced: bool, words: frozenset[str]) -> list[Piece]:
    """Return a group's pieces: headings split by size, text by indents and by lines that end early."""
    parts: list[list[PageLine]] = []
    for line in group.lines:
        if parts and not _is_piece_start(group, parts[-1][-1], line, body, spaced):
            parts[-1].append(line)
        else:
            parts.append([line])
    return [
        Piece(
            text=join_lines(part, spaced, words),
            indented=not group.is_heading and part[0].left - group.left > _INDENT * body,
            lines=len(part),
            size=part[0].size / body,
        )
        for part in parts
    ]


def _is_piece_start(group: LineGroup, last: PageLine, line: PageLine, body: float, spaced: bool) -> bool:
    """Return whether `line` begins a piece, given that it follows `last` in its group."""
    if group.is_heading:
        return abs(line.size - last.size) > 0.05 * last.size
    if line.left - group.left > _INDENT * body:
        return True
    word = line.text.split(" ", 1)[0] if spaced else line.text[:1]
    width = (line.right - line.left) * len(word) / len(line.text)
    return last.right + width + _SPARE * body < group.right


def join_lines(lines: Sequence[PageLine], spaced: bool, words: frozenset[str]) -> str:
    return join_parts([line.text for line in lines], spaced, words)
