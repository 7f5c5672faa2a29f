"""Text → Summary: the door. Sentences, their points, the choice among them, and why each was taken."""

from collections.abc import Collection, Sequence

from summarizer.choice import Taken, choose
from summarizer.draft import Draft, draft
from summarizer.languages import detect_language, language_of
from summarizer.rankers import RANKERS, Points
from summarizer.sentences import Span
from summarizer.sentences import sentences as spans_of
from summarizer.values import Sentence, Summary

SENTENCES = 3  # taken where no budget is named
MAX_CHARACTERS = 12_000_000  # of a text; more is no article, and no book either


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
    known = draft(text, spans, title, row, is_budgeted=characters is not None)
    if not known.spans:
        return Summary(language=tag, joiner=row.joiner)
    points = RANKERS[ranker](known)
    if sentences is None:
        sentences = SENTENCES if characters is None else len(known.spans)
    taken = choose(text, known, points.total, row, sentences=sentences, characters=characters)
    return Summary(sentences=tuple(_explain(text, spans, known, points, taken)), language=tag, joiner=row.joiner)


def _check(text: str, sentences: int | None, characters: int | None, ranker: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"the text has {len(text)} characters; the limit is {MAX_CHARACTERS}")
    for name, budget in (("sentences", sentences), ("characters", characters)):
        if budget is not None and budget < 1:
            raise ValueError(f"{name} must be at least 1, not {budget}")
    if ranker not in RANKERS:
        raise ValueError(f"no ranker called {ranker!r}; known: {', '.join(RANKERS)}")


def _explain(text: str, spans: Sequence[Span], known: Draft, points: Points, taken: Sequence[Taken]) -> list[Sentence]:
    """Return the sentences taken in reading order, each with what made its score and which others it stands for."""
    number = {span.start: place for place, span in enumerate(spans)}
    total = points.total
    found = []
    for one in sorted(taken, key=lambda one: one.row):
        row, span = one.row, known.spans[one.row]
        stands_for = tuple((known.spans[other].start, known.spans[other].end) for other in one.speaks_for)
        found += [
            Sentence(
                text=text[start:end],
                start=start,
                end=end,
                score=float(total[row]) - one.redundancy,
                paragraph=span.paragraph,
                number=number[span.start],
                centrality=float(points.centrality[row]),
                position=float(points.position[row]),
                title=float(points.title[row]),
                length=float(points.length[row]),
                manner=float(points.manner[row]),
                redundancy=one.redundancy,
                cut_head=start > span.start,
                cut_tail=end < span.end,
                stands_for=stands_for,
            )
            for start, end in one.pieces
        ]
    return found
