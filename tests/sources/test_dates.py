"""Dates as feeds and papers print them."""

from datetime import UTC, date, datetime

import pytest

from bot.sources.dates import CHINA, find_day, parse_moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T08:30:00+08:00", (20, 0, 30)),
        ("2026-11-20T00:30:00Z", (20, 0, 30)),
        ("2026-11-20T00:30:00.123Z", (20, 0, 30)),
        ("Fri, 20 Nov 2026 08:30:00 +0800", (20, 0, 30)),
        ("Fri, 20 Nov 2026 00:30:00 GMT", (20, 0, 30)),
        ("20 Nov 2026 00:30 UT", (20, 0, 30)),
        ("2026-11-20 08:30", (20, 0, 30)),
        ("2026-11-20 08:30:00", (20, 0, 30)),
        ("2026/11/20 8:30", (20, 0, 30)),
        ("2026年11月20日 08:30", (20, 0, 30)),
        ("2026年11月20日8时30分", (20, 0, 30)),
        ("发布时间：2026-11-20 08:30 来源：本报", (20, 0, 30)),
        ("Fri, 20 Nov 2026 08:30:00", (20, 0, 30)),
        ("Fri, 20 Nov 2026 08:30:00 CST", (20, 0, 30)),
        ("2026-11-20", (20, 12, 0)),
        ("2026年11月20日", (20, 12, 0)),
        ("2026.11.20", (20, 12, 0)),
    ],
)
def test_a_date_is_read_and_china_is_meant_where_no_zone_stands(text, expected):
    found = parse_moment(text, CHINA)
    assert found is not None
    assert found.tzinfo is UTC
    assert (found.day, found.hour, found.minute) == expected
    assert (found.year, found.month) == (2026, 11)


def test_elsewhere_a_time_without_a_zone_is_utc():
    assert parse_moment("2026-11-20 08:30") == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-13-45", "2026年2月30日", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1"],
)
def test_what_is_no_date_is_none(text):
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("lx-20261121-03", date(2026, 11, 21)),
        ("2026-11-21_A1", date(2026, 11, 21)),
        ("临溪日报2026年11月1日第3版", date(2026, 11, 1)),
        ("000_61d246b8bd128e03", None),
        ("https://linxi.example/2026/1120/1142.html", date(2026, 11, 20)),
        ("https://linxi.example/202611/t20261120_88.html", date(2026, 11, 20)),
        ("https://linxi.example/2026-11/20/content_7.htm", date(2026, 11, 20)),
        ("page1", None),
        ("20261399", None),
        ("2026-02-30", None),
        ("120261121", None),
    ],
)
def test_a_file_name_may_hold_the_day(name, day):
    assert find_day(name) == day
