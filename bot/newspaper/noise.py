"""What a scanner misread, put right where that is sure and left where it is not; nothing is ever added.

One character for another (a half-width comma between Chinese characters, O among a year's digits) and white
space that no typesetter sets; what is taken for noise depends on what the page does elsewhere. A missing 。
stays missing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.newspaper.layout import CJK, Piece

_HAN = CJK.pattern
_FULL = dict(zip(",:;?!", "，：；？！", strict=True))
# A half-width mark that Chinese characters or their marks enclose; "1,200", "10:30" and "A,B" have none.
_HALF = re.compile(rf"(?<=[{_HAN[1:-1]}”」』）》])[,:;?!](?=[{_HAN[1:-1]}“「『（《”」』）》]|$)")
_LAST_STOP = re.compile(rf"(?<=[{_HAN[1:-1]}])\.(?=[”」』]?$)")
_BRACKETS = re.compile(r"[(（][^()（）]{1,80}[)）]")
# Share of a mark that must be full-width before a half-width one among Chinese characters is a misreading:
# papers that set half-width marks set them everywhere. Tried were 0.5, 0.7 and 0.95: on the evaluation's
# pages (two million characters) the first two change the same one mark, rightly, the last none.
_FULL_SHARE = 0.7
# Digits with O, o, l or I among them, before what only numbers stand before. O2O and O157 are none.
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?=[OolI]*\d)(?=\d*[OolI])[0-9OolI]+(?=[年月日时分秒岁元版期名万亿千百%％])"
)
_MISREAD = re.compile("[OolI0]")
_DIGIT = str.maketrans("OolI", "0011")
_YEAR = re.compile(r"(?<![一二三四五六七八九〇○])[一二][一二三四五六七八九〇○O0o]{3}(?=年)")
_ZERO = str.maketrans("O0o", "〇〇〇")
# White space that stands before a closing mark or after an opening one: no typesetter sets it.
_BEFORE_MARK = re.compile(rf"(?<=[{_HAN[1:-1]}\d”」』）》]) (?=[，。、；：！？”」』）》])")
_AFTER_MARK = re.compile(rf"(?<=[，、；“「『（《]) (?=[{_HAN[1:-1]}\d“「『（《])")
_SET_APART = re.compile(rf"(?<=({_HAN})) (?=({_HAN}))")
_ASIDE = re.compile(r"[（(【][^（）()【】]*[）)】]")
_RUNNING = 40  # characters: below, a space may be a heading's, a name's or a signature's
_LEAST_SET_APART = 3  # spaces inside known pairs that show a paragraph to be noisy; one may be meant


def clean_pieces(found: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces of a Chinese page without what is surely a misreading.

    Each keeps its number of characters but for white space.
    """
    text = "\n".join(piece.text for piece in found)
    marks = _find_misread_marks(text)
    pairs = _collect_pairs(text) if any(_is_set_apart(piece.text) for piece in found) else frozenset()
    return tuple(
        _replace_text(piece, _remove_spaces(_repair_marks(piece.text, marks), pairs)) for piece in found
    )


def _replace_text(piece: Piece, text: str) -> Piece:
    return piece if text == piece.text else replace(piece, text=text)


def _find_misread_marks(text: str) -> dict[str, str]:
    """The half-width marks that are misreadings on this page, with what they should be."""
    half = Counter(mark.group() for mark in _HALF.finditer(text))
    return {
        mark: full
        for mark, full in _FULL.items()
        if half[mark] and _is_page_habit(text.count(full), half[mark])
    }


def _is_page_habit(full: int, half: int) -> bool:
    return full >= _FULL_SHARE * (full + half)


def _repair_marks(text: str, marks: dict[str, str]) -> str:
    """`text` with its misread marks and digits put right, character for character."""
    if marks:
        text = _HALF.sub(lambda found: marks.get(found.group(), found.group()), text)
    if "." in text[-2:] and "。" in text:
        text = _LAST_STOP.sub("。", text)
    if "(" in text or ")" in text:
        text = _BRACKETS.sub(lambda found: _pair_brackets(found.group()), text)
    if _MISREAD.search(text):
        text = _YEAR.sub(lambda found: found.group().translate(_ZERO), text)
        text = _NUMBER.sub(lambda found: found.group().translate(_DIGIT), text)
    return text


def _pair_brackets(text: str) -> str:
    """A remark whose brackets are of two widths, in full-width ones: it opens as it closes."""
    return text if (text[0] == "(") == (text[-1] == ")") else f"（{text[1:-1]}）"


def _collect_pairs(text: str) -> frozenset[str]:
    """The pairs of characters that stand together on the page."""
    return frozenset(map(str.__add__, text, text[1:]))


def _is_set_apart(text: str) -> bool:
    """Whether `text` may have spaces that a scanner put between its characters."""
    return len(text) >= _RUNNING and text.count(" ") >= _LEAST_SET_APART


def _remove_spaces(text: str, pairs: frozenset[str]) -> str:
    """`text` without the white space that a scanner put into it."""
    if " " not in text:
        return text
    text = _AFTER_MARK.sub("", _BEFORE_MARK.sub("", text))
    if len(text) < _RUNNING:
        return text
    asides = [found.span() for found in _ASIDE.finditer(text)]
    noise = [
        found.start()
        for found in _SET_APART.finditer(text)
        if found[1] + found[2] in pairs and not any(start < found.start() < end for start, end in asides)
    ]
    if len(noise) < _LEAST_SET_APART:
        return text
    taken = set(noise)
    return "".join(character for i, character in enumerate(text) if i not in taken)
