"""A printed page → its pieces in reading order, with head and foot at its ends and captions separate."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.newspaper.boxes import (
    HEADING_SIZE,
    LineGroup,
    PageLine,
    Sheet,
    Way,
    cut_group,
    group_lines,
    join_lines,
)
from bot.newspaper.furniture import explain_furniture, is_print_line
from bot.newspaper.layout import Piece, collect_words, is_spaced
from bot.newspaper.order import order_groups
from bot.newspaper.piece_traits import is_ended, is_in_capitals
from bot.newspaper.turning import join_drop_caps, turn_sheet

_EDGE = 0.1  # as a share of the page's height: the area of its head and foot
_PRINT_EDGE = 0.05  # the same, for what a browser prints in the margins
_SMALL = 0.93  # of the body's size: a line up to this size is smaller than the text
_BESIDE = 2.5  # of the body's size: most white space between a picture and its caption
_NOISE = 0.3  # of a line's size: how far the next line of the same text may differ in a scan
_ABOVE = 2.5  # of the body's size: how far above a line the line that it continues may begin
_NOT_NOISE = 1.6  # of the body's size: no text is scanned as this large
_CAPITALS = 1.2  # of the body's size: the least size of a line in capitals
_LONGEST_CAPTION = 160  # characters


def read_sheet_pieces(sheet: Sheet) -> tuple[Piece, ...]:
    """Return the pieces of a page in reading order; pieces that only their position excludes are marked
    `apart`.
    """
    if not sheet.lines:
        return ()
    sheet = turn_sheet(sheet)
    body = measure_body_size(sheet.lines)
    sideways = [line for line in sheet.lines if line.way in (Way.UPWARD, Way.DOWNWARD)]
    upright = [line for line in sheet.lines if line.way not in (Way.UPWARD, Way.DOWNWARD)]
    sheet = replace(sheet, lines=join_drop_caps(upright, body))
    if is_spaced("".join(line.text for line in sheet.lines)):
        sheet = replace(sheet, lines=_correct_sizes(sheet.lines, body))
    margins = _find_print_lines(sheet, body)
    edge = [line for line in sheet.lines if _is_edge_furniture(line, sheet)]
    head = [line for line in edge if line.top < sheet.height / 2]
    foot = [line for line in edge if line.top >= sheet.height / 2]
    aside = {id(line) for line in (*edge, *margins)}
    rest = group_lines([line for line in sheet.lines if id(line) not in aside], body)
    captions = [group for group in rest if _is_picture_caption(group, sheet, body)]
    taken = {id(group) for group in captions}
    groups_in_order = order_groups([group for group in rest if id(group) not in taken], sheet, body)
    spaced = is_spaced("".join(line.text for line in sheet.lines))
    words = collect_words(line.text for line in sheet.lines) if spaced else frozenset()
    return (
        *(Piece(text=line.text) for line in _sort_in_rows(head)),
        *(piece for group in groups_in_order for piece in cut_group(group, body, spaced, words)),
        *(
            Piece(text=join_lines(group.lines, spaced, words), apart="small, beside a picture")
            for group in captions
        ),
        *(Piece(text=line.text, apart="set sideways") for line in sideways),
        *(Piece(text=line.text, apart="printed by a browser") for line in _sort_in_rows(margins)),
        *(Piece(text=line.text) for line in _sort_in_rows(foot)),
    )


def _correct_sizes(lines: Sequence[PageLine], body: float) -> tuple[PageLine, ...]:
    """Give text lines the body's size and lines in capitals a heading's size if a scan's sizes are wrong.

    The lines of one paragraph may differ by a seventh. In a script with small letters, the form is more
    reliable than such a size: no heading begins with a small letter, ends in a hyphen or comma, or
    continues an unfinished line of text.
    """
    ordered = sorted(lines, key=lambda line: line.top)
    tops = [line.top for line in ordered]
    corrected: dict[int, float] = {}  # by the identities of the lines, from the top down
    for line in ordered:
        start, end = bisect_left(tops, line.top - _ABOVE * body), bisect_left(tops, line.top)
        above = next((other for other in reversed(ordered[start:end]) if _is_over(other, line, body)), None)
        corrected[id(line)] = _correct_size(line, above, corrected, body)
    for line in reversed(ordered):
        start, end = bisect_right(tops, line.top), bisect_left(tops, line.top + _ABOVE * body)
        below = next((other for other in ordered[start:end] if _is_over(other, line, body)), None)
        if below and corrected[id(below)] < HEADING_SIZE * body and _continues_below(line, below, body):
            corrected[id(line)] = min(corrected[id(line)], body)
    return tuple(replace(line, size=corrected[id(line)]) for line in lines)


def _correct_size(
    line: PageLine, above: PageLine | None, corrected: Mapping[int, float], body: float
) -> float:
    if is_in_capitals(line.text):
        return max(line.size, _CAPITALS * body)
    goes_on = (
        above is not None
        and corrected[id(above)] <= body
        and abs(above.size - line.size) < _NOISE * line.size
        and not is_ended(above.text)
    )
    if line.text[:1].islower() or line.text[-1:] in "-¬,;" or goes_on:
        return min(line.size, body)
    return line.size


def _continues_below(line: PageLine, below: PageLine, body: float) -> bool:
    """Return whether a line little larger than the text breaks off, and the text below it goes on."""
    return (
        line.size < _NOT_NOISE * body
        and below.text[:1].islower()
        and not is_ended(line.text)
        and not is_in_capitals(line.text)
    )


def _is_over(other: PageLine, line: PageLine, body: float) -> bool:
    return min(other.right, line.right) - max(other.left, line.left) > body


def measure_body_size(lines: Sequence[PageLine]) -> float:
    """Return the size that most characters have."""
    count: Counter[float] = Counter()
    for line in lines:
        count[round(line.size * 4) / 4] += len(line.text)
    return max(count, key=lambda size: (count[size], -size)) or 1.0


def _is_edge_furniture(line: PageLine, sheet: Sheet) -> bool:
    at_edge = line.bottom < _EDGE * sheet.height or line.top > (1 - _EDGE) * sheet.height
    return at_edge and bool(explain_furniture(line.text))


def _find_print_lines(sheet: Sheet, body: float) -> list[PageLine]:
    """Return what a browser prints above and below a page beside its date or address: the title, page 1/3."""
    rows = [
        [
            line
            for line in sheet.lines
            if line.way == Way.LEVEL
            and (
                line.bottom < _PRINT_EDGE * sheet.height
                if is_head
                else line.top > (1 - _PRINT_EDGE) * sheet.height
            )
        ]
        for is_head in (True, False)
    ]
    return [
        line
        for row in rows
        if any(is_print_line(line.text) for line in row)
        for line in row
        if not _is_edge_furniture(line, sheet) and line.size <= body * HEADING_SIZE
    ]


def _is_picture_caption(group: LineGroup, sheet: Sheet, body: float) -> bool:
    """Return whether a group is a picture's caption or credit: small, short and directly beside it."""
    length = sum(len(line.text) for line in group.lines)
    if group.is_heading or group.lines[0].size > _SMALL * body or length > _LONGEST_CAPTION:
        return False
    near = _BESIDE * body
    return any(
        group.left < picture.right + near
        and group.right > picture.left - near
        and group.top < picture.bottom + near
        and group.bottom > picture.top - near
        for picture in sheet.pictures
    )


def _sort_in_rows(lines: list[PageLine]) -> list[PageLine]:
    return sorted(lines, key=lambda line: (round(line.top / line.size), line.left))
