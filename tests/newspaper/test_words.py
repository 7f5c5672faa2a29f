"""Words of headings are observed where headings stand, and those of the table alone speak."""

from bot.newspaper.heading_words import SIDES, list_pairs, list_sayings, load_table, observe_words
from bot.newspaper.labels import LABELS
from bot.newspaper.layout import Piece
from bot.newspaper.piece_traits import describe_piece

PAGE = [
    describe_piece(Piece(text=text))
    for text in ("全县召开座谈会", "会议部署冬修", "会议要求，各地按时完成。")
]


def test_pairs_are_of_chinese_characters_and_marks_alone() -> None:
    assert list_pairs("修路5G村A区") == {"修路"}


def test_heading_and_its_neighbours_are_observed() -> None:
    sides = [side for _, side in SIDES]
    found = set(list_sayings(PAGE, 1))

    assert (sides[0], "冬修") in found
    assert (sides[1], "座谈") in found
    assert not any(side == sides[2] for side, _ in found)


def test_text_that_runs_on_says_nothing() -> None:
    assert list(list_sayings(PAGE, 2)) == []


def test_only_the_tables_words_speak() -> None:
    names = {name for i in range(len(PAGE)) for name, _ in observe_words(PAGE, i)}

    assert names
    assert names <= load_table().keys()


def test_table_is_small_and_has_a_weight_a_label() -> None:
    assert {len(row) for row in load_table().values()} == {len(LABELS)}
    assert sum(map(bool, (weight for row in load_table().values() for weight in row))) <= 1000
