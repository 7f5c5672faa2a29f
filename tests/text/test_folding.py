"""What is compared without its differences of form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.encoding import decode_text
from bot.text.folding import fold_odd_forms, fold_text


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("臨溪縣醫院", "临溪县医院"),
        ("ＡＢＣ１２", "abc12"),
        ("STRASSE straße", "strasse strasse"),
        ("⽇报", "日报"),
    ],
)
def test_width_case_and_traditional_characters_make_no_difference(written: str, plain: str) -> None:
    assert fold_text(written) == plain


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x9FFF), max_size=40))
def test_the_width_of_letters_makes_no_difference(written: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in written)
    assert fold_text(wide) == fold_text(written)


def test_half_a_character_breaks_nothing_and_keeps_its_place() -> None:
    assert fold_text("a\ud800縣") == "a\ufffd县"


def test_radicals_become_the_characters_they_stand_for_and_marks_stay_wide() -> None:
    assert fold_odd_forms("⽇⽉潭，⻓江⻔户，oﬃce") == "日月潭，长江门户，office"


def test_a_file_is_read_without_radicals() -> None:
    assert decode_text("⽇报，⼆⽉".encode(), "a.txt") == "日报，二月"
