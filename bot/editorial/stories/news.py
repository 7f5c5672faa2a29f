"""What an article adds to what was told: its sentences that tell something new.

A told story comes back when something happened since: a sentence names a later day than its telling, or a number that
was not told, and says it in words that were not told. How the constants were found, and what this does not see, is told
in docs/explanation/stories.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from decimal import Decimal

from bot.editorial.stories.days import find_days
from bot.editorial.stories.quantities import YEARS, find_numbers
from bot.editorial.stories.traits import TraitArray, hash_text, intersect_traits
from bot.models import Article
from bot.text.folding import fold_text
from summarizer import Sentence, summarize

# Found by tests/benchmarks/stories/updates.py on the development half of its table; run it again after changing one.
_SOME_WORDS = 0.35  # of a sentence new: less repeats what was told, whatever day it names
_MANY_WORDS = 0.8  # of a sentence new: of an update it tells more, without a number or a day
_ELSEWHERE = 0.95  # of a sentence new: more is about something else (the paper's own advertisement, a scene)
# Says who or what only with the sentence before it, which is not printed.
_LEANING = re.compile(
    r"[“‘\"]|.{0,3}[他她它]|[这該该此其]|同时|同時|但|而|(?:He|She|They|It|His|Her|Their|This|These|But|And)\b"
)
_EVERY_SENTENCE = 10_000  # sentences
_REPORTED = re.compile("记者[^，。]{0,12}日[上下午晚]*从")  # when the reporter learned it, not when it happened
_AHEAD = re.compile(r"将|拟|\bwill\b|\bto be\b")  # what is told of a day that has not come


@dataclass(frozen=True, kw_only=True, slots=True)
class _PrintedContent:
    """What some articles say together. `day` is the last they tell of, None where nobody knows."""

    words: TraitArray
    values: frozenset[Decimal]
    days: frozenset[date]
    day: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _SentenceNews:
    """What is new in a sentence: the share of its words, how many numbers, how many days after the telling."""

    sentence: Sentence
    words: float
    values: int
    days: int
    is_announced_day: bool  # it tells of a day that was announced

    @property
    def is_news(self) -> bool:
        """It tells that something happened since."""
        return self.is_announced_day or (self.days > 0 and self.words >= _SOME_WORDS)

    @property
    def adds(self) -> bool:
        """It tells what was not told, be it about the same day."""
        return (
            self.is_announced_day
            or self.words >= _MANY_WORDS
            or (self.words >= _SOME_WORDS and self.days + self.values > 0)
        )


def find_news(
    article: Article, told: Sequence[Article], *, told_on: date | None, today: date | None, zone: tzinfo = UTC
) -> tuple[Sentence, ...]:
    """Return the article's sentences that tell what happened since, or () where it only repeats what was told.

    `told` are the articles that earlier editions told the event by, the last on `told_on`; days are those of `zone`.
    `today` dates an article that has no date, `told_on` those of `told`.
    """
    found = _measure_article(article, _read_printed_content(told, told_on, zone), today, zone)
    if not any(one.is_news for one in found):
        return ()
    # the first sentence says what happened; a later one may only say when
    return tuple(
        one.sentence for place, one in enumerate(found) if one.adds or (place == 0 and one.words >= _SOME_WORDS)
    )


def find_changes(article: Article, earlier: Article, *, zone: tzinfo = UTC) -> tuple[Sentence, ...]:
    """Return what is new in an article that was changed in place, or () where only its wording was corrected.

    `earlier` is the version that was printed. New figures are news whatever day they name, and so is a text of which
    SOME_WORDS are new; the sentences returned have a new figure or that many new words.
    """
    printed = _read_printed_content([earlier], None, zone)
    text = fold_text(article.text)
    words = hash_text(text, ())
    new_share = 1 - len(intersect_traits(words, printed.words)) / len(words) if len(words) else 0.0
    if not _find_values(text) - printed.values and new_share < _SOME_WORDS:
        return ()
    measured = _measure_article(article, printed, None, zone)
    return tuple(each.sentence for each in measured if each.values or each.words >= _SOME_WORDS)


def find_additions(
    article: Article, told: Sequence[Article], *, today: date, zone: tzinfo = UTC
) -> tuple[Sentence, ...]:
    """Return the article's sentences that the `told` articles of the same event do not tell."""
    found = _measure_article(article, _read_printed_content(told, today, zone), today, zone)
    return tuple(
        one.sentence
        for one in found
        if one.adds and (one.values or one.words <= _ELSEWHERE) and not _LEANING.match(one.sentence.text)
    )


def _read_printed_content(articles: Sequence[Article], otherwise: date | None, zone: tzinfo) -> _PrintedContent:
    texts = [fold_text("\n".join((each.kicker, each.title, each.deck, each.text))) for each in articles]
    dates = [get_day(each, otherwise, zone) for each in articles]
    named = [frozenset(find_days(text, day)) for text, day in zip(texts, dates, strict=True)]
    ends = [_find_last_day(row, day) for row, day in zip(named, dates, strict=True) if day]
    return _PrintedContent(
        words=hash_text("\n".join(texts), ()),
        values=frozenset(value for text in texts for value in _find_values(text)),
        days=frozenset().union(*named),
        day=max(ends, default=None),
    )


def _find_last_day(named: frozenset[date], day: date) -> date:
    """The last day that an article of this day tells of: the last it names, at the earliest the one before."""
    last = max((each for each in named if each <= day), default=day)
    return last if last == day else max(last, date.fromordinal(max(1, day.toordinal() - 1)))


def get_day(article: Article, otherwise: date | None, zone: tzinfo) -> date | None:
    return article.published_at.astimezone(zone).date() if article.published_at else otherwise


def _find_values(text: str) -> frozenset[Decimal]:
    """The numbers, whatever their units (26人 is 26名), but those of years, days and hours, and the smallest."""
    return frozenset(
        number.value
        for number in find_numbers(text)
        if number.value > 1 and number.value not in YEARS and (not number.unit or number.unit not in "日月时点号")
    )


def _measure_article(
    article: Article, told: _PrintedContent, today: date | None, zone: tzinfo
) -> tuple[_SentenceNews, ...]:
    """What each sentence of the article that can be quoted tells beyond `told`."""
    every = summarize(
        article.text,
        title=article.title,
        language=article.language or None,
        sentences=_EVERY_SENTENCE,
        cut_head=article.cut_head,
        cut_tail=article.cut_tail,
        subheadings=article.subheadings,
    )
    day = get_day(article, today, zone)
    return tuple(_measure_sentence(sentence, day, told) for sentence in every.sentences)


def _measure_sentence(sentence: Sentence, day: date | None, told: _PrintedContent) -> _SentenceNews:
    text = fold_text(sentence.text)
    words = hash_text(text, ())
    named = set(find_days(_REPORTED.sub("", text), day)) if told.day else set()
    later = {each for each in named if told.day and each > told.day}
    come = {each for each in later & told.days if day is not None and each <= day}
    return _SentenceNews(
        sentence=sentence,
        words=1 - len(intersect_traits(words, told.words)) / len(words) if len(words) else 0.0,
        values=len(_find_values(text) - told.values),
        days=len(later - told.days),
        is_announced_day=bool(come) and not _AHEAD.search(text),
    )
