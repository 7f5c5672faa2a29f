"""Characters with places and sizes → the lines of a printed page.

Lengths are in points; `base` counts from the foot of the page, as PDF does. White space between two
characters is a word's end or a gutter. No width alone tells which, because justified narrow columns have
wide spaces between words. A gutter goes on above and below, where other lines of text stand over the space
between two words.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from bot.newspaper.boxes import PageLine, Way
from bot.newspaper.layout import CJK

# As multiples of the size of the characters:
_TIGHT = 0.45  # white space that is never a gutter
_USUAL = 1.3  # white space that is a gutter unless other lines stand over it
_WIDE = 4.0  # white space that is always a gutter
_MAX_OVERLAP = 0.5  # a character further back begins another line
_SAME_LINE = 0.3  # difference of base lines
_NEAR = 7.0  # base lines that far above and below show whether a gutter goes on
_BESIDE = 12.0  # text that far to each side does
_SAME_PLACE = 0.02  # the letters of a ligature share their origin and box
_LETTER_SPACE = 0.12  # a blank that PDFium generated is a space where its width passes the usual one by this
_ASCENT, _DESCENT = 0.88, 0.12  # of Chinese characters, which fill their square
_STEP_DOWN = (0.7, 1.8)  # from one character of a vertical line to the next
_OFF_CENTRE = 0.35  # how far the centres of a vertical line's characters may differ

_SAME_SIZE = 1.15  # ratio
_LEAST_VERTICAL = 4  # characters of a vertical line; a few above each other may be a list
_PLACES = (0.1, 0.5, 0.9)  # in a gap: its line may end long before the gutter
_MOST_COMPARED = 400  # runs that are compared with a gap


class Character(NamedTuple):
    """A character of a page. `blank` is white space; `generated` says that the library added it."""

    text: str
    left: float
    right: float
    base: float
    size: float
    way: Way = Way.LEVEL
    blank: bool = False
    generated: bool = False


@dataclass(slots=True)
class _CharacterRun:
    """Characters that follow each other on one base line, with the white space before each but the first."""

    left: float
    right: float
    base: float
    size: float
    way: Way
    letters: list[str] = field(default_factory=list)
    gaps: list[tuple[float, bool, bool]] = field(default_factory=list)  # width, blank, generated
    start: float = 0.0  # left edge of the last character
    ends_blank: bool = False
    ends_generated: bool = False

    def add_letter(self, character: Character) -> None:
        if self.letters:
            white = character.left - self.right
            self.gaps.append((white, self.ends_blank, self.ends_generated))
        self.letters.append(character.text)
        self.start, self.right = character.left, max(self.right, character.right)
        self.ends_blank = self.ends_generated = False

    def add_blank(self, character: Character) -> None:
        self.ends_generated = character.generated and (self.ends_generated or not self.ends_blank)
        self.ends_blank = True

    def add_run(self, other: "_CharacterRun") -> None:
        self.gaps.append((other.left - self.right, self.ends_blank, self.ends_generated))
        self.gaps += other.gaps
        self.letters += other.letters
        self.right = max(self.right, other.right)
        self.ends_blank, self.ends_generated = other.ends_blank, other.ends_generated

    def compose_text(self) -> str:
        """Return the characters, with a space where the file has one or where words stand apart."""
        widths = [white for white, _, _ in self.gaps]
        usual = median(widths) if len(widths) > 2 else 0.0
        is_letterspaced = (
            len(self.letters) > 2
            and all(len(letter) == 1 for letter in self.letters)
            and all(generated for _, _, generated in self.gaps)
            and max(widths) - min(widths) < _LETTER_SPACE * self.size
        )
        parts = self.letters[:1]
        for letter, before, gap in zip(self.letters[1:], self.letters, self.gaps, strict=False):
            parts.append(" " if not is_letterspaced and self._is_space(before, letter, gap, usual) else "")
            parts.append(letter)
        return "".join(parts)

    def _is_space(self, before: str, letter: str, gap: tuple[float, bool, bool], usual: float) -> bool:
        white, blank, generated = gap
        if blank and not generated:
            return True
        if CJK.match(before) and CJK.match(letter) and not blank:
            return False
        return white > usual + _LETTER_SPACE * self.size


def build_lines(characters: Iterable[Character], height: float) -> list[PageLine]:
    """Return the lines of a page of this height, from its characters in the order of the file."""
    runs = _join_vertical(list(_iterate_runs(characters)), height)
    level = [run for run in runs if isinstance(run, _CharacterRun)]
    lines = [run for run in runs if isinstance(run, PageLine)]
    for way in (Way.LEVEL, Way.UPWARD, Way.DOWNWARD):
        own = [run for run in level if run.way == way]
        lines += [line for run in _merge_runs(own) if (line := _build_line(run, height)).text]
    return lines


def _iterate_runs(characters: Iterable[Character]) -> Iterator[_CharacterRun]:
    """Yield the characters in runs without white space that may be a gutter, in the order of the file."""
    run: _CharacterRun | None = None
    for character in characters:
        if character.blank:
            if run:
                run.add_blank(character)
        elif run and _is_ligature(run, character):
            run.letters[-1] += character.text
        elif run and _follows(run, character) and character.left - run.right < _TIGHT * character.size:
            run.add_letter(character)
        else:
            if run:
                yield run
            run = _CharacterRun(
                left=character.left,
                right=character.right,
                base=character.base,
                size=character.size,
                way=character.way,
            )
            run.add_letter(character)
    if run:
        yield run


def _is_ligature(run: _CharacterRun, character: Character) -> bool:
    """Return whether a character stands where the last one does: a second letter of one glyph (fi)."""
    near = _SAME_PLACE * character.size
    return (
        abs(character.left - run.start) < near
        and abs(character.right - run.right) < near
        and abs(character.base - run.base) < near
        and run.letters[-1].isalpha()
        and character.text.isalpha()
        and not run.ends_blank
    )


def _follows(run: _CharacterRun, other: "Character | _CharacterRun") -> bool:
    """Return whether a character or run stands on the base line of `run`, not before its end."""
    return (
        other.way == run.way
        and 1 / _SAME_SIZE < other.size / max(run.size, 0.1) < _SAME_SIZE
        and other.left - run.right > -_MAX_OVERLAP * other.size
        and abs(other.base - run.base) < _SAME_LINE * other.size
    )


def _join_vertical(runs: Sequence[_CharacterRun], height: float) -> list[_CharacterRun | PageLine]:
    """Return the runs, with those of one Chinese character each that stand below each other as vertical
    lines.
    """
    joined: list[_CharacterRun | PageLine] = []
    column: list[_CharacterRun] = []
    for run in [*runs, None]:
        if run and column and _is_below(column[-1], run):
            column.append(run)
            continue
        if len(column) >= _LEAST_VERTICAL:
            joined.append(_build_vertical_line(column, height))
        else:
            joined += column
        column = []
        if run and _is_single(run):
            column = [run]
        elif run:
            joined.append(run)
    return joined


def _is_single(run: _CharacterRun) -> bool:
    return len(run.letters) == 1 and run.way == Way.LEVEL and not run.letters[0].isascii()


def _is_below(above: _CharacterRun, run: _CharacterRun) -> bool:
    step = (above.base - run.base) / max(run.size, 0.1)
    return (
        _is_single(run)
        and _STEP_DOWN[0] < step < _STEP_DOWN[1]
        and abs(above.left + above.right - run.left - run.right) / 2 < _OFF_CENTRE * run.size
        and 1 / _SAME_SIZE < run.size / max(above.size, 0.1) < _SAME_SIZE
    )


def _build_vertical_line(column: Sequence[_CharacterRun], height: float) -> PageLine:
    size = column[0].size
    return PageLine(
        text="".join(run.letters[0] for run in column),
        left=min(run.left for run in column),
        right=max(run.right for run in column),
        top=height - column[0].base - _ASCENT * size,
        bottom=height - column[-1].base + _DESCENT * size,
        size=size,
        way=Way.VERTICAL,
    )


def _merge_runs(runs: Sequence[_CharacterRun]) -> list[_CharacterRun]:
    """Return the runs, with those of one line joined: a file may write a line word by word."""
    white_space = _WhiteSpace(runs)
    in_order = _join_neighbours(runs, white_space)
    return _join_neighbours(sorted(in_order, key=lambda run: (-round(run.base), run.left)), white_space)


def _join_neighbours(runs: Sequence[_CharacterRun], white_space: "_WhiteSpace") -> list[_CharacterRun]:
    joined: list[_CharacterRun] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and _follows(last, run) and not white_space.is_gutter(last, run):
            last.add_run(run)
        else:
            joined.append(run)
    return joined


class _WhiteSpace:
    """The runs of a page, to ask whether the white space between two of them goes on above and below."""

    def __init__(self, runs: Sequence[_CharacterRun]) -> None:
        ordered = sorted(runs, key=lambda run: run.base)
        self.bases = [run.base for run in ordered]
        self.extents = [(run.left, run.right, run.size) for run in ordered]

    def is_gutter(self, last: _CharacterRun, run: _CharacterRun) -> bool:
        white, size = run.left - last.right, run.size
        if white < _TIGHT * size:
            return False
        if white > _WIDE * size:
            return True
        rows = [self._count_rows(last.right + share * white, run.base, size) for share in _PLACES]
        if white > _USUAL * size:
            return any(covered <= flanked for covered, flanked in rows)
        return any(flanked > covered + 1 for covered, flanked in rows)

    def _count_rows(self, centre: float, base: float, size: float) -> tuple[int, int]:
        """Return how many base lines near have text over `centre`, and how many at most that on both its
        sides.

        The base lines of columns side by side need not be level.
        """
        rows: dict[int, list[bool]] = {}  # base line → text at the left, over the centre, at the right
        for start, end in (
            (bisect_left(self.bases, base - _NEAR * size), bisect_left(self.bases, base - _SAME_LINE * size)),
            (
                bisect_right(self.bases, base + _SAME_LINE * size),
                bisect_right(self.bases, base + _NEAR * size),
            ),
        ):
            for at in range(start, min(end, start + _MOST_COMPARED)):
                left, right, own = self.extents[at]
                is_beside = left < centre + _BESIDE * size and right > centre - _BESIDE * size
                if is_beside and own < _SAME_SIZE * _SAME_SIZE * size:  # headings stand over gutters
                    sides = rows.setdefault(round(self.bases[at] / (2 * _SAME_LINE * size)), [False] * 3)
                    sides[1 if left < centre < right else 0 if right <= centre else 2] = True
        covered = sum(sides[1] for sides in rows.values())
        free = [sides for sides in rows.values() if not sides[1]]
        return covered, min(sum(sides[0] for sides in free), sum(sides[2] for sides in free))


def _build_line(run: _CharacterRun, height: float) -> PageLine:
    """Return the line of a run; one that runs up or down the page is measured from its own side."""
    across = (run.base + _ASCENT * run.size, run.base - _DESCENT * run.size)
    left, right, high, low = run.left, run.right, *across
    if run.way == Way.UPWARD:  # `left` counts up the page, `base` to the left
        left, right, high, low = -across[0], -across[1], run.right, run.left
    elif run.way == Way.DOWNWARD:  # `left` counts down the page, `base` to the right
        left, right, high, low = across[1], across[0], -run.left, -run.right
    return PageLine(
        text=run.compose_text().strip(),
        left=left,
        right=right,
        top=height - high,
        bottom=height - low,
        size=run.size,
        way=run.way,
    )
