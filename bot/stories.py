"""Articles → stories: the same event from several sources once, and nothing that an earlier edition told.

Three steps: an article is read into traits (numbers that stand for its character pairs and words), candidates are
the articles that share telling traits, and each pair of candidates is looked at closely: `likeness`. How each
constant was found, and what this does not see, is told in docs/stories.md.
"""

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from bot.models import Article
from summarizer.languages import LANGUAGES

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
REPEATED = 0.7  # of the longer text's traits: a cut, edited or commented copy; two tellings in own words share less
PRIOR = 8  # articles imagined beside the given ones, so that what two of two articles share still tells something
MAX_CHARACTERS = 3000  # read of an article, headings first: news says early what happened
TELLING = 100  # traits by which an article looks for candidates, those that fewest others have first
NEIGHBOURS = 8  # articles each way that a telling trait leads to; more only repeat what the other traits find
SHARED = 3  # telling traits two articles must share to be looked at
BUCKETS = 1 << 22  # traits are hashed into so many numbers: at 10,000 articles two share .1 trait by accident

# Scripts written without spaces are compared by pairs of characters, the others by words.
WIDE = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{WIDE}]+")
WORD = re.compile(rf"[^\W\d_{WIDE}]+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*[%‰]?[万亿千百]?[^\W\d_]?")
NO_NUMBER = re.compile(r"\d{1,2}[日月时]?|\d{4}年?")  # dates and counts that any article may hold
FIRST_SENTENCE = re.compile(r"[^\n]*?[。！？!?]|[^\n]{1,80}")
STOP = LANGUAGES["en"].stop
Numbers = np.ndarray[tuple[int], np.dtype[np.int32]]
Weights = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """What of an article is compared. Arrays hold each trait once, in rising order."""

    body: Numbers  # of headings and text
    heading: Numbers  # of headings, or of the first sentence where there is none
    numbers: Numbers  # the body's numbers with their units
    published_at: datetime | None


def traits(article: Article) -> Traits:
    headings = "\n".join(filter(None, (article.kicker, article.title, article.deck)))
    first = FIRST_SENTENCE.match(article.text)
    heading = folded(headings or (first.group() if first else ""))
    whole = folded(f"{headings}\n{article.text}"[:MAX_CHARACTERS])
    numbers = [number for number in NUMBER.findall(whole) if not NO_NUMBER.fullmatch(number)]
    return Traits(
        body=hashed(whole, numbers),
        heading=hashed(heading, NUMBER.findall(heading)),
        numbers=hashed("", numbers),
        published_at=article.published_at,
    )


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def hashed(text: str, numbers: Sequence[str]) -> Numbers:
    """The character pairs and words of a folded text, and the given numbers, as numbers below BUCKETS."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    wide = np.zeros(len(codes), dtype=bool)
    for run in RUN.finditer(text):
        wide[run.start() : run.end()] = True
    pairs = (codes[:-1] << np.uint64(21) | codes[1:])[wide[:-1] & wide[1:]]
    words = [word for word in WORD.findall(text) if word not in STOP]
    sums = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in (*words, *numbers)]
    mixed = np.concatenate([pairs, np.array(sums, dtype=np.uint64)]) * np.uint64(0x9E3779B97F4A7C15)
    numbered = np.sort((mixed >> np.uint64(64 - BUCKETS.bit_length() + 1)).astype(np.int32))
    return numbered[np.diff(numbered, prepend=-1) > 0]


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
    lighter = Masses(*map(min, among.masses[i], among.masses[j]))
    body = among.mass(common(one.body, other.body))
    heading = among.mass(common(one.heading, other.heading))
    numbers = among.mass(common(one.numbers, other.numbers))
    return (
        body / (lighter.body or 1.0)
        + HEADINGS_COUNT * heading / max(ENOUGH_HEADING, lighter.heading)
        + NUMBERS_COUNT * min(1.0, numbers / ENOUGH_NUMBERS)
        - NO_NUMBER_COUNTS * (lighter.numbers > SOME_NUMBERS and not numbers)
        - A_DAY_COUNTS * days_between(one, other)
    )


def days_between(one: Traits, other: Traits) -> int:
    """Whole days, at most MAX_DAYS; 0 when one is undated."""
    if not one.published_at or not other.published_at:
        return 0
    return min(MAX_DAYS, abs(one.published_at - other.published_at).days)


def common(one: Numbers, other: Numbers) -> Numbers:
    """What two rising arrays have in common."""
    few, many = sorted((one, other), key=len)
    return few[many[np.searchsorted(many[:-1], few)] == few] if len(few) else few


def candidates(among: Day) -> Iterator[tuple[int, int]]:
    """Yield the pairs (i < j) that share at least SHARED telling traits, each once, in order."""
    trait, holder = [], []
    for i, each in enumerate(among.traits):
        several = each.body[among.holders[each.body] > 1]
        telling = several[np.argsort(among.holders[several], kind="stable")[:TELLING]]
        trait.append(telling)
        holder.append(np.full(len(telling), i, dtype=np.int64))
    if not trait:
        return
    traits_, holders = np.concatenate(trait), np.concatenate(holder)
    order = np.argsort(traits_, kind="stable")  # holders of a trait stay in rising order
    traits_, holders = traits_[order], holders[order]
    met = []
    for step in range(1, NEIGHBOURS + 1):
        alike = traits_[:-step] == traits_[step:]
        met.append(holders[:-step][alike] * len(among.traits) + holders[step:][alike])
    keys, times = np.unique(np.concatenate(met), return_counts=True)
    for key in keys[times >= SHARED].tolist():
        yield divmod(key, len(among.traits))


def clusters(found: Sequence[Article], told: Sequence[Article] = ()) -> tuple[tuple[Article, ...], ...]:
    """Group articles that tell the same event, leaving out what `told` articles told already.

    Each cluster is ordered best first: whole before cut, then longer, then as it came. Clusters keep the order of
    their first articles. Which articles stand together depends on no order.
    """
    prints = sorted({article.fingerprint: article for article in (*told, *found)}.items())
    numbers = stories([traits(article) for _, article in prints])
    story = {name: number for (name, _), number in zip(prints, numbers, strict=True)}
    old = {story[article.fingerprint] for article in told}
    gathered: dict[int, list[Article]] = defaultdict(list)
    for article in found:
        if story[article.fingerprint] not in old:
            gathered[story[article.fingerprint]].append(article)
    return tuple(best_first(cluster) for cluster in gathered.values())


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


def best_first(cluster: Sequence[Article]) -> tuple[Article, ...]:
    return tuple(sorted(cluster, key=lambda article: (article.cut_head or article.cut_tail, -len(article.text))))
