"""Which stories an edition tells, in which order, and why it leaves out the others."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editorial.selection import Selection, select_stories
from bot.editorial.stories import Event
from bot.editorial.topics import parse_term
from bot.models import Article, Digest, LeftOutReason, PrintedStory, Source
from summarizer import find_words, summarize

NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)  # half past eight in the morning
TEXT = "县里修好了通往大坪乡的最后一段公路，全长十七公里，总投资八千二百万元，十一月二十日正式通车。"
PAPER = Source(kind="page", name="paper", address="pages", section="本地")
NEWS = Source(kind="feed", name="news", address="feed.xml", section="要闻")
DIGEST = Digest(
    name="daily", title="摘报", language="zh", sources=(), times=(time(8),), zone=ZoneInfo("Asia/Shanghai")
)


def article(title: str = "公路通车", source: str = "paper", days: float = 0, **more: object) -> Article:
    base = Article(title=title, text=TEXT, source=source, published_at=NOW - timedelta(days=days))
    return replace(base, **more)  # type: ignore[arg-type]  # the fields are Article's


def chosen(*clusters: Article | tuple[Article, ...], digest: Digest = DIGEST) -> Selection:
    events = [Event(articles=cluster if isinstance(cluster, tuple) else (cluster,)) for cluster in clusters]
    return select_stories(events, [PAPER, NEWS], digest, now=NOW, spans=find_words)


def titles(choice: Selection) -> list[str]:
    return [one.article.title for one in choice.chosen]


def reasons(choice: Selection) -> dict[str, str]:
    return {one.article.title: str(one.reason_against or "") for one in choice.left_out}


def points(choice: Selection, place: int = 0) -> dict[str, float]:
    return {str(reason): value for reason, value in choice.chosen[place].points.items()}


def test_a_newer_story_comes_before_an_older_one() -> None:
    assert titles(chosen(article("昨天", days=1), article("今天"))) == ["今天", "昨天"]


def test_the_front_page_comes_before_the_third() -> None:
    assert titles(chosen(article("三版", page="第3版"), article("头版", page="第1版"))) == ["头版", "三版"]


def test_what_two_sources_tell_comes_before_what_one_tells() -> None:
    two = (article("两家"), article("另一家", source="news"))
    assert titles(chosen(article("一家"), two)) == ["两家", "一家"]


def test_the_order_of_the_page_decides_between_equals() -> None:
    assert titles(chosen(*(article(str(n), page="第2版") for n in range(4)))) == ["0", "1", "2", "3"]


def test_sections_stand_in_the_order_of_the_sources_or_of_the_digest() -> None:
    found = (article("新闻", source="news"), article("本地"))
    assert titles(chosen(*found)) == ["本地", "新闻"]
    assert titles(chosen(*found, digest=replace(DIGEST, sections={"要闻": 0}))) == ["新闻", "本地"]


def test_no_source_swallows_the_digest() -> None:
    page = [article(f"版面{n}", page="第1版") for n in range(9)]
    choice = chosen(*page, article("一条新闻", source="news"), digest=replace(DIGEST, max_stories=3))
    assert "一条新闻" in titles(choice)


def test_quota_and_max_stories_say_what_they_leave_out() -> None:
    digest = replace(DIGEST, max_stories=2, sections={"本地": 1})
    found = (article("甲"), article("乙"), article("丙", source="news"), article("丁", source="news"))
    choice = chosen(*found, digest=digest)
    assert titles(choice) == ["甲", "丙"]
    assert set(reasons(choice)) == {"乙", "丁"}
    assert "max_stories = 2" in reasons(choice)["丁"]


def test_a_thin_day_gives_a_short_edition_where_the_digest_has_a_floor() -> None:
    events = (article("今天", page="第1版"), article("前天", days=2), article("上周", days=6, page="第4版"))
    assert len(titles(chosen(*events))) == 3
    choice = chosen(*events, digest=replace(DIGEST, min_points=2.5))
    assert titles(choice) == ["今天", "前天"]
    assert reasons(choice) == {"上周": "0.8 points, min_points = 2.5"}
    assert choice.count_left_out() == {LeftOutReason.MINOR: 1}


def test_a_story_with_exactly_the_floors_points_is_printed() -> None:
    (candidate,) = chosen(article()).chosen
    assert titles(chosen(article(), digest=replace(DIGEST, min_points=candidate.importance))) == ["公路通车"]


def test_only_what_nothing_else_speaks_against_is_left_out_for_lack_of_room() -> None:
    digest = replace(DIGEST, max_stories=2, sections={"本地": 1}, topics=(parse_term("!广告"),))
    refused = (article("旧", days=8), article("短", text="启事。"), article("广告"), article("", days=0))
    found = (article("甲"), article("乙"), article("丙", source="news"), article("丁", source="news", days=1))
    choice = chosen(*refused, *found, digest=digest)
    assert [one.article.title for one in choice.crowded_out] == ["乙", "丁"], "best first"
    assert set(reasons(choice)) == {"乙", "丁", "旧", "短", "广告", ""}
    told = Event(
        articles=(article("说过"),),
        printed=(article("说过"),),
        first_printing=PrintedStory(edition="2026-11-20", number=1),
    )
    assert select_stories([told], [PAPER], digest, now=NOW, spans=find_words).crowded_out == ()


def test_what_is_no_news_says_why() -> None:
    choice = chosen(
        article("旧", days=8), article("", days=0), article("短", text="启事。"), article("广告一则")
    )
    assert "max_age_days = 7" in reasons(choice)["旧"]
    assert reasons(choice)[""] == "has no title"
    assert "shorter than 40" in reasons(choice)["短"]
    assert titles(choice) == ["广告一则"]


def test_an_article_without_a_date_is_news() -> None:
    assert titles(chosen(article("无日期", published_at=None))) == ["无日期"]


@pytest.mark.parametrize(
    ("days", "max_age_days", "is_news"),
    [(0, 7, True), (7, 7, True), (7.01, 7, False), (7.01, 0, True), (-3, 1, True), (1.5, 1, False)],
)
def test_what_is_older_than_the_digest_allows_is_no_news(
    days: float, max_age_days: int, is_news: bool
) -> None:
    choice = chosen(article("公路", days=days), digest=replace(DIGEST, max_age_days=max_age_days))
    assert bool(choice.chosen) is is_news


def test_the_day_of_an_article_is_that_of_the_digests_zone() -> None:
    late, early = article("晚", days=0), article("早", days=0.4)  # 00:30 UTC and 14:54 UTC the day before
    assert titles(chosen(early, late, digest=replace(DIGEST, zone=ZoneInfo("UTC")))) == ["晚", "早"]
    assert titles(chosen(early, late, digest=replace(DIGEST, zone=ZoneInfo("Pacific/Auckland")))) == [
        "早",
        "晚",
    ]


def test_topics_choose_and_lift_and_the_reason_names_the_term() -> None:
    digest = replace(DIGEST, topics=(parse_term("公路"), parse_term("!广告")))
    choice = chosen(
        article("公路广告"),
        article("水库", text=TEXT.replace("公路", "水库")),
        article("公路"),
        digest=digest,
    )
    assert titles(choice) == ["公路"]
    assert points(choice)["topics 公路"] == 1.0
    assert reasons(choice) == {"公路广告": "topics: !广告", "水库": "meets none of the topics"}


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 5)), max_size=30), st.integers(1, 12)
)
def test_every_story_is_chosen_or_left_out_with_a_reason(
    rows: list[tuple[int, bool, int]], most: int
) -> None:
    found = [
        article(f"{n}", source="news" if is_news else "paper", days=days, page=f"第{page}版")
        for n, (days, is_news, page) in enumerate(rows)
    ]
    digest = replace(DIGEST, max_stories=most)
    choice = chosen(*found, digest=digest)
    assert sorted(titles(choice) + list(reasons(choice))) == sorted(one.title for one in found)
    assert len(choice.chosen) <= most
    assert all(choice_reason for choice_reason in reasons(choice).values())
    assert choice == chosen(*found, digest=digest)


def test_a_told_story_comes_back_with_news_and_else_says_when_it_was_told() -> None:
    told = PrintedStory(edition="2026-11-20", number=1)
    (sentence,) = summarize(TEXT, sentences=1).sentences
    old = Event(
        articles=(article("旧闻"),),
        printed=(article("公路"),),
        first_printing=told,
        last_printed_on=told.day,
    )
    update = replace(old, articles=(article("新进展"),), news=(sentence,))
    choice = select_stories([old, update], [PAPER, NEWS], DIGEST, now=NOW, spans=find_words)
    assert titles(choice) == ["新进展"]
    assert reasons(choice) == {"旧闻": "was printed on 2026-11-20, nothing new since"}


def test_what_many_titles_speak_of_comes_forward_and_is_named() -> None:
    other = ("水库蓄水", "小学开学", "医院搬家", "桥梁封闭")
    found = [
        *(article(title) for title in other),
        *(article(f"江州地铁{what}") for what in ("通车", "票价", "客流")),
    ]
    choice = chosen(*found)
    assert titles(choice)[:4] == ["水库蓄水", "江州地铁通车", "江州地铁票价", "江州地铁客流"], (
        "the first of the page, then they"
    )
    assert points(choice, 1)["in many titles: 江州地铁"] == 0.25


def test_what_is_left_out_is_counted_by_reason_but_lack_of_room_is_none() -> None:
    digest = replace(DIGEST, max_stories=1, topics=(parse_term("!广告"),), min_certainty=60)
    choice = chosen(
        article("一"),
        article("二"),
        article("旧", days=30),
        article("旧", days=31),
        article("广告"),
        article("疑", certainty=0.5),
        article(""),
        digest=digest,
    )
    assert len(choice.crowded_out) == 1
    assert choice.count_left_out() == {
        LeftOutReason.OLD: 2,
        LeftOutReason.UNCERTAIN: 1,
        LeftOutReason.UNTITLED: 1,
        LeftOutReason.OFF_TOPIC: 1,
    }


def test_an_article_below_min_certainty_is_left_out_with_both_figures() -> None:
    digest = replace(DIGEST, min_certainty=70)
    choice = chosen(
        article("疑", certainty=0.69),
        article("够", certainty=0.7),
        article("非版面", certainty=None),
        digest=digest,
    )
    assert set(titles(choice)) == {"够", "非版面"}
    assert reasons(choice) == {"疑": "boundaries 69 % certain, min_certainty = 70"}


def test_without_min_certainty_a_doubtful_article_only_costs_points() -> None:
    choice = chosen(article("疑", certainty=0.4), article("准", certainty=0.99))
    assert titles(choice) == ["准", "疑"]
    assert points(choice, 1)["boundaries 40 % certain"] < 0
    assert not any("certain" in reason for reason in points(choice, 0))
