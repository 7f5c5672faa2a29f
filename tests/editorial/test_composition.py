"""An event → a story: what the lead tells, what the others add, and of a told event only what is new."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.editorial.composition import (
    ADDED_SHARE,
    MIN_LEAD_SHARE,
    compose_story,
    measure_room,
    summarize_sentences,
)
from bot.editorial.stories import Event, find_news
from bot.models import Article, Digest, PrintedStory, Story
from summarizer import summarize

DAY = date(2026, 11, 5)
DIGEST = Digest(
    name="daily", title="摘报", language="zh", sources=(), times=(time(8),), zone=ZoneInfo("Asia/Shanghai")
)
LEAD = (
    "今天上午10时，江州地铁3号线一期开通初期运营。线路全长28.6公里，设车站22座，连接火车东站和大学城。"
    "3号线开通后，江州地铁运营里程达到96公里，日均客流预计增加21万人次。"
)
OTHER = (
    "江州地铁3号线开了，大二学生郭晓宇成了第一批乘客。22座车站里有7座可以换乘，全程票价6元，跑完一趟需47分钟。"
    "周末末班车推迟到23时，沿线新设14处自行车停放点。下载客户端看更多精彩。"
)
THIRD = "江州地铁3号线开通。沿线的36条公交线路同时调整，票价与地铁联乘优惠1元。"


def article(text: str, source: str, day: date = DAY, **more: object) -> Article:
    at = datetime.combine(day, time(4), tzinfo=UTC)
    base = Article(title="江州地铁3号线开通", text=text, source=source, published_at=at, language="zh")
    return replace(base, **more)  # type: ignore[arg-type]


def told(*articles: Article, digest: Digest = DIGEST, **event: object) -> Story:
    return compose_story(Event(articles=articles, **event), "本地", digest, DAY)  # type: ignore[arg-type]


def assert_slices(made: Story) -> None:
    for one, summary in [
        (made.article, made.summary),
        *((each.article, each.summary) for each in made.additions),
    ]:
        for sentence in summary.sentences:
            assert one.text[sentence.start : sentence.end] == sentence.text


def test_an_event_of_one_source_is_its_summary() -> None:
    made = told(article(LEAD, "paper"))
    assert (made.section, made.additions, made.first_printing) == ("本地", (), None)
    assert made.summary == summarize(LEAD, title="江州地铁3号线开通", language="zh", characters=120)


def test_another_source_adds_what_the_lead_does_not_tell_in_its_own_words() -> None:
    made = told(article(LEAD, "paper"), article(OTHER, "news"))
    (addition,) = made.additions
    assert addition.article.source == "news"
    assert "票价6元" in addition.summary.display
    assert "下载客户端" not in addition.summary.display
    assert_slices(made)


@pytest.mark.parametrize("characters", [60, 80, 120, 200, 400])
def test_the_first_sentence_stays_and_the_room_is_kept(characters: int) -> None:
    digest = replace(DIGEST, max_characters=characters)
    alone = told(article(LEAD, "paper"), digest=digest)
    made = told(article(LEAD, "paper"), article(OTHER, "news"), article(THIRD, "radio"), digest=digest)
    taken = sum(len(each.summary.display) for each in made.additions)
    assert made.summary.sentences[0].text == alone.summary.sentences[0].text
    assert len(made.summary.display) >= MIN_LEAD_SHARE * len(alone.summary.display)
    assert taken <= ADDED_SHARE * characters
    assert taken + len(made.summary.display) <= characters


def test_a_sentence_that_leans_on_the_one_before_it_is_not_added() -> None:
    other = "江州地铁3号线开了。过去他回学校要倒两趟公交车，花90分钟。这比新线贵8元。" + OTHER
    (addition,) = told(article(LEAD, "paper"), article(other, "news")).additions
    assert "90分钟" not in addition.summary.display
    assert "8元" not in addition.summary.display


def test_the_lead_gives_up_clauses_rather_than_whole_sentences() -> None:
    made = told(article(LEAD, "paper"), article(OTHER, "news"))
    assert made.additions
    assert len(made.summary.sentences) > 1


def test_two_sources_add_each_its_own() -> None:
    digest = replace(DIGEST, max_characters=300)
    made = told(article(LEAD, "paper"), article(OTHER, "news"), article(THIRD, "radio"), digest=digest)
    assert [each.article.source for each in made.additions] == ["news", "radio"]
    assert_slices(made)


@pytest.mark.parametrize(
    "other",
    [article(LEAD, "news"), article(OTHER, "paper"), article("江州地铁3号线一期今天上午开通。", "news")],
)
def test_a_copy_the_same_source_and_a_shorter_telling_add_nothing(other: Article) -> None:
    made = told(article(LEAD, "paper"), other)
    assert made.additions == ()
    assert made.others == (other,)
    assert made.summary == told(article(LEAD, "paper")).summary


def test_an_update_tells_what_is_new_and_nothing_else() -> None:
    old = article(LEAD, "paper")
    later = article(
        "江州地铁3号线8日起加开早班车。首班车提前到5时40分，高峰间隔缩短到4分钟。线路全长28.6公里，设车站22座。",
        "news",
        date(2026, 11, 8),
    )
    fresh = find_news(later, [old], printed_on=DAY, today=DAY)
    made = told(
        later,
        printed=(old,),
        first_printing=PrintedStory(edition=DAY.isoformat(), number=3),
        last_printed_on=DAY,
        news=fresh,
    )
    assert made.first_printing == PrintedStory(edition=DAY.isoformat(), number=3)
    assert made.summary.display == "江州地铁3号线8日起加开早班车。首班车提前到5时40分，高峰间隔缩短到4分钟。"
    assert_slices(made)


def test_another_source_adds_to_an_update_only_what_is_new() -> None:
    old = article(LEAD, "paper")
    later = article("江州地铁3号线8日起加开早班车。首班车提前到5时40分。", "news", date(2026, 11, 8))
    fresh = find_news(later, [old], printed_on=DAY, today=DAY)
    event = Event(
        articles=(later, article(OTHER, "radio")),
        printed=(old,),
        first_printing=PrintedStory(edition=DAY.isoformat(), number=3),
        news=fresh,
    )
    assert compose_story(event, "", DIGEST, DAY).additions == (), "the radio tells of the fifth"
    more = article("3号线加开早班车后，8日首日客流达到11.3万人次，增长两成。", "radio", date(2026, 11, 8))
    (addition,) = compose_story(replace(event, articles=(later, more)), "", DIGEST, DAY).additions
    assert addition.summary.display == more.text


def test_english_has_its_own_room_and_a_blank_between_sentences() -> None:
    text = (
        "The ferry runs through the winter. Tickets stay at four pounds. Islanders travel free on Wednesdays."
    )
    one = article(text, "courier", language="en")
    assert measure_room(one, DIGEST) == 300
    sentences = summarize(text, language="en", sentences=9).sentences
    made = summarize_sentences(one, [sentences[0], sentences[2]], 300)
    assert made.display == "The ferry runs through the winter. Islanders travel free on Wednesdays."


TEXTS = st.lists(
    st.sampled_from([*LEAD.split("。"), *OTHER.split("。"), *THIRD.split("。")]), min_size=1, max_size=9
).map(lambda parts: "。\n".join(part for part in parts if part) + "。")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(20, 300))
def test_whatever_the_sources_say_sentences_are_slices_and_the_room_is_kept(
    texts: list[str], characters: int
) -> None:
    digest = replace(DIGEST, max_characters=characters)
    made = told(*(article(text, f"source {number}") for number, text in enumerate(texts)), digest=digest)
    assert_slices(made)
    assert len(made.summary.display) + sum(len(each.summary.display) for each in made.additions) <= characters
    alone = told(article(texts[0], "source 0"), digest=digest).summary
    assert [one.text for one in made.summary.sentences[:1]] == [one.text for one in alone.sentences[:1]]
    assert len(made.summary.display) >= MIN_LEAD_SHARE * len(alone.display)
