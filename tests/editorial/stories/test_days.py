"""The days a text names."""

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.editorial.stories.days import find_days

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("今天上午", ["2026-11-27"]),
        ("昨日、明晚", ["2026-11-26", "2026-11-28"]),
        ("前天和后天", ["2026-11-25", "2026-11-29"]),
        ("11月26日", ["2026-11-26"]),
        ("二十六日晚", ["2026-11-26"]),
        ("十日", ["2026-11-10"]),
        ("31日", ["2026-10-31"]),
        ("十二月三日", ["2026-12-03"]),
        ("去年2月3日", ["2025-02-03"]),
        ("二〇二三年七月二十八日", ["2023-07-28"]),
        ("11月3号", ["2026-11-03"]),
        ("nov. 4 and 5 november 2025", ["2025-11-05", "2026-11-04"]),
        ("on tuesday, yesterday", ["2026-11-24", "2026-11-26"]),
        ("15日内，3日游，3号线，5号楼，2月30日，五月", []),
    ],
)
def test_days_by_the_day_of_publication(text: str, named: list[str]) -> None:
    assert sorted(str(day) for day in find_days(text, FRIDAY)) == named


def test_without_a_day_of_publication_only_whole_dates_are_known() -> None:
    assert list(find_days("今天、26日、11月26日，2025年1月2日", None)) == [date(2025, 1, 2)]


@pytest.mark.parametrize(("published", "named"), [("2027-01-02", "2026-12-30"), ("2026-12-30", "2026-12-30")])
def test_a_date_without_its_year_is_the_nearest(published: str, named: str) -> None:
    assert list(find_days("12月30日", date.fromisoformat(published))) == [date.fromisoformat(named)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="0123456789一二三十廿年月日号今昨明天去 novmday.", max_size=30), st.dates())
@example("明天后天31日", date.max)
@example("昨天前天1日", date.min)
def test_no_text_breaks_it(text: str, published: date) -> None:
    assert all(isinstance(day, date) for day in find_days(text, published))
