"""Turn a page so that its lines are level, and put the large first letter of a text back into its line.

Both happen before anything else looks at the places of the lines. A page set vertically is turned so that its
columns, from right to left, become lines from the top down; the reading order of level text then holds.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.newspaper.boxes import Box, PageLine, Sheet, Way

# As multiples of the body's character size:
_DROP_CAP = 1.7  # least size of a large first letter
_AFTER_CAP = 2.0  # most white space between it and its text
_LEAST_BESIDE = 2  # lines of text that a large first letter stands beside
_LONGEST_CAP = 2  # characters, with a quotation mark
_MOST_CAPS = 100  # of a page
_QUOTES = "“\"«「『‘'"


def turn_sheet(sheet: Sheet) -> Sheet:
    """Return the page with most of its text level; a line that runs another way keeps its `way`."""
    count: Counter[Way] = Counter()
    for line in sheet.lines:
        count[line.way] += len(line.text)
    way = max(Way, key=lambda way: count[way])
    if way == Way.LEVEL:
        return sheet
    is_upward = way == Way.UPWARD

    def turn(box: Box) -> tuple[float, float, float, float]:
        if is_upward:
            return sheet.height - box.bottom, box.left, sheet.height - box.top, box.right
        return box.top, sheet.width - box.right, box.bottom, sheet.width - box.left

    def turn_boxes(boxes: Sequence[Box]) -> tuple[Box, ...]:
        return tuple(
            Box(left=left, top=top, right=right, bottom=bottom)
            for left, top, right, bottom in map(turn, boxes)
        )

    lines = []
    for line in sheet.lines:
        left, top, right, bottom = turn(line)
        # A level line on a page set vertically is a heading above its columns: it is read before them.
        turned = Way.LEVEL if line.way == way or (way == Way.VERTICAL and line.way == Way.LEVEL) else line.way
        lines.append(replace(line, left=left, top=top, right=right, bottom=bottom, way=turned))
    return replace(
        sheet,
        width=sheet.height,
        height=sheet.width,
        lines=tuple(lines),
        pictures=turn_boxes(sheet.pictures),
        frames=turn_boxes(sheet.frames),
    )


def join_drop_caps(lines: Sequence[PageLine], body: float) -> tuple[PageLine, ...]:
    """Return the lines with each large first letter at the beginning of the line beside it."""
    changed: dict[int, PageLine | None] = {}
    caps = [line for line in lines if line.size >= _DROP_CAP * body and _is_letter(line.text)]
    for cap in caps[:_MOST_CAPS]:
        beside = sorted(
            (line for line in lines if line is not cap and _is_beside(cap, line, body)),
            key=lambda line: line.top,
        )
        if len(beside) < _LEAST_BESIDE:
            continue
        changed[id(cap)] = None
        for number, line in enumerate(beside):
            text = cap.text + line.text if not number else line.text
            changed[id(line)] = replace(line, text=text, left=cap.left)
    return tuple(turned for line in lines if (turned := changed.get(id(line), line)))


def _is_letter(text: str) -> bool:
    letter = text.strip(_QUOTES)
    return len(text) <= _LONGEST_CAP and len(letter) == 1 and letter.isalpha()


def _is_beside(cap: PageLine, line: PageLine, body: float) -> bool:
    """Return whether a line of text begins right beside a large letter."""
    middle = (line.top + line.bottom) / 2
    return (
        line.size < _DROP_CAP * body
        and cap.top - 0.2 * body < middle < cap.bottom + 0.2 * body
        and -0.3 * cap.size < line.left - cap.right < _AFTER_CAP * body
    )
