"""Text and its language → the sentences taken, and why each was. The half of the door that needs numpy."""

from collections.abc import Collection, Sequence

from summarizer.draft import SummaryDraft, build_draft
from summarizer.languages import Language
from summarizer.ranked_selection import TakenSentence, choose_ranked
from summarizer.rankers import RANKERS, RankingPoints
from summarizer.sentence_splitting import Span
from summarizer.sentence_splitting import split_sentences as spans_of
from summarizer.values import Sentence

SENTENCES = 3  # taken where no budget is named


def extract_sentences(
    text: str,
    title: str,
    language: Language,
    *,
    sentences: int | None,
    characters: int | None,
    ranker: str,
    cut_head: bool,
    cut_tail: bool,
    subheadings: Collection[int],
) -> list[Sentence]:
    """Return the sentences of the summary, in reading order. Arguments and errors are those of `summarize`."""
    if ranker not in RANKERS:
        raise ValueError(f"no ranker called {ranker!r}; known: {', '.join(RANKERS)}")
    spans = spans_of(text, language, cut_head=cut_head, cut_tail=cut_tail, subheadings=subheadings)
    known = build_draft(text, spans, title, language, is_budgeted=characters is not None)
    if not known.spans:
        return []
    points = RANKERS[ranker](known)
    if sentences is None:
        sentences = SENTENCES if characters is None else len(known.spans)
    taken = choose_ranked(text, known, points.total, language, sentences=sentences, characters=characters)
    return _explain_choice(text, spans, known, points, taken)


def _explain_choice(
    text: str, spans: Sequence[Span], known: SummaryDraft, points: RankingPoints, taken: Sequence[TakenSentence]
) -> list[Sentence]:
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
