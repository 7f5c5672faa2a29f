"""Hours, topics and pauses as people type them."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.subscribers.typed_wishes import parse_deep_link, parse_pause, parse_times, split_topics, toggle_term

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("7:30 18:00", [time(7, 30), time(18)]),
        ("18:00、7：30", [time(7, 30), time(18)]),
        ("早上七点半", [time(7, 30)]),
        ("上午9点 下午6点半", [time(9), time(18, 30)]),
        ("二十三点", [time(23)]),
        ("十二点", [time(12)]),
        ("二十点三刻", [time(20, 45)]),
        ("8pm", [time(20)]),
        ("7", [time(7)]),
        ("25:00", []),
        ("7:75", []),
        ("明天", []),
        ("2026", []),
    ],
)
def test_hours(text: str, times: list[time]) -> None:
    assert list(parse_times(text)) == times


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("two weeks", (2026, 12, 15)),
        ("两周", (2026, 12, 15)),
        ("3天", (2026, 12, 4)),
        ("一个月", (2026, 12, 31)),
        ("12月20日", (2026, 12, 20)),
        ("2026-12-20", (2026, 12, 20)),
        ("1月3日", (2027, 1, 3)),
        ("昨天", None),
        ("2月30日", None),
        ("2025-01-01", None),
        ("400 days", None),
        ("0 days", None),
    ],
)
def test_a_pause_ends_at_the_beginning_of_a_day(text: str, day: tuple[int, int, int] | None) -> None:
    until = parse_pause(text, NOON, SHANGHAI)
    assert until == (datetime(*day, tzinfo=SHANGHAI).astimezone(UTC) if day else None)


def test_topics_are_split_at_marks_and_blanks() -> None:
    assert split_topics("急救、＋临溪 ！广告, ! 急救") == ("急救", "+临溪", "!广告")
    assert toggle_term(("急救",), "急救") == ()
    assert toggle_term((), "急救") == ("急救",)


def test_a_deep_link_may_name_an_hour() -> None:
    assert parse_deep_link("daily_0730") == ("daily", time(7, 30))
    assert parse_deep_link("daily_2460") == ("daily_2460", None)
    assert parse_deep_link("") == ("", None)
