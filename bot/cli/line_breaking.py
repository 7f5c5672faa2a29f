"""Lines for the terminal, broken as Chinese is: no closing mark begins a line, no opening mark ends one."""

import re

from rich.cells import cell_len

_OPENING_MARKS, _CLOSING_MARKS = "“‘《（【〈「『([", "，。、；：！？）》】〉」』”’…—·,.;:!?%)]"
# What stays together: opening marks, a word of letters and digits or one character, closing marks.
_PIECE = re.compile(rf"\s+|[{re.escape(_OPENING_MARKS)}]*(?:[!-~À-ɏ]+|\S)[{re.escape(_CLOSING_MARKS)}]*")


def break_lines(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` cells; a Chinese character takes two. A longer word is not cut.

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
