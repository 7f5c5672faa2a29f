"""Of a told event only what is new: the invented news of updates.toml, and where the rules end."""

import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.editorial.stories import Event, find_additions, find_news, group_events, mark_updates
from bot.models import Article, PrintedStory

CASES = tomllib.loads(Path(__file__).with_name("updates.toml").read_text("utf-8"))["case"]
DAY = date(2026, 11, 10)
BRIDGE = "11月10日上午，江州交警通报，清江老桥因桥墩检测出裂缝，自当日12时起封闭，禁止一切车辆通行。"


def article(text: str, day: date | None = DAY, title: str = "", **more: str) -> Article:
    at = datetime.combine(day, time(12), tzinfo=UTC) if day else None
    return Article(
        title=title, text=text.strip(), published_at=at, language="en" if text.isascii() else "zh", **more
    )


def new(
    later: Article, *told: Article, printed_on: date | None = DAY, today: date | None = None
) -> list[str]:
    return [each.text for each in find_news(later, told, printed_on=printed_on, today=today)]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_update_tells_what_is_new_and_a_repeat_nothing(case: dict[str, str]) -> None:
    told, later = article(case["told"], case["told_day"]), article(case["later"], case["day"])  # type: ignore[arg-type]
    found = new(later, told)
    marks = case.get("new", ())
    assert len(found) == len(marks), found
    assert all(text.startswith(mark) for text, mark in zip(found, marks, strict=True))


def test_a_day_that_was_announced_is_news_when_it_has_come_and_not_before() -> None:
    told = article("第四届海月博览会将于11月16日在江州举办，35家企业参展。")
    assert new(article("第四届海月博览会将于11月16日在江州举办。", date(2026, 11, 12)), told) == []
    came = "第四届海月博览会16日在江州举办。"
    assert new(article(came, date(2026, 11, 17)), told) == [came]


def test_the_day_on_which_a_reporter_learned_it_is_no_news() -> None:
    later = article(
        "记者12日从江州交警部门获悉，清江老桥的桥墩出现了裂缝，已禁止车辆通行。", date(2026, 11, 12)
    )
    assert new(later, article(BRIDGE)) == []


def test_a_paper_tells_of_the_day_before_and_what_it_recalls_is_no_end() -> None:
    yesterday = article("清江老桥9日封闭，1987年5月1日通车的老桥桥墩出现裂缝。")
    assert new(article("清江老桥10日恢复通行。", date(2026, 11, 11)), yesterday) == ["清江老桥10日恢复通行。"]
    recalls = article("清江老桥封闭，1987年5月1日通车的老桥桥墩出现裂缝。")
    assert new(article("清江老桥9日夜里封闭，市民绕行新桥。", date(2026, 11, 11)), recalls) == []


def test_articles_without_a_date_are_dated_by_the_editions() -> None:
    later = article("清江老桥13日凌晨5时恢复通行，裂缝已经修补。", None)
    told = article(BRIDGE, None)
    assert new(later, told, today=date(2026, 11, 13)) == [later.text]
    assert new(later, told, today=None) == []


def test_what_was_told_by_an_earlier_update_is_not_new_again() -> None:
    update = article("清江老桥13日凌晨5时恢复通行，裂缝已经修补。", date(2026, 11, 13))
    again = article("封闭了三天的清江老桥，13日凌晨恢复通行。", date(2026, 11, 14))
    assert new(again, article(BRIDGE)) == [again.text]
    assert new(again, article(BRIDGE), update, printed_on=date(2026, 11, 13)) == []


def test_what_another_source_adds_is_told_by_it_alone() -> None:
    other = article(
        "老桥的桥墩出现裂缝，已经封闭。公交12路、17路改走新桥，每天1.8万辆车要绕行。下载客户端看更多精彩。"
    )
    assert [each.text for each in find_additions(other, [article(BRIDGE)], today=DAY)] == [
        "公交12路、17路改走新桥，每天1.8万辆车要绕行。"
    ]
    assert find_additions(article(BRIDGE), [article(BRIDGE)], today=DAY) == ()


def test_an_event_says_where_it_was_told_first_and_is_led_by_the_latest_news() -> None:
    told = article(BRIDGE, url="https://a.example/1")
    again = article(
        "清江老桥因桥墩裂缝11月10日12时起封闭，禁止一切车辆通行，江州交警通报说，桥墩的裂缝还在检测。",
        url="https://a.example/2",
    )
    later = article(
        "清江老桥封闭，桥墩裂缝检测之后，13日凌晨5时恢复通行，江州交警通报。", date(2026, 11, 13), "老桥通车"
    )
    event = Event(articles=(again, later), printed=(told,))
    seen = {
        told.fingerprint: [
            PrintedStory(edition="2026-11-12", number=4),
            PrintedStory(edition=DAY.isoformat(), number=2),
        ]
    }
    (update,) = mark_updates([event], seen, today=date(2026, 11, 13))
    assert update.articles == (later, again)
    assert (update.first_printing, update.last_printed_on) == (
        PrintedStory(edition=DAY.isoformat(), number=2),
        date(2026, 11, 12),
    )
    assert [each.text for each in update.news] == [later.text]
    (old,) = mark_updates([Event(articles=(again,), printed=(told,))], seen, today=date(2026, 11, 13))
    assert (old.news, old.first_printing) == ((), PrintedStory(edition=DAY.isoformat(), number=2))


def test_what_was_never_told_is_left_as_it_is() -> None:
    found = group_events([article(BRIDGE)])
    assert mark_updates(found, {}, today=DAY) == found


TEXTS = st.sampled_from(
    [case[key] for case in CASES for key in ("told", "later")] + ["", "。", "\ud800", "12日", "x" * 99]
)
DAYS = st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 1))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, DAYS, st.lists(st.tuples(TEXTS, DAYS), max_size=3), DAYS, DAYS)
def test_news_are_slices_of_the_article_and_never_what_was_told_word_for_word(
    text: str,
    day: date | None,
    rows: list[tuple[str, date | None]],
    printed_on: date | None,
    today: date | None,
) -> None:
    later, told = article(text, day), [article(*row) for row in rows]
    for one in find_news(later, told, printed_on=printed_on, today=today):
        assert later.text[one.start : one.end] == one.text
    same = [article(text, printed_on)]
    assert find_news(article(text, printed_on), same, printed_on=printed_on, today=today) == ()

    # Articles changed in place


COUNT = (
    "江州气象台通报，台风过境造成3人死亡、12人受伤，转移群众8700人。"
    "救援仍在进行，供电正在恢复。道路抢通工作由市政部门负责。"
)
MORE = "副市长在现场说，受灾最重的青湾渔港码头整体坍塌，渔船全部沉没，损失正在统计。"


def changed(text: str) -> Event:
    """What becomes of a printed article whose text was changed under its address on the same day."""
    printed = article(COUNT, title="台风过境", source="江州", url="https://example.org/1")
    later = article(text, title="台风过境", source="江州", url="https://example.org/1")
    (event,) = mark_updates(
        group_events([later], [printed]),
        {printed.fingerprint: [PrintedStory(edition=DAY.isoformat(), number=1)]},
        today=DAY,
    )
    return event


def test_an_article_with_changed_figures_is_an_update_though_it_names_no_later_day() -> None:
    event = changed(COUNT.replace("3人死亡、12人受伤", "5人死亡、31人受伤"))
    assert event.first_printing == PrintedStory(edition=DAY.isoformat(), number=1)
    assert [each.text[:5] for each in event.news] == ["江州气象台"]


def test_an_article_with_a_third_of_new_words_is_an_update() -> None:
    event = changed(
        COUNT + "副市长在现场说，受灾最重的青湾渔港码头整体坍塌，渔船全部沉没，损失正在统计，港口关闭到下周。"
    )
    assert [each.text[:4] for each in event.news] == ["副市长在"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("气象台", "气象局"), ("仍在进行", "还在进行"), ("市政部门", "市政部門"), ("3人", "三人")],
)
def test_a_corrected_word_is_no_update(wrong: str, right: str) -> None:
    assert changed(COUNT.replace(wrong, right)).news == ()


def test_another_article_of_the_source_is_no_version_of_it() -> None:
    printed = article(COUNT, title="台风过境", source="江州", url="https://example.org/1")
    later = article(COUNT.replace("3人", "5人"), title="台风过境", source="别处", url="https://example.org/1")
    (event,) = mark_updates(
        group_events([later], [printed]),
        {printed.fingerprint: [PrintedStory(edition=DAY.isoformat(), number=1)]},
        today=DAY,
    )
    assert event.news == ()
