"""What people type into the settings: hours, topics, and how long to pause."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_TIME = re.compile(r"(?<![\d:：.])(\d{1,2})(?:[:：.](\d{2})|[点點时時]([0-5]?\d分?|半|一刻|三刻)?)?(?![\d])")
_HALVES = {"半": 30, "一刻": 15, "三刻": 45}
_AFTERNOON = re.compile(r"下午|晚上|傍晚|夜里|夜裡")
_PM = re.compile(r"\s*pm\b", re.IGNORECASE)
_CHINESE_NUMBERS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2}
_CHINESE_HOUR = re.compile(r"(二?十[一二三四五六七八九]?|[零一二三四五六七八九两兩])(?=[点點时時])")
_SEPARATORS = re.compile(r"[\s、，,;；]+")
_DATE = re.compile(r"(?:(\d{4})[-/年.])?(\d{1,2})[-/月.](\d{1,2})日?号?")
_SPAN = re.compile(
    r"(\d{1,3}|[一二两兩三四五六七八九十]|a|an|one|two|three|four)\s*个?個?\s*"
    r"(天|日|周|週|星期|礼拜|禮拜|月|days?|weeks?|months?)",
    re.IGNORECASE,
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "十": 10} | _CHINESE_NUMBERS
_MAX_PAUSE_DAYS = 366


def parse_times(text: str) -> tuple[time, ...]:
    """Return the wall times in a text, none where it holds one that does not exist.

    >>> parse_times("7:30 18:00"), parse_times("早上七点半")
    ((datetime.time(7, 30), datetime.time(18, 0)), (datetime.time(7, 30),))
    """
    digits = _CHINESE_HOUR.sub(lambda match: str(_read_chinese_number(match[1])), text)
    times = set()
    last = 0
    for match in _TIME.finditer(digits):
        hour = int(match[1])
        minute = _read_minute(match[2] or match[3] or "")
        is_afternoon = _AFTERNOON.search(digits[last : match.start()]) or _PM.match(digits[match.end() :])
        last = match.end()
        if is_afternoon and hour < 12:
            hour += 12
        if hour > 23 or minute > 59:
            return ()
        times.add(time(hour, minute))
    return tuple(sorted(times))


def _read_chinese_number(text: str) -> int:
    """
    >>> _read_chinese_number("二十三"), _read_chinese_number("十"), _read_chinese_number("两")
    (23, 10, 2)
    """
    tens, ten, units = text.rpartition("十")
    if not ten:
        return _CHINESE_NUMBERS[text]
    return _CHINESE_NUMBERS.get(tens, 1) * 10 + _CHINESE_NUMBERS.get(units, 0)


def _read_minute(text: str) -> int:
    return _HALVES.get(text) or int(text.removesuffix("分") or 0)


def parse_deep_link(argument: str) -> tuple[str, time | None]:
    """Return the digest and the hour of ?start=daily_0730.

    >>> parse_deep_link("daily_0730"), parse_deep_link("news_daily")
    (('daily', datetime.time(7, 30)), ('news_daily', None))
    """
    name, separator, clock = argument.rpartition("_")
    if separator and re.fullmatch(r"([01]\d|2[0-3])[0-5]\d", clock):
        return name, time(int(clock[:2]), int(clock[2:]))
    return argument, None


def split_topics(text: str) -> tuple[str, ...]:
    """Return the topic terms that somebody typed; a full-width ！ means a !.

    >>> split_topics("急救、＋临溪 ！广告")
    ('急救', '+临溪', '!广告')
    """
    terms = (term.replace("！", "!", 1).replace("＋", "+", 1) for term in _SEPARATORS.split(text) if term)
    return tuple(dict.fromkeys(term for term in terms if term not in ("!", "+")))


def toggle_term(topics: Sequence[str], term: str) -> tuple[str, ...]:
    """Return the topics with the term, or without it where they held it."""
    return tuple(each for each in topics if each != term) if term in topics else (*topics, term)


def parse_pause(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return until when somebody wants a pause: a date, or a number of days, weeks or months.

    Nothing is sent before the morning of that day. None where the text means no day in the coming year.
    """
    today = now.astimezone(zone).date()
    day = _find_date(text, today) if _DATE.search(text) else _find_span(text, today)
    if day is None or not today < day <= today + timedelta(days=_MAX_PAUSE_DAYS):
        return None
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _find_date(text: str, today: date) -> date | None:
    match = _DATE.search(text)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        day_of_year = date(int(year or today.year), int(month), int(day))
        return day_of_year if year or day_of_year > today else day_of_year.replace(year=today.year + 1)
    except ValueError:
        return None


def _find_span(text: str, today: date) -> date | None:
    match = _SPAN.search(text)
    if match is None:
        return None
    number = _NUMBERS.get(match[1].lower()) or (int(match[1]) if match[1].isdigit() else 0)
    unit = match[2].lower()
    if unit == "月" or unit.startswith("month"):
        days = 30
    elif unit in ("天", "日") or unit.startswith("day"):
        days = 1
    else:
        days = 7
    return today + timedelta(days=number * days)
