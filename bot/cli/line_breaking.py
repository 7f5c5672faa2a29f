"""Breaks lines by Chinese rules: no line begins with a closing mark or ends with an opening mark."""

import re

from rich.cells import cell_len

_OPENING_MARKS, _CLOSING_MARKS = "“‘《（【〈「『([", "，。、；：！？）》】〉」』”’…—·,.;:!?%)]"
# A piece that is not broken: opening marks, then a word of letters and digits or one character, then closing
# marks.
_PIECE = re.compile(rf"\s+|[{re.escape(_OPENING_MARKS)}]*(?:[!-~À-ɏ]+|\S)[{re.escape(_CLOSING_MARKS)}]*")


def break_lines(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` cells. A Chinese character takes two cells. Longer words
    are not cut.

    >>> break_lines("今天启用，水库蓄水。", 9)
    ['今天启', '用，水库', '蓄水。']
    """
    set_lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line + piece.rstrip()) > width:
            set_lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*set_lines, line.rstrip()] if line.strip() else set_lines
