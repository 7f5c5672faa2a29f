"""Points → the selected whole sentences, best first, without repetition.

It is used for summaries with a number of sentences.
"""

from typing import NamedTuple

import numpy as np

from summarizer.draft import SummaryDraft
from summarizer.sentence_graph import Floats

REPETITION = 3.0  # penalty for a sentence that repeats a selected one word for word
ALONE = 0.8  # penalty for a sentence that needs one that was not selected


class _TakenSentence(NamedTuple):
    """A sentence of the draft, and its penalty in points for repeating sentences selected earlier."""

    row: int
    redundancy: float


def choose_ranked(
    draft: SummaryDraft, points: Floats, *, sentences: int, characters: int | None, gap: int
) -> list[_TakenSentence]:
    """Return at most `sentences` sentences, best first, that fit in `characters` with `gap` between two.

    Greedy maximal marginal relevance (Carbonell & Goldstein 1998); of equal sentences, the earlier one is
    selected. Sentences that do not fit are skipped.
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
    """The selected sentences, and the current points of the others."""

    def __init__(self, draft: SummaryDraft, points: Floats) -> None:
        self.draft = draft
        self.taken: list[_TakenSentence] = []
        self.open = points.copy()  # points of the sentences that can still be selected, -∞ for the others
        self.repeated: Floats = np.zeros(len(points))  # the largest cosine to a selected sentence
        self.alone = draft.looking_back.copy()  # 1 if a sentence needs one that is not selected
        self.worth = self._compute_worth()

    def find_best(self) -> int | None:
        """Return the open row with the most points."""
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
        """Return the remaining points of each sentence, -∞ for closed ones, shape (n,)."""
        return self.open - REPETITION * self.repeated - ALONE * self.alone
