import re

import pytest

from bot.newspaper.required_characters import compile_filter


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("第[0-9]+版", "第3版"),
        (r"\d{1,2}(?=月)|[一二三]月", "三月"),
        (r"(?:tel|phone)\s*\d+", "PHONE 5"),
        ("(?:总第)?[期号]", "号"),
        (r"\d+", "３"),
    ],
)
def test_every_match_has_one_of_the_characters(pattern: str, text: str) -> None:
    compiled = re.compile(pattern, re.IGNORECASE)
    assert compiled.search(text)
    assert compile_filter([compiled]).search(text)


def test_text_with_none_of_the_characters_needs_no_search() -> None:
    assert not compile_filter([re.compile("第[0-9]+版"), re.compile("责编：")]).search("县里修了一条路。")


def test_a_new_pattern_brings_its_own_characters() -> None:
    assert compile_filter([re.compile("第[0-9]+版"), re.compile("农历腊月")]).search("农历腊月")


@pytest.mark.parametrize("pattern", [".", "a?", "a*|b", "[^年]"])
def test_a_pattern_that_may_match_anything_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="any characters"):
        compile_filter([re.compile(pattern)])
