"""Finds the sentences of an article that add something to what was printed.

A printed story returns if something has happened since then: a sentence names a later day or a new number, in
words that were not printed. docs/explanation/stories.md says how the constants were found and what this
misses.
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

# Found by tests/benchmarks/stories/updates.py on the development half of its table. Run it again after
# changing one.
_SOME_WORDS = 0.35  # share of new words below which a sentence is a repetition, for any day
_MANY_WORDS = 0.8  # share of new words from which a sentence needs no new number or day
_ELSEWHERE = 0.95  # share of new words above which it has another subject (such as an advertisement)
# A sentence that begins like this needs the sentence before it, which is not printed.
_LEANING = re.compile(
    r"[“‘\"]|.{0,3}[他她它]|[这該该此其]|同时|同時|但|而|(?:He|She|They|It|His|Her|Their|This|These|But|And)\b"
)
_EVERY_SENTENCE = 10_000  # more sentences than any article has
_REPORTED = re.compile(
    "记者[^，。]{0,12}日[上下午晚]*从"
)  # the time when the reporter learned it, not when it happened
_AHEAD = re.compile(r"将|拟|\bwill\b|\bto be\b")  # the sentence is about a future day


@dataclass(frozen=True, kw_only=True, slots=True)
class _PrintedContent:
    """The content of some articles. `day` is the last day they are about, or None if it is unknown."""

    words: TraitArray
    values: frozenset[Decimal]
    days: frozenset[date]
    day: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _SentenceNews:
    """The news in a sentence: the share of new words, the number of new values, the number of later days."""

    sentence: Sentence
    words: float
    values: int
    days: int
    is_announced_day: bool  # it is about a day that was announced earlier and has now come

    @property
    def is_news(self) -> bool:
        """Whether the sentence says that something has happened since then."""
        return self.is_announced_day or (self.days > 0 and self.words >= _SOME_WORDS)

    @property
    def adds(self) -> bool:
        """Whether the sentence says something that was not printed, even about the same day."""
        return (
            self.is_announced_day
            or self.words >= _MANY_WORDS
            or (self.words >= _SOME_WORDS and self.days + self.values > 0)
        )


def find_news(
    article: Article,
    printed: Sequence[Article],
    *,
    printed_on: date | None,
    today: date | None,
    zone: tzinfo = UTC,
) -> tuple[Sentence, ...]:
    """Return the article's sentences about what has happened since then, or () if it only repeats.

    `printed` are the articles of the event in earlier editions. The last one is from `printed_on`. Days are
    in `zone`. `today` is the date of an article without a date; `printed_on` is that of `printed` articles
    without one.
    """
    measured = _measure_article(article, _read_printed_content(printed, printed_on, zone), today, zone)
    if not any(each.is_news for each in measured):
        return ()
    # The first sentence says what happened. A later one may only say when.
    return tuple(
        each.sentence
        for place, each in enumerate(measured)
        if each.adds or (place == 0 and each.words >= _SOME_WORDS)
    )


def find_changes(article: Article, earlier: Article, *, zone: tzinfo = UTC) -> tuple[Sentence, ...]:
    """Return what is new in an article that was changed in place, or () if only its wording changed.

    `earlier` is the version that was printed. New numbers are news, and so is a text with a share of
    _SOME_WORDS new words. The sentences returned have a new number or that share of new words.
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
    article: Article, others: Sequence[Article], *, today: date, zone: tzinfo = UTC
) -> tuple[Sentence, ...]:
    """Return the article's sentences that say what the `others` about the same event do not say."""
    measured = _measure_article(article, _read_printed_content(others, today, zone), today, zone)
    return tuple(
        each.sentence
        for each in measured
        if each.adds and (each.values or each.words <= _ELSEWHERE) and not _LEANING.match(each.sentence.text)
    )


def _read_printed_content(
    articles: Sequence[Article], otherwise: date | None, zone: tzinfo
) -> _PrintedContent:
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
    """Return the last day that an article of this day is about. It is the last named day, but not before the
    previous day.
    """
    last = max((each for each in named if each <= day), default=day)
    return last if last == day else max(last, date.fromordinal(max(1, day.toordinal() - 1)))


def get_day(article: Article, otherwise: date | None, zone: tzinfo) -> date | None:
    return article.published_at.astimezone(zone).date() if article.published_at else otherwise


def _find_values(text: str) -> frozenset[Decimal]:
    """Return the numbers without units (26人 equals 26名), except years, days, hours and the smallest."""
    return frozenset(
        number.value
        for number in find_numbers(text)
        if number.value > 1
        and number.value not in YEARS
        and (not number.unit or number.unit not in "日月时点号")
    )


def _measure_article(
    article: Article, printed: _PrintedContent, today: date | None, zone: tzinfo
) -> tuple[_SentenceNews, ...]:
    """Return the news in each quotable sentence compared with `printed`."""
    summary = summarize(
        article.text,
        title=article.title,
        language=article.language or None,
        sentences=_EVERY_SENTENCE,
        cut_head=article.cut_head,
        cut_tail=article.cut_tail,
        subheadings=article.subheadings,
    )
    day = get_day(article, today, zone)
    return tuple(_measure_sentence(sentence, day, printed) for sentence in summary.sentences)


def _measure_sentence(sentence: Sentence, day: date | None, printed: _PrintedContent) -> _SentenceNews:
    text = fold_text(sentence.text)
    words = hash_text(text, ())
    named = set(find_days(_REPORTED.sub("", text), day)) if printed.day else set()
    later = {each for each in named if printed.day and each > printed.day}
    announced = {each for each in later & printed.days if day is not None and each <= day}
    return _SentenceNews(
        sentence=sentence,
        words=1 - len(intersect_traits(words, printed.words)) / len(words) if len(words) else 0.0,
        values=len(_find_values(text) - printed.values),
        days=len(later - printed.days),
        is_announced_day=bool(announced) and not _AHEAD.search(text),
    )
