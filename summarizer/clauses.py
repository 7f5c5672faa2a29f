"""A sentence too long for what room is left → the runs of its clauses that may stand for it.

    为方便群众，县里修了大桥，投资3.6亿元，但工期较长。   →   县里修了大桥，投资3.6亿元  and others

A run is an exact slice. It begins where the sentence does, or right behind clauses that only open it (随着…, 为了…): a
later clause has its subject in the first. It never begins with a clause that leans on what was cut away (但, which),
never ends with one that opens what comes after, and never splits a quotation or a bracket.
"""

from collections.abc import Iterator

from summarizer.languages import Language
from summarizer.sentences import MARK, PARTNER, partner

BOTH = [(opening, closing) for opening, closing in PARTNER.items() if closing not in '’"']  # … is no apostrophe
Bounds = tuple[int, int]  # (start, end) in the text
MOST = 40  # clauses looked at, from the start: runs grow with their square, and no reader follows further


def clauses(text: str, start: int, end: int, language: Language) -> list[Bounds]:
    """Return the first MOST clauses of sentence text[start:end] without their marks; its end keeps its full stop."""
    found: list[Bounds] = []
    position = begin = start
    while len(found) < MOST and (mark := language.clause_end.search(text, position, end)):
        opening = MARK.search(text, position, mark.start())
        if opening and opening.group() in PARTNER:
            close = partner(text, opening.start(), end)
            position = opening.end() if close is None else close + 1
            continue
        if opening:  # a full stop inside, as in 3.5: look on behind it
            position = opening.end()
            continue
        if mark.start() > begin:
            found.append((begin, mark.start()))
        position = mark.end()
        begin = position + len(text[position:end]) - len(text[position:end].lstrip())
    if begin < end and len(found) < MOST:
        found.append((begin, end))
    return found


def runs(text: str, parts: list[Bounds], language: Language) -> Iterator[tuple[int, int]]:
    """Yield (first, last) clause of each run that reads as a sentence, all of them together left out."""
    count = len(parts)
    whole = next((n for n, part in enumerate(parts) if _splits_a_pair(text, part)), count)
    reports = count > 1 and bool(language.reported.search(text, parts[0][0], parts[0][1] + 1))
    for first in range(min(whole, 1) if reports else whole):
        if any(not language.opening.match(text, *parts[n]) for n in range(first)):
            break
        if first and language.leaning.match(text, *parts[first]):
            continue
        for last in range(first, whole):
            ends_open = last < count - 1 and (
                language.opening.match(text, *parts[last]) or text[parts[last][1]] in "：:"
            )
            if not ends_open and last - first < count - 1 and not (reports and last == 0):
                yield first, last


def _splits_a_pair(text: str, part: Bounds) -> bool:
    """Return True where a quotation or bracket opens and does not close: the rest of the paragraph is inside it."""
    return any(text.count(opening, *part) != text.count(closing, *part) for opening, closing in BOTH)
