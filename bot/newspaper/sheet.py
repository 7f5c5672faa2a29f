"""A page as it is set → its pieces in reading order: head and foot at its ends, captions apart."""

from collections import Counter
from collections.abc import Sequence

from bot.newspaper.boxes import LineGroup, PageLine, Sheet, cut_group, group_lines, join_lines
from bot.newspaper.furniture import explain_furniture
from bot.newspaper.layout import Piece, is_spaced
from bot.newspaper.order import order_groups

_EDGE = 0.1  # of the page's height: where its head and foot stand
_SMALL = 0.93  # of the body's size: up to here a line is set smaller than the text
_BESIDE = 2.5  # of the body's size: most white between a picture and its caption
_LONGEST_CAPTION = 160  # characters


def read_sheet_pieces(sheet: Sheet) -> tuple[Piece, ...]:
    """The pieces of a page in reading order; what only its place shows to be no text is marked `apart`."""
    if not sheet.lines:
        return ()
    body = measure_body_size(sheet.lines)
    head = [line for line in sheet.lines if _is_edge_furniture(line, sheet) and line.top < sheet.height / 2]
    foot = [line for line in sheet.lines if _is_edge_furniture(line, sheet) and line.top >= sheet.height / 2]
    aside = {id(line) for line in (*head, *foot)}
    rest = group_lines([line for line in sheet.lines if id(line) not in aside], body)
    captions = [group for group in rest if _is_picture_caption(group, sheet, body)]
    taken = {id(group) for group in captions}
    groups_in_order = order_groups([group for group in rest if id(group) not in taken], sheet, body)
    spaced = is_spaced("".join(line.text for line in sheet.lines))
    return (
        *(Piece(text=line.text) for line in _sort_in_rows(head)),
        *(piece for group in groups_in_order for piece in cut_group(group, body, spaced)),
        *(Piece(text=join_lines(group.lines, spaced), apart="small, beside a picture") for group in captions),
        *(Piece(text=line.text) for line in _sort_in_rows(foot)),
    )


def measure_body_size(lines: Sequence[PageLine]) -> float:
    """The size most characters have."""
    count: Counter[float] = Counter()
    for line in lines:
        count[round(line.size * 4) / 4] += len(line.text)
    return max(count, key=lambda size: (count[size], -size)) or 1.0


def _is_edge_furniture(line: PageLine, sheet: Sheet) -> bool:
    at_edge = line.bottom < _EDGE * sheet.height or line.top > (1 - _EDGE) * sheet.height
    return at_edge and bool(explain_furniture(line.text))


def _is_picture_caption(group: LineGroup, sheet: Sheet, body: float) -> bool:
    """Whether a group is a picture's caption or credit: small, short and right beside it."""
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
