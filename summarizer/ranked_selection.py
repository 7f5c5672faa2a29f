"""Points → the sentences taken, best first: within the budget, without repetition, cut to clauses where need be."""

from typing import NamedTuple

import numpy as np

from summarizer.clauses import Bounds, Piece, enumerate_pieces, split_clauses
from summarizer.draft import FIGURE, SummaryDraft
from summarizer.languages import Language
from summarizer.sentence_graph import Floats

REPETITION = 3.0  # points lost by a sentence that says what one taken before it says, word for word
SPEAKS_FOR = 0.15  # cosine from which on a sentence taken speaks for one that was not
ALONE = 0.8  # points lost by a sentence that looks back at one not taken
SMALLEST = 0.4  # usual lengths of a sentence: no piece is smaller, and less room than that stays empty
TOO_SHORT = 0.2  # usual lengths of a sentence below which one without a figure only leads up to what follows
HEAD = 0.6  # usual lengths up to which the head of a list's item is quoted whole
HOLLOW = 2  # words of praise and exhortation without a figure, from which on a sentence is no use in a digest
PATIENCE = 8  # sentences that do not fit, after which the room that is left stays empty
SHARPNESS = 1.0  # points by which a sentence must be better to count e times more in what a clause echoes
FACT = 0.2  # of what all clauses of a sentence echo together, that a figure in a clause is worth
SHARE = 0.8  # of the budget for one sentence, where it can be cut to that: several parts of a text beat one


class TakenSentence(NamedTuple):
    """A sentence of the draft, what it repeats of those taken before it (in points), and what is quoted of it."""

    row: int
    redundancy: float
    pieces: tuple[Bounds, ...]  # in order; one, where it is quoted whole
    speaks_for: list[int]  # rows not taken that are like it, and more so than like any other one taken


def choose_ranked(
    text: str, draft: SummaryDraft, points: Floats, language: Language, *, sentences: int, characters: int | None
) -> list[TakenSentence]:
    """Return at most `sentences` sentences, best first, that fit in `characters` with what is set between them.

    Greedy maximal marginal relevance (Carbonell & Goldstein 1998); of equals the earlier one. A sentence that does
    not fit is cut to those of its clauses that echo most of the text; one that can't be is passed over. Of a list
    two heads are taken or more, in order.
    """
    hand = RankedSelection(draft, points)
    if characters is None:
        while len(hand.taken) < sentences and (best := hand.find_best()) is not None:
            hand.take_row(best, ((draft.spans[best].start, draft.spans[best].end),))
        return hand.list_taken()
    table = CharacterBudget(text, draft, points, language, characters)
    passed = 0
    while len(hand.taken) < sentences and passed < PATIENCE and (best := hand.find_best()) is not None:
        group = next((rows for rows in draft.lists if best in rows), ())
        found = table.fit_list_heads(group, sentences - len(hand.taken)) if group else table.fit_row(best, hand.taken)
        passed += not found
        hand.close_rows([best, *group])
        for row, quoted in found:
            hand.take_row(row, quoted)
    if not hand.taken and characters > 1:
        best = int(np.argmax(points))
        hand.take_row(best, (_cut_beginning(text, draft, best, characters),))
    return hand.list_taken()


class RankedSelection:
    """What was taken, and what the points of the others are worth after that."""

    def __init__(self, draft: SummaryDraft, points: Floats) -> None:
        self.draft, self.points = draft, points
        self.taken: list[TakenSentence] = []
        self.open = points.copy()  # points of the sentences that may still be taken, -∞ of the others
        self.repeated: Floats = np.zeros(len(points))  # the largest cosine to one taken before
        self.speaker = np.full(len(points), -1)  # the row it is
        self.alone = draft.looking_back.copy()  # 1 where a sentence looks back at one that is not taken
        self.worth = self._compute_worth()

    def find_best(self) -> int | None:
        """Return the row with the most points among those still open."""
        best = int(self.worth.argmax())
        return best if self.worth[best] > -np.inf else None

    def close_rows(self, rows: list[int]) -> None:
        for row in rows:
            self.open[row] = self.worth[row] = -np.inf

    def _compute_worth(self) -> Floats:
        """Return the points that are left of each sentence, -∞ of those closed, shape (n,)."""
        return self.open - REPETITION * self.repeated - ALONE * self.alone

    def take_row(self, row: int, quoted: tuple[Bounds, ...]) -> None:
        likeness = self.draft.graph.compare_with(row)
        self.taken.append(TakenSentence(row, REPETITION * float(self.repeated[row]), quoted, []))
        self.speaker[likeness > self.repeated] = row
        self.repeated = np.maximum(self.repeated, likeness)
        self.alone[row + 1 : row + 2] = 0.0
        self.open[row] = -np.inf
        self.worth = self._compute_worth()

    def list_taken(self) -> list[TakenSentence]:
        """Return what was taken, each with the sentences it speaks for."""
        alike = self.repeated >= SPEAKS_FOR
        alike[[one.row for one in self.taken]] = False
        found: dict[int, list[int]] = {one.row: one.speaks_for for one in self.taken}
        for row in np.flatnonzero(alike):
            found[int(self.speaker[row])].append(int(row))
        return self.taken


class CharacterBudget:
    """The room that is left, in characters, and what of a sentence fits into it."""

    def __init__(self, text: str, draft: SummaryDraft, points: Floats, language: Language, characters: int) -> None:
        self.text, self.draft, self.points, self.language = text, draft, points, language
        self.gap = len(language.joiner)
        self.most = int(SHARE * characters)
        self.room = characters
        self.smallest = SMALLEST * language.usual_length

    def fit_row(self, row: int, taken: list[TakenSentence]) -> list[tuple[int, tuple[Bounds, ...]]]:
        """Return what is quoted of a sentence, and give the room for it away; nothing where nothing fits."""
        if self.draft.hollow[row] >= HOLLOW:
            return []
        span = self.draft.spans[row]
        whole = ((span.start, span.end),)
        fits = span.end - span.start <= self.room
        if span.end - span.start < TOO_SHORT * self.language.usual_length and not self.draft.figures[row]:
            return []
        if fits and span.end - span.start <= self.most and not self.draft.slogan[row]:
            return [(row, self._take_room(row, whole))]
        parts = split_clauses(self.text, span.start, span.end, self.language) if self.room >= self.smallest else []
        fitting = self._find_fitting_pieces(row, parts) if len(parts) > 1 else []
        if not fitting:
            return [(row, self._take_room(row, whole))] if fits and not self.draft.slogan[row] else []
        echoes = self._sum_echoes(row, parts, [one.row for one in taken])
        best = max(fitting, key=lambda piece: sum(echoes[last + 1] - echoes[first] for first, last in piece))
        return [(row, self._take_room(row, _find_bounds(parts, best)))]

    def fit_list_heads(self, rows: tuple[int, ...], most: int) -> list[tuple[int, tuple[Bounds, ...]]]:
        """Return the heads of a list's items, from the first on, as many as fit; one alone tells nothing."""
        found: list[tuple[int, tuple[Bounds, ...]]] = []
        room = self.room
        for row in rows[:most]:
            quoted = (self._shorten_head(row),)
            room -= self._measure_printed(row, quoted)
            if room < 0:
                break
            found.append((row, quoted))
            room -= self.gap
        if len(found) < 2:
            return []
        return [(row, self._take_room(row, quoted)) for row, quoted in found]

    def _shorten_head(self, row: int) -> Bounds:
        """Return the shortest beginning of a sentence that reads as one, or the sentence where it is short."""
        span = self.draft.spans[row]
        if span.end - span.start <= HEAD * self.language.usual_length:
            return span.start, span.end
        parts = split_clauses(self.text, span.start, span.end, self.language)
        ends = [
            parts[piece[-1][1]][1] for piece in enumerate_pieces(self.text, parts, self.language) if len(piece) == 1
        ]
        return span.start, min(ends, default=span.end)

    def _find_fitting_pieces(self, row: int, parts: list[Bounds]) -> list[Piece]:
        """Return the pieces of the sentence that fit into its share of the budget, or else into what room is left.

        Of a case (11月6日晚，…) that ends in facts no piece will do that only says how it began.
        """
        facts = self._find_facts(parts)
        is_case = sum(facts) > 1 and self.language.moment.fullmatch(self.text, *parts[0])
        found = [
            (piece, self._measure_printed(row, _find_bounds(parts, piece)))
            for piece in enumerate_pieces(self.text, parts, self.language)
            if not is_case or any(any(facts[first : last + 1]) for first, last in piece)
        ]
        shared = [piece for piece, size in found if self.smallest <= size <= min(self.room, self.most)]
        return shared or [piece for piece, size in found if self.smallest <= size <= self.room]

    def _measure_printed(self, row: int, quoted: tuple[Bounds, ...]) -> int:
        """Return how long it prints: its pieces, … between them and where its beginning or end is left out."""
        span = self.draft.spans[row]
        cuts = (quoted[0][0] > span.start) + (quoted[-1][1] < span.end) + len(quoted) - 1
        return sum(end - start for start, end in quoted) + cuts

    def _take_room(self, row: int, quoted: tuple[Bounds, ...]) -> tuple[Bounds, ...]:
        self.room -= self._measure_printed(row, quoted) + self.gap
        return quoted

    def _sum_echoes(self, row: int, parts: list[Bounds], taken: list[int]) -> list[float]:
        """Return, summed up clause by clause from 0 on, how much the sentences share its terms.

        Better sentences count more, those taken and its own not at all.
        """
        mass = np.exp((self.points - self.points.max()) / SHARPNESS)
        mass[[row, *taken]] = 0.0
        found = self.draft.graph.sum_echoes(self.draft.compared, parts, self.language, mass)
        found = found / (found.sum() or 1.0)
        found += [FACT * is_fact for is_fact in self._find_facts(parts)]
        return [0.0, *np.cumsum(found).tolist()]

    def _find_facts(self, parts: list[Bounds]) -> list[bool]:
        """Tell of each clause whether it holds a figure that is not of a day or an hour."""
        clock = self.language.clock
        return [FIGURE.search(clock.sub("", self.text[start:end])) is not None for start, end in parts]


def _find_bounds(parts: list[Bounds], piece: Piece) -> tuple[Bounds, ...]:
    return tuple((parts[first][0], parts[last][1]) for first, last in piece)


def _cut_beginning(text: str, draft: SummaryDraft, row: int, room: int) -> Bounds:
    """Return a sentence or as much of its beginning as fits with a …, where no clause of any does."""
    start, end = draft.spans[row].start, draft.spans[row].end
    if end - start <= room:
        return start, end
    piece = text[start : start + room - 1]
    mark = max(map(piece.rfind, "，；：,;: "))
    return start, start + (mark if mark > 0 else len(piece))
