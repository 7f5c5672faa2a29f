"""Words of headings are observed where headings stand, and those of the table alone speak."""

from bot.newspaper.labels import LABELS
from bot.newspaper.layout import Piece
from bot.newspaper.looks import look
from bot.newspaper.words import SIDES, pairs, said, sayings, table

PAGE = [look(Piece(text=text)) for text in ("全县召开座谈会", "会议部署冬修", "会议要求，各地按时完成。")]


def test_pairs_are_of_chinese_characters_and_marks_alone() -> None:
    assert pairs("修路5G村A区") == {"修路"}


def test_heading_and_its_neighbours_are_observed() -> None:
    sides = [side for _, side in SIDES]
    found = set(sayings(PAGE, 1))

    assert (sides[0], "冬修") in found
    assert (sides[1], "座谈") in found
    assert not any(side == sides[2] for side, _ in found)


def test_text_that_runs_on_says_nothing() -> None:
    assert list(sayings(PAGE, 2)) == []


def test_only_the_tables_words_speak() -> None:
    names = {name for i in range(len(PAGE)) for name, _ in said(PAGE, i)}

    assert names
    assert names <= table().keys()


def test_table_is_small_and_has_a_weight_a_label() -> None:
    assert {len(row) for row in table().values()} == {len(LABELS)}
    assert sum(map(bool, (weight for row in table().values() for weight in row))) <= 1000
