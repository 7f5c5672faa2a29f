"""Articles → stories: which of them tell the same event, whatever the words and the order.

Candidates are the articles that share telling traits; each pair of candidates is looked at closely. What repeats a
text goes first, then which texts tell the same event. docs/explanation/stories.md tells what this does not see.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from bot.editorial.stories.similarity import (
    FOLLOWING_HEADING_WEIGHT,
    SAME_EVENT,
    TraitCorpus,
    build_corpus,
    is_continuation,
    measure_shared_words,
    measure_similarity,
)
from bot.editorial.stories.traits import TraitArray, Traits, intersect_traits

# Found by tests/benchmarks/stories/measure.py on the development half of its table; run it again after changing one.
_MIN_REPEATED_SHARE = (
    0.7  # of the longer text's traits: a cut, edited or commented copy; two tellings in own words share less
)
MAX_TELLING_TRAITS = 100  # traits by which an article looks for candidates, those that fewest others have first
MAX_NEIGHBOURS = 8  # articles each way that a telling trait leads to; more only repeat what the other traits find
MIN_SHARED_TRAITS = 3  # telling traits two articles must share to be looked at
_BLOCK_SIZE = 2048  # articles whose neighbours are counted at once: some 12 MB
_Places = np.ndarray[tuple[int], np.dtype[np.int64]]


def find_candidates(among: TraitCorpus) -> Iterator[tuple[int, int]]:
    """Yield the pairs (i < j) that share at least SHARED telling traits, each once, in order."""
    count = len(among.traits)
    trait, holder = _sort_by_trait([_choose_telling_traits(among, each) for each in among.traits])
    for first in range(0, count, _BLOCK_SIZE):
        places = np.flatnonzero((holder >= first) & (holder < first + _BLOCK_SIZE))
        keys, times = np.unique(_pair_neighbours(trait, holder, places, count), return_counts=True)
        for key in keys[times >= MIN_SHARED_TRAITS].tolist():
            yield divmod(key, count)


def _sort_by_trait(telling: list[TraitArray]) -> tuple[TraitArray, TraitArray]:
    """Traits in rising order, and which article each is of; `telling`, those of each article, is used up."""
    sizes = [len(each) for each in telling]
    pairs = np.concatenate([*telling, np.empty(0, dtype=np.int32)]).astype(np.int64)
    telling.clear()
    pairs <<= 32
    pairs |= np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    pairs.sort()
    return (pairs >> 32).astype(np.int32), pairs.astype(np.int32)  # the lower half


def _choose_telling_traits(among: TraitCorpus, one: Traits) -> TraitArray:
    """Of the traits that others share those that fewest do, of these the lowest; in no order."""
    held = among.holders[one.body]
    places = np.flatnonzero(held > 1)
    if len(places) > MAX_TELLING_TRAITS:
        ranks = held[places].astype(np.int64) << 32 | places
        places = np.partition(ranks, MAX_TELLING_TRAITS - 1)[:MAX_TELLING_TRAITS] & 0xFFFFFFFF
    return one.body[places]


def _pair_neighbours(trait: TraitArray, holder: TraitArray, places: _Places, count: int) -> _Places:
    """The pairs, as numbers i * count + j, once for each trait at `places` that leads from i to j."""
    found = []
    for step in range(1, MAX_NEIGHBOURS + 1):
        near = places[places < len(trait) - step]
        alike = near[trait[near] == trait[near + step]]
        found.append(holder[alike].astype(np.int64) * count + holder[alike + step])
    return np.concatenate(found)


def group_stories(read: Sequence[Traits]) -> list[int]:
    """Number the story of each article: first what repeats a text, then which texts tell the same event.

    Of a text that many papers republish only the longest is compared with others: else its own words would be
    common ones.
    """
    text = _group_texts(build_corpus(read))
    longest = sorted(set(text))
    place = {i: number for number, i in enumerate(longest)}
    told = join_groups(len(longest), _link_same_events(build_corpus([read[i] for i in longest])))
    return [told[place[i]] for i in text]


def match_followed(read: Sequence[Traits], told: Collection[int]) -> dict[int, int]:
    """For each article that is not `told` the told one, if any, that it may go on with; of several the most like it."""
    among = build_corpus(read)
    best: dict[int, tuple[float, int]] = {}
    for i, j in find_candidates(among):
        if (i in told) == (j in told) or not is_continuation(among, i, j):
            continue
        later, earlier = (j, i) if i in told else (i, j)
        best[later] = max(
            best.get(later, (0.0, 0)), (measure_shared_words(among, i, j, FOLLOWING_HEADING_WEIGHT), -earlier)
        )
    return {later: -earlier for later, (_, earlier) in best.items()}


def _group_texts(among: TraitCorpus) -> list[int]:
    """For each article the longest of those that repeat its text, itself among them."""
    group = list(range(len(among.traits)))
    size = [len(each.body) for each in among.traits]
    for i, j in find_candidates(among):
        if _is_repeat(among.traits[i], among.traits[j]):
            shorter, longer = sorted((_find_root(group, i), _find_root(group, j)), key=lambda k: (size[k], -k))
            group[shorter] = longer
    return [_find_root(group, i) for i in group]


def _is_repeat(one: Traits, other: Traits) -> bool:
    """Counted, not weighed: the words of a text that half the articles repeat would weigh nothing."""
    if len(one.numbers) and len(other.numbers) and not len(intersect_traits(one.numbers, other.numbers)):
        return False  # a notice in the words of yesterday's
    return len(intersect_traits(one.body, other.body)) >= _MIN_REPEATED_SHARE * max(len(one.body), len(other.body), 1)


def _find_root(group: list[int], i: int) -> int:
    while group[i] != i:
        i = group[i]
    return i


def _link_same_events(among: TraitCorpus) -> list[tuple[int, int]]:
    """The pairs that tell the same event, surest first."""
    looked_at = ((measure_similarity(among, i, j), i, j) for i, j in find_candidates(among))
    return [(i, j) for _, i, j in sorted((-sure, i, j) for sure, i, j in looked_at if sure >= SAME_EVENT)]


def join_groups(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Number the stories of `count` texts: surest links first, two groups join when half of their pairs are linked.

    A chain of likenesses (A like B, B like C) so makes no story of its ends.
    """
    group = list(range(count))
    members = {i: [i] for i in group}
    ties: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))  # links between two groups
    for i, j in pairs:
        ties[i][j] += 1
        ties[j][i] += 1
    for i, j in pairs:
        a, b = sorted((group[i], group[j]), key=lambda name: (-len(members[name]), name))
        if a == b or 2 * ties[a][b] < len(members[a]) * len(members[b]):
            continue
        for k in members[b]:
            group[k] = a
        members[a] += members.pop(b)
        for other, number in ties.pop(b).items():
            del ties[other][b]
            if other != a:
                ties[a][other] += number
                ties[other][a] += number
    return group
