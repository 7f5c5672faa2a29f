"""Which words the texts around a heading share with it and with each other.

The terms of a Chinese text are its pairs of characters, of an English one its longer words; each weighs the more the
fewer of the page's pieces have it.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.newspaper.looks import SHORT, Look

WINDOW = 300  # characters of text on each side that are compared
FAR = 1000  # the same, for what the article as a whole is about
LONGEST = 2000  # characters of a piece that are looked at: no paragraph has more, and many headings may look at one
REACH = 40  # pieces on each side that are looked at for them; without it a page of headings alone would cost its square


class Topics:
    """The terms of a page's pieces and their weights."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self.looks = looks
        self.terms = [terms(seen.text[:LONGEST]) for seen in looks]
        self.running = [i for i, seen in enumerate(looks) if not seen.is_short]
        spread = Counter(term for bag in self.terms for term in bag)
        rarity = {n: math.log((len(looks) + 1) / n) for n in set(spread.values())}
        self.weight = {term: rarity[n] for term, n in spread.items()}

    def side(self, i: int, step: int, window: int = WINDOW) -> frozenset[str]:
        """The terms of some `window` characters of running text before (`step` -1) or after (+1) piece `i`."""
        bags: list[frozenset[str]] = []
        length, last = 0.0, i
        at = bisect_right(self.running, i) if step > 0 else bisect_left(self.running, i) - 1
        while 0 <= at < len(self.running) and length < window and abs(self.running[at] - i) <= REACH:
            j = self.running[at]
            if length and step > 0 and window == WINDOW and j > last + 1:
                break
            bags.append(self.terms[j])
            length += self.looks[j].length
            last, at = j, at + step
        return frozenset().union(*bags)

    def total(self, bag: Iterable[str]) -> float:
        # fsum, for the order of a set differs from run to run and the sum must not
        return math.fsum(map(self.weight.__getitem__, bag))

    def likeness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """What two texts share of their terms, weighed, 0 to 1 (Dice)."""
        both = self.total(one) + self.total(other)
        return 2 * self.total(one & other) / both if both else 0.0

    def covered(self, i: int, bag: frozenset[str]) -> float:
        """The share of piece `i`'s terms, weighed, that `bag` has too."""
        total = self.total(self.terms[i])
        return self.total(self.terms[i] & bag) / total if total else 0.0

    def share_words(self, i: int, j: int) -> bool:
        return not self.terms[i].isdisjoint(self.terms[j])

    def verbatim(self, i: int) -> float:
        """The longest part of piece `i` that the next running text has word for word, as a share of the piece."""
        text = self.looks[i].text
        j = next((j for j in range(i + 1, min(i + 4, len(self.looks))) if not self.looks[j].is_short), None)
        if j is None or not text or len(text) > SHORT or text.isascii():
            return 0.0
        body = self.looks[j].text[: WINDOW // 2]
        longest = 0
        for start in range(len(text)):
            while start + longest < len(text) and text[start : start + longest + 1] in body:
                longest += 1
        return longest / len(text)


def terms(text: str) -> frozenset[str]:
    if text.isascii():
        return frozenset(word for word in re.findall(r"[a-z0-9']+", text.lower()) if len(word) > 3)
    found: set[str] = set()
    for run in re.findall(r"[\u3400-\u9fff]+|[a-zA-Z0-9.]+", text):
        if run.isascii():
            found.add(run)
        else:
            found.update(map(str.__add__, run, run[1:]))
    return frozenset(found)
