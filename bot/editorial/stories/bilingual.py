"""One event in Chinese and in a language written in Latin letters: which articles report the same.

Words cannot be compared, but anchors can: numbers by their value, and names by how they sound. An anchor
counts by how rare it is among the articles that are compared. docs/explanation/stories.md says how each
constant was found.
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

# Found by tests/benchmarks/stories/bilingual.py on the items with odd numbers; run it again after changing
# one.
SAME_EVENT = 1.0  # similarity from which two articles report the same event
_NUMBER_WEIGHT = 1.0  # what wholly shared numbers add
_MANY_NUMBERS = 4.0  # weight of shared numbers that adds all of it, however many others the texts have
_NAME_WEIGHT = 0.5  # what a name adds that no other article has
_MAX_NAMES = 2.0  # weight of names that counts
# weight of shared numbers and names below which nothing is decided: one number says too little
_MIN_SHARED_WEIGHT = 1.2
_SOUNDS_WEIGHT = 0.4  # what the sounds of a name weigh: others sound alike
_WITHOUT_NUMBERS = 0.3  # stands for the share where one article has no number
_FEW = 10  # numbers below say little: everybody has two or three of something
_SMALL_NUMBER = 0.3  # what such a number weighs
_MAX_DAYS = 3  # between two reports of one event
_MAX_CHARACTERS = 800  # read of an article: news says early what happened
_PRIOR_ARTICLES = 8  # imagined beside the given ones, as in similarity.py

_HAN_RUN = re.compile(f"[{HAN}]+")
_CAPITALIZED = re.compile(r"\b[A-Z][A-Za-z'’-]+")
_NAME_LENGTHS = (2, 3, 4)  # characters of a Chinese name that is spelled as one word
_MIN_SPELLED_LETTERS = 5  # of a word that may spell a Chinese name
_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:[iu]?[aeo](?:i|o|u|ng|n|r)?|i(?:ng|n|u)?|u(?:n|i)?|ve?)"
)
# Characters that write the sounds of foreign names, and the classes of sounds that both writings keep.
_FOREIGN = (
    "阿埃艾安奥巴班邦鲍贝本比彼波伯博布查达戴丹德登迪丁东顿多杜恩尔法菲芬佛弗福盖格贡古哈海汉赫霍基吉加杰金卡凯坎考柯科克肯库拉莱兰朗劳勒雷里利莉林琳卢鲁路"
    "伦罗洛马玛麦曼梅米摩莫默姆穆娜纳内尼诺帕派佩皮普齐奇切琼丘瑞若萨塞森桑莎沙史舒斯苏索塔泰坦特托瓦威维韦温文沃乌西希谢辛休雅亚扬耶叶伊因尤约泽扎詹朱兹佐"
)
_FOREIGN_NAME = re.compile(f"[{_FOREIGN}]{{3,}}|[{_FOREIGN}]{{2,}}(?=·)|(?<=·)[{_FOREIGN}]{{2,}}")
_MIN_SOUNDS = 3  # classes of sounds of a name that may be compared
_SOUNDS = str.maketrans(
    {"b": "p", "v": "w", "f": "w", "d": "t", "g": "k", "j": "k", "q": "k", "c": "k", "z": "s", "x": "s"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Anchors:
    """What of an article can be compared with one in another language."""

    is_chinese: bool
    numbers: frozenset[Decimal]
    names: frozenset[str]  # in letters as they are spelled, or classes of sounds
    day: date | None  # published

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
    """Yield the numbers that tell something: no years, days or hours."""
    for number in find_numbers(text):
        if (
            number.value > 1
            and number.value not in YEARS
            and number.unit not in ("日", "月", "号", "时", "点")
        ):
            yield number.value


def _spell_chinese_names(text: str) -> Iterator[str]:
    """Yield how each run of characters is spelled in Latin letters; any may be a name, and few are spelled
    alike.
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
    """Return the classes of a name's consonants, in capitals: what a transliteration keeps.

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
    """Number the groups of articles anew, so that an event's group in Chinese and the one in another language
    are one.

    A group joins one other at most, the surest: so a chain of pairs connects no two events of one language.
    """
    if len({_is_chinese(article.text) for article in articles}) < 2:
        return list(group)
    partners: dict[int, int] = {}
    for i, j in _pair_languages([extract_anchors(article) for article in articles]):
        one, other = group[i], group[j]
        if one != other and one not in partners and other not in partners:
            partners |= {one: min(one, other), other: min(one, other)}
    return [partners.get(number, number) for number in group]


def _pair_languages(articles: Sequence[_Anchors]) -> list[tuple[int, int]]:
    """Return the pairs of a Chinese article and one in another language that report the same event, surest
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
    """Return the weight of each anchor that stands in both languages: 1 for the rarest, less for common ones."""
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
    one: _Anchors, other: _Anchors, weights: Mapping[Decimal | str, float]
) -> float:
    """How sure it is that two articles in two languages report the same event; SAME_EVENT is sure enough."""
    if one.day and other.day and abs((one.day - other.day).days) > _MAX_DAYS:
        return 0.0
    numbers = sum(weights.get(number, 0.0) for number in one.numbers & other.numbers)
    names = sum(weights.get(name, 0.0) for name in one.names & other.names)
    if numbers + names < _MIN_SHARED_WEIGHT:
        return 0.0
    fewer = min(one.numbers, other.numbers, key=len)
    possible = sum(map(_rate_kind, fewer))
    share = max(numbers / possible, min(1.0, numbers / _MANY_NUMBERS)) if possible else _WITHOUT_NUMBERS
    return _NUMBER_WEIGHT * share + _NAME_WEIGHT * min(_MAX_NAMES, names) - (not numbers and bool(possible))
