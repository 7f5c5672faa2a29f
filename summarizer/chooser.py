"""Candidates and their values → the best set within the budget, by exact search."""

from collections.abc import Callable, Collection, Sequence

import numpy as np

from summarizer.candidates import Candidate, Fault
from summarizer.sentence_graph import Floats

# The faults that are ignored step by step if a text has nothing better, and the share of the room below which
# the next step is tried.
STEPS = (
    Fault.LATER,
    Fault.LATER | Fault.EMPTY,
    Fault.LATER | Fault.EMPTY | Fault.FRAGMENT | Fault.LEANING,
    ~Fault.NONE,
)
ENOUGH = 0.1
_BRANCHES = 8  # conflicts that are resolved by trying both ways; later, the better candidate stays
PATIENCE = 40  # conflicts after which conflicting candidates are dropped

Conflict = Callable[
    [Sequence[int]], tuple[int, ...]
]  # chosen → the candidates of which one must be removed, or ()


def choose_set(
    candidates: Sequence[Candidate],
    gains: Floats,
    sentences: int,
    room: int,
    gap: int,
    find_conflict: Conflict,
    limit: int | None = None,
) -> list[int]:
    """Return the numbers of the set of candidates with the highest total value, in reading order.

    They print in at most `room` characters, with `gap` characters between two. There are at most `limit` of
    them. `sentences` is the number of sentences in the text. The set has no sentence twice, does not begin
    with a candidate that needs another one before it, and has no conflict by `find_conflict`.
    """
    best: list[int] = []
    for forgiven in STEPS:
        usable = [
            n for n, candidate in enumerate(candidates) if not candidate.faults & ~forgiven and gains[n] > 0
        ]
        chosen = _Search(candidates, gains, sentences, room, gap, find_conflict, limit).solve(usable)
        if sum(candidates[n].measure(gap) for n in chosen) >= ENOUGH * room:
            return chosen
        best = best or chosen
    return best


def extend_set(candidates: Sequence[Candidate], chosen: Sequence[int], room: int, gap: int) -> list[int]:
    """Return the set with each piece extended to the end of its sentence, or as far as the remaining room
    allows.

    Sentences are only cut for lack of room. If there is room left, readers want the rest of the sentence.
    """
    left = room - sum(candidates[n].measure(gap) for n in chosen) - gap * max(len(chosen) - 1, 0)
    extended = []
    for number in chosen:
        piece = candidates[number]
        best = number
        if len(piece.runs) == 1 and (piece.runs[0].cut_tail or piece.runs[0].cut_head):
            for other, longer in enumerate(candidates):
                if (
                    longer.row == piece.row
                    and len(longer.runs) == 1
                    and longer.start <= candidates[best].start
                    and longer.end >= candidates[best].end
                    and not longer.faults & ~piece.faults
                    and longer.measure(gap) - piece.measure(gap) <= left
                ):
                    best = other
        left -= candidates[best].measure(gap) - piece.measure(gap)
        extended.append(best)
    return extended


class _Search:
    """Branch and bound over the conflicts of a set. Dynamic programming solves the rest."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        gains: Floats,
        sentences: int,
        room: int,
        gap: int,
        find_conflict: Conflict,
        limit: int | None,
    ) -> None:
        self.candidates, self.gains, self.sentences = candidates, gains, sentences
        self.room, self.gap, self.limit = room + gap, gap, limit
        self.find_conflict = find_conflict
        self.branches = 0

    def solve(self, usable: Collection[int], floor: float = 0.0) -> list[int]:
        """Return the best set of these candidates with a value above `floor`, or an empty set."""
        while True:
            value, chosen = self._fill(usable)
            if value <= floor:
                return []
            conflict = sorted(self.find_conflict(chosen), key=lambda n: (self.gains[n], n))
            if not conflict:
                return chosen
            self.branches += 1
            if self.branches <= _BRANCHES:
                return self._try_each(conflict, usable, floor)
            if self.branches > PATIENCE:
                return self._drop_conflicts(chosen)
            usable = [n for n in usable if n != conflict[0]]

    def _try_each(self, conflict: Sequence[int], usable: Collection[int], floor: float) -> list[int]:
        """Return the best set that lacks one of these candidates."""
        best: list[int] = []
        for banned in conflict:
            if solution := self.solve([n for n in usable if n != banned], floor):
                best, floor = solution, float(sum(self.gains[n] for n in solution))
        return best

    def _drop_conflicts(self, chosen: list[int]) -> list[int]:
        """Return the set without its conflicting candidates. The least valuable ones are dropped first."""
        while conflict := self.find_conflict(chosen):
            chosen.remove(min(conflict, key=lambda n: (self.gains[n], n)))
        return chosen

    def _fill(self, usable: Collection[int]) -> tuple[float, list[int]]:
        """Return the value of the best set, ignoring conflicts, and the set.

        after[i][p][c, b] is the value of the sentences from i on, with b characters and c more candidates. p
        says whether something is printed before them.
        """
        by_row: dict[int, list[int]] = {}
        for n in usable:
            by_row.setdefault(self.candidates[n].row, []).append(n)
        shape = (1 if self.limit is None else self.limit + 1, self.room + 1)
        after = [np.zeros((2, *shape))] * (self.sentences + 1)
        taken: dict[int, np.ndarray] = {}
        for row in range(self.sentences - 1, -1, -1):
            after[row] = after[row + 1]
            if row not in by_row:
                continue
            best, choice = after[row + 1].copy(), np.full((2, *shape), -1)
            for n in by_row[row]:
                candidate, cost = self.candidates[n], self._cost(n)
                if cost > self.room:
                    continue
                rest = after[candidate.last_row + 1][1, :, : self.room + 1 - cost]
                for printed in (1,) if candidate.faults & Fault.LATER else (0, 1):
                    values, choices = best[printed, :, cost:], choice[printed, :, cost:]
                    if self.limit is not None:
                        values, choices = values[1:], choices[1:]
                    offer = self.gains[n] + (rest if self.limit is None else rest[:-1])
                    better = offer > values + 1e-12
                    values[better], choices[better] = offer[better], n
            after[row], taken[row] = best, choice
        return float(after[0][0, -1, -1]), self._trace(taken, shape)

    def _cost(self, number: int) -> int:
        return self.candidates[number].measure(self.gap) + self.gap

    def _trace(self, taken: dict[int, np.ndarray], shape: tuple[int, int]) -> list[int]:
        chosen: list[int] = []
        row, printed, left, room = 0, 0, shape[0] - 1, self.room
        while row < self.sentences:
            number = int(taken[row][printed, left, room]) if row in taken else -1
            if number < 0:
                row += 1
                continue
            chosen.append(number)
            room -= self._cost(number)
            left -= self.limit is not None
            row, printed = self.candidates[number].last_row + 1, 1
        return chosen
