"""A paragraph broken into lines the way Chinese is set: no mark that closes begins a line, none that opens ends one."""

import re

from rich.cells import cell_len

_OPENING_MARKS, _CLOSING_MARKS = "“‘《（【〈「『([", "，。、；：！？）》】〉」』”’…—·,.;:!?%)]"
# What stays together: marks that open, a word in letters and digits or one character, marks that close.
_PIECE = re.compile(rf"\s+|[{re.escape(_OPENING_MARKS)}]*(?:[!-~À-ɏ]+|\S)[{re.escape(_CLOSING_MARKS)}]*")


def break_lines(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` cells; a Chinese character takes two. A longer word is not cut.

    >>> lines("今天启用，水库蓄水。", 10)
    ['今天启', '用，水库蓄', '水。']
    """
    set_lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line + piece.rstrip()) > width:
            set_lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*set_lines, line.rstrip()] if line.strip() else set_lines
