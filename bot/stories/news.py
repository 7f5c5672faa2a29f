"""What an article adds to what was told: its sentences that tell something new.

A told story comes back when something happened since: a sentence names a later day than its telling, or a number that
was not told, and says it in words that were not told. How the constants were found, and what this does not see, is told
in docs/stories.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from decimal import Decimal

from bot.folding import folded
from bot.models import Article
from bot.stories.days import days
from bot.stories.quantities import YEARS, numbers
from bot.stories.traits import Numbers, common, hashed
from summarizer import Sentence, summarize

# Found by tests/benchmarks/stories/updates.py on the development half of its table; run it again after changing one.
SOME_WORDS = 0.35  # of a sentence new: less repeats what was told, whatever day it names
MANY_WORDS = 0.8  # of a sentence new: of an update it tells more, without a number or a day
ELSEWHERE = 0.95  # of a sentence new: more is about something else (the paper's own advertisement, a scene)
# Says who or what only with the sentence before it, which is not printed.
LEANING = re.compile(
    r"[“‘\"]|.{0,3}[他她它]|[这該该此其]|同时|同時|但|而|(?:He|She|They|It|His|Her|Their|This|These|But|And)\b"
)
EVERY = 10_000  # sentences
REPORTED = re.compile("记者[^，。]{0,12}日[上下午晚]*从")  # when the reporter learned it, not when it happened
AHEAD = re.compile(r"将|拟|\bwill\b|\bto be\b")  # what is told of a day that has not come


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What some articles say together. `day` is the last they tell of, None where nobody knows."""

    words: Numbers
    values: frozenset[Decimal]
    days: frozenset[date]
    day: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fresh:
    """What is new in a sentence: the share of its words, how many numbers, how many days after the telling."""

    sentence: Sentence
    words: float
    values: int
    days: int
    has_come: bool  # it tells of a day that was announced

    @property
    def is_news(self) -> bool:
        """It tells that something happened since."""
        return self.has_come or (self.days > 0 and self.words >= SOME_WORDS)

    @property
    def adds(self) -> bool:
        """It tells what was not told, be it about the same day."""
        return self.has_come or self.words >= MANY_WORDS or (self.words >= SOME_WORDS and self.days + self.values > 0)


def news(
    article: Article, told: Sequence[Article], *, told_on: date | None, today: date | None, zone: tzinfo = UTC
) -> tuple[Sentence, ...]:
    """Return the article's sentences that tell what happened since, or () where it only repeats what was told.

    `told` are the articles that earlier editions told the event by, the last on `told_on`; days are those of `zone`.
    `today` dates an article that has no date, `told_on` those of `told`.
    """
    found = fresh(article, said(told, told_on, zone), today, zone)
    if not any(one.is_news for one in found):
        return ()
    # the first sentence says what happened; a later one may only say when
    return tuple(
        one.sentence for place, one in enumerate(found) if one.adds or (place == 0 and one.words >= SOME_WORDS)
    )


def added(article: Article, told: Sequence[Article], *, today: date, zone: tzinfo = UTC) -> tuple[Sentence, ...]:
    """Return the article's sentences that the `told` articles of the same event do not tell."""
    found = fresh(article, said(told, today, zone), today, zone)
    return tuple(
        one.sentence
        for one in found
        if one.adds and (one.values or one.words <= ELSEWHERE) and not LEANING.match(one.sentence.text)
    )


def said(articles: Sequence[Article], otherwise: date | None, zone: tzinfo) -> Said:
    texts = [folded("\n".join((each.kicker, each.title, each.deck, each.text))) for each in articles]
    dates = [day_of(each, otherwise, zone) for each in articles]
    named = [frozenset(days(text, day)) for text, day in zip(texts, dates, strict=True)]
    ends = [end_of(row, day) for row, day in zip(named, dates, strict=True) if day]
    return Said(
        words=hashed("\n".join(texts), ()),
        values=frozenset(value for text in texts for value in values(text)),
        days=frozenset().union(*named),
        day=max(ends, default=None),
    )


def end_of(named: frozenset[date], day: date) -> date:
    """The last day that an article of this day tells of: the last it names, at the earliest the one before."""
    last = max((each for each in named if each <= day), default=day)
    return last if last == day else max(last, date.fromordinal(max(1, day.toordinal() - 1)))


def day_of(article: Article, otherwise: date | None, zone: tzinfo) -> date | None:
    return article.published_at.astimezone(zone).date() if article.published_at else otherwise


def values(text: str) -> frozenset[Decimal]:
    """The numbers, whatever their units (26人 is 26名), but those of years, days and hours, and the smallest."""
    return frozenset(
        number.value
        for number in numbers(text)
        if number.value > 1 and number.value not in YEARS and (not number.unit or number.unit not in "日月时点号")
    )


def fresh(article: Article, told: Said, today: date | None, zone: tzinfo) -> tuple[Fresh, ...]:
    """What each sentence of the article that can be quoted tells beyond `told`."""
    every = summarize(
        article.text,
        title=article.title,
        language=article.language or None,
        sentences=EVERY,
        cut_head=article.cut_head,
        cut_tail=article.cut_tail,
        subheadings=article.subheadings,
    )
    day = day_of(article, today, zone)
    return tuple(beyond(sentence, day, told) for sentence in every.sentences)


def beyond(sentence: Sentence, day: date | None, told: Said) -> Fresh:
    text = folded(sentence.text)
    words = hashed(text, ())
    named = set(days(REPORTED.sub("", text), day)) if told.day else set()
    later = {each for each in named if told.day and each > told.day}
    come = {each for each in later & told.days if day is not None and each <= day}
    return Fresh(
        sentence=sentence,
        words=1 - len(common(words, told.words)) / len(words) if len(words) else 0.0,
        values=len(values(text) - told.values),
        days=len(later - told.days),
        has_come=bool(come) and not AHEAD.search(text),
    )
