"""Points → the sentences taken, best first: within the budget, without repetition, cut to clauses where need be."""

from typing import NamedTuple

import numpy as np

from summarizer.clauses import Bounds, clauses, runs
from summarizer.draft import Draft
from summarizer.graph import Floats, graph
from summarizer.languages import Language

REPETITION = 3.0  # points lost by a sentence that says what one taken before it says, word for word
SMALLEST = 0.4  # usual lengths of a sentence: no piece is smaller, and less room than that stays empty
PATIENCE = 8  # sentences that do not fit, after which the room that is left stays empty
SHARPNESS = 1.0  # points by which a sentence must be better to count e times more in what a clause echoes


class Taken(NamedTuple):
    """A sentence of the draft, what it repeats of those taken before it (in points), and what is quoted of it."""

    row: int
    redundancy: float
    start: int
    end: int
    likeness: Floats  # cosine to each sentence of the draft, 0 to itself; shape (n,)


def choose(
    text: str, draft: Draft, points: Floats, language: Language, *, sentences: int, characters: int | None
) -> list[Taken]:
    """Return at most `sentences` sentences, best first, that fit in `characters` with what is set between them.

    Greedy maximal marginal relevance (Carbonell & Goldstein 1998); of equals the earlier one. A sentence that does
    not fit is cut to the run of its clauses that echoes most of the text; one that can't be is passed over.
    """
    gap = len(language.joiner)
    room = float("inf") if characters is None else characters + gap
    repeated: Floats = np.zeros(len(points))
    open_rows = np.ones(len(points), dtype=bool)
    taken: list[Taken] = []
    passed = 0
    while len(taken) < sentences and open_rows.any() and passed < PATIENCE:
        best = int(np.argmax(np.where(open_rows, points - REPETITION * repeated, -np.inf)))
        open_rows[best] = False
        start, end = draft.spans[best].start, draft.spans[best].end
        fits = end - start + gap <= room
        if not fits or (characters is not None and draft.slogan[best]):
            limit = int(min(room - gap, end - start))
            piece = _piece(text, draft, points, best, [t.row for t in taken], limit, language)
            if piece is not None:
                (start, end), room = piece, room - 2  # two …
            elif not fits:
                passed += 1
                continue
        likeness = draft.graph.likeness(best)
        taken.append(Taken(best, REPETITION * float(repeated[best]), start, end, likeness))
        room -= end - start + gap
        repeated = np.maximum(repeated, likeness)
    if not taken and characters is not None and characters > 1:
        taken = [_beginning(text, draft, int(np.argmax(points)), characters - 1)]
    return taken


def _piece(
    text: str, draft: Draft, points: Floats, row: int, taken: list[int], room: int, language: Language
) -> Bounds | None:
    """Return the run of the sentence's clauses that echoes most of the text in at most `room` characters, … counted.

    Runs without a slogan come first; a sentence that fits as it is is cut only to get rid of one.
    """
    smallest = SMALLEST * language.usual_length
    if room < smallest:
        return None
    parts = clauses(text, draft.spans[row].start, draft.spans[row].end, language)
    fitting = [
        (first, last)
        for first, last in runs(text, parts, language)
        if smallest <= parts[last][1] - parts[first][0] <= room - 2
    ]
    plain = [run for run in fitting if not language.slogan.search(text, parts[run[0]][0], parts[run[1]][1])]
    fitting = plain or ([] if room >= draft.costs[row] else fitting)
    if not fitting:
        return None
    echoes = np.concatenate([[0.0], np.cumsum(_echoes(text, draft, points, row, parts, taken, language))])
    first, last = max(fitting, key=lambda run: echoes[run[1] + 1] - echoes[run[0]])
    return parts[first][0], parts[last][1]


def _echoes(
    text: str, draft: Draft, points: Floats, row: int, parts: list[Bounds], taken: list[int], language: Language
) -> Floats:
    """Return for each clause how much the sentences share its terms, the better ones more, those taken not at all."""
    mass = np.exp((points - points.max()) / SHARPNESS)
    mass[taken] = 0.0
    bounds = [(span.start, span.end) for span in draft.spans]
    bounds[row : row + 1] = parts
    weights = np.concatenate([mass[:row], np.full(len(parts), 0.0), mass[row + 1 :]])
    return graph(text, bounds, language).echo(weights)[row : row + len(parts)]


def _beginning(text: str, draft: Draft, row: int, room: int) -> Taken:
    """Return as much of the beginning of a sentence as fits, where no clause of any does."""
    start = draft.spans[row].start
    piece = text[start : start + room]
    mark = max(map(piece.rfind, "，；：,;: "))
    return Taken(row, 0.0, start, start + (mark if mark > 0 else len(piece)), draft.graph.likeness(row))
