"""One event in two languages is one story; another of the same kind and day is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.editorial.stories import group_events
from bot.editorial.stories.bilingual import extract_anchors
from bot.models import Article
from tests.benchmarks.stories.bilingual import ITEMS, article, measure_half

PAIRS = {item["id"]: item for item in ITEMS}


def in_both(name: str) -> tuple[Article, Article]:
    chinese, english = article(PAIRS[name]["zh"]), article(PAIRS[name]["en"])
    return replace(chinese, source="paper", language="zh"), replace(english, source="herald", language="en")


@pytest.mark.parametrize("half", ["check", "development"])
def test_nine_of_ten_events_join_and_no_trap_does(half: str) -> None:
    figures = measure_half(half)
    assert figures.joined >= 0.85 * figures.events, figures
    assert figures.trapped == 0, figures


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_story_is_printed_in_the_language_of_the_digest(language: str) -> None:
    (event,) = group_events(in_both("1a"), language=language)
    lead, other = event.articles
    assert (lead.language, other.language) == (language, "en" if language == "zh" else "zh")


def test_an_event_and_its_neighbour_in_two_languages_are_two_stories() -> None:
    articles = (*in_both("2a"), *in_both("2b"))
    events = group_events(articles, language="zh")
    assert (
        sorted(sorted(each.source for each in event.articles) for event in events)
        == [["herald", "paper"]] * 2
    )
    assert sorted(events[0].articles[0].title) != sorted(events[1].articles[0].title)


def test_reports_a_week_apart_are_not_one_event() -> None:
    chinese, english = in_both("1a")
    late = replace(english, published_at=datetime(2026, 12, 7, tzinfo=UTC) + timedelta(hours=1))
    assert len(group_events((chinese, late), language="zh")) == 2


def test_the_order_of_the_articles_makes_no_difference() -> None:
    articles = [each for name in ("1a", "1b", "2a", "3b", "9a") for each in in_both(name)]
    groups = {frozenset(each.fingerprint for each in event.articles) for event in group_events(articles)}
    backwards = {
        frozenset(each.fingerprint for each in event.articles) for event in group_events(articles[::-1])
    }
    assert groups == backwards


def test_a_foreign_name_is_known_by_its_sounds() -> None:
    chinese = extract_anchors(Article(title="", text="马丁·韦伯会见汉娜·基普鲁托。", source="a"))
    english = extract_anchors(Article(title="", text="Martin Weber met Hannah Kipruto.", source="b"))
    assert {"MTN", "KPT"} <= chinese.names & english.names
