"""Articles → groups about the same event, regardless of their wording and order.

Candidates are pairs of articles that share rare traits. Only candidates are compared in detail. Articles that
repeat a text are grouped first, then texts about the same event. docs/explanation/stories.md lists what this
misses.
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

# Found by tests/benchmarks/stories/measure.py on the development half of its table. Run it again after
# changing one. Required share of the longer text's traits in a cut, edited or commented copy. Two
# independent reports share less.
_MIN_REPEATED_SHARE = 0.7
MAX_RARE_TRAITS = 100  # the number of an article's traits used to find candidates, the rarest first
MAX_NEIGHBOURS = 8  # articles on each side that a trait leads to; other traits find the rest
MIN_SHARED_TRAITS = 3  # number of these traits that two articles must share
_BLOCK_SIZE = 2048  # articles that are processed at once: about 12 MB
_Places = np.ndarray[tuple[int], np.dtype[np.int64]]


def find_candidates(among: TraitCorpus) -> Iterator[tuple[int, int]]:
    """Yield each pair (i < j) that shares at least MIN_SHARED_TRAITS of the rarest traits once, in order."""
    count = len(among.traits)
    trait, holder = _sort_by_trait([_choose_rare_traits(among, each) for each in among.traits])
    for first in range(0, count, _BLOCK_SIZE):
        places = np.flatnonzero((holder >= first) & (holder < first + _BLOCK_SIZE))
        keys, times = np.unique(_pair_neighbours(trait, holder, places, count), return_counts=True)
        for key in keys[times >= MIN_SHARED_TRAITS].tolist():
            yield divmod(key, count)


def _sort_by_trait(rare: list[TraitArray]) -> tuple[TraitArray, TraitArray]:
    """Return the traits in ascending order, and the article of each.

    `rare` contains the traits of each article and is emptied.
    """
    sizes = [len(each) for each in rare]
    pairs = np.concatenate([*rare, np.empty(0, dtype=np.int32)]).astype(np.int64)
    rare.clear()
    pairs <<= 32
    pairs |= np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    pairs.sort()
    return (pairs >> 32).astype(np.int32), pairs.astype(np.int32)  # the lower half


def _choose_rare_traits(among: TraitCorpus, article: Traits) -> TraitArray:
    """Return the rarest traits that other articles share, in no particular order. Prefer the lower of equal
    ones.
    """
    holders = among.holders[article.body]
    places = np.flatnonzero(holders > 1)
    if len(places) > MAX_RARE_TRAITS:
        ranks = holders[places].astype(np.int64) << 32 | places
        places = np.partition(ranks, MAX_RARE_TRAITS - 1)[:MAX_RARE_TRAITS] & 0xFFFFFFFF
    return article.body[places]


def _pair_neighbours(trait: TraitArray, holder: TraitArray, places: _Places, count: int) -> _Places:
    """Return the pairs as numbers i * count + j, once for each trait at `places` that leads from i to j."""
    pairs = []
    for step in range(1, MAX_NEIGHBOURS + 1):
        near = places[places < len(trait) - step]
        alike = near[trait[near] == trait[near + step]]
        pairs.append(holder[alike].astype(np.int64) * count + holder[alike + step])
    return np.concatenate(pairs)


def group_stories(articles: Sequence[Traits]) -> list[int]:
    """Return a number for each article, equal for those about the same event.

    If many papers republish a text, only the longest copy is compared with others. Otherwise its words would
    count as common words.
    """
    text = _group_texts(build_corpus(articles))
    longest = sorted(set(text))
    place = {i: number for number, i in enumerate(longest)}
    group = join_groups(len(longest), _link_same_events(build_corpus([articles[i] for i in longest])))
    return [group[place[i]] for i in text]


def match_followed(articles: Sequence[Traits], printed: Collection[int]) -> dict[int, int]:
    """Return the most similar printed article that each new article may continue."""
    among = build_corpus(articles)
    best: dict[int, tuple[float, int]] = {}
    for i, j in find_candidates(among):
        if (i in printed) == (j in printed) or not is_continuation(among, i, j):
            continue
        later, earlier = (j, i) if i in printed else (i, j)
        best[later] = max(
            best.get(later, (0.0, 0)), (measure_shared_words(among, i, j, FOLLOWING_HEADING_WEIGHT), -earlier)
        )
    return {later: -earlier for later, (_, earlier) in best.items()}


def _group_texts(among: TraitCorpus) -> list[int]:
    """Return for each article the longest article that repeats its text. This may be the article itself."""
    group = list(range(len(among.traits)))
    size = [len(each.body) for each in among.traits]
    for i, j in find_candidates(among):
        if _is_repeat(among.traits[i], among.traits[j]):
            shorter, longer = sorted(
                (_find_root(group, i), _find_root(group, j)), key=lambda k: (size[k], -k)
            )
            group[shorter] = longer
    return [_find_root(group, i) for i in group]


def _is_repeat(first: Traits, second: Traits) -> bool:
    """Return whether one repeats the other.

    Weights are not used, because words in half of the articles have no weight.
    """
    if (
        len(first.numbers)
        and len(second.numbers)
        and not len(intersect_traits(first.numbers, second.numbers))
    ):
        return False  # a notice that has yesterday's words and other numbers
    return len(intersect_traits(first.body, second.body)) >= _MIN_REPEATED_SHARE * max(
        len(first.body), len(second.body), 1
    )


def _find_root(group: list[int], i: int) -> int:
    while group[i] != i:
        i = group[i]
    return i


def _link_same_events(among: TraitCorpus) -> list[tuple[int, int]]:
    """Return the pairs about the same event, the most certain first."""
    compared = ((measure_similarity(among, i, j), i, j) for i, j in find_candidates(among))
    return [(i, j) for _, i, j in sorted((-sure, i, j) for sure, i, j in compared if sure >= SAME_EVENT)]


def join_groups(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return a number for each of `count` texts, equal within a group.

    The most certain links come first. Two groups are joined if at least half of their pairs are linked. A
    chain (A similar to B, B to C) therefore does not put A and C into one group.
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
