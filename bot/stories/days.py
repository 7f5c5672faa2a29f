"""The days a text names: 今天, 昨日, 11月26日, 二十六日, Nov. 26, Tuesday → dates, by the day it was published.

Takes text as bot.folding leaves it.
"""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta

from bot.stories.quantities import chinese

NEAR = {"前天": -2, "昨": -1, "今": 0, "明": 1, "后天": 2, "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3})"
YEAR = r"(?:\d{4}|[〇零一二三四五六七八九]{4})"
# 15日内 and 三十日以上 are spans, 3日游 is a journey, 3号线 and 5号楼 are names.
CHINESE_DAY = re.compile(
    rf"(?:(?:(?P<year>{YEAR}|[去今明])年)?(?P<month>{NUMERAL})月(?P<day>{NUMERAL})[日号]"
    rf"|(?<![\d月])(?P<day_alone>{NUMERAL})日)(?![内间游均以])"
)
CHINESE_NEAR = re.compile(r"前天|后天|[今昨明][天日晨晚早]")
NAMES = "|".join(MONTHS)
ENGLISH_DAY = re.compile(
    rf"\b(?P<name>{NAMES})[a-z]*\.? (?P<day>\d{{1,2}})\b(?:,? (?P<year>\d{{4}})\b)?"
    rf"|\b(?P<day_before>\d{{1,2}}) (?P<name_after>{NAMES})[a-z]*\b(?: (?P<year_after>\d{{4}})\b)?"
)
ENGLISH_NEAR = re.compile(rf"\b(?:yesterday|today|tonight|tomorrow|{'|'.join(WEEKDAYS)})\b")


def days(text: str, published: date | None) -> Iterator[date]:
    """Yield the days in no order. Without the day it was published only dates with their year are known.

    >>> sorted(map(str, days("昨天动工，去年2月3日批准", date(2026, 3, 1))))
    ['2025-02-03', '2026-02-28']
    """
    if published is not None and not MINYEAR < published.year < MAXYEAR:
        published = None  # a feed may date its articles to the end of the calendar
    for found in CHINESE_DAY.finditer(text):
        day = number(found["day"] or found["day_alone"])
        yield from dated(year_of(found["year"], published), number(found["month"]), day, published)
    for found in ENGLISH_DAY.finditer(text):
        month = MONTHS.index((found["name"] or found["name_after"])[:3]) + 1
        year = number(found["year"] or found["year_after"])
        yield from dated(year, month, number(found["day"] or found["day_before"]), published)
    if published is not None:
        for found in CHINESE_NEAR.finditer(text):
            yield published + timedelta(days=NEAR.get(found[0], NEAR.get(found[0][0], 0)))
        for found in ENGLISH_NEAR.finditer(text):
            yield published + timedelta(days=NEAR[found[0]] if found[0] in NEAR else -days_since(found[0], published))


def days_since(weekday: str, published: date) -> int:
    """How long ago it was: "on Tuesday" in a report means the last one."""
    return (published.weekday() - WEEKDAYS.index(weekday)) % 7


def year_of(written: str | None, published: date | None) -> int | None:
    if written in ("去", "今", "明"):
        return published.year + "去今明".index(written) - 1 if published else None
    return number(written)


def number(written: str | None) -> int | None:
    """The number in figures or in Chinese: 26, 二十六, 十, 六, 二〇二六."""
    if not written or written.isdecimal():
        return int(written) if written else None
    value = chinese(written)
    return int(value) if value is not None else None


def dated(year: int | None, month: int | None, day: int | None, published: date | None) -> Iterator[date]:
    """Yield the date, if there is one. What is not said makes it the nearest to the day of publication, of the days
    to come those half as far: news tells more of what was.
    """
    if day is None:
        return
    if year is not None and month is not None:
        possible = [made(year, month, day)]
    elif published is None:
        return
    elif month is not None:
        possible = [made(published.year + shift, month, day) for shift in (-1, 0, 1)]
    else:
        first = published.replace(day=1)
        possible = [made(one.year, one.month, day) for one in (first - timedelta(days=1), first, first + timedelta(31))]
    real = [one for one in possible if one]
    if real:
        yield min(real, key=lambda one: distance(one, published))


def distance(day: date, published: date | None) -> int:
    ago = (published - day).days if published else 0
    return ago if ago >= 0 else -2 * ago


def made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
