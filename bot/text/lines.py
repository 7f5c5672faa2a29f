"""The lines of a plain text: their positions, and which of them begin a paragraph at any width."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_ENDED = re.compile(r"[。！？!?.…；;：:｡][”’」』）)》】\]\"'*»]*$")
_END_CHARACTERS = 8  # of a line; they contain its end mark and closing marks
_ITEM = re.compile(
    r"(?:[-*+•·●■◆◇○□▪※►▶→–—]\s+|\(?(?:\d{1,3}|[a-eA-E])[.)]\s+|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|[一二三四五六七八九十]{1,3}、|\d{1,3}[、．]|[①-⑳]|#{1,6}\s|>)"
)
_NUMBER = re.compile(r"\d{1,3}(?=[.)、．])")
_CELL_GAP = re.compile(
    r"\S {2,}\S.*\S {2,}\S|\S(?: {3,}|\t+|\u3000{2,}| \| |\|)\S|^\|"
)  # between two cells of a table
_CODE = re.compile(
    r"[{};]$|^[$>] |^(?:def|class|import|from|return|if|for|while|else|elif)\b.*:$|^[\w.]+ = |\w\(.*\)$"
)
_FENCE = re.compile(r"```|~~~")
_MAX_ROW_CHARACTERS = 300  # of a table's row or a line of code
_MIN_INDENT = 2  # cells; one blank may be left over from the line before


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the text. A blank line has no text and counts as ended."""

    text: str  # without the white space around it
    start: int  # in the whole text
    indent: int  # cells before the text
    margin: int  # characters before the text
    trail: int  # characters behind it
    is_ended: bool  # with a mark that may end a paragraph


def read_lines(text: str) -> list[TextLine]:
    """Return the lines of a text whose line ends are "\\n"."""
    lines, start = [], 0
    for row in text.split("\n"):
        bare = row.strip()
        margin = len(row) - len(row.lstrip()) if bare else 0
        head = row[:margin]
        lines.append(
            TextLine(
                text=bare,
                start=start + margin,
                indent=len(head.expandtabs(4)) + head.count("\u3000"),
                margin=margin,
                trail=min(2, len(row) - margin - len(bare)) if bare else 0,
                is_ended=not bare or bool(_ENDED.search(bare[-_END_CHARACTERS:])),
            )
        )
        start += len(row) + 1
    return lines


def find_beginnings(lines: Sequence[TextLine]) -> frozenset[int]:
    """Return the lines that begin a paragraph at any width: indented lines, items, table rows, code."""
    base = _find_base_indent(lines)
    items = Counter(_classify_item(line.text) for line in lines)
    numbers = {int(number[0]) for line in lines if (number := _NUMBER.match(line.text))}
    begins: set[int] = set()
    is_fenced = False
    item_indent = -1  # of the text of the current list item; its further lines have the same indent
    for i, line in enumerate(lines):
        before = lines[i - 1] if i else TextLine("", 0, 0, 0, 0, is_ended=True)
        after = lines[i + 1] if i + 1 < len(lines) else before
        if not line.text:
            continue
        is_fence = bool(_FENCE.match(line.text))
        is_fenced ^= is_fence
        if (
            is_fenced
            or is_fence
            or any(_is_row(line, before, after, pattern) for pattern in (_CELL_GAP, _CODE))
        ):
            begins |= {i, i + 1}
        if kind := _classify_item(line.text):
            number = _NUMBER.match(line.text)
            if before.is_ended or (
                numbers & {int(number[0]) - 1, int(number[0]) + 1} if number else items[kind] > 1
            ):
                begins.add(i)
                # # it has a kind
                item_indent = line.indent + len(_ITEM.match(line.text)[0])  # type: ignore[index]
        elif abs(line.indent - base) >= _MIN_INDENT and not (
            before.text and abs(line.indent - item_indent) < _MIN_INDENT
        ):
            begins.add(i)
    return frozenset(begins)


def _is_row(line: TextLine, before: TextLine, after: TextLine, pattern: re.Pattern[str]) -> bool:
    """Return whether a line and one of its neighbours match the pattern of a table row or of code."""
    return _matches(line, pattern) and (_matches(before, pattern) or _matches(after, pattern))


def _matches(line: TextLine, pattern: re.Pattern[str]) -> bool:
    return len(line.text) <= _MAX_ROW_CHARACTERS and bool(pattern.search(line.text))


def _find_base_indent(lines: Sequence[TextLine]) -> int:
    """Return the indent of the lines that continue a sentence."""
    indents = Counter(
        after.indent for line, after in pairwise(lines) if line.text and after.text and not line.is_ended
    )
    return max(indents, key=lambda indent: (indents[indent], -indent), default=0)


def _classify_item(text: str) -> str:
    """Return the kind of mark at the beginning of a list item, without its number or letter; "" if there is
    none.
    """
    mark = _ITEM.match(text)
    if not mark:
        return ""
    return re.sub(r"\d+|[一二三四五六七八九十]+|[①-⑳]|[a-zA-Z]", "1", mark[0].strip())


def split_blocks(lines: Sequence[TextLine], begins: frozenset[int]) -> list[range]:
    """Return the runs of lines that may be wrapped paragraphs: without a blank line or a beginning within.

    Three or more lines that each end a sentence are a dialogue or a poem.
    """
    cuts = [i for i, line in enumerate(lines) if not line.text or i in begins]
    blocks = [
        range(a + (not lines[a].text), b)
        for a, b in pairwise([*([0] if 0 not in cuts else []), *cuts, len(lines)])
    ]
    return [
        block
        for block in blocks
        if len(block) > 1 and not (len(block) > 2 and all(lines[i].is_ended for i in block[len(block) > 3 :]))
    ]
