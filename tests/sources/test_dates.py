"""Dates as feeds and papers print them."""

from datetime import UTC, date, datetime

import pytest

from bot.sources.dates import CHINA, find_day, find_printed_date, parse_moment


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
    [
        "",
        "yesterday",
        "2026-13-45",
        "2026年2月30日",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "1",
    ],
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30-11-2026 08:30", "2026-11-30 08:30"),
        ("30.11.2026 08:30", "2026-11-30 08:30"),
        ("30/11/2026", "2026-11-30 12:00"),
        ("11/30/2026 8:30 PM", "2026-11-30 20:30"),
        ("12/31/2026 12:00:00 AM", "2026-12-31 00:00"),
        ("2026-11-30 下午3:20", "2026-11-30 15:20"),
        ("2026年11月30日 下午3时20分", "2026-11-30 15:20"),
        ("2026年11月30日 晚上12点", "2026-12-01 00:00"),
        ("2026-11-30 08:30 GMT+8", "2026-11-30 00:30"),
        ("2026-11-30 08:30 UTC+08:00", "2026-11-30 00:30"),
        ("2026-11-30 08:30:00 +0000 UTC", "2026-11-30 08:30"),
        ("2026/11/30 08:30 +08:00", "2026-11-30 00:30"),
        ("2026年11月30日 08:30 +08:00", "2026-11-30 00:30"),
        ("2026-11-30T24:00:00", "2026-12-01 00:00"),
        ("1796027400", "2026-11-30 08:30"),
        ("1796027400000", "2026-11-30 08:30"),
        ("30 dic 2026 10:00", "2026-12-30 10:00"),
        ("30 Set 2026", "2026-09-30 12:00"),
        ("30 okt. 2026 10:00", "2026-10-30 10:00"),
        ("Mi, 30 Dez 2026 10:00:00 +0100", "2026-12-30 09:00"),
        ("28 févr. 2026 à 14h30", "2026-02-28 14:30"),
        ("30 ноября 2026 г. 15:20", "2026-11-30 15:20"),
        ("2026. 11. 30. 오후 3:20", "2026-11-30 15:20"),
        ("令和8年11月30日 15時", "2026-11-30 15:00"),
        ("民國115年11月30日", "2026-11-30 12:00"),
        ("Published Nov. 30, 2026 8:30 p.m.", "2026-11-30 20:30"),
        ("Monday 30 November 2026 08.30 GMT", "2026-11-30 08:30"),
        ("08:30, 30 November 2026", "2026-11-30 08:30"),
        ("Sept. 5, 2026 at 7:05 a.m. ET", "2026-09-05 11:05"),
        ("Mon Nov 30 08:30:00 +0800 2026", "2026-11-30 00:30"),
        ("Mon, 30 Nov 2026 08:30:00 GMT+0800 (China Standard Time)", "2026-11-30 00:30"),
    ],
)
def test_dates_of_many_countries_are_read(text, expected):
    moment = parse_moment(text)
    assert moment is not None
    assert f"{moment:%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    "text", ["03/04/2026", "3-4-2026 08:30", "30/11/26", "31/31/2026", "30 Wonnemond 2026"]
)
def test_a_date_that_may_mean_two_days_is_unknown(text):
    assert parse_moment(text) is None


def test_the_order_of_the_numbers_may_be_known():
    assert parse_moment("03/04/2026", order="dmy") == datetime(2026, 4, 3, 12, tzinfo=UTC)
    assert parse_moment("03/04/2026", order="mdy") == datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_an_hour_in_a_zone_of_several_meanings_counts_as_the_day_alone():
    assert parse_moment("Fri, 20 Nov 2026 08:30:00 IST") == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_china_means_its_own_time_by_cst_and_others_do_not():
    assert parse_moment("Fri, 20 Nov 2026 08:30:00 CST", CHINA) == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    assert parse_moment("Fri, 20 Nov 2026 08:30:00 CST") == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["（" * 5_000 + "2026-11-30" + " ，" * 5_000, "30." * 9_000, "2026年" * 5_000]
)
def test_a_hostile_date_ends_soon(text):
    parse_moment(text)
    find_printed_date(text)
