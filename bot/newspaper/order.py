"""Decide the reading order of groups of lines: cut a page into columns and rows until each part is one
group.

Columns come before rows, so that two articles side by side are never read across. A heading spans all the
columns that it governs, even if its own words are shorter, so that they are not read before it. The
alternating cuts are the recursive X-Y cut (Nagy, Seth 1984).
"""

from collections.abc import Callable, Sequence

from bot.newspaper.boxes import Box, LineGroup, Sheet

# As multiples of the body's character size:
_BELOW = 4.0  # most white space between a heading and the columns that it governs
_LEVEL = 1.0  # how far the tops of columns under one heading may differ
_CENTRED = 0.8  # how far a heading may be from the middle of its columns
_BETWEEN = 0.8  # least white space between two articles; above a sub-heading there is less
_OVERHANG = 0.6  # how far a mark that hangs over its column may reach into the next
_FULL = 3  # lines that show a column's width
_LEAST_FRAME = 6  # a frame's least height and width
_LEAST_LINES = 3  # lines of text in a frame with an article of its own
_MOST_PEELED = 400  # groups up to which inseparable ones are removed one by one


def order_groups(groups: Sequence[LineGroup], sheet: Sheet, body: float) -> list[LineGroup]:
    """Return the groups in reading order; frames with their own heading come after the rest."""
    _extend_to_columns(groups, body)
    for heading in groups:
        if heading.is_heading:
            _extend_heading(heading, groups, sheet.pictures, body)
    rest, framed = list(groups), []
    for frame in sorted(sheet.frames, key=_measure_area):
        held = [group for group in rest if _is_inside(frame, group, body)]
        if _is_article(frame, held, body) and len(held) < len(rest):
            framed.append(held)
            taken = {id(group) for group in held}
            rest = [group for group in rest if id(group) not in taken]
    framed.sort(key=lambda held: (min(group.top for group in held), min(group.left for group in held)))
    return [group for part in (rest, *framed) for group in _cut_by_turns(part, body)]


def _extend_to_columns(groups: Sequence[LineGroup], body: float) -> None:
    """Extend the short last lines that stand alone in a column to the width of that column."""
    columns = {(round(g.left), round(g.right)) for g in groups if not g.is_heading and len(g.lines) >= _FULL}
    for group in groups:
        if not group.is_heading and len(group.lines) < _FULL:
            around = [(a, b) for a, b in columns if a - body <= group.left and group.right <= b + body]
            if around:
                left, right = min(around, key=lambda column: column[1] - column[0])
                group.left, group.right = min(group.left, left), max(group.right, right)


def _measure_area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _is_inside(frame: Box, group: LineGroup, body: float) -> bool:
    ink = group.lines[0]
    return (
        frame.left - body <= ink.left
        and ink.right <= frame.right + body
        and frame.top - body <= group.top
        and group.bottom <= frame.bottom + body
    )


def _is_article(frame: Box, held: Sequence[LineGroup], body: float) -> bool:
    size = min(frame.right - frame.left, frame.bottom - frame.top)
    lines = sum(len(group.lines) for group in held if not group.is_heading)
    return size > _LEAST_FRAME * body and lines >= _LEAST_LINES and any(group.is_heading for group in held)


def _extend_heading(
    heading: LineGroup, groups: Sequence[LineGroup], pictures: Sequence[Box], body: float
) -> None:
    """Extend a heading to the width of the columns below it that no other heading can govern."""
    columns: list[LineGroup | Box] = [*(group for group in groups if not group.is_heading), *pictures]
    below = sorted(
        (g for g in columns if -body < g.top - heading.bottom < _BELOW * body),
        key=lambda group: group.left,
    )
    own = [i for i, g in enumerate(below) if g.left < heading.right and g.right > heading.left]
    if not own:
        return
    level = min(below[i].top for i in own)
    first, last = own[0], own[-1]

    def is_free(i: int) -> bool:
        column = below[i]
        placed: list[LineGroup | Box] = [*groups, *pictures]
        beside = [g for g in placed if g is not heading and g is not column]
        return abs(column.top - level) < _LEVEL * body and not any(
            g.left < column.right
            and g.right > column.left
            and g.top < level - _LEVEL * body
            and g.bottom > heading.top
            for g in beside
        )

    while last + 1 < len(below) and is_free(last + 1):
        last += 1
    while first > 0 and is_free(first - 1):
        first -= 1
    first, last = _find_middle_columns(heading, below, (own[0], own[-1]), (first, last), body)
    heading.left, heading.right = min(heading.left, below[first].left), max(heading.right, below[last].right)


def _find_middle_columns(
    heading: LineGroup,
    columns: Sequence[LineGroup | Box],
    own: tuple[int, int],
    free: tuple[int, int],
    body: float,
) -> tuple[int, int]:
    """Return the first and last of the columns under a heading.

    These are the most columns that the heading is centred over, or those from its left edge.
    """
    centre = (heading.left + heading.right) / 2
    spans = [
        (first, last)
        for first in range(free[0], own[0] + 1)
        for last in range(own[1], free[1] + 1)
        if abs((columns[first].left + columns[last].right) / 2 - centre) < _CENTRED * body
    ]
    if spans:
        return max(spans, key=lambda span: span[1] - span[0])
    if abs(columns[own[0]].left - heading.left) < _CENTRED * body:
        return own[0], free[1]
    return own


def _cut_by_turns(groups: Sequence[LineGroup], body: float) -> list[LineGroup]:
    ordered: list[LineGroup] = []
    waiting = [list(groups)]
    while waiting:
        part = waiting.pop()
        if len(part) < 2:
            ordered += part
            continue
        cuts = (
            _cut_at_white(part, lambda g: (g.left, g.right), -_OVERHANG * body)
            or _cut_rows(part, body)
            or _split_first(part)
        )
        if len(cuts) == 1:
            ordered += cuts[0]
        else:
            waiting += reversed(cuts)
    return ordered


def _cut_at_white(
    groups: Sequence[LineGroup], extent: Callable[[LineGroup], tuple[float, float]], white: float
) -> list[list[LineGroup]]:
    """Return the groups, cut wherever more than `white` separates all of them in one direction; [] without
    a cut.
    """
    cuts: list[list[LineGroup]] = []
    end = 0.0
    for group in sorted(groups, key=extent):
        low, high = extent(group)
        if not cuts or low - end > white:
            cuts.append([])
            end = high
        cuts[-1].append(group)
        end = max(end, high)
    return cuts if len(cuts) > 1 else []


def _cut_rows(groups: Sequence[LineGroup], body: float) -> list[list[LineGroup]]:
    """Return the groups cut into rows above headings and below one; at any other place when there is no
    such cut.

    Headings side by side stay with the text below them, and text stays with the text above it. Otherwise
    columns that a picture shortened would be read after others.
    """
    cuts = _cut_at_white(groups, lambda g: (g.top, g.bottom), 0.0)
    rows: list[list[LineGroup]] = []
    for part in cuts:
        if rows and not _is_row_cut(rows[-1], part, body):
            rows[-1] += part
        else:
            rows.append(list(part))
    return rows if len(rows) > 1 else cuts


def _is_row_cut(above: Sequence[LineGroup], below: Sequence[LineGroup], body: float) -> bool:
    if all(group.is_heading for group in above):
        return len(above) == 1
    first = min(below, key=lambda group: group.top)
    return first.is_heading and first.top - max(group.bottom for group in above) > _BETWEEN * body


def _split_first(groups: list[LineGroup]) -> list[list[LineGroup]]:
    """Return interlocking groups as two parts: the first by its position, then the others."""
    placed = sorted(groups, key=lambda group: (group.top, group.left))
    return [placed[:1], placed[1:]] if len(placed) <= _MOST_PEELED else [placed]
