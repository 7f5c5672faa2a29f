"""Articles → stories: which of them tell the same event, whatever the words and the order.

Candidates are the articles that share telling traits; each pair of candidates is looked at closely. What repeats a
text goes first, then which texts tell the same event. docs/stories.md tells what this does not see.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from bot.stories.likeness import HEADINGS_FOLLOW, SAME, Day, day, follows, likeness, shared_words
from bot.stories.traits import Numbers, Traits, common

# Found by tests/benchmarks/stories/measure.py on the development half of its table; run it again after changing one.
REPEATED = 0.7  # of the longer text's traits: a cut, edited or commented copy; two tellings in own words share less
TELLING = 100  # traits by which an article looks for candidates, those that fewest others have first
NEIGHBOURS = 8  # articles each way that a telling trait leads to; more only repeat what the other traits find
SHARED = 3  # telling traits two articles must share to be looked at
BLOCK = 2048  # articles whose neighbours are counted at once: some 12 MB
Places = np.ndarray[tuple[int], np.dtype[np.int64]]


def candidates(among: Day) -> Iterator[tuple[int, int]]:
    """Yield the pairs (i < j) that share at least SHARED telling traits, each once, in order."""
    count = len(among.traits)
    trait, holder = by_trait([telling_traits(among, each) for each in among.traits])
    for first in range(0, count, BLOCK):
        places = np.flatnonzero((holder >= first) & (holder < first + BLOCK))
        keys, times = np.unique(met(trait, holder, places, count), return_counts=True)
        for key in keys[times >= SHARED].tolist():
            yield divmod(key, count)


def by_trait(telling: list[Numbers]) -> tuple[Numbers, Numbers]:
    """Traits in rising order, and which article each is of; `telling`, those of each article, is used up."""
    sizes = [len(each) for each in telling]
    pairs = np.concatenate([*telling, np.empty(0, dtype=np.int32)]).astype(np.int64)
    telling.clear()
    pairs <<= 32
    pairs |= np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    pairs.sort()
    return (pairs >> 32).astype(np.int32), pairs.astype(np.int32)  # the lower half


def telling_traits(among: Day, one: Traits) -> Numbers:
    """Of the traits that others share those that fewest do, of these the lowest; in no order."""
    held = among.holders[one.body]
    places = np.flatnonzero(held > 1)
    if len(places) > TELLING:
        ranks = held[places].astype(np.int64) << 32 | places
        places = np.partition(ranks, TELLING - 1)[:TELLING] & 0xFFFFFFFF
    return one.body[places]


def met(trait: Numbers, holder: Numbers, places: Places, count: int) -> Places:
    """The pairs, as numbers i * count + j, once for each trait at `places` that leads from i to j."""
    found = []
    for step in range(1, NEIGHBOURS + 1):
        near = places[places < len(trait) - step]
        alike = near[trait[near] == trait[near + step]]
        found.append(holder[alike].astype(np.int64) * count + holder[alike + step])
    return np.concatenate(found)


def stories(read: Sequence[Traits]) -> list[int]:
    """Number the story of each article: first what repeats a text, then which texts tell the same event.

    Of a text that many papers republish only the longest is compared with others: else its own words would be
    common ones.
    """
    text = texts(day(read))
    longest = sorted(set(text))
    place = {i: number for number, i in enumerate(longest)}
    told = joined(len(longest), links(day([read[i] for i in longest])))
    return [told[place[i]] for i in text]


def followed(read: Sequence[Traits], told: Collection[int]) -> dict[int, int]:
    """For each article that is not `told` the told one, if any, that it may go on with; of several the most like it."""
    among = day(read)
    best: dict[int, tuple[float, int]] = {}
    for i, j in candidates(among):
        if (i in told) == (j in told) or not follows(among, i, j):
            continue
        later, earlier = (j, i) if i in told else (i, j)
        best[later] = max(best.get(later, (0.0, 0)), (shared_words(among, i, j, HEADINGS_FOLLOW), -earlier))
    return {later: -earlier for later, (_, earlier) in best.items()}


def texts(among: Day) -> list[int]:
    """For each article the longest of those that repeat its text, itself among them."""
    group = list(range(len(among.traits)))
    size = [len(each.body) for each in among.traits]
    for i, j in candidates(among):
        if repeats(among.traits[i], among.traits[j]):
            shorter, longer = sorted((root(group, i), root(group, j)), key=lambda k: (size[k], -k))
            group[shorter] = longer
    return [root(group, i) for i in group]


def repeats(one: Traits, other: Traits) -> bool:
    """Counted, not weighed: the words of a text that half the articles repeat would weigh nothing."""
    if len(one.numbers) and len(other.numbers) and not len(common(one.numbers, other.numbers)):
        return False  # a notice in the words of yesterday's
    return len(common(one.body, other.body)) >= REPEATED * max(len(one.body), len(other.body), 1)


def root(group: list[int], i: int) -> int:
    while group[i] != i:
        i = group[i]
    return i


def links(among: Day) -> list[tuple[int, int]]:
    """The pairs that tell the same event, surest first."""
    looked_at = ((likeness(among, i, j), i, j) for i, j in candidates(among))
    return [(i, j) for _, i, j in sorted((-sure, i, j) for sure, i, j in looked_at if sure >= SAME)]


def joined(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
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
