"""How sure it is that two articles report the same event.

docs/explanation/stories.md says how each constant was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bot.editorial.stories.traits import BUCKETS, TraitArray, Traits, intersect_traits

# Found by tests/benchmarks/stories/measure.py on the development half of its table; run it again after changing one.
SAME_EVENT = 0.45  # likeness from which two articles tell the same event
_HEADING_WEIGHT = 0.1  # what wholly shared headings add
_ENOUGH_HEADING = 6.0  # weight below which a heading says too little to be wholly shared ("In brief")
_NUMBER_WEIGHT = 0.45  # what shared numbers add
_ENOUGH_NUMBERS = 3.0  # weight of shared numbers that adds all of it: four or five that stand in no other article
_NO_SHARED_NUMBER_PENALTY = 0.5  # off when both have numbers to tell and share none: two of a series, of a template
_SOME_NUMBERS = 1.0  # weight from which an article has numbers to tell
_PENALTY_A_DAY = 0.08  # off for each day between them
_MAX_DAYS = 7  # counted
_FOLLOWS_FROM = 0.38  # body and heading shared from which a later article goes on with what an earlier one told
FOLLOWING_HEADING_WEIGHT = (
    0.25  # what wholly shared headings add to that: a series of reports bears the name of its subject
)
_PRIOR_ARTICLES = (
    8  # articles imagined beside the given ones, so that what two of two articles share still tells something
)
_WeightArray = np.ndarray[tuple[int], np.dtype[np.float64]]


class _Masses(NamedTuple):
    """Weights, by what they are of."""

    body: float
    heading: float
    numbers: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TraitCorpus:
    """The articles that are compared with each other, and what their traits weigh among them."""

    traits: tuple[Traits, ...]
    holders: TraitArray  # articles that have a trait, by trait
    weights: _WeightArray  # by number of holders: 1 for none, falling to 0 for all
    masses: tuple[_Masses, ...]  # what each article's traits weigh

    def measure_weight(self, numbers: TraitArray) -> float:
        return float(self.weights[self.holders[numbers]].sum())


def build_corpus(found: Sequence[Traits]) -> TraitCorpus:
    holders = np.zeros(BUCKETS, dtype=np.int32)
    for each in found:
        holders[each.body] += 1
    everyone = len(found) + _PRIOR_ARTICLES
    count = np.maximum(np.arange(len(found) + 1), 1)
    # Squared, as in the cosine of two tf-idf vectors: what many articles say hardly counts.
    weight = (np.log(everyone / count) / np.log(everyone)) ** 2
    parts = ((each.body, each.heading, each.numbers) for each in found)
    masses = tuple(_Masses(*(float(weight[holders[numbers]].sum()) for numbers in part)) for part in parts)
    return TraitCorpus(traits=tuple(found), holders=holders, weights=weight, masses=masses)


def measure_similarity(among: TraitCorpus, i: int, j: int) -> float:
    """How sure it is that two articles tell the same event; SAME is sure enough.

    The weight of the traits they share over that of the lighter one's, what their headings and numbers add, and what
    is taken off for numbers that differ throughout and for the days between them.
    """
    one, other = among.traits[i], among.traits[j]
    lighter = min(among.masses[i].numbers, among.masses[j].numbers)
    numbers = among.measure_weight(intersect_traits(one.numbers, other.numbers))
    return (
        measure_shared_words(among, i, j, _HEADING_WEIGHT)
        + _NUMBER_WEIGHT * min(1.0, numbers / _ENOUGH_NUMBERS)
        - _NO_SHARED_NUMBER_PENALTY * (lighter > _SOME_NUMBERS and not numbers)
        - _PENALTY_A_DAY * _count_days_between(one, other)
    )


def is_continuation(among: TraitCorpus, i: int, j: int) -> bool:
    """Whether the later of two articles may go on with the event of the other: other numbers and days speak for it."""
    return measure_shared_words(among, i, j, FOLLOWING_HEADING_WEIGHT) >= _FOLLOWS_FROM


def measure_shared_words(among: TraitCorpus, i: int, j: int, headings_count: float) -> float:
    """The weight of the traits two articles share over that of the lighter one's, and what their headings add."""
    one, other = among.traits[i], among.traits[j]
    lighter = _Masses(*map(min, among.masses[i], among.masses[j]))
    body = among.measure_weight(intersect_traits(one.body, other.body))
    heading = among.measure_weight(intersect_traits(one.heading, other.heading))
    return body / (lighter.body or 1.0) + headings_count * heading / max(_ENOUGH_HEADING, lighter.heading)


def _count_days_between(one: Traits, other: Traits) -> int:
    """Whole days, at most MAX_DAYS; 0 when one is undated."""
    if not one.published_at or not other.published_at:
        return 0
    return min(_MAX_DAYS, abs(one.published_at - other.published_at).days)
