"""Features of the context of a candidate: the clauses cut off after it, and its paragraph."""

from collections.abc import Sequence

import numpy as np

from summarizer.candidates import Candidate, Clauses
from summarizer.clause_reading import load_reader
from summarizer.clause_rules import ClauseRules
from summarizer.languages import Language
from summarizer.sentence_graph import Floats, Integers

_SHORT_CLAUSE = 8  # characters; a shorter last clause rarely says what happened
_SETTINGS = ("person", "self")  # signs of a paragraph about somebody
_CLOSING = "；;。"


def describe_cuts(
    text: str,
    clauses: Clauses,
    candidates: Sequence[Candidate],
    signs: dict[str, Floats],
    rules: ClauseRules,
    language: Language,
) -> dict[str, Floats]:
    """Return features of the place where each candidate ends; all are 0 if it ends with its sentence."""
    bounds, offsets = np.array(clauses.bounds), np.array(clauses.offsets)
    runs = [candidate.runs[-1] for candidate in candidates]
    first, last, cut, rows = np.array([(run.first, run.last, run.cut_tail, run.row) for run in runs]).T
    after = np.minimum(last + 1, len(bounds) - 1)
    texts = [text[start:end] for start, end in clauses.bounds]
    leans = np.array([rules.leaning_clause.match(clause) is not None for clause in texts])
    verbs = load_reader(language).verbs
    begins_with_verb = np.array([clause[:2] in verbs for clause in texts])
    is_closed = np.array([text[end : end + 1] in _CLOSING for _, end in clauses.bounds])
    has_figure = signs["figure"] > 0
    stop = bounds[offsets[rows + 1] - 1, 1]
    features = {
        "cut_at_semicolon": is_closed[last],
        "cut_before_figure": has_figure[after],
        "cut_before_leaning": leans[after],
        "cut_before_verb": begins_with_verb[after],
        "cut_behind_figure": has_figure[last],
        "cut_behind_short": bounds[last, 1] - bounds[last, 0] < _SHORT_CLAUSE,
        "cut_behind_verb": begins_with_verb[last],
        "cut_behind_first": last == first,
        "cut_share": (stop - bounds[last, 1]) / np.maximum(1, stop - bounds[offsets[rows], 0]),
    }
    return {name: cut * values.astype(np.float64) for name, values in features.items()}


def describe_paragraphs(
    clauses: Clauses, paragraphs: Integers, rows: Integers, signs: dict[str, Floats]
) -> dict[str, Floats]:
    """Return how much of each candidate's paragraph is about persons.

    A paragraph about one villager is an example; the main point is usually in another paragraph.
    """
    bounds = np.array(clauses.bounds)
    lengths = (bounds[:, 1] - bounds[:, 0]).astype(np.float64)
    numbers = paragraphs.repeat(np.diff(clauses.offsets))
    totals = np.bincount(numbers, weights=lengths)
    return {
        f"paragraph_{name}": (np.bincount(numbers, weights=lengths * signs[name]) / np.maximum(totals, 1))[
            paragraphs[rows]
        ]
        for name in _SETTINGS
        if name in signs
    }
