"""How sure it is that two articles report the same event.

docs/explanation/stories.md says how each constant was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bot.editorial.stories.traits import BUCKETS, TraitArray, Traits, intersect_traits

# Found by tests/benchmarks/stories/measure.py on the development half of its table; run it again after
# changing one.
SAME_EVENT = 0.45  # similarity from which two articles report the same event
_HEADING_WEIGHT = 0.1  # what equal headings add
_ENOUGH_HEADING = 6.0  # weight of a heading that counts fully; lighter ones ("In brief") say too little
_NUMBER_WEIGHT = 0.45  # what shared numbers add
_ENOUGH_NUMBERS = 3.0  # weight of shared numbers that count fully: four or five that no other article has
_NO_SHARED_NUMBER_PENALTY = 0.5  # when both have numbers and share none: two of a series or of a template
_SOME_NUMBERS = 1.0  # weight from which an article counts as having numbers
_PENALTY_A_DAY = 0.08  # for each day between them
_MAX_DAYS = 7  # days that count
_FOLLOWS_FROM = 0.38  # shared words from which a later article continues an earlier one
# what equal headings add to that: a series of reports bears the name of its subject
FOLLOWING_HEADING_WEIGHT = 0.25
_PRIOR_ARTICLES = 8  # added to the number of articles, so that what two of two articles share has some weight
_WeightArray = np.ndarray[tuple[int], np.dtype[np.float64]]


class _Masses(NamedTuple):
    """The summed weights of an article's traits, by where they stand."""

    body: float
    heading: float
    numbers: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TraitCorpus:
    """The traits of the articles that are compared with each other, and their weights among them."""

    traits: tuple[Traits, ...]
    holders: TraitArray  # number of articles that have a trait, by trait
    weights: _WeightArray  # by number of holders: 1 for none, falling to 0 for all
    masses: tuple[_Masses, ...]  # what each article's traits weigh

    def measure_weight(self, numbers: TraitArray) -> float:
        return float(self.weights[self.holders[numbers]].sum())


def build_corpus(articles: Sequence[Traits]) -> TraitCorpus:
    holders = np.zeros(BUCKETS, dtype=np.int32)
    for article in articles:
        holders[article.body] += 1
    everyone = len(articles) + _PRIOR_ARTICLES
    count = np.maximum(np.arange(len(articles) + 1), 1)
    # Squared, as in the cosine of two tf-idf vectors: traits of many articles hardly count.
    weight = (np.log(everyone / count) / np.log(everyone)) ** 2
    parts = ((article.body, article.heading, article.numbers) for article in articles)
    masses = tuple(_Masses(*(float(weight[holders[numbers]].sum()) for numbers in part)) for part in parts)
    return TraitCorpus(traits=tuple(articles), holders=holders, weights=weight, masses=masses)


def measure_similarity(among: TraitCorpus, i: int, j: int) -> float:
    """Return how sure it is that two articles report the same event; SAME_EVENT is enough.

    It is the weight of their shared traits over that of the lighter one's traits, plus what headings and
    numbers add, minus penalties for numbers that all differ and for the days between them.
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
    """Return whether the later of two articles may continue the other's event.

    Numbers and days do not matter.
    """
    return measure_shared_words(among, i, j, FOLLOWING_HEADING_WEIGHT) >= _FOLLOWS_FROM


def measure_shared_words(among: TraitCorpus, i: int, j: int, headings_count: float) -> float:
    """Return the weight of shared traits over that of the lighter article's traits, plus what headings add."""
    one, other = among.traits[i], among.traits[j]
    lighter = _Masses(*map(min, among.masses[i], among.masses[j]))
    body = among.measure_weight(intersect_traits(one.body, other.body))
    heading = among.measure_weight(intersect_traits(one.heading, other.heading))
    return body / (lighter.body or 1.0) + headings_count * heading / max(_ENOUGH_HEADING, lighter.heading)


def _count_days_between(one: Traits, other: Traits) -> int:
    """Return the whole days, at most _MAX_DAYS; 0 when one is undated."""
    if not one.published_at or not other.published_at:
        return 0
    return min(_MAX_DAYS, abs(one.published_at - other.published_at).days)
