"""Lines at the terminal."""

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.cli.line_breaking import break_lines

SIGNS = st.sampled_from(list("今天水库蓄水ab12，。“”《》…() %"))
WHITE = re.compile(r"\s+")


@given(st.text(SIGNS, max_size=80), st.integers(12, 60))
def test_nothing_is_lost_and_no_line_is_too_long(text: str, width: int) -> None:
    found = break_lines(text, width)
    assert WHITE.sub("", "".join(found)) == WHITE.sub("", text)
    assert all(cell_len(line) <= width or " " not in line for line in found)


def test_no_line_begins_with_a_mark_that_closes_or_ends_with_one_that_opens() -> None:
    text = "会议指出，“今年是极为重要的一年。”《方案》印发（见二版），水库蓄水。" * 5
    for width in range(12, 60):
        found = break_lines(text, width)
        assert not any(line[0] in "，。、”》）" for line in found)
        assert not any(line[-1] in "“《（" for line in found)


def test_words_in_letters_stay_whole() -> None:
    assert break_lines("The centre cost 126 million yuan.", 16) == ["The centre cost", "126 million", "yuan."]
