"""Text → Summary: sentences within a budget, without repetition, in reading order; and why each was taken."""

import re
from collections.abc import Collection, Sequence

import numpy as np

from summarizer.graph import Floats, graph
from summarizer.languages import Language, detect_language, language_of
from summarizer.rankers import RANKERS, Draft, Points
from summarizer.sentences import Kind, Span
from summarizer.sentences import sentences as spans_of
from summarizer.values import Sentence, Summary

SENTENCES = 3  # taken where no budget is named
MAX_CHARACTERS = 12_000_000  # of a text; more is no article, and no book either
REPETITION = 2.5  # points lost by a sentence that says what one taken before it says, word for word
# A title's column, "（美丽中国）", is about the newspaper and not about the article.
COLUMN = re.compile(r"\s*[（(][^（）()]*[）)]\s*\Z")
STANDS_FOR = 0.15  # cosine from which on a sentence taken speaks for one that was not


def summarize(
    text: str,
    *,
    title: str = "",
    language: str | None = None,
    sentences: int | None = None,
    characters: int | None = None,
    ranker: str = "guided",
    cut_head: bool = False,
    cut_tail: bool = False,
    subheadings: Collection[int] = (),
) -> Summary:
    """Return the text's own key sentences, at most `sentences` of them, `characters` long as printed.

    Neither budget given means three sentences. `text` is paragraphs joined by "\\n"; `language` a tag, found out
    when None or ""; `cut_head`, `cut_tail` and `subheadings` (paragraph indexes) as the article says.

    Raises ValueError for a budget below 1, an unknown ranker, or a text over MAX_CHARACTERS.

    >>> summarize("The dam broke on Monday. It was raining. The dam broke in heavy rain.", sentences=1).display
    'The dam broke on Monday.'
    """
    _check(text, sentences, characters, ranker)
    tag = language or detect_language(text)
    row = language_of(tag)
    spans = spans_of(text, row, cut_head=cut_head, cut_tail=cut_tail, subheadings=subheadings)
    quotable = _quotable(spans)
    if not quotable:
        return Summary(language=tag, joiner=row.joiner)
    draft = _draft(text, spans, quotable, title, row)
    points = RANKERS[ranker](draft)
    if sentences is None and characters is None:
        sentences = SENTENCES
    chosen = _choose(draft, points, sentences or len(quotable), characters, len(row.joiner))
    if chosen or characters is None:
        found = _explain(text, spans, quotable, draft, points, chosen)
    elif characters == 1:
        found = []  # no room for a character and its …
    else:
        found = [_torn_off(text, spans[quotable[int(np.argmax(points.total))]], characters)]
    return Summary(sentences=tuple(found), language=tag, joiner=row.joiner)


def _check(text: str, sentences: int | None, characters: int | None, ranker: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"the text has {len(text)} characters; the limit is {MAX_CHARACTERS}")
    for name, budget in (("sentences", sentences), ("characters", characters)):
        if budget is not None and budget < 1:
            raise ValueError(f"{name} must be at least 1, not {budget}")
    if ranker not in RANKERS:
        raise ValueError(f"no ranker called {ranker!r}; known: {', '.join(RANKERS)}")


def _quotable(spans: Sequence[Span]) -> list[int]:
    """Return the numbers of the sentences that may be quoted; where there is none, of headings and torn ones."""
    for kinds in ({Kind.SENTENCE}, {Kind.TORN, Kind.HEADING}):
        if found := [number for number, span in enumerate(spans) if span.kind in kinds]:
            return found
    return []


def _draft(text: str, spans: Sequence[Span], quotable: Sequence[int], title: str, language: Language) -> Draft:
    """Gather what the rankers ask for. Title and subheadings take part in the graph as sentences of their own."""
    listed = frozenset(quotable)
    headings = [n for n, span in enumerate(spans[: quotable[-1]]) if span.kind is Kind.HEADING and n not in listed]
    above = [number for number in headings if number < quotable[0]]
    within = headings[len(above) :]
    title = COLUMN.sub("", title) or " ".join(text[spans[number].start : spans[number].end] for number in above)
    numbers = sorted([*quotable, *within])
    shift = len(title) + 1
    bounds = [(0, len(title)), *((spans[number].start + shift, spans[number].end + shift) for number in numbers)]
    whole = graph(f"{title}\n{text}", bounds, language)
    place = {number: row for row, number in enumerate(numbers, start=1)}
    rows = np.array([place[number] for number in quotable])
    asked = np.zeros(whole.size)
    asked[[place[number] for number in within]] = 1.0
    pieces = [text[spans[number].start : spans[number].end] for number in quotable]
    costs = np.array([len(piece) for piece in pieces], dtype=np.float64)
    return Draft(
        graph=whole.only(rows),
        costs=costs,
        lengths=costs / language.usual_length,
        titled=whole.likeness(0)[rows],
        headed=whole.spread(asked)[rows] / max(1, len(within)) ** 0.5,
        has_title=bool(title),
        introduction=sum(number < within[0] for number in quotable) if within else 0,
        reported=np.array([bool(language.reported.search(piece)) for piece in pieces], dtype=np.float64),
        spoken=np.array([bool(language.spoken.search(piece)) for piece in pieces], dtype=np.float64),
    )


def _choose(draft: Draft, points: Points, sentences: int, characters: int | None, gap: int) -> dict[int, float]:
    """Return the sentences taken, best first, each with what it repeats of those before it (in points).

    Greedy maximal marginal relevance (Carbonell & Goldstein 1998); of equals the earlier one.
    """
    total = points.total
    repeated: Floats = np.zeros(len(total))
    room = np.inf if characters is None else characters + gap
    costs = draft.costs + gap
    taken: dict[int, float] = {}
    while len(taken) < sentences:
        value = np.where(costs <= room, total - REPETITION * repeated, -np.inf)
        value[list(taken)] = -np.inf
        best = int(np.argmax(value))
        if value[best] == -np.inf:
            break
        taken[best] = REPETITION * float(repeated[best])
        room -= costs[best]
        repeated = np.maximum(repeated, draft.graph.likeness(best))
    return taken


def _explain(
    text: str, spans: Sequence[Span], quotable: Sequence[int], draft: Draft, points: Points, chosen: dict[int, float]
) -> list[Sentence]:
    """Return the sentences chosen in reading order, each with what made its score and which others it stands for."""
    near = {row: draft.graph.likeness(row) for row in chosen}
    speaker = {
        row: max(chosen, key=lambda taken: near[taken][row]) for row in range(len(quotable)) if row not in chosen
    }
    found = []
    for row, redundancy in sorted(chosen.items()):
        span = spans[quotable[row]]
        others = [spans[quotable[j]] for j, by in speaker.items() if by == row and near[row][j] >= STANDS_FOR]
        found.append(
            Sentence(
                text=text[span.start : span.end],
                start=span.start,
                end=span.end,
                score=float(points.total[row]) - redundancy,
                paragraph=span.paragraph,
                number=quotable[row],
                centrality=float(points.centrality[row]),
                position=float(points.position[row]),
                title=float(points.title[row]),
                length=float(points.length[row]),
                manner=float(points.manner[row]),
                redundancy=redundancy,
                stands_for=tuple((other.start, other.end) for other in others),
            )
        )
    return found


def _torn_off(text: str, span: Span, characters: int) -> Sentence:
    """Return the beginning of a sentence none of which fits whole, with room left for the …"""
    end = max(span.start + 1, span.start + characters - 1)
    piece = text[span.start : end]
    mark = max(map(piece.rfind, "，；：,;: "))
    end = span.start + (mark if mark > 0 else len(piece))
    return Sentence(
        text=text[span.start : end], start=span.start, end=end, score=0.0, paragraph=span.paragraph, cut_tail=True
    )
