"""Correct what a scanner certainly misread, and leave the rest; nothing is ever added.

The module corrects one character for another (a half-width comma between Chinese characters, O among a
year's digits) and white space that no typesetter would set. What counts as noise depends on the rest of the
page. A missing 。 stays missing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.newspaper.layout import CJK, Piece

_HAN = CJK.pattern
_FULL = dict(zip(",:;?!", "，：；？！", strict=True))
# A half-width mark between Chinese characters or their marks; "1,200", "10:30" and "A,B" have none.
_HALF = re.compile(rf"(?<=[{_HAN[1:-1]}”」』）》])[,:;?!](?=[{_HAN[1:-1]}“「『（《”」』）》]|$)")
_LAST_STOP = re.compile(rf"(?<=[{_HAN[1:-1]}])\.(?=[”」』]?$)")
_BRACKETS = re.compile(r"[(（][^()（）]{1,80}[)）]")
# Share of a mark that must be full-width before a half-width one among Chinese characters counts as misread:
# papers that use half-width marks use them everywhere. The values 0.5, 0.7 and 0.95 were tried. On the
# evaluation's pages (two million characters) the first two change the same one mark, correctly; the last
# changes none.
_FULL_SHARE = 0.7
# Digits with O, o, l or I among them, before a word that only follows numbers. O2O and O157 do not match.
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?=[OolI]*\d)(?=\d*[OolI])[0-9OolI]+(?=[年月日时分秒岁元版期名万亿千百%％])"
)
_MISREAD = re.compile("[OolI0]")
_DIGIT = str.maketrans("OolI", "0011")
_YEAR = re.compile(r"(?<![一二三四五六七八九〇○])[一二][一二三四五六七八九〇○O0o]{3}(?=年)")
_ZERO = str.maketrans("O0o", "〇〇〇")
# White space before a closing mark or after an opening one: no typesetter sets it.
_BEFORE_MARK = re.compile(rf"(?<=[{_HAN[1:-1]}\d”」』）》]) (?=[，。、；：！？”」』）》])")
_AFTER_MARK = re.compile(rf"(?<=[，、；“「『（《]) (?=[{_HAN[1:-1]}\d“「『（《])")
_SET_APART = re.compile(rf"(?<=({_HAN})) (?=({_HAN}))")
_ASIDE = re.compile(r"[（(【][^（）()【】]*[）)】]")
_RUNNING = 40  # characters: in shorter text, a space may belong to a heading, a name or a signature
_LEAST_SET_APART = 3  # spaces inside known pairs that make a paragraph noisy; a single one may be intended


def clean_pieces(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the pieces of a Chinese page with certain misreadings corrected.

    Each piece keeps its number of characters, except for white space.
    """
    text = "\n".join(piece.text for piece in pieces)
    marks = _find_misread_marks(text)
    pairs = _collect_pairs(text) if any(_is_set_apart(piece.text) for piece in pieces) else frozenset()
    return tuple(
        _replace_text(piece, _remove_spaces(_repair_marks(piece.text, marks), pairs)) for piece in pieces
    )


def _replace_text(piece: Piece, text: str) -> Piece:
    return piece if text == piece.text else replace(piece, text=text)


def _find_misread_marks(text: str) -> dict[str, str]:
    """Return the half-width marks that are misread on this page, with their corrections."""
    half = Counter(mark.group() for mark in _HALF.finditer(text))
    return {
        mark: full
        for mark, full in _FULL.items()
        if half[mark] and _is_page_habit(text.count(full), half[mark])
    }


def _is_page_habit(full: int, half: int) -> bool:
    return full >= _FULL_SHARE * (full + half)


def _repair_marks(text: str, marks: dict[str, str]) -> str:
    """Return `text` with its misread marks and digits corrected, character for character."""
    if marks:
        text = _HALF.sub(lambda match: marks.get(match.group(), match.group()), text)
    if "." in text[-2:] and "。" in text:
        text = _LAST_STOP.sub("。", text)
    if "(" in text or ")" in text:
        text = _BRACKETS.sub(lambda match: _pair_brackets(match.group()), text)
    if _MISREAD.search(text):
        text = _YEAR.sub(lambda match: match.group().translate(_ZERO), text)
        text = _NUMBER.sub(lambda match: match.group().translate(_DIGIT), text)
    return text


def _pair_brackets(text: str) -> str:
    """Return a remark whose brackets have two widths with full-width brackets on both sides."""
    return text if (text[0] == "(") == (text[-1] == ")") else f"（{text[1:-1]}）"


def _collect_pairs(text: str) -> frozenset[str]:
    """Return the pairs of characters that stand together on the page."""
    return frozenset(map(str.__add__, text, text[1:]))


def _is_set_apart(text: str) -> bool:
    """Return whether `text` may have spaces that a scanner put between its characters."""
    return len(text) >= _RUNNING and text.count(" ") >= _LEAST_SET_APART


def _remove_spaces(text: str, pairs: frozenset[str]) -> str:
    """Return `text` without the white space that a scanner put into it."""
    if " " not in text:
        return text
    text = _AFTER_MARK.sub("", _BEFORE_MARK.sub("", text))
    if len(text) < _RUNNING:
        return text
    asides = [match.span() for match in _ASIDE.finditer(text)]
    noise = [
        match.start()
        for match in _SET_APART.finditer(text)
        if match[1] + match[2] in pairs and not any(start < match.start() < end for start, end in asides)
    ]
    if len(noise) < _LEAST_SET_APART:
        return text
    taken = set(noise)
    return "".join(character for i, character in enumerate(text) if i not in taken)
