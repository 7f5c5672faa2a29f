"""What a scanner misread, put right where that is sure and left where it is not; nothing is ever added.

One character for another (a half-width comma between Chinese characters, O among a year's digits) and white space
that no typesetter sets; what is taken for noise depends on what the page does elsewhere. A missing 。 stays missing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.newspaper.layout import CJK, Piece

HAN = CJK.pattern
FULL = dict(zip(",:;?!", "，：；？！", strict=True))
# A half-width mark that Chinese characters or their marks enclose; "1,200", "10:30" and "A,B" have none.
HALF = re.compile(rf"(?<=[{HAN[1:-1]}”」』）》])[,:;?!](?=[{HAN[1:-1]}“「『（《”」』）》]|$)")
LAST_STOP = re.compile(rf"(?<=[{HAN[1:-1]}])\.(?=[”」』]?$)")
BRACKETS = re.compile(r"[(（][^()（）]{1,80}[)）]")
# Share of a mark that must be full-width before a half-width one among Chinese characters is a misreading: papers that
# set half-width marks set them everywhere. Tried were 0.5, 0.7 and 0.95: on the evaluation's pages (two million
# characters) the first two change the same one mark, rightly, the last none.
FULL_SHARE = 0.7
# Digits with O, o, l or I among them, before what only numbers stand before. O2O and O157 are none.
NUMBER = re.compile(r"(?<![A-Za-z0-9])(?=[OolI]*\d)(?=\d*[OolI])[0-9OolI]+(?=[年月日时分秒岁元版期名万亿千百%％])")
MISREAD = re.compile("[OolI0]")
DIGIT = str.maketrans("OolI", "0011")
YEAR = re.compile(r"(?<![一二三四五六七八九〇○])[一二][一二三四五六七八九〇○O0o]{3}(?=年)")
ZERO = str.maketrans("O0o", "〇〇〇")
# White space that stands before a closing mark or after an opening one: no typesetter sets it.
BEFORE_MARK = re.compile(rf"(?<=[{HAN[1:-1]}\d”」』）》]) (?=[，。、；：！？”」』）》])")
AFTER_MARK = re.compile(rf"(?<=[，、；“「『（《]) (?=[{HAN[1:-1]}\d“「『（《])")
SET_APART = re.compile(rf"(?<=({HAN})) (?=({HAN}))")
ASIDE = re.compile(r"[（(【][^（）()【】]*[）)】]")
RUNNING = 40  # characters: below, a space may be a heading's, a name's or a signature's
LEAST_SET_APART = 3  # spaces inside known pairs that show a paragraph to be noisy; one may be meant


def cleaned(found: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces of a Chinese page without what is surely a misreading.

    Each keeps its number of characters but for white space.
    """
    text = "\n".join(piece.text for piece in found)
    marks = misread_marks(text)
    pairs = known_pairs(text) if any(is_set_apart(piece.text) for piece in found) else frozenset()
    return tuple(with_text(piece, with_spaces(with_marks(piece.text, marks), pairs)) for piece in found)


def with_text(piece: Piece, text: str) -> Piece:
    return piece if text == piece.text else replace(piece, text=text)


def misread_marks(text: str) -> dict[str, str]:
    """The half-width marks that are misreadings on this page, with what they should be."""
    half = Counter(mark.group() for mark in HALF.finditer(text))
    return {mark: full for mark, full in FULL.items() if half[mark] and is_habit(text.count(full), half[mark])}


def is_habit(full: int, half: int) -> bool:
    return full >= FULL_SHARE * (full + half)


def with_marks(text: str, marks: dict[str, str]) -> str:
    """`text` with its misread marks and digits put right, character for character."""
    if marks:
        text = HALF.sub(lambda found: marks.get(found.group(), found.group()), text)
    if "." in text[-2:] and "。" in text:
        text = LAST_STOP.sub("。", text)
    if "(" in text or ")" in text:
        text = BRACKETS.sub(lambda found: paired(found.group()), text)
    if MISREAD.search(text):
        text = YEAR.sub(lambda found: found.group().translate(ZERO), text)
        text = NUMBER.sub(lambda found: found.group().translate(DIGIT), text)
    return text


def paired(text: str) -> str:
    """A remark whose brackets are of two widths, in full-width ones: it opens as it closes."""
    return text if (text[0] == "(") == (text[-1] == ")") else f"（{text[1:-1]}）"


def known_pairs(text: str) -> frozenset[str]:
    """The pairs of characters that stand together on the page."""
    return frozenset(map(str.__add__, text, text[1:]))


def is_set_apart(text: str) -> bool:
    """Whether `text` may have spaces that a scanner put between its characters."""
    return len(text) >= RUNNING and text.count(" ") >= LEAST_SET_APART


def with_spaces(text: str, pairs: frozenset[str]) -> str:
    """`text` without the white space that a scanner put into it."""
    if " " not in text:
        return text
    text = AFTER_MARK.sub("", BEFORE_MARK.sub("", text))
    if len(text) < RUNNING:
        return text
    asides = [found.span() for found in ASIDE.finditer(text)]
    noise = [
        found.start()
        for found in SET_APART.finditer(text)
        if found[1] + found[2] in pairs and not any(start < found.start() < end for start, end in asides)
    ]
    if len(noise) < LEAST_SET_APART:
        return text
    taken = set(noise)
    return "".join(character for i, character in enumerate(text) if i not in taken)
