"""Converts the numbers of a text to one form: 二十人, 20人, 20.0人 → "20人"; 3.5万, 35,000 → "35000".

The text must be folded by bot.folding. Years, small counts, days and hours are left out, because any text may
contain them.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_SHORT_TENS = {"廿": "二十", "卅": "三十"}
_TEENS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen "
    "eighteen nineteen"
)
_DECADES = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORD_VALUES = {word: value for value, word in enumerate(_TEENS.split())}
_WORD_VALUES |= {word: 10 * value for value, word in enumerate(_DECADES.split(), 2)}
_GREATER_WORDS = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_NUMBER_WORD = "|".join([*_WORD_VALUES, *_GREATER_WORDS])

_MAX_DIGITS = 15  # longer numbers are account numbers
_MIN_COUNT = 100  # smaller integers without a unit are not distinctive
YEARS = range(1900, 2101)
# Units of counting and measurement. Chinese numerals before other characters are names: 二十大, 三十六计.
_COUNTED = frozenset(
    "人名户家位个元角分秒时天周月年岁件辆台架艘座所间套栋幢层棵株亩顷吨斤克公米里升度级次场项种类条张份批组支只头匹枚幅册本页部首"
    "万千倍成"
)
_UNIT = r"(?:\s?([\u4e00-\u9fff])|([a-z]))?"
_NUMBER = re.compile(
    rf"(?=[\da-z百〇零一二两三四五六七八九十廿卅])"  # at most characters, the rest of the pattern is skipped
    rf"(?P<percent>百分之)?(?:(?P<figures>\d+(?:,\d{{3}})*(?:\.\d+)?)(?P<sign>[%‰]| ?per ?cent\b)?"
    rf"|(?<!第)(?P<chinese>[〇零一二两三四五六七八九十百千万亿廿卅]{{2,}})"
    rf"|\b(?P<words>(?:{_NUMBER_WORD})(?:(?:-| and | )(?:{_NUMBER_WORD}))*)\b(?P<sign_too> ?per ?cent\b)?)"
    rf"(?P<myriad>万亿|[万亿千百]| (?:hundred|thousand|million|billion)\b)?{_UNIT}"
)
_MULTIPLIERS = {"万亿": 10**12, **_TENS, **_MYRIADS}
_SPOKEN_UNITS = {"块": "元", "毛": "角"}


class _Number(NamedTuple):
    """A number in a text: its value, and the first character of its unit ("%", "‰", "" for none)."""

    value: Decimal
    unit: str
    is_chinese: bool = False  # written in Chinese numerals

    def __str__(self) -> str:
        return _format_plainly(self.value) + self.unit


def find_quantities(text: str) -> Iterator[str]:
    """Yield each distinctive number with the first character of its unit, in reading order.

    >>> list(find_quantities("三百五十人，3.5万元，百分之四十六，seventy-two percent"))
    ['350人', '35000元', '46%', '72%']
    """
    return (str(number) for number in find_numbers(text) if _is_distinctive(number))


def find_numbers(text: str) -> Iterator[_Number]:
    """Yield every number."""
    for match in _NUMBER.finditer(text):
        value = _read_value(match)
        if value is None:
            continue
        sign = match["sign"] or match["sign_too"] or match["percent"]
        if sign:
            yield _Number(value, "‰" if sign == "‰" else "%")
            continue
        unit = match[match.re.groups - 1] or match[match.re.groups] or ""
        yield _Number(value, _SPOKEN_UNITS.get(unit, unit), bool(match["chinese"]))


def _read_value(match: re.Match[str]) -> Decimal | None:
    """Return the value, or None if the characters are not a number."""
    if match["figures"]:
        bare = match["figures"].replace(",", "")
        value = Decimal(bare) if len(bare) <= _MAX_DIGITS else None
    elif match["chinese"]:
        value = parse_chinese_numeral(match["chinese"])
    else:
        value = parse_english_numeral(match["words"])
    if value is None or not match["myriad"]:
        return value
    greater = match["myriad"].strip()
    return value * (_MULTIPLIERS.get(greater) or _GREATER_WORDS[greater])


def _is_distinctive(number: _Number) -> bool:
    """Return False for a day, an hour, a year, a small count, or a name in Chinese numerals."""
    value, unit = number.value, number.unit
    if not unit or unit in "日月时点号":
        return not number.is_chinese and (value != int(value) or (value >= _MIN_COUNT and value not in YEARS))
    return not (unit == "年" and value in YEARS) and (not number.is_chinese or unit in _COUNTED)


def _format_plainly(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_chinese_numeral(written: str) -> Decimal | None:
    """Return the value of a Chinese numeral, or None if the characters are not a numeral (三三两两, 千万).

    >>> [str(parse_chinese_numeral(text)) for text in ("一百零五", "两千五", "二〇二六", "廿六")]
    ['105', '2500', '2026', '26']
    """
    for short, long in _SHORT_TENS.items():
        written = written.replace(short, long)
    if all(character in _DIGITS for character in written):
        is_year = len(written) in (1, 4)
        return Decimal("".join(str(_DIGITS[character]) for character in written)) if is_year else None
    total = section = 0
    digit: int | None = None
    last = 0  # the previous unit; 0 after a zero: 两千五 is 2500, 两千零五 is 2005
    for place, character in enumerate(written):
        if character in "零〇":
            last = 0
        elif character in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[character]
        elif character in _TENS:
            if digit is None and not (character == "十" and (place == 0 or not last or last > 10)):
                return None
            section += (1 if digit is None else digit) * _TENS[character]
            digit, last = None, _TENS[character]
        else:
            section += digit or 0
            if not section and (character == "万" or not total):
                return None
            total = total + section * 10_000 if character == "万" else (total + section) * 100_000_000
            section, digit, last = 0, None, _MYRIADS[character]
    return Decimal(total + section + (digit or 0) * (last // 10 if last >= 100 else 1))


def parse_english_numeral(written: str) -> Decimal | None:
    """Return the value of English number words, or None for "hundred" or "thousand" alone.

    >>> parse_english_numeral("ninety-nine thousand"), parse_english_numeral("two hundred and five")
    (Decimal('99000'), Decimal('205'))
    """
    total = section = 0
    words = re.split(r"-| and | ", written)
    for word in words:
        if word == "hundred":
            section = (section or 1) * 100
        elif word in _GREATER_WORDS:
            total += (section or 1) * _GREATER_WORDS[word]
            section = 0
        else:
            section += _WORD_VALUES[word]
    return Decimal(total + section) if words[0] not in _GREATER_WORDS else None
