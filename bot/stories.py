"""Articles → stories: the same event from several sources once, and nothing that an earlier edition told.

Two articles tell the same event when much of the shorter one stands in the longer: the weight of the character
4-grams they share, by inverse document frequency, over the weight of the lighter of the two. What every article
of the day shares (a county's name, 本报讯) weighs nothing by that.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.models import Article

GRAM = 4  # characters
SAME = 0.35  # share of the lighter article's weight; republished items lie above .5, other events below .15
MARKS = re.compile(r"[\W_]+")


def grams(article: Article) -> frozenset[str]:
    """The character 4-grams of title and text, width, case, marks and white space folded."""
    text = MARKS.sub("", unicodedata.normalize("NFKC", f"{article.title}{article.text}").casefold())
    return frozenset(text[i : i + GRAM] for i in range(max(1, len(text) - GRAM + 1)))


def clusters(found: Sequence[Article], told: Sequence[Article] = ()) -> tuple[tuple[Article, ...], ...]:
    """Group articles that tell the same event, leaving out what `told` articles told already.

    Each cluster is ordered best first: whole before cut, then longer, then as it came. Clusters keep the order of
    their first articles.
    """
    articles = [*told, *found]
    group = list(range(len(articles)))
    for i, j in pairs([grams(article) for article in articles]):
        a, b = root(group, i), root(group, j)
        group[max(a, b)] = min(a, b)
    gathered: dict[int, list[Article]] = defaultdict(list)
    for i, article in enumerate(articles):
        gathered[root(group, i)].append(article)
    # A told article comes first in its group, so a group whose root is among the told is old news.
    return tuple(best_first(cluster) for first, cluster in gathered.items() if first >= len(told))


def pairs(sets: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """Indexes (i < j) of the sets that share at least SAME of the lighter one's weight."""
    count = Counter(gram for each in sets for gram in each)
    weight = {gram: math.log((len(sets) + 1) / n) for gram, n in count.items()}
    mass = [sum(map(weight.__getitem__, each)) for each in sets]
    holders: dict[str, list[int]] = defaultdict(list)
    found = []
    for j, each in enumerate(sets):
        shared: dict[int, float] = defaultdict(float)
        for gram in each:
            for i in holders[gram]:
                shared[i] += weight[gram]
            holders[gram].append(j)
        found += [(i, j) for i, common in sorted(shared.items()) if common >= SAME * min(mass[i], mass[j]) > 0]
    return found


def root(group: list[int], i: int) -> int:
    while group[i] != i:
        group[i] = group[group[i]]
        i = group[i]
    return i


def best_first(cluster: Sequence[Article]) -> tuple[Article, ...]:
    return tuple(sorted(cluster, key=lambda article: (article.cut_head or article.cut_tail, -len(article.text))))
