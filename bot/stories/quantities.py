"""The numbers a text tells, in one form: 二十人, 20人 and 20.0人 are "20人"; 3.5万 and 35,000 are "35000".

Takes text as bot.folding leaves it. What any text may hold (years, small counts, days, hours) is left out.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
SHORT = {"廿": "二十", "卅": "三十"}
TEENS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
DECADES = "twenty thirty forty fifty sixty seventy eighty ninety"
WORDS = {word: value for value, word in enumerate(TEENS.split())}
WORDS |= {word: 10 * value for value, word in enumerate(DECADES.split(), 2)}
GREATER = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
ONE_WORD = "|".join([*WORDS, *GREATER])

MOST_DIGITS = 15  # of a number that is read; longer ones are somebody's account
LEAST_COUNT = 100  # a bare whole number below says too little by itself
YEARS = range(1900, 2101)
# What is counted or measured: in Chinese numerals the others are names (二十大, 十一届, 三十六计), as is 第十五次.
COUNTED = frozenset(
    "人名户家位个元角分秒时天周月年岁件辆台架艘座所间套栋幢层棵株亩顷吨斤克公米里升度级次场项种类条张份批组支只头匹枚幅册本页部首"
    "万千倍成"
)
UNIT = r"(?:\s?([\u4e00-\u9fff])|([a-z]))?"
FOUND = re.compile(
    rf"(?=[\da-z百〇零一二两三四五六七八九十廿卅])"  # at most characters the rest need not be tried
    rf"(?P<percent>百分之)?(?:(?P<figures>\d+(?:,\d{{3}})*(?:\.\d+)?)(?P<sign>[%‰]| ?per ?cent\b)?"
    rf"|(?<!第)(?P<chinese>[〇零一二两三四五六七八九十百千万亿廿卅]{{2,}})"
    rf"|\b(?P<words>(?:{ONE_WORD})(?:(?:-| and | )(?:{ONE_WORD}))*)\b(?P<sign_too> ?per ?cent\b)?)"
    rf"(?P<myriad>万亿|[万亿千百]| (?:hundred|thousand|million|billion)\b)?{UNIT}"
)
TIMES = {"万亿": 10**12, **TENS, **MYRIADS}
SPOKEN = {"块": "元", "毛": "角"}


class Number(NamedTuple):
    """A number as the text tells it: its value, and the first character of its unit ("%", "‰", "" for none)."""

    value: Decimal
    unit: str
    is_chinese: bool = False  # written in Chinese numerals

    def __str__(self) -> str:
        return plain(self.value) + self.unit


def quantities(text: str) -> Iterator[str]:
    """Yield each number with the first character of its unit, in reading order; none that any text may hold.

    >>> list(quantities("三百五十人，3.5万元，百分之四十六，seventy-two percent"))
    ['350人', '35000元', '46%', '72%']
    """
    return (str(number) for number in numbers(text) if tells(number))


def numbers(text: str) -> Iterator[Number]:
    """Yield every number."""
    for found in FOUND.finditer(text):
        value = value_of(found)
        if value is None:
            continue
        sign = found["sign"] or found["sign_too"] or found["percent"]
        if sign:
            yield Number(value, "‰" if sign == "‰" else "%")
            continue
        unit = found[found.re.groups - 1] or found[found.re.groups] or ""
        yield Number(value, SPOKEN.get(unit, unit), bool(found["chinese"]))


def value_of(found: re.Match[str]) -> Decimal | None:
    """The number, None where it is none."""
    if found["figures"]:
        bare = found["figures"].replace(",", "")
        value = Decimal(bare) if len(bare) <= MOST_DIGITS else None
    elif found["chinese"]:
        value = chinese(found["chinese"])
    else:
        value = english(found["words"])
    if value is None or not found["myriad"]:
        return value
    greater = found["myriad"].strip()
    return value * (TIMES.get(greater) or GREATER[greater])


def tells(number: Number) -> bool:
    """False for a day, an hour, a year, a count that any text may hold, a name in Chinese numerals."""
    value, unit = number.value, number.unit
    if not unit or unit in "日月时点号":
        return not number.is_chinese and (value != int(value) or (value >= LEAST_COUNT and value not in YEARS))
    return not (unit == "年" and value in YEARS) and (not number.is_chinese or unit in COUNTED)


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def chinese(written: str) -> Decimal | None:
    """The value of a Chinese numeral, None where the characters make none (三三两两, 千万).

    >>> chinese("一百零五"), chinese("两千五"), chinese("二〇二六"), chinese("廿六")
    (Decimal('105'), Decimal('2500'), Decimal('2026'), Decimal('26'))
    """
    for short, long in SHORT.items():
        written = written.replace(short, long)
    if all(character in DIGITS for character in written):
        is_year = len(written) in (1, 4)
        return Decimal("".join(str(DIGITS[character]) for character in written)) if is_year else None
    total = section = 0
    digit: int | None = None
    last = 0  # the unit before; 0 after a zero: 两千五 is 2500, 两千零五 is 2005
    for place, character in enumerate(written):
        if character in "零〇":
            last = 0
        elif character in DIGITS:
            if digit is not None:
                return None
            digit = DIGITS[character]
        elif character in TENS:
            if digit is None and not (character == "十" and (place == 0 or not last or last > 10)):
                return None
            section += (1 if digit is None else digit) * TENS[character]
            digit, last = None, TENS[character]
        else:
            section += digit or 0
            if not section and (character == "万" or not total):
                return None
            total = total + section * 10_000 if character == "万" else (total + section) * 100_000_000
            section, digit, last = 0, None, MYRIADS[character]
    return Decimal(total + section + (digit or 0) * (last // 10 if last >= 100 else 1))


def english(written: str) -> Decimal | None:
    """The value of English number words, None for one that stands alone and is small.

    >>> english("ninety-nine thousand"), english("two hundred and five")
    (Decimal('99000'), Decimal('205'))
    """
    total = section = 0
    words = re.split(r"-| and | ", written)
    for word in words:
        if word == "hundred":
            section = (section or 1) * 100
        elif word in GREATER:
            total += (section or 1) * GREATER[word]
            section = 0
        else:
            section += WORDS[word]
    return Decimal(total + section) if words[0] not in GREATER else None
