"""Text and language → the selected sentences with reasons. The part of `summarize` that needs numpy."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from summarizer.candidates import Candidate, Clauses, find_candidates, split_all
from summarizer.chooser import STEPS, choose_set, extend_set
from summarizer.conflicts import ConflictFinder
from summarizer.draft import SummaryDraft, build_draft
from summarizer.features import Matrix, describe_candidates
from summarizer.languages import Language
from summarizer.ranked_selection import choose_ranked
from summarizer.rankers import RANKERS
from summarizer.scripts import fold_scripts
from summarizer.sentence_graph import Floats
from summarizer.sentence_splitting import Span, split_sentences
from summarizer.values import Reason, Sentence
from summarizer.weights import WEIGHTS

_SPEAKS_FOR = 0.15  # cosine from which a selected sentence represents an omitted one
_LIST_WORTH = 1.5  # bonus for the heads of a list; set by hand, because few reference extracts have one
# penalty for a piece that ends before its sentence; set by hand: readers mind cuts more than the fit does
_CUT_WORTH = -0.3
# shares of the value of a character of the best candidate. Candidates below the share are left out. The
# first share that fills _FILLED of the room is used. Found among 0 to 0.7 by cross-validation
_LEAST_SHARES = (0.4, 0.2, 0.0)
_FILLED = 0.65
# the weight of a better candidate relative to its probability in a reference extract; 1: equal to it
_SHARPNESS = 0.5
_REASONS = 6  # listed for each sentence; the others are added up


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    """A selected slice of sentence `row` of the draft, with reasons."""

    row: int
    start: int
    end: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contest:
    """The candidates of a text with their features. The chooser selects from them, and the weights are fitted
    on them.
    """

    draft: SummaryDraft
    clauses: Clauses
    candidates: list[Candidate]
    matrix: Matrix


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
    """Return the sentences of the summary, in reading order.

    The arguments and errors are those of `summarize`.
    """
    if ranker not in RANKERS:
        raise ValueError(f"no ranker called {ranker!r}; known: {', '.join(RANKERS)}")
    spans = split_sentences(text, language, cut_head=cut_head, cut_tail=cut_tail, subheadings=subheadings)
    draft = build_draft(text, spans, title, language)
    if not draft.spans:
        return []
    if characters is None or ranker != "guided":
        pieces = _take_ranked(draft, ranker, sentences or len(spans), characters, language)
    else:
        pieces = _take_best_set(text, title, draft, language, sentences, characters)
    if not pieces and characters is not None and characters > 1:
        pieces = [_cut_beginning(text, draft, characters)]
    return _explain_pieces(text, spans, draft, pieces)


def open_contest(text: str, draft: SummaryDraft, language: Language, characters: int) -> Contest:
    """Return the candidates and features for a summary of this number of characters."""
    text = draft.compared
    if draft.is_traditional and language.tag == "zh":
        text = fold_scripts(text)  # the rules support one script; the length stays the same
    clauses = split_all(text, draft.spans, language)
    candidates = find_candidates(text, draft.spans, clauses, language, characters, draft.lists)
    if not candidates:
        return Contest(draft=draft, clauses=clauses, candidates=[], matrix=Matrix((), np.zeros((0, 0))))
    matrix = describe_candidates(text, draft, clauses, candidates, language.rules, language, characters)
    return Contest(draft=draft, clauses=clauses, candidates=candidates, matrix=matrix)


def _take_best_set(
    text: str, title: str, draft: SummaryDraft, language: Language, sentences: int | None, characters: int
) -> list[_Piece]:
    """Return the pieces of the best set of candidates."""
    contest = open_contest(text, draft, language, characters)
    if not contest.candidates:
        return []
    weights = WEIGHTS.get(language.tag) or WEIGHTS[""]
    parts = np.zeros_like(contest.matrix.values)
    for column, name in enumerate(contest.matrix.names):
        weight, usual = weights.get(name, (0.0, 0.0))
        parts[:, column] = weight * (contest.matrix.values[:, column] - usual)
    chosen = choose_pieces(text, title, contest, parts.sum(axis=1), language, sentences, characters)
    pieces = []
    for number in chosen:
        reasons = _name_reasons(contest.matrix.names, parts[number])
        runs = contest.candidates[number].runs
        pieces += [_Piece(row=run.row, start=run.start, end=run.end, reasons=reasons) for run in runs]
    return pieces


def choose_pieces(
    text: str,
    title: str,
    contest: Contest,
    worth: Floats,
    language: Language,
    sentences: int | None,
    characters: int,
) -> list[int]:
    """Return the numbers of the best set of candidates. `worth` is the model's sum for each candidate."""
    candidates, draft = contest.candidates, contest.draft
    conflicts = ConflictFinder(text, title, draft, candidates, language)
    sizes = np.array([candidate.measure(0) for candidate in candidates])
    worth = worth + _LIST_WORTH * np.array([candidate.is_list for candidate in candidates])
    worth += _CUT_WORTH * np.array([candidate.runs[-1].cut_tail for candidate in candidates])
    may_print = np.array([not candidate.faults & ~STEPS[0] for candidate in candidates])
    best = (worth[may_print] if may_print.any() else worth).max()
    densities = np.exp(_SHARPNESS * (worth - best))
    gap = len(language.joiner)
    chosen: list[int] = []
    for least in _LEAST_SHARES:
        gains = sizes * (densities - least)
        chosen = choose_set(
            candidates, gains, len(draft.spans), characters, gap, conflicts.find_conflict, sentences
        )
        if sum(int(sizes[number]) for number in chosen) >= _FILLED * characters:
            break
    return extend_set(candidates, chosen, characters, gap)


def _name_reasons(names: Sequence[str], parts: Floats) -> tuple[Reason, ...]:
    """Return the strongest features of a candidate, and the sum of all others."""
    order = np.argsort(-np.abs(parts), kind="stable")
    strongest = [(names[n], float(parts[n])) for n in order[:_REASONS]]
    return (*strongest, ("other features", float(parts[order[_REASONS:]].sum())))


def _take_ranked(
    draft: SummaryDraft, ranker: str, sentences: int, characters: int | None, language: Language
) -> list[_Piece]:
    """Return the best sentences by a ranker. The parts of the points are the reasons."""
    points = RANKERS[ranker](draft)
    taken = choose_ranked(
        draft, points.total, sentences=sentences, characters=characters, gap=len(language.joiner)
    )
    return [
        _Piece(
            row=row,
            start=draft.spans[row].start,
            end=draft.spans[row].end,
            reasons=(*points.list_parts(row), ("repetition", -redundancy)),
        )
        for row, redundancy in taken
    ]


def _cut_beginning(text: str, draft: SummaryDraft, room: int) -> _Piece:
    """Return the first sentence, or its beginning with a … if it does not fit. Used if nothing else fits."""
    start, end, *_ = draft.spans[0]
    if end - start > room:
        piece = text[start : start + room - 1]
        mark = max(map(piece.rfind, "，；：,;: "))
        end = start + (mark if mark > 0 else len(piece))
    return _Piece(row=0, start=start, end=end, reasons=())


def _explain_pieces(
    text: str, spans: Sequence[Span], draft: SummaryDraft, pieces: Sequence[_Piece]
) -> list[Sentence]:
    """Return the pieces in reading order, each with the omitted sentences that are most similar to it."""
    number = {span.start: place for place, span in enumerate(spans)}
    rows = sorted({piece.row for piece in pieces})
    speaks_for: dict[int, list[tuple[int, int]]] = {row: [] for row in rows}
    if rows:
        similarity = np.array([draft.graph.compare_with(row) for row in rows])
        nearest = similarity.argmax(axis=0)
        for row in (similarity.max(axis=0) >= _SPEAKS_FOR).nonzero()[0].tolist():
            if row not in speaks_for:
                speaks_for[rows[nearest[row]]].append(draft.spans[row][:2])
    return [
        Sentence(
            text=text[piece.start : piece.end],
            start=piece.start,
            end=piece.end,
            score=sum(value for _, value in piece.reasons),
            paragraph=draft.spans[piece.row].paragraph,
            number=number[draft.spans[piece.row].start],
            reasons=piece.reasons,
            cut_head=piece.start > draft.spans[piece.row].start,
            cut_tail=piece.end < draft.spans[piece.row].end,
            stands_for=tuple(speaks_for[piece.row]),
        )
        for piece in sorted(pieces, key=lambda piece: piece.start)
    ]
