"""How sure it is that two articles tell the same event. How each constant was found is told in docs/stories.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bot.stories.traits import BUCKETS, Numbers, Traits, common

# Found by tests/benchmarks/stories/measure.py on the development half of its table; run it again after changing one.
SAME = 0.45  # likeness from which two articles tell the same event
HEADINGS_COUNT = 0.1  # what wholly shared headings add
ENOUGH_HEADING = 6.0  # weight below which a heading says too little to be wholly shared ("In brief")
NUMBERS_COUNT = 0.45  # what shared numbers add
ENOUGH_NUMBERS = 3.0  # weight of shared numbers that adds all of it: four or five that stand in no other article
NO_NUMBER_COUNTS = 0.5  # off when both have numbers to tell and share none: two of a series, of a template
SOME_NUMBERS = 1.0  # weight from which an article has numbers to tell
A_DAY_COUNTS = 0.08  # off for each day between them
MAX_DAYS = 7  # counted
FOLLOWS = 0.38  # body and heading shared from which a later article goes on with what an earlier one told
HEADINGS_FOLLOW = 0.25  # what wholly shared headings add to that: a series of reports bears the name of its subject
PRIOR = 8  # articles imagined beside the given ones, so that what two of two articles share still tells something
Weights = np.ndarray[tuple[int], np.dtype[np.float64]]


class Masses(NamedTuple):
    """Weights, by what they are of."""

    body: float
    heading: float
    numbers: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The articles that are compared with each other, and what their traits weigh among them."""

    traits: tuple[Traits, ...]
    holders: Numbers  # articles that have a trait, by trait
    weight: Weights  # by number of holders: 1 for none, falling to 0 for all
    masses: tuple[Masses, ...]  # what each article's traits weigh

    def mass(self, numbers: Numbers) -> float:
        return float(self.weight[self.holders[numbers]].sum())


def day(found: Sequence[Traits]) -> Day:
    holders = np.zeros(BUCKETS, dtype=np.int32)
    for each in found:
        holders[each.body] += 1
    everyone = len(found) + PRIOR
    count = np.maximum(np.arange(len(found) + 1), 1)
    # Squared, as in the cosine of two tf-idf vectors: what many articles say hardly counts.
    weight = (np.log(everyone / count) / np.log(everyone)) ** 2
    parts = ((each.body, each.heading, each.numbers) for each in found)
    masses = tuple(Masses(*(float(weight[holders[numbers]].sum()) for numbers in part)) for part in parts)
    return Day(traits=tuple(found), holders=holders, weight=weight, masses=masses)


def likeness(among: Day, i: int, j: int) -> float:
    """How sure it is that two articles tell the same event; SAME is sure enough.

    The weight of the traits they share over that of the lighter one's, what their headings and numbers add, and what
    is taken off for numbers that differ throughout and for the days between them.
    """
    one, other = among.traits[i], among.traits[j]
    lighter = min(among.masses[i].numbers, among.masses[j].numbers)
    numbers = among.mass(common(one.numbers, other.numbers))
    return (
        shared_words(among, i, j, HEADINGS_COUNT)
        + NUMBERS_COUNT * min(1.0, numbers / ENOUGH_NUMBERS)
        - NO_NUMBER_COUNTS * (lighter > SOME_NUMBERS and not numbers)
        - A_DAY_COUNTS * days_between(one, other)
    )


def follows(among: Day, i: int, j: int) -> bool:
    """Whether the later of two articles may go on with the event of the other: other numbers and days speak for it."""
    return shared_words(among, i, j, HEADINGS_FOLLOW) >= FOLLOWS


def shared_words(among: Day, i: int, j: int, headings_count: float) -> float:
    """The weight of the traits two articles share over that of the lighter one's, and what their headings add."""
    one, other = among.traits[i], among.traits[j]
    lighter = Masses(*map(min, among.masses[i], among.masses[j]))
    body = among.mass(common(one.body, other.body))
    heading = among.mass(common(one.heading, other.heading))
    return body / (lighter.body or 1.0) + headings_count * heading / max(ENOUGH_HEADING, lighter.heading)


def days_between(one: Traits, other: Traits) -> int:
    """Whole days, at most MAX_DAYS; 0 when one is undated."""
    if not one.published_at or not other.published_at:
        return 0
    return min(MAX_DAYS, abs(one.published_at - other.published_at).days)
