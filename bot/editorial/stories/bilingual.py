"""Finds articles about the same event in Chinese and in a language with Latin letters.

Words cannot be compared, but anchors can: numbers by their value, and names by their sound. A rare anchor has
more weight than a common one. docs/explanation/stories.md says how each constant was found.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from math import log

from bot.editorial.stories.quantities import YEARS, find_numbers
from bot.models import Article
from bot.text.folding import fold_text
from summarizer.scripts import HAN

# Found by tests/benchmarks/stories/bilingual.py on the items with odd numbers. Run it again after changing
# one.
SAME_EVENT = 1.0  # similarity from which two articles report the same event
_NUMBER_WEIGHT = 1.0  # added if all numbers are shared
_MANY_NUMBERS = 4.0  # weight of shared numbers that adds the full _NUMBER_WEIGHT, regardless of other numbers
_NAME_WEIGHT = 0.5  # added for a name that no other article has
_MAX_NAMES = 2.0  # the maximum weight of names
_MIN_SHARED_WEIGHT = 1.2  # required weight of shared numbers and names: one number is not enough
_SOUNDS_WEIGHT = 0.4  # weight of the sounds of a name, because other names sound alike
_WITHOUT_NUMBERS = 0.3  # used as the share if one article has no number
_FEW = 10  # smaller numbers say little, because many texts contain them
_SMALL_NUMBER = 0.3  # weight of such a number
_MAX_DAYS = 3  # between two reports of one event
_MAX_CHARACTERS = 800  # read from each article, because news says early what happened
_PRIOR_ARTICLES = 8  # added to the number of articles, as in similarity.py

_HAN_RUN = re.compile(f"[{HAN}]+")
_CAPITALIZED = re.compile(r"\b[A-Z][A-Za-z'’-]+")
_NAME_LENGTHS = (2, 3, 4)  # characters of a Chinese name that is spelled as one word
_MIN_SPELLED_LETTERS = 5  # of a word that may spell a Chinese name
_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:[iu]?[aeo](?:i|o|u|ng|n|r)?|i(?:ng|n|u)?|u(?:n|i)?|ve?)"
)
# Characters for the sounds of foreign names, and the classes of sounds that are equal in both scripts.
_FOREIGN = (
    "阿埃艾安奥巴班邦鲍贝本比彼波伯博布查达戴丹德登迪丁东顿多杜恩尔法菲芬佛弗福盖格贡古哈海汉赫霍基吉加杰金卡凯坎考柯科克肯库拉莱兰朗劳勒雷里利莉林琳卢鲁路"
    "伦罗洛马玛麦曼梅米摩莫默姆穆娜纳内尼诺帕派佩皮普齐奇切琼丘瑞若萨塞森桑莎沙史舒斯苏索塔泰坦特托瓦威维韦温文沃乌西希谢辛休雅亚扬耶叶伊因尤约泽扎詹朱兹佐"
)
_FOREIGN_NAME = re.compile(f"[{_FOREIGN}]{{3,}}|[{_FOREIGN}]{{2,}}(?=·)|(?<=·)[{_FOREIGN}]{{2,}}")
_MIN_SOUNDS = 3  # sound classes that a name needs to be compared
_SOUNDS = str.maketrans(
    {"b": "p", "v": "w", "f": "w", "d": "t", "g": "k", "j": "k", "q": "k", "c": "k", "z": "s", "x": "s"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Anchors:
    """The parts of an article that can be compared with an article in another language."""

    is_chinese: bool
    numbers: frozenset[Decimal]
    names: frozenset[str]  # spelled in Latin letters, or as classes of sounds
    day: date | None  # of publication

    @property
    def comparable(self) -> Iterator[Decimal | str]:
        """Numbers and names."""
        yield from self.numbers
        yield from self.names


def extract_anchors(article: Article) -> _Anchors:
    """Return the anchors of an article's headings and beginning."""
    text = f"{article.title}\n{article.deck}\n{article.text}"[:_MAX_CHARACTERS]
    folded = fold_text(text)
    day = article.published_at.date() if article.published_at else None
    is_chinese = _is_chinese(text)
    names = _spell_chinese_names(folded) if is_chinese else _list_latin_names(text)
    return _Anchors(
        is_chinese=is_chinese,
        numbers=frozenset(_find_values(folded)),
        names=frozenset(names),
        day=day,
    )


def _is_chinese(text: str) -> bool:
    return 3 * sum(map(len, _HAN_RUN.findall(text))) > len(text)


def _find_values(text: str) -> Iterator[Decimal]:
    """Yield the significant numbers, without years, days and hours."""
    for number in find_numbers(text):
        if (
            number.value > 1
            and number.value not in YEARS
            and number.unit not in ("日", "月", "号", "时", "点")
        ):
            yield number.value


def _spell_chinese_names(text: str) -> Iterator[str]:
    """Yield the Latin spelling of each run of characters. Any run may be a name, and few have the same
    spelling.
    """
    from pypinyin import lazy_pinyin

    for run in _HAN_RUN.findall(text):
        syllables = lazy_pinyin(run)
        if len(syllables) == len(run):
            for length, start in product(_NAME_LENGTHS, range(len(run))):
                if start + length <= len(run):
                    yield "".join(syllables[start : start + length])
    for name in _FOREIGN_NAME.findall(text):
        sounds = _reduce_to_sounds("".join(lazy_pinyin(name)))
        if len(sounds) >= _MIN_SOUNDS:
            yield sounds


def _list_latin_names(text: str) -> Iterator[str]:
    """Yield the capitalized words that may spell a Chinese name, and the sounds of the others."""
    for word in _CAPITALIZED.findall(text):
        letters = re.sub(r"[^a-z]", "", word.lower().removesuffix("'s").removesuffix("’s"))
        if len(letters) >= _MIN_SPELLED_LETTERS and re.fullmatch(f"(?:{_SYLLABLE.pattern}){{2,4}}", letters):
            yield letters
        sounds = _reduce_to_sounds(letters)
        if len(sounds) >= _MIN_SOUNDS:
            yield sounds


def _reduce_to_sounds(letters: str) -> str:
    """Return the classes of a name's consonants, in capitals. A transliteration preserves them.

    >>> _reduce_to_sounds("kipruto"), _reduce_to_sounds("jipulutuo")
    ('KPT', 'KPT')
    """
    first, rest = letters[:1], letters[1:]
    bare = first + re.sub(
        r"[lrhwy]", "", rest.replace("ng", "n").replace("sh", "s").replace("ch", "k").replace("zh", "k")
    )
    consonants = re.sub(r"[aeiou]", "", bare).translate(_SOUNDS)
    return re.sub(r"(.)\1+", r"\1", consonants).upper()


def join_languages(articles: Sequence[Article], group: Sequence[int]) -> list[int]:
    """Renumber the groups of articles to join the Chinese group of an event with the group in another
    language.

    A group is joined with at most one other group, the most certain one. This prevents a chain of pairs from
    connecting two events of one language.
    """
    if len({_is_chinese(article.text) for article in articles}) < 2:
        return list(group)
    partners: dict[int, int] = {}
    for i, j in _pair_languages([extract_anchors(article) for article in articles]):
        first, second = group[i], group[j]
        if first != second and first not in partners and second not in partners:
            partners |= {first: min(first, second), second: min(first, second)}
    return [partners.get(number, number) for number in group]


def _pair_languages(articles: Sequence[_Anchors]) -> list[tuple[int, int]]:
    """Return the pairs of a Chinese article and a foreign article about the same event, the most certain
    first.
    """
    weights = weigh_anchors(articles)
    holders: dict[Decimal | str, list[int]] = defaultdict(list)
    for i, article in enumerate(articles):
        for anchor in article.comparable:
            if anchor in weights:
                holders[anchor].append(i)
    candidates = {
        (i, j)
        for members in holders.values()
        for i in members
        if articles[i].is_chinese
        for j in members
        if not articles[j].is_chinese
    }
    scored = ((measure_bilingual_similarity(articles[i], articles[j], weights), i, j) for i, j in candidates)
    return [(i, j) for _, i, j in sorted((-score, i, j) for score, i, j in scored if score >= SAME_EVENT)]


def weigh_anchors(articles: Sequence[_Anchors]) -> dict[Decimal | str, float]:
    """Return the weight of each anchor that occurs in both languages. The rarest have 1, common ones less."""
    counts: Counter[Decimal | str] = Counter(anchor for article in articles for anchor in article.comparable)
    chinese = {anchor for article in articles if article.is_chinese for anchor in article.comparable}
    others = {anchor for article in articles if not article.is_chinese for anchor in article.comparable}
    everyone = len(articles) + _PRIOR_ARTICLES
    weights = {}
    for anchor in chinese & others:
        weight = min(1.0, log(everyone / counts[anchor]) / log(everyone / 2))
        weights[anchor] = weight * _rate_kind(anchor)
    return weights


def _rate_kind(anchor: Decimal | str) -> float:
    if isinstance(anchor, Decimal):
        return _SMALL_NUMBER if anchor < _FEW else 1.0
    return _SOUNDS_WEIGHT if anchor.isupper() else 1.0


def measure_bilingual_similarity(
    first: _Anchors, second: _Anchors, weights: Mapping[Decimal | str, float]
) -> float:
    """Return the confidence that two articles in two languages report the same event. SAME_EVENT is
    sufficient.
    """
    if first.day and second.day and abs((first.day - second.day).days) > _MAX_DAYS:
        return 0.0
    numbers = sum(weights.get(number, 0.0) for number in first.numbers & second.numbers)
    names = sum(weights.get(name, 0.0) for name in first.names & second.names)
    if numbers + names < _MIN_SHARED_WEIGHT:
        return 0.0
    fewer = min(first.numbers, second.numbers, key=len)
    possible = sum(map(_rate_kind, fewer))
    share = max(numbers / possible, min(1.0, numbers / _MANY_NUMBERS)) if possible else _WITHOUT_NUMBERS
    return _NUMBER_WEIGHT * share + _NAME_WEIGHT * min(_MAX_NAMES, names) - (not numbers and bool(possible))
