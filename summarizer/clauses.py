"""Sentence → its clauses. Quotations and brackets are not split."""

import re

from summarizer.languages import Language
from summarizer.sentence_splitting import MARK, PARTNER, find_partner

Bounds = tuple[int, int]  # (start, end) in the text
_MOST_CLAUSES = 40  # read from the start, because the number of runs grows with their square

_BOTH = [
    (opening, closing) for opening, closing in PARTNER.items() if closing not in '’"'
]  # the mark must not be an apostrophe
_PAIRED = re.compile("[" + re.escape("".join(map("".join, _BOTH))) + "]")


def split_clauses(text: str, start: int, end: int, language: Language) -> list[Bounds]:
    """Return the first _MOST_CLAUSES clauses of text[start:end] without their marks. The last clause keeps
    the final mark.
    """
    clauses: list[Bounds] = []
    position = begin = start
    while len(clauses) < _MOST_CLAUSES and (mark := language.clause_end.search(text, position, end)):
        opening = MARK.search(text, position, mark.start())
        if opening and opening.group() in PARTNER:
            close = find_partner(text, opening.start(), end)
            position = opening.end() if close is None else close + 1
            continue
        if opening:  # a full stop inside, as in 3.5: continue after it
            position = opening.end()
            continue
        if mark.start() > begin:
            clauses.append((begin, mark.start()))
        position = mark.end()
        begin = position + len(text[position:end]) - len(text[position:end].lstrip())
    if begin < end and len(clauses) < _MOST_CLAUSES:
        clauses.append((begin, end))
    return clauses


def splits_a_pair(text: str, clause: Bounds) -> bool:
    """Return True if a quotation or bracket opens and does not close, so that it contains the rest of the
    paragraph.
    """
    if _PAIRED.search(text, *clause) is None:
        return False
    return any(text.count(opening, *clause) != text.count(closing, *clause) for opening, closing in _BOTH)
