"""What is removed from outside text is a closed list with a test for each row; all else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.html.invisible import _REMOVALS, drop_invisible

# A row of the list → texts with what is removed, and texts in which the same characters stay.
EXAMPLES = {
    "control characters, anywhere": (
        ("急\x08救", "急救"),
        ("a\x7fb", "ab"),
        ("a\x9fb", "ab"),
        ("a\tb\nc", "a\tb\nc"),
    ),
    "halves of surrogate pairs and noncharacters, anywhere": (
        ("a\ud800b", "ab"),
        ("a\ufffeb", "ab"),
        ("a\ufdd0b", "ab"),
    ),
    "soft hyphen, anywhere": (("Auf\xadlage", "Auflage"),),
    "word joiner and byte order mark, anywhere": (("急\u2060救\ufeff", "急救"),),
    "object replacement character, anywhere": (("图\ufffc。", "图。"),),
    "zero width space, but between letters of scripts without blanks": (
        ("零\u200b宽", "零宽"),
        ("a\u200bb", "ab"),
        ("ข่าว\u200bวันนี้", "ข่าว\u200bวันนี้"),
    ),
    "zero width non-joiner, but between letters of scripts that it shapes": (
        ("Auf\u200clage", "Auflage"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ),
    "zero width joiner, but between such letters or pictures": (
        ("a\u200db", "ab"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d🚒", "👩\u200d🚒"),
    ),
}


def test_every_row_of_the_list_has_examples():
    assert EXAMPLES.keys() == _REMOVALS.keys()


@pytest.mark.parametrize(
    ("text", "expected"),
    [pair for examples in EXAMPLES.values() for pair in examples],
    ids=lambda text: ascii(text),
)
def test_invisible_characters_are_removed_where_they_say_nothing(text, expected):
    assert drop_invisible(text) == expected


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn"], exclude_characters="\ufffc")))
def test_every_other_character_stays(text):
    assert drop_invisible(text) == text
