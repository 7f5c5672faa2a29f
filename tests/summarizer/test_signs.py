"""What a table of heads finds is what re finds that scans the whole text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.languages import LANGUAGES
from summarizer.scripts import SIMPLIFIED, TRADITIONAL
from summarizer.signs import find_signs

FIGURE = re.compile("[0-9０-９](?:[0-9０-９.,]*[0-9０-９])?")
PIECES = st.sampled_from(
    [
        *(
            "指出，",
            "说：",
            "说",
            "我国",
            "我",
            "你们",
            "咱",
            "伟大复兴",
            "总书记",
            "重要",
            "重要讲话",
            "站位",
            "更实举措",
            "全力",
        ),
        *(
            " said ",
            "told",
            "tolds",
            " I ",
            " It",
            " our ",
            "(We ",
            "“You",
            "according to",
            "3.5",
            "2,0,",
            ".5",
            "１２",
            "1",
            ",",
        ),
        *("。", " ", "x", "\U00021234", "國", "国", "\ud800"),
    ]
)


@given(st.lists(st.lists(PIECES, max_size=8), max_size=6), st.sampled_from(["zh", "en", "ja", ""]))
def test_signs_are_found_where_a_scan_finds_them(parts: list[list[str]], tag: str) -> None:
    row = LANGUAGES[tag]
    told = ["".join(part) for part in parts]
    text = "|" + "|".join(told) + "|"
    starts = [1 + sum(len(part) + 1 for part in told[:n]) for n in range(len(told))]
    ends = [start + len(part) for start, part in zip(starts, told, strict=True)]

    def times(pattern: re.Pattern[str]) -> list[int]:
        hits = [hit.start() for hit in pattern.finditer(text)]
        return [sum(start <= hit < end for hit in hits) for start, end in zip(starts, ends, strict=True)]

    found = find_signs(text, starts, ends, row)
    assert found.reported.tolist() == [min(1, n) for n in times(row.reported.pattern)]
    assert found.spoken.tolist() == [min(1, n) for n in times(row.spoken.pattern)]
    assert found.slogan.tolist() == [min(1, n) for n in times(row.slogan.pattern)]
    assert found.hollow.tolist() == times(row.hollow.pattern)
    assert found.figures.tolist() == times(FIGURE)
    assert found.holds_both_scripts == (
        not set(text).isdisjoint(TRADITIONAL) and not set(text).isdisjoint(SIMPLIFIED)
    )


@given(
    st.text(alphabet="但而且却与此同时其他实这的；|[("),
    st.sampled_from(["looking_back", "list_head"]),
)
def test_what_may_begin_a_pattern_is_looked_at_first_and_changes_nothing(text: str, name: str) -> None:
    pattern = getattr(LANGUAGES["zh"], name)
    bare = re.compile(pattern.pattern.partition(")")[2])
    assert (pattern.match(text) is None) == (bare.match(text) is None)


@pytest.mark.parametrize("name", ["looking_back", "list_head"])
def test_every_alternative_of_a_list_can_begin(name: str) -> None:
    pattern = getattr(LANGUAGES["zh"], name).pattern
    heads = re.compile(pattern.partition(")")[0] + ")")
    for alternative in re.findall(r"(?:^|\|)([^|(\[]+)", pattern.partition(")(?:")[2].removesuffix(")")):
        assert heads.match(alternative), alternative
