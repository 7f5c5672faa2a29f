"""Hard-wrap a text as editors, mail programs and converters do: at a width, in several styles, by several
rules.
"""

import re
import textwrap
from collections.abc import Callable, Sequence

STYLES = ("blank", "indent", "indent outside", "none")  # what parts paragraphs; "outside" of the width
RULES = 4
_CLOSING = "，。、；：！？”’」』）》】％%…—"
_OPENING = "“‘「『（《【"
_WIDE = re.compile(r"[\u2e80-\u303f\u3041-\u30ff\u3400-\u9fff\uff00-\uff60“”‘’…—]")
_FILLER = "\x00"  # stands for an indent that counts


def wrap_document(paragraphs: Sequence[str], width: int, style: str, rule: int, *, has_title: bool) -> str:
    """Return the paragraphs with hard line ends.

    `rule` is one of RULES ways to break lines of the text's script.
    """
    is_chinese = bool(re.search(r"[\u3400-\u9fff]", "".join(paragraphs)))
    indent = "　　" if is_chinese else "    "
    rows = []
    for number, paragraph in enumerate(paragraphs):
        is_indented = style.startswith("indent") and not (has_title and number == 0)
        inside = len(indent) if is_indented and style == "indent" else 0
        lines = (_wrap_chinese if is_chinese else _wrap_words)(paragraph, width, rule, inside)
        rows.append((indent if is_indented else "") + "\n".join(lines))
    return ("\n\n" if style == "blank" else "\n").join(rows)


def _wrap_words(text: str, width: int, rule: int, inside: int) -> list[str]:
    lines = textwrap.wrap(
        _FILLER * inside + text, width, break_long_words=False, break_on_hyphens=rule % 2 == 0
    )
    return [line.replace(_FILLER, "") for line in lines]


def _count_cells(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def _wrap_chinese(text: str, width: int, rule: int, inside: int) -> list[str]:
    """Wrap at any character (0), marks pulled to the next line (1) or hanging (2), or at cells of a terminal
    (3).
    """
    measure: Callable[[str], int] = _count_cells if rule == 3 else len
    scale = 2 if rule == 3 else 1
    units = list(text) if rule == 0 else re.findall(r"[A-Za-z0-9.,:%+\-/]+(?<![.,:])|.", text)
    lines, line, room = [], "", scale * (width - inside)
    for unit in units:
        if line and measure(line + unit) > room:
            if rule == 2 and unit in _CLOSING:
                lines.append(line + unit)
                line = ""
            else:
                carried = (
                    line[-1] if rule and (unit in _CLOSING or line[-1] in _OPENING) and len(line) > 1 else ""
                )
                lines.append(line.removesuffix(carried))
                line = carried + unit
            room = scale * width
        else:
            line += unit
    return [*lines, line] if line else lines
