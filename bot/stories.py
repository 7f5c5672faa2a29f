"""Articles → stories: the same event from several sources once, and nothing that an earlier edition told.

Three steps: an article is read into traits (numbers that stand for its character pairs and words), candidates are
the articles that share telling traits, and each pair of candidates is looked at closely: `likeness`. How each
constant was found, and what this does not see, is told in docs/stories.md.
"""

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.models import Article
from summarizer.languages import LANGUAGES

SAME = 0.65  # likeness from which two articles tell the same event
TITLES_COUNT = 0.4  # what wholly shared headings add
NUMBERS_COUNT = 0.35  # what wholly shared numbers add
ENOUGH_NUMBERS = 3  # shared numbers, seen in no other article, that count as all of them
OTHER_DAYS = 0.1  # off when both openings name days and no day is named in both
PRIOR = 8  # articles imagined beside the given ones, so that what two of two articles share still tells something
MAX_CHARACTERS = 3000  # read of an article, headings first: news says early what happened
OPENING = 200  # characters in which an article says on which day it happened
TELLING = 48  # traits by which an article looks for candidates, those that fewest others have first
NEIGHBOURS = 8  # articles each way that a telling trait leads to; more only repeat what the other traits find
SHARED = 3  # telling traits two articles must share to be looked at
BUCKETS = 1 << 22  # traits are hashed into so many numbers: at 10,000 articles two share .1 trait by accident

# Scripts written without spaces are compared by pairs of characters, the others by words.
WIDE = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{WIDE}]+")
WORD = re.compile(rf"[^\W\d_{WIDE}]+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*[%‰]?[万亿千百]?[^\W\d_]?")
NO_NUMBER = re.compile(r"\d{1,2}[日月时]?|\d{4}年?")  # dates and counts that any article may hold
MONTH = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
DAY = re.compile(rf"(?<![\d.])(\d{{1,2}})日|\b(?:{MONTH})[a-z]*\.? (\d{{1,2}})\b")
FIRST_SENTENCE = re.compile(r"[^\n]*?[。！？!?]|[^\n]{1,80}")
STOP = LANGUAGES["en"].stop
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Weights = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """What of an article is compared. Arrays hold each trait once, in rising order."""

    body: Numbers  # of headings and text
    head: Numbers  # of headings, or of the first sentence where there is none
    numbers: Numbers  # the body's numbers with their units
    days: frozenset[int]  # of a month, named in the opening


def traits(article: Article) -> Traits:
    headings = "\n".join(filter(None, (article.kicker, article.title, article.deck)))
    first = FIRST_SENTENCE.match(article.text)
    whole = folded(f"{headings}\n{article.text}"[:MAX_CHARACTERS])
    found = [number for number in NUMBER.findall(whole) if not NO_NUMBER.fullmatch(number)]
    return Traits(
        body=hashed(whole, found),
        head=hashed(folded(headings or (first.group() if first else "")), ()),
        numbers=hashed("", found),
        days=frozenset(int(a or b) for a, b in DAY.findall(folded(article.text[:OPENING]))),
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
    return np.unique((mixed >> np.uint64(64 - BUCKETS.bit_length() + 1)).astype(np.int64))


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The articles that are compared with each other, and what their traits weigh among them."""

    traits: tuple[Traits, ...]
    holders: Numbers  # articles that have a trait, by trait
    weight: Weights  # by number of holders: 1 for none, falling to 0 for all


def day(found: Sequence[Traits]) -> Day:
    holders = np.zeros(BUCKETS, dtype=np.int64)
    for each in found:
        holders[each.body] += 1
    everyone = len(found) + PRIOR
    count = np.maximum(np.arange(len(found) + 1), 1)
    return Day(traits=tuple(found), holders=holders, weight=np.log(everyone / count) / np.log(everyone))


def likeness(among: Day, i: int, j: int) -> float:
    """How sure it is that two articles tell the same event; SAME is sure enough.

    The weight of the traits they share over that of the lighter one's, and what their headings and numbers add.
    """
    one, other = among.traits[i], among.traits[j]
    numbers = min(mass(among, one.numbers), mass(among, other.numbers), ENOUGH_NUMBERS)
    apart = bool(one.days and other.days and not one.days & other.days)
    return (
        share(among, one.body, other.body)
        + TITLES_COUNT * share(among, one.head, other.head)
        + (NUMBERS_COUNT * min(1.0, mass(among, common(one.numbers, other.numbers)) / ENOUGH_NUMBERS) if numbers else 0)
        - OTHER_DAYS * apart
    )


def common(one: Numbers, other: Numbers) -> Numbers:
    return np.intersect1d(one, other, assume_unique=True)


def mass(among: Day, numbers: Numbers) -> float:
    return float(among.weight[among.holders[numbers]].sum())


def share(among: Day, one: Numbers, other: Numbers) -> float:
    lighter = min(mass(among, one), mass(among, other))
    return mass(among, common(one, other)) / lighter if lighter else 0.0


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
    among = day([traits(article) for _, article in prints])
    story = {name: number for (name, _), number in zip(prints, joined(len(prints), links(among)), strict=True)}
    old = {story[article.fingerprint] for article in told}
    gathered: dict[int, list[Article]] = defaultdict(list)
    for article in found:
        if story[article.fingerprint] not in old:
            gathered[story[article.fingerprint]].append(article)
    return tuple(best_first(cluster) for cluster in gathered.values())


def links(among: Day) -> list[tuple[float, int, int]]:
    """The pairs that tell the same event, surest first."""
    looked_at = ((likeness(among, i, j), i, j) for i, j in candidates(among))
    return sorted((link for link in looked_at if link[0] >= SAME), key=lambda link: (-link[0], link[1], link[2]))


def joined(count: int, linked: Iterable[tuple[float, int, int]]) -> list[int]:
    """Number the stories of `count` articles: surest links first, two groups join when half of their pairs are linked.

    A chain of likenesses (A like B, B like C) so makes no story of its ends.
    """
    group = list(range(count))
    members = {i: [i] for i in group}
    ties: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))  # links between two groups
    pairs = [(i, j) for _, i, j in linked]
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
