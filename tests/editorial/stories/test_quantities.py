"""The numbers a text tells, in one form."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.editorial.stories.quantities import find_quantities, parse_chinese_numeral, parse_english_numeral
from bot.text.folding import fold_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("二十人", "20人"),
        ("20人", "20.0人"),
        ("３．５万元", "35000元"),
        ("三万五千元", "35,000元"),
        ("两千五百户", "2500户"),
        ("1.2亿元", "一亿两千万元"),
        ("百分之四十六", "46%"),
        ("百分之46", "46 percent"),
        ("seventy-two percent", "72 per cent"),
        ("ninety-nine thousand", "99,000"),
        ("two hundred and five", "205"),
        ("$1.5 million", "1500000"),
        ("十五分钟", "15 分钟"),
        ("六十块钱", "60元"),
        ("廿六人", "二十六人"),
        ("一萬二千人", "12000人"),
    ],
)
def test_one_number_in_two_ways_of_writing_is_one(one: str, other: str) -> None:
    assert set(find_quantities(fold_text(one))) == set(find_quantities(fold_text(other))) != set()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "十四五规划",
            "三三两两",
            "千万不要",
            "万一",
            "党的二十大",
            "第十五次会晤",
            "十一届三中全会",
            "十分重要",
        ),
        *(
            "2026年",
            "二〇二六年",
            "in 1998",
            "11月26日",
            "8时",
            "at 7 o'clock",
            "one of them",
            "hundreds of people",
            "",
        ),
        "1" * 40,
    ],
)
def test_names_years_days_and_small_counts_are_no_quantities(text: str) -> None:
    assert list(find_quantities(fold_text(text))) == []


def test_numbers_come_in_reading_order_each_with_its_unit() -> None:
    text = "三百五十人，全长28.6公里，22座车站，耗资3.5万亿元"
    assert list(find_quantities(text)) == ["350人", "28.6公", "22座", "3500000000000元"]


ONES = "零一二三四五六七八九"


def written(number: int) -> str:
    """The number as Chinese writes it, up to 99,999,999."""
    if number >= 10_000:
        low = number % 10_000
        return written(number // 10_000) + "万" + (("零" if low < 1000 else "") + written(low) if low else "")
    parts, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            parts += ("零" if zero and parts else "") + ONES[digit] + name
        zero = not digit
    return parts


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 99_999_999))
def test_every_chinese_numeral_is_read_as_it_is_written(number: int) -> None:
    assert parse_chinese_numeral(written(number)) == number


@pytest.mark.parametrize(
    ("text", "value"), [("两千五", 2500), ("一万三", 13_000), ("十", 10), ("三百零五", 305)]
)
def test_spoken_numerals(text: str, value: int) -> None:
    assert parse_chinese_numeral(text) == value


@pytest.mark.parametrize(("text", "value"), [("ninety-nine thousand", 99_000), ("one", 1), ("nineteen", 19)])
def test_english_number_words(text: str, value: int) -> None:
    assert parse_english_numeral(text) == value


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(alphabet="〇零一二两三四五六七八九十百千万亿廿卅第%.,0123456789 人元and one hundred", max_size=40)
)
def test_no_text_breaks_it(text: str) -> None:
    assert all(find_quantities(text))
