"""Text → sentences with offsets. Quotations and brackets are not split. Datelines are left out.

    本报济南12月24日讯 会议在济南召开。“要抓紧。”他说。   →   会议在济南召开。 | “要抓紧。”他说。

The kind of a span says how it may be used. Other modules select the sentences of a summary.
"""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from summarizer.languages import Language
from summarizer.scripts import DENSE

_QUOTATION_LIMIT = 400  # characters; an opening mark with a more distant partner counts as a misprint


class SpanKind(StrEnum):
    """The kind of a slice of the text. Summaries only quote a SENTENCE."""

    SENTENCE = "sentence"
    HEADING = "heading"
    SIGNATURE = "signature"  # the author, editor or photographer; any separate remark in brackets
    CAPTION = "caption"
    TORN = "torn"  # its beginning or its end is missing


# In Python 3.11, reading a member from its class takes longer than matching most patterns below.
SENTENCE, HEADING, SIGNATURE, CAPTION, TORN = SpanKind


class Span(NamedTuple):
    """text[start:end] of paragraph number `paragraph`."""

    start: int
    end: int
    paragraph: int
    kind: SpanKind


PARTNER = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "《": "》",
    "【": "】",
    "[": "]",
    '"': '"',
}
_QUOTES = '“‘「『"'
CLOSERS = "”’」』）)》】]\"'"
# The marks at which the scan stops. A run of end marks (！！, ……, ?!, ...) is one mark.
MARK = re.compile(r"[“‘「『（(《【\[\"。！？!?｡….]")
MARKS = "。！？!?｡…."
_RUN = re.compile(r"[。！？｡…]+|[.!?]+")
_FINAL = "。！？!?｡….；;"  # a complete paragraph ends with one of these before any closing marks
_TORN_START = re.compile(
    r"[，。、；：！？）》】”’％%,;:!?)\]]|(?:的|了|们|們|地|得|和|与|與|及|为指导|為指導)(?![a-zA-Z])"
)
ASIDE = re.compile(r"[（(【\[][^（）()。]*[）)】\]]")
CJK = re.compile(f"[{DENSE}]")
_GLUED = re.compile(r"[a-z]{3}[.!?]+[A-Z][a-z]")  # the space between two sentences is missing
_CLOSING_QUOTE = re.compile(r"’(?![A-Za-z])")
_GOES_ON = re.compile(r"\s*[，、；：,;:）)》的地得等和与與]")
_CLAUSE_MARK = re.compile(r"[，；：,;:]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SIGNATURE_LENGTH = 120  # characters; the patterns of the languages do not match longer texts
# usual lengths of a sentence; a line up to this length without a final mark is a heading
_HEADING_LENGTH = 1.1


def split_sentences(
    text: str,
    language: Language,
    *,
    cut_head: bool = False,
    cut_tail: bool = False,
    subheadings: Collection[int] = (),
) -> list[Span]:
    """Return the spans of the text without datelines and white space, in reading order.

    `cut_head` says that the text's beginning is missing, and `cut_tail` that its end is missing.
    `subheadings` are paragraph indexes.
    """
    spans: list[Span] = []
    torn = cut_head
    start = 0
    for number, paragraph in enumerate(text.split("\n")):
        end = start + len(paragraph)
        paragraph_spans = _split_paragraph(text, start, end, number, language, number in subheadings)
        if (
            paragraph_spans
            and torn
            and paragraph_spans[0].kind is SENTENCE
            and paragraph_spans[0].start - start <= _measure_indent(paragraph)
        ):
            paragraph_spans[0] = paragraph_spans[0]._replace(kind=TORN)
        if paragraph_spans:
            torn = (
                paragraph_spans[-1].kind is TORN
                and _find_last_mark(text, paragraph_spans[-1]) not in "：:—-–"
            )
        spans += paragraph_spans
        start = end + 1
    if spans and _is_torn_start(text, spans[0]):
        spans[0] = spans[0]._replace(kind=TORN)
    if cut_tail and spans and _find_last_mark(text, spans[-1]) not in _FINAL:
        spans[-1] = spans[-1]._replace(kind=TORN)
    return spans


def _find_last_mark(text: str, span: Span) -> str:
    """Return the last character of the span that is not a closing quotation mark or bracket."""
    return text[max(span.start, span.end - 8) : span.end].rstrip(CLOSERS)[-1:] or " "


def _measure_indent(paragraph: str) -> int:
    return len(paragraph) - len(paragraph.lstrip())


def _is_torn_start(text: str, span: Span) -> bool:
    """Return True if the text begins inside a sentence, with a mark or word that continues it."""
    head = text[span.start : span.start + 2]
    follows_dateline = bool(text[: span.start].strip())
    if span.kind is not SENTENCE or follows_dateline:
        return False
    return bool(_TORN_START.match(head)) or (head.islower() and head.isascii())


def _split_paragraph(
    text: str, start: int, end: int, number: int, language: Language, heading: bool
) -> list[Span]:
    """Split text[start:end], which has no line break, into spans."""
    bounds = _trim_bounds(text, start, end)
    if bounds is None:
        return []
    start, end = bounds
    kind = HEADING if heading else _classify_span(text, start, end, language)
    if not heading and end - start <= _SIGNATURE_LENGTH and language.signature.fullmatch(text, start, end):
        kind = SIGNATURE
    if kind is not SENTENCE:
        return [Span(start, end, number, kind)]
    if (dateline := language.dateline.match(text, start, end)) and dateline.end() < end:
        start = dateline.end()
    spans: list[Span] = []
    begin = start
    find_cuts = _find_library_cuts if language.is_cut_by_library else _find_cuts
    for cut in find_cuts(text, start, end, language):
        while text[begin].isspace():  # a cut is after a mark, so the rest is not empty
            begin += 1
        spans.append(Span(begin, cut, number, _classify_span(text, begin, cut, language)))
        begin = cut
    if (
        spans[-1].kind is SENTENCE
        and text[end - 1] not in _FINAL
        and _find_last_mark(text, spans[-1]) not in _FINAL
    ):
        short = len(spans) == 1 and spans[0].end - spans[0].start <= _HEADING_LENGTH * language.usual_length
        spans[-1] = spans[-1]._replace(kind=HEADING if short else TORN)
    return spans


def _classify_span(text: str, start: int, end: int, language: Language) -> SpanKind:
    """Return the kind of a span: recognize remarks in brackets and captions, also as parts of a paragraph."""
    if text[start] in "（(【[" and ASIDE.fullmatch(text, start, end):
        return SIGNATURE
    return CAPTION if language.caption.match(text, start, end) else SENTENCE


def _trim_bounds(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the bounds without surrounding white space, or None if nothing is left."""
    if start < end and not (text[start].isspace() or text[end - 1].isspace()):
        return start, end
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(bare)


def _find_cuts(text: str, start: int, end: int, language: Language) -> Iterator[int]:
    """Yield the end offsets of the sentences of the paragraph text[start:end] in order. The last one is its
    end.
    """
    position = sentence = start
    for mark in MARK.finditer(text, start, end):
        here = mark.start()
        if here < position:
            continue  # inside a quotation, a bracket or a run of marks that is already processed
        position = here + 1
        sign = text[here]
        if sign in PARTNER:
            close = find_partner(text, here, end)
            if close is None:
                continue
            position = close + 1
            over = sign in _QUOTES and _closes_sentence(text, close, end, language)
        else:
            if position < end and text[position] in MARKS:
                # # it begins with a mark
                position = _RUN.match(text, here, end).end()  # type: ignore[union-attr]
            over = text[position - 1] == "。" or _ends_sentence(text, here, position, sentence, end, language)
            while over and position < end and text[position] in CLOSERS:
                position += 1
        if over:
            sentence = position
            yield position
    if sentence < end:
        yield end


def _find_library_cuts(text: str, start: int, end: int, language: Language) -> Iterator[int]:
    """Yield the offsets in the same way as `_find_cuts`, with the library, for a language without rules here.

    The library wrongly cuts after the initials of Russian names and some abbreviations, and before lower-case
    letters.
    """
    from sentencex import (
        get_sentence_boundaries,
    )  # other languages are rare, so the library is loaded only when needed

    paragraph = _SURROGATE.sub("\ufffd", text[start:end])  # the library does not accept surrogates
    sentence = start
    for boundary in get_sentence_boundaries(language.tag or "en", paragraph):
        cut = start + boundary["start_index"] + len(boundary["text"].rstrip())
        following = text[cut:end].lstrip()
        point = len(text[sentence:cut].rstrip(CLOSERS)) + sentence - 1
        is_point = text[point] == "." and text[point - 1 : point] != "."
        if (
            sentence < cut < end
            and not following[0].islower()
            and not (is_point and _is_abbreviation(text, point, sentence, following, language))
        ):
            yield cut
            sentence = cut
    yield end


def find_partner(text: str, opening: int, end: int) -> int | None:
    """Return where the quotation or bracket that opens at `opening` closes, or None if it does not close."""
    sign = text[opening]
    if sign == '"' and opening and text[opening - 1].isalnum() and text[opening - 1].isascii():
        return None  # 5" or the end of a quotation whose beginning is missing
    limit = min(end, opening + _QUOTATION_LIMIT)
    if sign == "‘":  # ’ is also an apostrophe: don’t
        closing = _CLOSING_QUOTE.search(text, opening + 1, limit)
        return closing.start() if closing else None
    close = text.find(PARTNER[sign], opening + 1, limit)
    return close if close > opening else None


def _closes_sentence(text: str, close: int, end: int, language: Language) -> bool:
    """Return True if a quotation that closes at `close` also ends its sentence."""
    if text[close - 1] not in "。！？!?.…":
        return False
    if close + 1 >= end:
        return True
    return not (_GOES_ON.match(text, close + 1, end) or language.attribution.match(text, close + 1, end))


def _ends_sentence(text: str, start: int, after: int, sentence: int, end: int, language: Language) -> bool:
    """Return True if the mark text[start:after] ends the sentence that began at `sentence`."""
    sign = text[after - 1]
    if sign in "。！？｡":
        return sign in "。｡" or not _GOES_ON.match(text, after, min(end, after + 1))
    following = text[after : min(end, after + 8)].lstrip()
    if not following:
        return True
    if sign == "…":
        is_list = "、" in _CLAUSE_MARK.split(text[sentence:start])[-1]  # 桃、李、杏……都开了花
        return not is_list and not _GOES_ON.match(following) and not following[0].islower()
    glued = following[0] == text[after]  # no white space between
    if "A" <= following[0] <= "Z" and not glued:  # nearly always the case in English
        return sign != "." or not _is_abbreviation(text, start, sentence, following, language)
    if CJK.match(following) and (CJK.match(text, start - 1) or not glued):
        return True
    if glued and following[0] not in CLOSERS:
        return bool(_GLUED.fullmatch(text, max(sentence, start - 3), min(end, after + 2)))
    if following.lstrip(CLOSERS + " ")[:1].islower():
        return False
    return sign != "." or not _is_abbreviation(text, start, sentence, following, language)


def _is_abbreviation(text: str, point: int, sentence: int, following: str, language: Language) -> bool:
    """Return True if the full stop at `point` belongs to a word (Dr., J., 1. in a list) and does not end a
    sentence.
    """
    first = point
    while first > max(sentence, point - 20) and (text[first - 1].isalnum() or text[first - 1] in "_.'’"):
        first -= 1
    word = text[first:point]
    if word.isdigit():
        return first == sentence
    if len(word) == 1 and word.isupper():
        return True
    if word.lower() not in language.abbreviations:
        return False
    opener = following.split()[0].lower()
    return "." not in word or opener not in language.stop  # "in the U.S. The" is the end of one sentence
