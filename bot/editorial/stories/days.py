"""Finds the days that a text names: 今天, 昨日, 11月26日, 二十六日, Nov. 26, Tuesday → dates.

Relative days count from the date of publication.

The text must be folded by bot.folding.
"""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta

from bot.editorial.stories.quantities import parse_chinese_numeral

_NEAR_DAYS = {
    "前天": -2,
    "昨": -1,
    "今": 0,
    "明": 1,
    "后天": 2,
    "yesterday": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"
_YEAR = r"(?:\d{4}|[〇零一二三四五六七八九]{4})"
# 15日内 and 三十日以上 are durations, 3日游 is a journey, 3号线 and 5号楼 are names.
_CHINESE_DAY = re.compile(
    rf"(?:(?:(?P<year>{_YEAR}|[去今明])年)?(?P<month>{_NUMERAL})月(?P<day>{_NUMERAL})[日号]"
    rf"|(?<![\d月])(?P<day_alone>{_NUMERAL})日)(?![内间游均以])"
)
_CHINESE_NEAR_DAY = re.compile(r"前天|后天|[今昨明][天日晨晚早]")
_MONTH_NAMES = "|".join(_MONTHS)
_ENGLISH_DAY = re.compile(
    rf"\b(?P<name>{_MONTH_NAMES})[a-z]*\.? (?P<day>\d{{1,2}})\b(?:,? (?P<year>\d{{4}})\b)?"
    rf"|\b(?P<day_before>\d{{1,2}}) (?P<name_after>{_MONTH_NAMES})[a-z]*\b(?: (?P<year_after>\d{{4}})\b)?"
)
_ENGLISH_NEAR_DAY = re.compile(rf"\b(?:yesterday|today|tonight|tomorrow|{'|'.join(_WEEKDAYS)})\b")


def find_days(text: str, published: date | None) -> Iterator[date]:
    """Yield the days that a text names, in no particular order. Without `published`, only find dates with a
    year.

    >>> sorted(map(str, find_days("昨天动工，去年2月3日批准", date(2026, 3, 1))))
    ['2025-02-03', '2026-02-28']
    """
    if published is not None and not MINYEAR < published.year < MAXYEAR:
        published = None  # a feed may contain dates at the end of the calendar
    for match in _CHINESE_DAY.finditer(text):
        day = _parse_number(match["day"] or match["day_alone"])
        yield from _resolve_date(
            _parse_year(match["year"], published), _parse_number(match["month"]), day, published
        )
    for match in _ENGLISH_DAY.finditer(text):
        month = _MONTHS.index((match["name"] or match["name_after"])[:3]) + 1
        year = _parse_number(match["year"] or match["year_after"])
        yield from _resolve_date(year, month, _parse_number(match["day"] or match["day_before"]), published)
    if published is not None:
        for match in _CHINESE_NEAR_DAY.finditer(text):
            yield published + timedelta(days=_NEAR_DAYS.get(match[0], _NEAR_DAYS.get(match[0][0], 0)))
        for match in _ENGLISH_NEAR_DAY.finditer(text):
            yield published + timedelta(
                days=_NEAR_DAYS[match[0]]
                if match[0] in _NEAR_DAYS
                else -_count_days_since(match[0], published)
            )


def _count_days_since(weekday: str, published: date) -> int:
    """Return how many days ago the weekday was. "On Tuesday" in a report means last Tuesday."""
    return (published.weekday() - _WEEKDAYS.index(weekday)) % 7


def _parse_year(written: str | None, published: date | None) -> int | None:
    if written in ("去", "今", "明"):
        return published.year + "去今明".index(written) - 1 if published else None
    return _parse_number(written)


def _parse_number(written: str | None) -> int | None:
    """Return the value of a number in figures or in Chinese: 26, 二十六, 十, 六, 二〇二六."""
    if not written or written.isdecimal():
        return int(written) if written else None
    value = parse_chinese_numeral(written)
    return int(value) if value is not None else None


def _resolve_date(
    year: int | None, month: int | None, day: int | None, published: date | None
) -> Iterator[date]:
    """Yield the date, if there is one.

    A missing month or year is chosen so that the date is near the day of publication. Future days count as
    twice as far away, because news is more often about the past.
    """
    if day is None:
        return
    if year is not None and month is not None:
        possible = [_build_date(year, month, day)]
    elif published is None:
        return
    elif month is not None:
        possible = [_build_date(published.year + shift, month, day) for shift in (-1, 0, 1)]
    else:
        first = published.replace(day=1)
        possible = [
            _build_date(each.year, each.month, day)
            for each in (first - timedelta(days=1), first, first + timedelta(31))
        ]
    dates = [each for each in possible if each]
    if dates:
        yield min(dates, key=lambda each: _measure_distance(each, published))


def _measure_distance(day: date, published: date | None) -> int:
    ago = (published - day).days if published else 0
    return ago if ago >= 0 else -2 * ago


def _build_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
