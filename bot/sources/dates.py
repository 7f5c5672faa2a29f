"""A date as somebody printed it → an aware UTC datetime."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

CHINA = timezone(timedelta(hours=8))
_NOON = time(12)
PRINTED = re.compile(
    r"""(?P<year>(?:19|20)\d\d)\s*[年/.\-]\s*(?P<month>1[0-2]|0?[1-9])\s*[月/.\-]\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号]?
        (?:\s*T?\s*(?:星期.|周.)?\s*(?P<hour>2[0-3]|[01]?\d)\s*[:：时点]\s*(?P<minute>[0-5]?\d)
           (?:\s*[:：分]\s*(?P<second>[0-5]\d))?)?""",
    re.VERBOSE,
)
_PACKED = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)/?(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])(?!\d)")
_YEARS = range(1990, 2100)


def parse_moment(text: str, zone: tzinfo = UTC) -> datetime | None:
    """Return when `text` says, None where it says nothing readable. `zone` is meant where none is printed.

    A day without an hour is noon in UTC, the same date in nearly every zone.

    >>> moment("2026-11-20 08:30", CHINA)
    datetime.datetime(2026, 11, 20, 0, 30, tzinfo=datetime.timezone.utc)
    """
    text = text.strip()
    try:
        found = _parse_iso(text, zone) or _parse_mail_date(text, zone) or _parse_printed(text, zone)
    except (ValueError, OverflowError):
        return None
    return found if found and found.year in _YEARS else None


def get_day_noon(day: date) -> datetime:
    """Return the instant that stands for a day without an hour."""
    return datetime.combine(day, _NOON, UTC)


def find_day(name: str) -> date | None:
    """Return the day that the name of a file or page holds: "2026-11-21_A1", "20261121.txt", "/2026/1121/7.html".

    >>> day_in("lx-20261121-03")
    datetime.date(2026, 11, 21)
    """
    found = PRINTED.search(name) or _PACKED.search(name)
    try:
        return date(*map(int, found.group("year", "month", "day"))) if found else None
    except ValueError:
        return None


def _parse_iso(text: str, zone: tzinfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return get_day_noon(found.date()) if len(text) <= len("2026-11-20") else _apply_zone(found, zone)


def _parse_mail_date(text: str, zone: tzinfo) -> datetime | None:
    # "CST" is China's time to a Chinese server and Chicago's to an American one.
    text = text.replace("CST", "+0800") if zone is CHINA else text
    try:
        return _apply_zone(parsedate_to_datetime(text), zone)
    except ValueError:
        return None


def _parse_printed(text: str, zone: tzinfo) -> datetime | None:
    found = PRINTED.search(text)
    if not found:
        return None
    day = date(*map(int, found.group("year", "month", "day")))
    if found["hour"] is None:
        return get_day_noon(day)
    clock = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    return _apply_zone(datetime.combine(day, clock), zone)


def _apply_zone(found: datetime, zone: tzinfo) -> datetime:
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
