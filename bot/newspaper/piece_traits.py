"""Describe a piece by itself: whether a sentence ends there, whether it may be a heading, who signed it."""

import re
from dataclasses import dataclass
from functools import cache

from bot.newspaper import line_patterns
from bot.newspaper.boxes import HEADING_SIZE
from bot.newspaper.edges import score_start
from bot.newspaper.layout import CLOSERS, SENTENCE_ENDS, Piece

_LATIN_RATIO = 2.2  # Latin characters per width of a Chinese one, to compare lengths of headings
SHORT = 40  # characters: the length of a possible heading
_LEAST_CAPITALS, _LONGEST_CAPITALS = 6, 300  # characters of a heading in capitals
_MOST_SMALL = 0.15  # small letters for each capital in a heading in capitals: scanners misread some
_LONGEST_CALL = 24  # characters of a heading that is a question or an appeal
_TORN = 30  # characters: a longer piece without an end mark was probably torn
BRACKETED = re.compile(r"^[（(].{2,60}[）)]$")
_LONGEST_REMARK = 48  # characters
_REMARK = re.compile(
    r"。[”’」』]?\s?[（(][^（）()]{1,40}[）)]$"
)  # after the last sentence: （相关报道见第二版）
_LATIN_END = re.compile(r"[a-zß-öø-ÿа-яёα-ω0-9)%]\.$")  # headlines in such scripts have no full stop


@dataclass(frozen=True, kw_only=True, slots=True)
class PieceTraits:
    """The traits of a piece. `length` counts characters, Latin ones by their width."""

    text: str
    length: float
    is_indented: bool
    is_parted: bool  # a blank line separates it from the piece before
    is_set_as_heading: bool  # in larger characters, and then at its own position: its indent means nothing
    is_ended: bool  # a sentence ends at its end
    is_short: bool  # short and without an end: it may be a heading
    is_torn: bool  # long and without an end
    is_signature: bool
    is_caption: bool
    is_note: bool
    is_signed: bool  # one of the three, or completely in brackets
    is_byline: bool
    is_in_capitals: bool  # a heading, in scripts with small letters
    has_dateline: bool
    start: float  # how much its first characters look like a beginning; above 0 they do


@cache  # there are few names: one pair each instead of millions on a long page
def make_certain(name: str) -> tuple[str, float]:
    """Return the observation `name` with strength 1."""
    return name, 1.0


def describe_piece(piece: Piece) -> PieceTraits:
    text = piece.text
    length = len(text) if not text.isascii() else len(text) / _LATIN_RATIO
    ended = is_ended(text)
    byline = bool(line_patterns.match_byline(text))
    signature, note = bool(line_patterns.match_signature(text)), line_patterns.is_note(text)
    caption = not byline and line_patterns.is_caption(text)
    signed = signature or caption or note or bool(BRACKETED.match(text))
    return PieceTraits(
        text=text,
        length=length,
        is_indented=piece.indented,
        is_parted=piece.parted,
        is_set_as_heading=piece.size >= HEADING_SIZE,
        is_ended=ended,
        is_short=length <= SHORT
        and (not ended or _may_be_call(text))
        and not signed
        and text[-1:] not in "；;，,、",
        is_torn=length > _TORN and not ended and not signed and text[-1:] not in "—：:；;",
        is_signature=signature,
        is_caption=caption,
        is_note=note,
        is_signed=signed,
        is_byline=byline or line_patterns.is_bare_name(text),
        is_in_capitals=is_in_capitals(text),
        has_dateline=bool(line_patterns.match_dateline(text)),
        start=score_start(text),
    )


def is_in_capitals(text: str) -> bool:
    """Return whether `text` has almost no small letters, and consists mostly of letters of a script that
    has them.

    >>> [is_in_capitals(text) for text in ("ПОЧЕТНЫЕ ПАССАЖИРЫ МЕТРО", "LINXI, Nov. 20", "WTO通过")]
    [True, False, False]
    """
    if len(text) > _LONGEST_CAPITALS or text[-1:].islower() or text.upper() == text.lower():
        return False
    capitals = sum(character.isupper() for character in text)
    small = sum(character.islower() for character in text)
    others = sum(character.isalpha() for character in text) - capitals - small
    return capitals >= _LEAST_CAPITALS and small + others <= _MOST_SMALL * capitals


def _may_be_call(text: str) -> bool:
    """Return whether `text`, which ends a sentence, may be a heading that is a question or an appeal."""
    bare = text.rstrip(CLOSERS)
    return len(text) <= _LONGEST_CALL and bare[-1:] in "？！?!" and not any(stop in text for stop in "。…")


def is_ended(text: str) -> bool:
    """Return whether a sentence ends where `text` ends; a semicolon does not end one."""
    last = text.rstrip(CLOSERS)[-2:]
    return (
        (last[-1:] in SENTENCE_ENDS and last[-1:] not in "；;")
        or bool(_LATIN_END.search(last))
        or text.endswith("...")
        or (text[-1:] in "）)" and bool(BRACKETED.match(text)))
        or (text[-1:] in "）)" and bool(_REMARK.search(text[-_LONGEST_REMARK:])))
    )
