"""Sentences → the data for the rankers: the graph, and relations to title, headings and tone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from summarizer.languages import Language
from summarizer.scripts import fold_scripts
from summarizer.sentence_graph import Floats, Integers, SentenceGraph, build_graph
from summarizer.sentence_splitting import HEADING, SENTENCE, TORN, Span
from summarizer.signs import find_signs

# A title's column, "（美丽中国）", is about the newspaper and not about the article.
COLUMN = re.compile(r"\s*[（(][^（）()]*[）)]\s*\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryDraft:
    """The data of n quotable sentences for the rankers, in reading order. Arrays have shape (n,)."""

    spans: tuple[Span, ...]
    compared: str  # the text in the form for comparison, of the same length
    is_traditional: bool  # it contains traditional characters
    graph: SentenceGraph
    costs: Floats  # characters
    lengths: Floats  # in usual lengths of a sentence of the language
    titled: Floats  # cosine to the title
    headed: Floats  # sum of the cosines to the subheadings, divided by the square root of their number
    has_title: bool
    paragraphs: Integers  # number of each sentence's paragraph
    introduction: int  # sentences before the first subheading, or 0
    reported: Floats  # 1 if the sentence reports speech, else 0
    spoken: Floats  # 1 if it is in the first or second person, else 0
    scene: Floats  # 1 if it only gives a date or describes a scene, else 0
    slogan: Floats  # 1 if it could be in any article of its kind, else 0
    figures: Floats  # number of figures in it
    hollow: Floats  # words of praise and exhortation in it, if it has no figure
    looking_back: Floats  # 1 if it needs the previous sentence, else 0
    lists: tuple[
        tuple[int, ...], ...
    ]  # the sentences that head the items of each list, two or more, in order


def build_draft(text: str, spans: Sequence[Span], title: str, language: Language) -> SummaryDraft:
    """Build the draft from the quotable spans. The graph includes the title and subheadings.

    Headings before the first sentence replace a missing title. Headings after the last sentence are names.
    """
    quotable = _find_quotable(text, spans)
    listed = frozenset(quotable)
    headings = [n for n in range(max(quotable, default=0)) if spans[n].kind is HEADING and n not in listed]
    above = [n for n in headings if n < quotable[0]]
    within = headings[len(above) :]
    title = COLUMN.sub("", title) or " ".join(_slice_text(text, spans[n]) for n in above)
    count = len(quotable)
    texts = [text, title, *(_slice_text(text, spans[n]) for n in within)]
    over = list(accumulate(map(len, texts), lambda end, length: end + 1 + length))
    beside = [(end - len(piece), end) for piece, end in zip(texts[1:], over[1:], strict=True)]
    quoted = tuple(spans[n] for n in quotable)
    starts, ends = [span.start for span in quoted], [span.end for span in quoted]
    compared = "\n".join(texts)
    held = find_signs(compared, starts, ends, language)
    if held.holds_both_scripts:
        compared = fold_scripts(compared)
    whole = build_graph(compared, [*zip(starts, ends, strict=True), *beside], language)
    asked = np.zeros(whole.size)
    asked[count + 1 :] = 1.0
    costs = np.array(ends, dtype=np.float64) - starts
    return SummaryDraft(
        spans=quoted,
        compared=compared[: len(text)],
        is_traditional=held.holds_traditional,
        graph=whole.take_first(count),
        costs=costs,
        lengths=costs / language.usual_length,
        titled=whole.compare_with(count)[:count] if title else np.zeros(count),
        headed=whole.spread_mass(asked)[:count] / len(within) ** 0.5 if within else np.zeros(count),
        has_title=bool(title),
        paragraphs=np.array([span.paragraph for span in quoted], dtype=np.int64),
        introduction=sum(n < within[0] for n in quotable) if within else 0,
        reported=held.reported,
        spoken=held.spoken,
        scene=_mark_matches(language.scene, text, quoted),
        slogan=held.slogan,
        figures=held.figures,
        hollow=held.hollow * (held.figures == 0),
        looking_back=_mark_matches(language.looking_back, text, quoted),
        lists=_find_lists(text, quoted, language),
    )


def _find_quotable(text: str, spans: Sequence[Span]) -> list[int]:
    """Return the numbers of the quotable sentences without repetitions. If there are none, use headings and
    torn ones.
    """
    for kinds in ((SENTENCE,), (TORN, HEADING)):
        firsts: dict[str, int] = {}
        for number, span in enumerate(spans):
            if span.kind in kinds:
                firsts.setdefault(_slice_text(text, span), number)
        if firsts:
            return list(firsts.values())
    return []


def _find_lists(text: str, spans: Sequence[Span], language: Language) -> tuple[tuple[int, ...], ...]:
    """Return the rows of the sentences that head the items of each list.

    A repeated head begins a new list.
    """
    lists: list[dict[str, int]] = []
    for row, span in enumerate(spans):
        if head := language.list_head.match(text, span.start, span.end):
            if not lists or head.group() in lists[-1]:
                lists.append({})
            lists[-1][head.group()] = row
    return tuple(tuple(rows.values()) for rows in lists if len(rows) > 1)


def _slice_text(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _mark_matches(pattern: re.Pattern[str], text: str, spans: Sequence[Span]) -> Floats:
    marks = np.zeros(len(spans))
    for row, span in enumerate(spans):
        if pattern.match(text, span.start, span.end):
            marks[row] = 1.0
    return marks
