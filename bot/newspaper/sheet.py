"""A page as it is set → its pieces in reading order: head and foot at its ends, captions apart."""

from collections import Counter
from collections.abc import Sequence

from bot.newspaper.boxes import Group, Line, Sheet, cut, groups, text_of
from bot.newspaper.furniture import furniture
from bot.newspaper.layout import Piece, is_spaced
from bot.newspaper.order import ordered

EDGE = 0.1  # of the page's height: where its head and foot stand
SMALL = 0.93  # of the body's size: up to here a line is set smaller than the text
BESIDE = 2.5  # of the body's size: most white between a picture and its caption
LONGEST_CAPTION = 160  # characters


def pieces(sheet: Sheet) -> tuple[Piece, ...]:
    """The pieces of a page in reading order; what only its place shows to be no text is marked `apart`."""
    if not sheet.lines:
        return ()
    body = body_size(sheet.lines)
    head = [line for line in sheet.lines if is_furniture(line, sheet) and line.top < sheet.height / 2]
    foot = [line for line in sheet.lines if is_furniture(line, sheet) and line.top >= sheet.height / 2]
    aside = {id(line) for line in (*head, *foot)}
    rest = groups([line for line in sheet.lines if id(line) not in aside], body)
    captions = [group for group in rest if is_caption(group, sheet, body)]
    taken = {id(group) for group in captions}
    groups_in_order = ordered([group for group in rest if id(group) not in taken], sheet, body)
    spaced = is_spaced("".join(line.text for line in sheet.lines))
    return (
        *(Piece(text=line.text) for line in in_rows(head)),
        *(piece for group in groups_in_order for piece in cut(group, body, spaced)),
        *(Piece(text=text_of(group.lines, spaced), apart="small, beside a picture") for group in captions),
        *(Piece(text=line.text) for line in in_rows(foot)),
    )


def body_size(lines: Sequence[Line]) -> float:
    """The size most characters have."""
    count: Counter[float] = Counter()
    for line in lines:
        count[round(line.size * 4) / 4] += len(line.text)
    return max(count, key=lambda size: (count[size], -size)) or 1.0


def is_furniture(line: Line, sheet: Sheet) -> bool:
    at_edge = line.bottom < EDGE * sheet.height or line.top > (1 - EDGE) * sheet.height
    return at_edge and bool(furniture(line.text))


def is_caption(group: Group, sheet: Sheet, body: float) -> bool:
    """Whether a group is a picture's caption or credit: small, short and right beside it."""
    length = sum(len(line.text) for line in group.lines)
    if group.is_heading or group.lines[0].size > SMALL * body or length > LONGEST_CAPTION:
        return False
    near = BESIDE * body
    return any(
        group.left < picture.right + near
        and group.right > picture.left - near
        and group.top < picture.bottom + near
        and group.bottom > picture.top - near
        for picture in sheet.pictures
    )


def in_rows(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (round(line.top / line.size), line.left))
