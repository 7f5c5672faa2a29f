"""A date as somebody printed it → an aware UTC datetime; None where it could mean two days or says nothing
readable.

A date that is wrong moves news to another edition, and nobody sees why. So what is read is a closed set of
forms, and 03/04/2026 stays unknown unless the feed it stands in shows which number is the month
(`decide_day_order`).
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

CHINA = timezone(timedelta(hours=8))
_NOON = time(12)
_YEARS = range(1990, 2100)
# The order of day and month in a date of three numbers: "dmy", "mdy", or "" if unknown.
DAY_FIRST, MONTH_FIRST, UNKNOWN_ORDER = "dmy", "mdy", ""

# Month names by their first letters, one language or group a line; only what means one month in all of them.
# fmt: off
_MONTH_NAMES = {
    1: "jan ian ene gen janv янв stycz led sij ocak tammi ιαν",
    2: "feb févr fév fev фев lut úno velj şub helmi φεβ",
    3: "mar mär märz maart mrt мар březen ožu maalis μαρ",
    4: "apr avr abr апр kwi dub tra nisan huhti απρ",
    5: "may máj mai mag mei maj май мая květen svi touko μαΐ μαϊ",
    6: "jun iun jún juin giu giugno июн czerw haziran kesä ιουν",
    7: "jul iul júl juil lug luglio июл lipca lipiec temmuz heinä ιουλ",
    8: "aug août aou ago авг sierp srpna ağu elo αυγ",
    9: "sep szept set sept сен wrz září rujna eyl syys σεπ",
    10: "oct okt out ott окт paź říj ekim loka οκτ",
    11: "nov noi ноя kas marras νοε νοέ",
    12: "dec dic déc dez дек gru pros ara joulu δεκ",
}
# Ukrainian, which shares no beginnings with Russian.
_UKRAINIAN = "січ лют бер кві тра чер лип сер вер жов лис гру"
_MONTHS = {
    **{name: month for month, names in _MONTH_NAMES.items() for name in names.split()},
    **{name: month for month, name in enumerate(_UKRAINIAN.split(), start=1)},
}
# Offsets in minutes. Names that mean several zones (IST, CST outside of China aside) are not listed.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "met": 60, "mest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "hkt": 480,
    "sgt": 480, "awst": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "brt": -180,
}
# fmt: on
_ZONES_OF_CHINA = {"cst": 480}
_CHANGING_ZONES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

_YEAR = r"(?:19|20)\d\d"
_EAST_ASIAN = (
    rf"(?P<year>{_YEAR}|(?P<era>民國|民国|令和)\s*(?P<era_year>\d{{1,3}}|元))\s*(?:年|년|[/.\-])\s*"
    r"(?P<month>1[0-2]|0?[1-9])\s*(?:月|월|[/.\-])\s*(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s*(?:[日号號일]|"
    r"\.(?=\s|$))?"
)
_NUMBERS = (
    rf"(?<![\d.])(?P<first>\d{{1,2}})(?P<mark>[/.\-])(?P<second>\d{{1,2}})(?P=mark)"
    rf"(?P<number_year>{_YEAR})(?!\d)"
)
_DAY_MONTH = (
    r"(?<!\d)(?P<named_day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s\-/.,]*(?:de\s+|of\s+)"
    r"?(?P<month_name>[^\W\d_]{3,12})\.?,?"
    rf"[\s\-/]*(?:de\s+|del\s+)?(?P<named_year>{_YEAR}|\d\d(?=\s+\d{{1,2}}:))(?!\d)(?:\s*г\.)?"
)
_MONTH_DAY = (
    r"(?<![^\W\d_])(?P<leading_month>[^\W\d_]{3,12})\.?\s*(?P<following_day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    rf"(?P<following_year>{_YEAR})(?!\d)"
)
_CLOCK = (
    r"(?P<before>上午|下午|晚上|晚间|傍晚|凌晨|早上|早晨|清晨|中午|夜间|오전|오후|午前|午後|[ap]\.?m\.?)?\s*(?<!\d)"
    r"(?P<hour>[01]?\d|2[0-4])\s*(?:[:：時时点點시h]\s*(?P<minute>[0-5]\d|\d(?=\s*分))?|"
    r"\.(?P<dotted_minute>[0-5]\d)(?!\d))"
    r"(?:\s*[:：分분]\s*(?P<second>[0-5]\d|60)?(?:[.,]\d{1,9})?\s*秒?)?분?"
    r"(?:\s*(?P<after>[ap]\.?\s?m\b\.?))?"
)
_ZONE = (
    r"\s*\(?(?:(?P<zone_name>(?-i:[A-Z]{1,5}))(?![^\W\d_]))?\s*(?:(?P<sign>[+\-−])"
    r"(?P<zone_hours>\d{1,2}):?(?P<zone_minutes>\d\d)?)?"
    r"(?!\d)"
)
_WEEKDAY = r"(?:星期|周|週|曜日|요일)[一二三四五六日天]?|[(（][月火水木金土日월화수목금토일][)）]"
_BETWEEN = rf"[\s,，|｜()（）Tt]*(?:{_WEEKDAY}|at|um|à|las|ore|klo|kl\.?|в|@|·|[–—-])*[\s,，()（）Tt]*"
# As C's ctime prints it: Mon Nov 30 08:30:00 +0800 2026.
_C_TIME = re.compile(
    r"(?:[A-Z][a-z]{2} )?(?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?P<clock>\d\d:\d\d:\d\d)"
    r"(?P<zone> [A-Z]{3,4}| [+-]\d{4})? (?P<year>\d{4})"
)
_DATE = re.compile(rf"(?:{_EAST_ASIAN}|{_NUMBERS}|{_DAY_MONTH}|{_MONTH_DAY})", re.IGNORECASE)
_TIME_AFTER = re.compile(rf"{_BETWEEN}{_CLOCK}(?:{_ZONE})?", re.IGNORECASE)
_TIME_BEFORE = re.compile(rf"(?:^|[\s:：(]){_CLOCK}(?:{_ZONE})?[\s,，|on·–—-]*$", re.IGNORECASE)
_PACKED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)/?(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])(?!\d)"
)
_EPOCH = re.compile(r"(?P<seconds>[12]\d{9})(?P<milliseconds>\d{3})?(?:\.\d+)?")
_MAX_CHARACTERS = 300  # of a text in which a date is looked for
_MAX_TIME_CHARACTERS = 50  # before or behind a date, in which its hour stands
_MAX_DATE_LINE = 100  # characters
# Words that may stand around the date of a date line: what it dates, its weekday, its zone. Chinese is one
# word.
_WORDS = re.compile(r"[^\W\d_]+")
_DATE_LABEL = re.compile(
    r"first|last|published|posted|updated|modified|created|date|time|on|at|by|veröffentlicht|stand|"
    r"am|um|uhr|publié|le|"
    r"à|publicado|el|pubblicato|il|опубликовано|(?:mon|tue|tues|wednes|wed|thu|thurs|fri|satur|sat|"
    r"sun)(?:day)?|"
    r"[a-z]{2,7}tag|[a-z]{3,5}di|gmt|utc|bst|c?es?t|e[ds]?t|p[ds]?t|ist|"
    r"(?:发布|更新|发表|刊发)?(?:时间|日期|于)?|星期.|周.|今天|来源",
    re.IGNORECASE,
)
_ERAS = {"民國": 1911, "民国": 1911, "令和": 2018}
_AFTERNOON = ("下午", "晚上", "晚间", "傍晚", "夜间", "오후", "午後", "p")
_MORNING = ("上午", "凌晨", "早上", "早晨", "清晨", "오전", "午前", "a")


def parse_moment(text: str, zone: tzinfo = UTC, order: str = UNKNOWN_ORDER) -> datetime | None:
    """Return the moment that `text` names, None if it is not certain. `zone` applies if none is printed.

    A day without an hour is noon in UTC, the same date in nearly every zone. `order` says how the numbers
    of 03/04/2026 are meant.

    >>> parse_moment("2026-11-20 08:30", CHINA)
    datetime.datetime(2026, 11, 20, 0, 30, tzinfo=datetime.timezone.utc)
    >>> parse_moment("03/04/2026"), parse_moment("03/04/2026", order=DAY_FIRST).date()
    (None, datetime.date(2026, 4, 3))
    """
    text = _C_TIME.sub(r"\g<day> \g<month> \g<year> \g<clock>\g<zone>", text.strip()[:_MAX_CHARACTERS])
    try:
        moment = _parse_epoch(text) or _parse_iso(text, zone) or _parse_printed(text, zone, order)
    except (ValueError, OverflowError):
        return None
    return moment if moment and moment.year in _YEARS else None


def find_printed_date(text: str) -> str:
    """Return the part of a line that is a date, with its hour and zone; "" where it has none.

    >>> find_printed_date("发布时间：2026-11-20 08:30 来源：本报")
    '2026-11-20 08:30'
    """
    text = text[:_MAX_CHARACTERS]
    match = _DATE.search(text)
    clock = _find_time(text, match) if match else None
    if match is None or clock is None:
        return match[0].strip() if match else ""
    return text[min(match.start(), clock.start()) : max(match.end(), clock.end())].strip()


def is_date_line(text: str) -> bool:
    """Say whether a line is a date and no more than its label: "Published Nov. 30, 2026 8:30 p.m.".

    >>> is_date_line("Published Nov. 30, 2026 8:30 p.m."), is_date_line("It opened on 30 November 2026.")
    (True, False)
    """
    printed = find_printed_date(text) if len(text) <= _MAX_DATE_LINE else ""
    words = _WORDS.findall(text.replace(printed, " ", 1))
    return printed != "" and all(_DATE_LABEL.fullmatch(word) for word in words)


def has_hour(text: str) -> bool:
    """Say whether a printed date names the hour."""
    match = _DATE.search(text[:_MAX_CHARACTERS])
    return match is not None and _find_time(text, match) is not None


def decide_day_order(texts: Iterable[str], language: str = "") -> str:
    """Return the order of day and month in a document, from all of its dates or else from its language.

    >>> decide_day_order(["03/04/2026", "25/03/2026"]), decide_day_order(["03/04/2026"], "en-us")
    ('dmy', 'mdy')
    """
    days = months = 0
    for match in filter(None, map(_DATE.search, texts)):
        if match["first"] and match["mark"] != ".":
            days += int(match["first"]) > 12
            months += int(match["second"]) > 12
    if days or months:
        return UNKNOWN_ORDER if days and months else DAY_FIRST if days else MONTH_FIRST
    language = language.lower().replace("_", "-")
    if language in ("en-us", "en-ph"):
        return MONTH_FIRST
    return UNKNOWN_ORDER if language in ("", "en") or language[:2] in ("zh", "ja", "ko") else DAY_FIRST


def get_day_noon(day: date) -> datetime:
    """Return the instant that stands for a day without an hour."""
    return datetime.combine(day, _NOON, UTC)


def find_day(name: str) -> date | None:
    """Return the day in a name of a file or page: "2026-11-21_A1", "20261121.txt", "/2026/1121/7.html".

    >>> find_day("lx-20261121-03")
    datetime.date(2026, 11, 21)
    """
    match = re.search(_EAST_ASIAN, name) or _PACKED.search(name)
    try:
        return date(*map(int, match.group("year", "month", "day"))) if match else None
    except ValueError:
        return None


def _parse_epoch(text: str) -> datetime | None:
    match = _EPOCH.fullmatch(text)
    return datetime.fromtimestamp(int(match["seconds"]), UTC) if match else None


def _parse_iso(text: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return get_day_noon(moment.date()) if len(text) <= len("2026-11-20") else _apply_zone(moment, zone)


def _parse_printed(text: str, zone: tzinfo, order: str) -> datetime | None:
    match = _DATE.search(text)
    day = _read_day(match, order) if match else None
    if match is None or day is None:
        return None
    clock = _find_time(text, match)
    if clock is None:
        return get_day_noon(day)
    hour, minute, second = _read_clock(clock)
    offset = _read_offset(clock, zone)
    if offset is None:  # a zone whose name says nothing certain
        return get_day_noon(day)
    moment = datetime.combine(day, time(hour % 24, minute, second)) + timedelta(days=hour // 24)
    return _apply_zone(moment, offset)


def _find_time(text: str, match: re.Match[str]) -> re.Match[str] | None:
    after = _TIME_AFTER.match(text, match.end(), match.end() + _MAX_TIME_CHARACTERS)
    return after or _TIME_BEFORE.search(text[: match.start()], max(0, match.start() - _MAX_TIME_CHARACTERS))


def _read_day(match: re.Match[str], order: str) -> date | None:
    if match["year"]:
        year = (
            _ERAS[match["era"]] + int(match["era_year"].replace("元", "1"))
            if match["era"]
            else int(match["year"])
        )
        return date(year, int(match["month"]), int(match["day"]))
    if match["first"]:
        return _read_numbers(
            int(match["first"]), int(match["second"]), int(match["number_year"]), match["mark"], order
        )
    name = (match["month_name"] or match["leading_month"]).lower()
    month = _find_month(name)
    if month is None:
        return None
    year = int(match["named_year"] or match["following_year"])
    return date(year + 2000 if year < 100 else year, month, int(match["named_day"] or match["following_day"]))


def _read_numbers(first: int, second: int, year: int, mark: str, order: str) -> date | None:
    if mark == "." or first > 12 or first == second:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    if order == UNKNOWN_ORDER:
        return None
    return date(year, second, first) if order == DAY_FIRST else date(year, first, second)


def _find_month(name: str) -> int | None:
    """Return the month that a name begins like; the longest known beginning counts."""
    return next(
        (_MONTHS[name[:length]] for length in range(len(name), 2, -1) if name[:length] in _MONTHS), None
    )


def _read_clock(match: re.Match[str]) -> tuple[int, int, int]:
    hour, minute = int(match["hour"]), int(match["minute"] or match["dotted_minute"] or 0)
    half = (match["before"] or match["after"] or "").lower()
    if half.startswith(_AFTERNOON):
        # 晚上12点 is midnight; 12 p.m. is noon.
        hour = 24 if hour == 12 and half in ("晚上", "夜间") else hour + 12 if hour < 12 else hour
    elif half.startswith("中午"):
        hour += 12 if hour < 6 else 0
    elif half.startswith(_MORNING) and hour == 12:
        hour = 0
    return hour, minute, min(59, int(match["second"] or 0))


def _read_offset(match: re.Match[str], zone: tzinfo) -> tzinfo | None:
    """Return the zone that a time names, `zone` where it names none, None where the name is not known."""
    name = (match["zone_name"] or "").lower()
    names = _ZONES | _ZONES_OF_CHINA if zone is CHINA else _ZONES
    if match["sign"]:
        minutes = int(match["zone_hours"]) * 60 + int(match["zone_minutes"] or 0)
        return timezone(timedelta(minutes=-minutes if match["sign"] != "+" else minutes))
    if not name:
        return zone
    if name in _CHANGING_ZONES:
        return ZoneInfo(_CHANGING_ZONES[name])
    return timezone(timedelta(minutes=names[name])) if name in names else None


def _apply_zone(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
