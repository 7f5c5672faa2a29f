"""Points → the sentences taken, best first: whole ones, without repetition.

For summaries of so many sentences.
"""

from typing import NamedTuple

import numpy as np

from summarizer.draft import SummaryDraft
from summarizer.sentence_graph import Floats

REPETITION = 3.0  # points lost by a sentence that says what one taken before it says, word for word
ALONE = 0.8  # points lost by a sentence that looks back at one not taken


class _TakenSentence(NamedTuple):
    """A sentence of the draft, and what it repeats of those taken before it, in points."""

    row: int
    redundancy: float


def choose_ranked(
    draft: SummaryDraft, points: Floats, *, sentences: int, characters: int | None, gap: int
) -> list[_TakenSentence]:
    """Return at most `sentences` sentences, best first, that fit in `characters` with `gap` between two of
    them.

    Greedy maximal marginal relevance (Carbonell & Goldstein 1998); of equals the earlier one. A sentence that
    does not fit is passed over.
    """
    selection = _RankedSelection(draft, points)
    room = np.inf if characters is None else characters + gap
    while len(selection.taken) < sentences and (best := selection.find_best()) is not None:
        cost = draft.costs[best] + gap
        if cost > room:
            selection.close_row(best)
            continue
        selection.take_row(best)
        room -= cost
    return selection.taken


class _RankedSelection:
    """What was taken, and what the points of the others are worth after that."""

    def __init__(self, draft: SummaryDraft, points: Floats) -> None:
        self.draft = draft
        self.taken: list[_TakenSentence] = []
        self.open = points.copy()  # points of the sentences that may still be taken, -∞ of the others
        self.repeated: Floats = np.zeros(len(points))  # the largest cosine to one taken before
        self.alone = draft.looking_back.copy()  # 1 where a sentence looks back at one that is not taken
        self.worth = self._compute_worth()

    def find_best(self) -> int | None:
        """Return the row with the most points among those still open."""
        best = int(self.worth.argmax())
        return best if self.worth[best] > -np.inf else None

    def close_row(self, row: int) -> None:
        self.open[row] = self.worth[row] = -np.inf

    def take_row(self, row: int) -> None:
        self.taken.append(_TakenSentence(row, REPETITION * float(self.repeated[row])))
        self.repeated = np.maximum(self.repeated, self.draft.graph.compare_with(row))
        self.alone[row + 1 : row + 2] = 0.0
        self.open[row] = -np.inf
        self.worth = self._compute_worth()

    def _compute_worth(self) -> Floats:
        """Return the points that are left of each sentence, -∞ of those closed, shape (n,)."""
        return self.open - REPETITION * self.repeated - ALONE * self.alone
