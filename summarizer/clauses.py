"""A sentence too long for what room is left → the pieces of it that may stand for it.

    为方便群众，县里修了大桥，投资3.6亿元，但工期较长。   →   县里修了大桥，投资3.6亿元  and others

A piece is one run of clauses or several of one sentence, each an exact slice. It begins where the sentence does, or
right behind clauses that only open it (随着…, 为了…): a later clause has its subject in the first. It never begins with
a clause that leans on what was cut away (但, which), never ends with one that opens what comes after, and never splits
a quotation or a bracket. Inside it, clauses that carry nothing (以…为指导) are left out, and a list keeps its heads.
"""

import re
from collections.abc import Iterator

from summarizer.languages import Language
from summarizer.sentence_splitting import MARK, PARTNER, find_partner

_BOTH = [(opening, closing) for opening, closing in PARTNER.items() if closing not in '’"']  # … is no apostrophe
_PAIRED = re.compile("[" + re.escape("".join(map("".join, _BOTH))) + "]")
Bounds = tuple[int, int]  # (start, end) in the text
Run = tuple[int, int]  # (first, last) clause
Piece = tuple[Run, ...]  # runs of one sentence, in order, with something left out between
_SHORTEST_OPENER = 6  # characters; to leave out what is shorter (近年来，) is not worth a …
MOST_CLAUSES = 40  # clauses looked at, from the start: runs grow with their square, and no reader follows further


def split_clauses(text: str, start: int, end: int, language: Language) -> list[Bounds]:
    """Return the first MOST clauses of sentence text[start:end] without their marks; its end keeps its full stop."""
    found: list[Bounds] = []
    position = begin = start
    while len(found) < MOST_CLAUSES and (mark := language.clause_end.search(text, position, end)):
        opening = MARK.search(text, position, mark.start())
        if opening and opening.group() in PARTNER:
            close = find_partner(text, opening.start(), end)
            position = opening.end() if close is None else close + 1
            continue
        if opening:  # a full stop inside, as in 3.5: look on behind it
            position = opening.end()
            continue
        if mark.start() > begin:
            found.append((begin, mark.start()))
        position = mark.end()
        begin = position + len(text[position:end]) - len(text[position:end].lstrip())
    if begin < end and len(found) < MOST_CLAUSES:
        found.append((begin, end))
    return found


def enumerate_pieces(text: str, parts: list[Bounds], language: Language) -> Iterator[Piece]:
    """Yield the pieces that read as a sentence: runs of clauses, with and without those that say only in what spirit
    something is done, always without slogans, and a list by its heads, never 一是 without 二是.

    Nothing is yielded of a sentence that is all slogans.
    """
    slogan = [language.slogan.pattern.search(text, *part) is not None for part in parts]
    idle = [bare or _is_spirit(text, part, language) for bare, part in zip(slogan, parts, strict=True)]
    heads = [n for n, part in enumerate(parts) if language.list_head.match(text, *part)]
    for first, last in [*enumerate_runs(text, parts, language), (0, len(parts) - 1)]:
        lonely = len(heads) > 1 and sum(first <= head <= last for head in heads) == 1
        if lonely or slogan[first] or slogan[last]:
            continue
        for dropped in {tuple(slogan): slogan, tuple(idle): idle}.values():
            yield tuple(_drop_idle_clauses(text, parts, (first, last), dropped, language))
    if len(heads) > 1:
        yield from _enumerate_list_heads(text, parts, heads)


def _is_spirit(text: str, part: Bounds, language: Language) -> bool:
    """Return True where a clause tells nothing of its own but in what spirit something is done."""
    said = language.means.match(text, *part) or language.hollow.pattern.search(text, *part)
    return said is not None and not any(map(str.isdigit, text[slice(*part)]))


def _drop_idle_clauses(text: str, parts: list[Bounds], run: Run, idle: list[bool], language: Language) -> Iterator[Run]:
    """Yield the run in pieces: idle clauses are left out where the next one can do without them."""
    first, last = run
    keep = [True] * (last + 1)
    for n in range(last - 1, first, -1):
        keep[n] = not idle[n] or (keep[n + 1] and bool(language.leaning.match(text, *parts[n + 1])))
    begin = first
    for n in range(first + 1, last + 1):
        if keep[n] and not keep[n - 1]:
            begin = n
        elif keep[n - 1] and not keep[n]:
            yield begin, n - 1
    yield begin, last


def _enumerate_list_heads(text: str, parts: list[Bounds], heads: list[int]) -> Iterator[Piece]:
    """Yield what leads up to a list inside a sentence, with the first clause of two or more of its items."""
    if any(_splits_a_pair(text, part) for part in parts):
        return
    for count in range(2, len(heads) + 1):
        first = [(0, heads[0])] if heads[0] else [(0, 0)]
        yield tuple(first + [(head, head) for head in heads[1:count]])


def enumerate_runs(text: str, parts: list[Bounds], language: Language) -> Iterator[Run]:
    """Yield (first, last) clause of each run that reads as a sentence, all of them together left out."""
    count = len(parts)
    whole = next((n for n, part in enumerate(parts) if _splits_a_pair(text, part)), count)
    reports = count > 1 and bool(language.reported.pattern.search(text, parts[0][0], parts[0][1] + 1))
    opens = [language.opening.match(text, *part) is not None for part in parts]
    clings = [n < count - 1 and language.predicate.match(text, *parts[n + 1]) is not None for n in range(count)]
    for first in range(min(whole, 1) if reports else whole):
        if not all(opens[:first]):
            break
        if first and (language.leaning.match(text, *parts[first]) or parts[first][0] - parts[0][0] < _SHORTEST_OPENER):
            continue
        for last in range(first, whole):
            # something has to come after a clause that opens it, or is all alone its subject
            is_open = opens[last] or text[parts[last][1] : parts[last][1] + 1] in ("：", ":")
            ends_open = last < count - 1 and (is_open or (clings[last] and all(opens[first:last])))
            if not ends_open and last - first < count - 1 and not (reports and last == 0):
                yield first, last


def _splits_a_pair(text: str, part: Bounds) -> bool:
    """Return True where a quotation or bracket opens and does not close: the rest of the paragraph is inside it."""
    if _PAIRED.search(text, *part) is None:
        return False
    return any(text.count(opening, *part) != text.count(closing, *part) for opening, closing in _BOTH)
