"""Measures the confidence that two articles report the same event.

docs/explanation/stories.md says how each constant was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bot.editorial.stories.subjects import weigh_shared_subject
from bot.editorial.stories.traits import BUCKETS, TraitArray, Traits, intersect_traits

# Found by tests/benchmarks/stories/measure.py on the development half of its table. Run it again after
# changing one.
SAME_EVENT = 0.45  # similarity from which two articles report the same event
_HEADING_WEIGHT = 0.1  # what equal headings add
_ENOUGH_HEADING = 6.0  # weight from which a heading counts fully; lighter ones ("In brief") say little
_NUMBER_WEIGHT = 0.45  # added for shared numbers
_ENOUGH_NUMBERS = 3.0  # weight from which shared numbers count fully: four or five unique ones
_NO_SHARED_NUMBER_PENALTY = 0.5  # both have numbers but share none: two reports of a series or a template
_SOME_NUMBERS = 1.0  # weight from which an article counts as having numbers
_PENALTY_A_DAY = 0.08  # for each day between them
_MAX_DAYS = 7  # the maximum number of days that count
# Two articles that name their subject in the same words may tell of it in their own words.
_MIN_SUBJECT = 2.5  # weight of those words: three or four that no other article has
_MIN_HEADING_SHARE = 0.6  # of the weight of one heading that stands in the other article
_SUBJECT_WEIGHT = 0.23  # what such a subject adds to the shared words
_MAX_SUBJECT_DAYS = 1  # between the articles; a subject that comes back later has other news
_FOLLOWS_FROM = 0.38  # shared words from which a later article continues an earlier one
# added to that for equal headings: the reports of a series have the same heading
FOLLOWING_HEADING_WEIGHT = 0.25
_PRIOR_ARTICLES = 8  # added to the number of articles, so that traits shared by two of two have weight
_WeightArray = np.ndarray[tuple[int], np.dtype[np.float64]]


class _Masses(NamedTuple):
    """The sums of the weights of an article's traits, by their position."""

    body: float
    heading: float
    numbers: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TraitCorpus:
    """The traits of the articles that are compared with each other, and their weights among them."""

    traits: tuple[Traits, ...]
    holders: TraitArray  # number of articles with a trait, by trait
    weights: _WeightArray  # by number of holders: 1 for none, falling to 0 for all
    masses: tuple[_Masses, ...]  # the weights of each article's traits

    def measure_weight(self, numbers: TraitArray) -> float:
        return float(self.weights[self.holders[numbers]].sum())


def build_corpus(articles: Sequence[Traits]) -> TraitCorpus:
    holders = np.zeros(BUCKETS, dtype=np.int32)
    for article in articles:
        holders[article.body] += 1
    everyone = len(articles) + _PRIOR_ARTICLES
    count = np.maximum(np.arange(len(articles) + 1), 1)
    # Squared, as in the cosine of two tf-idf vectors: common traits have almost no weight.
    weight = (np.log(everyone / count) / np.log(everyone)) ** 2
    parts = ((article.body, article.heading, article.numbers) for article in articles)
    masses = tuple(_Masses(*(float(weight[holders[numbers]].sum()) for numbers in part)) for part in parts)
    return TraitCorpus(traits=tuple(articles), holders=holders, weights=weight, masses=masses)


def measure_similarity(among: TraitCorpus, i: int, j: int) -> float:
    """Return the confidence that two articles report the same event. SAME_EVENT is sufficient.

    It is the weight of their shared traits divided by the weight of the lighter article's traits. Equal
    headings and numbers add to it, and so does a subject that both name in the same rare words. Penalties
    apply if all numbers differ, and for the days between the articles.
    """
    first, second = among.traits[i], among.traits[j]
    lighter = min(among.masses[i].numbers, among.masses[j].numbers)
    numbers = among.measure_weight(intersect_traits(first.numbers, second.numbers))
    penalty = _NO_SHARED_NUMBER_PENALTY * (lighter > _SOME_NUMBERS and not numbers)
    penalty += _PENALTY_A_DAY * _count_days_between(first, second)
    words = measure_shared_words(among, i, j, _HEADING_WEIGHT)
    similarity = words + _NUMBER_WEIGHT * min(1.0, numbers / _ENOUGH_NUMBERS) - penalty
    retold = words + _SUBJECT_WEIGHT - penalty
    if similarity < SAME_EVENT <= retold and _has_same_subject(among, i, j):
        return retold
    return similarity


def _has_same_subject(among: TraitCorpus, i: int, j: int) -> bool:
    """Return whether both articles name a subject in the same rare words, and one tells what the other's
    heading says.

    The guest of two meetings is no such subject.
    """
    first, second = among.traits[i], among.traits[j]
    if _count_days_between(first, second) > _MAX_SUBJECT_DAYS or (first.is_meeting and second.is_meeting):
        return False
    share = max(
        among.measure_weight(intersect_traits(titled.heading, other.body)) / (among.masses[k].heading or 1.0)
        for titled, other, k in ((first, second, i), (second, first, j))
    )
    if share < _MIN_HEADING_SHARE:
        return False
    return weigh_shared_subject(first, second, among.holders, among.weights) >= _MIN_SUBJECT


def is_continuation(among: TraitCorpus, i: int, j: int) -> bool:
    """Return whether the later of two articles may continue the event of the other.

    Numbers and days do not matter.
    """
    return measure_shared_words(among, i, j, FOLLOWING_HEADING_WEIGHT) >= _FOLLOWS_FROM


def measure_shared_words(among: TraitCorpus, i: int, j: int, headings_count: float) -> float:
    """Return the weight of shared traits divided by that of the lighter article, plus that of headings."""
    first, second = among.traits[i], among.traits[j]
    lighter = _Masses(*map(min, among.masses[i], among.masses[j]))
    body = among.measure_weight(intersect_traits(first.body, second.body))
    heading = among.measure_weight(intersect_traits(first.heading, second.heading))
    return body / (lighter.body or 1.0) + headings_count * heading / max(_ENOUGH_HEADING, lighter.heading)


def _count_days_between(first: Traits, second: Traits) -> int:
    """Return the number of full days, at most _MAX_DAYS, or 0 if one article has no date."""
    if not first.published_at or not second.published_at:
        return 0
    return min(_MAX_DAYS, abs(first.published_at - second.published_at).days)
