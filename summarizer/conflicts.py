"""Candidates that may not be printed together, or not without the sentence that explains them."""

from collections.abc import Sequence

from summarizer.candidates import Candidate
from summarizer.draft import SummaryDraft
from summarizer.languages import Language

_ALIKE = 0.5  # cosine from which two sentences say the same
# from this number, each piece is from another paragraph or continues the previous piece
_SEVERAL_PARAGRAPHS = 4


class ConflictFinder:
    """Finds the conflicts in a set of candidates of one text."""

    def __init__(
        self, text: str, title: str, draft: SummaryDraft, candidates: Sequence[Candidate], language: Language
    ) -> None:
        self.text, self.title, self.draft, self.candidates = text, title, draft, candidates
        self.rules = language.rules
        self.paragraphs = draft.paragraphs.tolist()
        self.has_aspects = len(set(self.paragraphs)) >= _SEVERAL_PARAGRAPHS

    def find_conflict(self, chosen: Sequence[int]) -> tuple[int, ...]:
        """Return candidates of which one must be dropped, () if none; `chosen` is in reading order."""
        for place, number in enumerate(chosen):
            if pair := self._find_repetition(place, chosen):
                return pair
            if self._lacks_explanation(place, number, chosen):
                return (number,)
        return ()

    def _find_repetition(self, place: int, chosen: Sequence[int]) -> tuple[int, ...]:
        """Return the candidate at this place and a later one that repeats it or its paragraph."""
        number, followers = chosen[place], chosen[place + 1 :]
        if not followers:
            return ()
        row = self.candidates[number].row
        similarity = self.draft.graph.compare_with(row)
        for other in followers:
            if similarity[self.candidates[other].row] > _ALIKE:
                return number, other
        next_row = self.candidates[followers[0]].row
        is_apart = next_row > self.candidates[number].last_row + 1
        if self.has_aspects and is_apart and self.paragraphs[next_row] == self.paragraphs[row]:
            return number, followers[0]
        return ()

    def _lacks_explanation(self, place: int, number: int, chosen: Sequence[int]) -> bool:
        """Return True if a candidate uses a name that only an omitted sentence introduces."""
        piece = self.candidates[number]
        printed = " ".join(
            self.text[self.candidates[n].start : self.candidates[n].end] for n in chosen[:place]
        )
        return self.rules.find_unknown_name(
            self.text, self.title, piece.start, printed
        ) != "" or self.rules.uses_unknown_alias(self.text, self.title, piece.start, piece.end, printed)
