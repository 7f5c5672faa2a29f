"""Characters with places → lines: gutters and word spaces, ligatures, generated blanks, turned text."""

from collections.abc import Iterator

from bot.newspaper.boxes import Way
from bot.sources.pdf_lines import Character, build_lines

SIZE, HEIGHT, LEADING = 10.0, 500.0, 12.0
NARROW = (
    "the county opens",
    "its library at ten",
    "on each day of the",
    "week but Monday,",
    "when it is closed",
)
OTHER = (
    "water rises again",
    "in the old harbour",
    "where boats that lie",
    "at anchor swing to",
    "and fro at night",
)


def set_words(
    text: str,
    left: float,
    base: float,
    *,
    space: float = 3.0,
    letter_space: float = 0.0,
    generated: bool = False,
) -> Iterator[Character]:
    """A line of letters half as wide as their size, with a blank of `space` between words."""
    x = left
    for letter in text:
        if letter == " ":
            yield Character(" ", x, x + space, base, SIZE, blank=True, generated=generated)
            x += space
        else:
            yield Character(letter, x, x + SIZE / 2, base, SIZE)
            x += SIZE / 2 + letter_space


def justify(lines: tuple[str, ...], left: float, width: float) -> Iterator[Character]:
    """Lines in a column, with as much space between the words as fills its width."""
    for n, text in enumerate(lines):
        spaces = text.count(" ")
        space = (width - (len(text) - spaces) * SIZE / 2) / spaces
        yield from set_words(text, left, 400 - n * LEADING, space=space)


def read_texts(characters: list[Character]) -> list[str]:
    return [line.text for line in build_lines(characters, HEIGHT)]


def test_a_wide_space_between_words_of_a_justified_column_is_no_gutter() -> None:
    lines = (
        "a narrow column of words",
        "is justified so",
        "that words stand far apart",
        "and look like two of it",
    )
    characters = [*justify(lines, 20, 126)]
    assert any(c.blank and c.right - c.left > 1.3 * SIZE for c in characters)
    assert read_texts(characters) == list(lines)


def test_a_narrow_gutter_parts_the_lines_of_two_columns_written_across() -> None:
    first, second = list(justify(NARROW, 20, 84)), list(justify(OTHER, 111, 90))
    across = sorted([*first, *second], key=lambda c: (-c.base, c.left))
    assert sorted(read_texts(across)) == sorted([*NARROW, *OTHER])


def test_a_short_line_ends_at_its_own_column() -> None:
    lines = (*NARROW[:4], "closed.")
    first, second = (
        [*justify(NARROW[:4], 20, 84), *set_words("closed.", 20, 352)],
        [*justify(OTHER, 111, 90)],
    )
    across = sorted([*first, *second], key=lambda c: (-c.base, c.left))
    assert sorted(read_texts(across)) == sorted([*lines, *OTHER])


def test_both_letters_of_a_ligature_are_read() -> None:
    characters = [*set_words("the o", 20, 400)]
    x = characters[-1].right
    characters += [Character(letter, x, x + 8, 400, SIZE) for letter in "ffi"]
    characters += [*set_words("ce opens", x + 8, 400)]
    assert read_texts(characters) == ["the office opens"]


def test_a_letterspaced_word_stays_one_when_the_library_generated_the_blanks() -> None:
    spaced = [*set_words("T h e", 20, 400, space=3.0, generated=True)]
    assert read_texts(spaced) == ["The"]
    words = [*set_words("the dam holds", 20, 370, space=3.0, generated=True)]
    assert read_texts(words) == ["the dam holds"]


def test_a_blank_of_the_file_is_a_space_however_narrow() -> None:
    assert read_texts([*set_words("the dam", 20, 370, space=0.5)]) == ["the dam"]


def test_chinese_characters_below_each_other_are_a_vertical_line() -> None:
    column = [Character(c, 200, 210, 400 - n * 10.5, SIZE) for n, c in enumerate("县图书馆晚上开放")]
    (line,) = build_lines(column, HEIGHT)
    assert (line.text, line.way, line.left, line.right) == ("县图书馆晚上开放", Way.VERTICAL, 200, 210)
    assert line.top < 100 < line.bottom


def test_figures_below_each_other_are_lines_of_their_own() -> None:
    column = [Character(str(n), 200, 205, 400 - n * 12, SIZE) for n in range(1, 7)]
    assert read_texts(column) == ["1", "2", "3", "4", "5", "6"]


def test_text_turned_by_a_quarter_is_one_line_at_its_place() -> None:
    upward = [
        Character(letter, 100 + 5 * n, 105 + 5 * n, -300, SIZE, Way.UPWARD)
        for n, letter in enumerate("harbour")
    ]
    (line,) = build_lines(upward, HEIGHT)
    assert (line.text, line.way) == ("harbour", Way.UPWARD)
    assert line.right - line.left == SIZE
    assert (round(line.top), round(line.bottom)) == (365, 400)
    assert line.left < 300 <= line.right + 2
