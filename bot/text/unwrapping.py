"""Hard-wrapped lines → paragraphs. Lists, poems, tables, dialogues, headings and code keep their lines.

A wrapped text has one width: within a paragraph, a line and the word after it do not fit into that width. The
last line of a paragraph, a heading or a line of a poem leaves room for the next word. So a full line is
joined with the next one, but only if nearly all lines that end within a sentence are full.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bot.text.lines import TextLine, find_beginnings, read_lines, split_blocks
from summarizer.languages.detection import FUNCTION_WORDS
from summarizer.scripts import ALL_HAN

# How a width is recognized. Tuned on half of about 800 articles in three languages, wrapped at 16 to 120
# characters; after a change run tests/benchmarks/texts/measure_unwrapping.py, which measures the other half.
_MIN_WIDTH = 14  # characters; the shortest possible longest line of a text wrapped at 16
_SAMPLE_LINES = 3_000  # the first lines of the text, from which the width is found
_MAX_WIDTHS = 14  # tried, the longest first
_MIN_FULL_SHARE = 0.75  # of the lines that end within a sentence, headings aside
# of full lines after which a small letter follows; lines of a poem begin with capitals
_MIN_LOWER_SHARE = 0.35
_MIN_FULL_LINES = 3  # if there are fewer, they must be long or be followed by a small letter
_LONG_HAN_LINE, _LONG_LINE = 40, 72  # characters
_HEADING_SHARE = 0.5  # of the width: a shorter line that does not end a sentence may be a heading
_MAX_OVERLONG_SHARE = 0.1  # of all lines: those that are longer than the width
# of a full line that ends a sentence: decides between widths that explain equally many lines
_ENDED_WORTH = 0.01
_RAGGED_COST, _POEM_COST, _OVERLONG_COST = (
    2.0,
    0.5,
    1.5,
)  # how many full lines a line that contradicts the width outweighs
_EXACT_SHARE = 0.97  # of the full lines: this share has exactly the width if words were broken
_HYPHEN_SHARE = 0.06  # of the full lines: if more end in a hyphen, words were broken
_HAN_SHARE = 0.25  # of the characters: from this share on, lines are joined without a space
_HAND_WIDTH, _HAND_SLACK = (
    50,
    0.2,
)  # characters, and share of the width: the room that a typist leaves who breaks lines by eye
_HAND_SCORE = 0.8  # factor for the score of such a width, which is less frequent
_MEAN_WORD = {True: 1.2, False: 6.0}  # characters, with the space; by whether the text is Chinese
_TITLE_CHARACTERS = range(40, 110)  # of a title that happens to fill its line
_TITLE_OVERLAP = 0.5  # of its words that the following text uses again
_TITLE_LINES = 8

_HAN = (
    r"\u2e80-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff"
    r"00-\uff60"
    r"\U00020000-\U0003ffff"
)
_HAN_CHARACTER = re.compile(rf"[{_HAN}]")
_WIDE = re.compile(rf"[{_HAN}\uac00-\ud7a3\uffe0-\uffe6‘’“”…—·]")  # two cells each in Chinese text
_OPENING = re.escape("“‘「『（(《〈【〔[｛{")
_CLOSING_MARKS = "，。、；：！？”’」』）)》〉】〕]｝}％%,.;:!?…—·～~"
_CLOSING = re.escape(_CLOSING_MARKS)
_HAN_WORD = re.compile(
    rf"[{_OPENING}]*(?:[{_HAN}]|[^\s{_HAN}“”‘’]+)?[{_CLOSING}]*"
)  # what is never split over two lines
_WORD = re.compile(r"[^ \t]+")
_SENTENCE_ENDED = re.compile(r"[。！？!?.…｡][”’」』）)》】\]\"'*»]*$")
_CHINESE_WORD = rf"[{ALL_HAN}]"
_MIXED_WORDS = re.compile(rf"{_CHINESE_WORD}[A-Za-z]|[A-Za-z]{_CHINESE_WORD}")
_APART = re.compile(rf"{_CHINESE_WORD} [A-Za-z]|[A-Za-z] {_CHINESE_WORD}")
_HYPHENATED = re.compile(r"[a-zà-ÿ]-$")
_SUSPENDED = re.compile(
    r"(?:and|or|to|und|oder|et|ou|y|o|e)\b"
)  # first- and second-hand: a space after the hyphen
_DATELINE = re.compile(r"(?:本报|新华社|中新[社网]|人民网|记者|据.{2,12}(?:报道|消息)|\d{1,2}月\d{1,2}日)")
_NO_TITLE_END = frozenset(" ".join([*FUNCTION_WORDS.values(), "into over after before against"]).split())
_NO_TITLE = re.compile(r"[.!?;。！？；][”’'\")）]*\s|\((?:CNN|Reuters|Xinhua|[A-Z]{2,5})\)|\s(?:--|[–—])\s")


@dataclass(frozen=True, kw_only=True, slots=True)
class TextParagraph:
    """A paragraph on one line. `is_parted`: there is a blank line before it."""

    text: str
    places: tuple[
        tuple[int, int], ...
    ]  # (in the paragraph, in the whole text), where each of its lines begins
    is_parted: bool = False

    def locate(self, position: int) -> int:
        """Return the position in the whole text of the paragraph's character at `position`."""
        here, there = self.places[bisect_right(self.places, position, key=lambda place: place[0]) - 1]
        return there + position - here


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """The lines that continue in the next one, and how to join them."""

    full: frozenset[int] = frozenset()
    is_han: bool = False
    breaks_words: bool = False  # a line may end within a word
    hyphenates: bool = False
    sets_latin_apart: bool = False  # Latin words among Chinese characters are separated by spaces


@dataclass(frozen=True, slots=True)
class _Ruler:
    """Widths of lines: counted in cells, two for a Chinese character, or in characters; with the indent or
    without.
    """

    lines: Sequence[TextLine]
    is_han: bool
    is_cells: bool
    has_indent: bool
    slack: float = 0.0  # share of the width that may be free at the end of a full line
    widths: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        for line in self.lines:
            margin = line.indent if self.is_cells else line.margin
            is_counted = self.has_indent or line.margin == 1  # one space was left over from the line before
            self.widths.append(self.measure(line.text) + line.trail + (margin if is_counted else 0))

    def measure(self, text: str) -> int:
        return len(text) + (len(_WIDE.findall(text)) if self.is_cells else 0)

    def is_full(self, i: int, width: int) -> bool:
        """Return whether line `i` has no room for the word after it.

        A line that is far too long was not wrapped.
        """
        line, after = self.lines[i], self.lines[i + 1]
        if self.widths[i] > width:
            marks = len(line.text) - len(
                line.text.rstrip(_CLOSING_MARKS)
            )  # these marks may stick out over the edge
            unbreakable = not (_HAN_CHARACTER.search(line.text) if self.is_han else " " in line.text)
            return unbreakable or self.widths[i] - width <= self.measure(line.text[len(line.text) - marks :])
        word = (_HAN_WORD if self.is_han else _WORD).match(after.text)
        blank = (
            0 if self.is_han or line.trail else 2 if line.is_ended else 1
        )  # typists write two after a sentence
        room = (1 - self.slack) * width - self.widths[i] - blank - (after.margin == 1)
        return self.measure(word[0] if word and word[0] else after.text[:1]) > room


@dataclass(frozen=True, slots=True)
class _Fit:
    """The lines that a width explains: they end within a sentence because they are full."""

    score: float
    width: int
    full: list[int]
    ruler: _Ruler


def unwrap_text(text: str) -> str:
    """Return the text with each paragraph on one line, without blank lines."""
    return "\n".join(paragraph.text for paragraph in split_paragraphs(text))


def split_paragraphs(text: str) -> tuple[TextParagraph, ...]:
    """Return the paragraphs of a text whose line ends are "\\n", wrapped lines joined."""
    lines = read_lines(text)
    begins = find_beginnings(lines)
    wrapping = _find_wrapping(lines, begins)
    paragraphs: list[TextParagraph] = []
    run: list[TextLine] = []
    is_parted = False
    for i, line in enumerate(lines):
        if run and (i - 1 not in wrapping.full or i in begins):
            paragraphs.append(_join_lines(run, wrapping, is_parted=is_parted))
            run, is_parted = [], False
        if line.text:
            run.append(line)
        else:
            is_parted = bool(paragraphs)
    if run:
        paragraphs.append(_join_lines(run, wrapping, is_parted=is_parted))
    return tuple(paragraphs)


def _find_wrapping(lines: Sequence[TextLine], begins: frozenset[int]) -> _Wrapping:
    """Finds the width that explains where the lines end."""
    blocks = split_blocks(lines, begins)
    fit = _find_width(lines, blocks)
    if fit is None:
        return _Wrapping()
    ruler = replace(fit.ruler, lines=lines)
    pairs = [i for block in _find_prose(ruler, fit.width, blocks)[0] for i in block[:-1]]
    full = {i for i in pairs if ruler.is_full(i, fit.width)}
    if not _has_visible_paragraphs(lines, begins):
        full -= _find_hidden_ends(lines, pairs, full, fit.width, ruler.is_han)
    if not begins and len(pairs) + 1 == sum(bool(line.text) for line in lines):  # no paragraph is visible
        full -= _find_title_end(lines, full, ruler.is_han)
    hyphens = sum(bool(_HYPHENATED.search(lines[i].text)) for i in fit.full)
    exact = sum(fit.ruler.widths[i] == fit.width for i in fit.full)
    return _Wrapping(
        full=frozenset(full),
        is_han=ruler.is_han,
        breaks_words=len(fit.full) > _MIN_FULL_LINES and exact > _EXACT_SHARE * len(fit.full),
        hyphenates=hyphens > max(2, _HYPHEN_SHARE * len(fit.full)),
        sets_latin_apart=ruler.is_han and _sets_latin_apart(lines),
    )


def _find_width(lines: Sequence[TextLine], blocks: Sequence[range]) -> _Fit | None:
    """Return the width that explains most of a text's first lines; None if no width explains enough."""
    lines = lines[:_SAMPLE_LINES]
    blocks = [range(block.start, min(block.stop, len(lines))) for block in blocks if block.start < len(lines)]
    sample = "".join(lines[i].text for block in blocks for i in block)
    is_han = len(_HAN_CHARACTER.findall(sample)) > _HAN_SHARE * len(sample)
    rulers = [
        _Ruler(lines, is_han, is_cells, has_indent)
        for is_cells in ((False, True) if is_han else (False,))
        for has_indent in (True, False)
    ]
    fits = [fit for ruler in rulers for fit in _try_widths(ruler, blocks)]
    if not is_han and any(after.text and not line.text for line, after in pairwise(lines)):
        by_hand = _try_widths(replace(rulers[0], slack=_HAND_SLACK), blocks)
        fits += [replace(fit, score=_HAND_SCORE * fit.score) for fit in by_hand if fit.width >= _HAND_WIDTH]
    best = max(fits, key=lambda fit: fit.score, default=None)
    return best if best is not None and _is_prose(lines, best.full, is_han) else None


def _try_widths(ruler: _Ruler, blocks: Sequence[range]) -> Iterator[_Fit]:
    """Yield what each width explains, for widths that explain most lines that end inside a sentence."""
    floor = _MIN_WIDTH * (2 if ruler.is_cells else 1)
    widths = {width for block in blocks for i in block[:-1] if (width := ruler.widths[i]) >= floor}
    count = sum(bool(line.text) for line in ruler.lines)
    for width in sorted(widths, reverse=True)[:_MAX_WIDTHS]:
        overlong = sum(own > width * 1.08 + 2 for own in ruler.widths)
        if overlong > max(1, _MAX_OVERLONG_SHARE * count):
            return
        prose, full, ragged, poem_lines = _find_prose(ruler, width, blocks)
        ended = sum(
            ruler.lines[i].is_ended and ruler.is_full(i, width) for block in prose for i in block[:-1]
        )
        score = (
            len(full)
            + _ENDED_WORTH * ended
            - _RAGGED_COST * ragged
            - _POEM_COST * poem_lines
            - _OVERLONG_COST * overlong
        )
        if full and score > 0 and len(full) >= _MIN_FULL_SHARE * (len(full) + ragged):
            yield _Fit(score, width, full, ruler)


def _find_prose(
    ruler: _Ruler, width: int, blocks: Sequence[range]
) -> tuple[list[range], list[int], int, int]:
    """Return the blocks that this width explains, what is full in them, and what is ragged in them and in
    others.

    Full and ragged lines end within a sentence; headings are neither.
    """
    prose: list[range] = []
    full: list[int] = []
    ragged = poem_lines = 0
    for block in blocks:
        inner = [i for i in block[:-1] if not ruler.lines[i].is_ended]
        own = [i for i in inner if ruler.is_full(i, width)]
        short = sum(ruler.widths[i] >= _HEADING_SHARE * width for i in set(inner).difference(own))
        if short > len(own):
            poem_lines += short
        else:
            prose.append(block)
            full += own
            ragged += short
    return prose, full, ragged, poem_lines


def _is_prose(lines: Sequence[TextLine], full: Sequence[int], is_han: bool) -> bool:
    """Return whether enough full lines continue in the next line, and the text is not a poem."""
    if is_han:
        return len(full) > 1 or len(lines[full[0]].text) >= _LONG_HAN_LINE
    lower = sum(lines[i + 1].text[0].islower() for i in full)
    letters = sum(lines[i + 1].text[0].isalpha() for i in full)
    if lower < _MIN_LOWER_SHARE * letters:
        return False
    return (
        len(full) >= _MIN_FULL_LINES
        or lower == len(full)
        or all(len(lines[i].text) >= _LONG_LINE for i in full)
    )


def _has_visible_paragraphs(lines: Sequence[TextLine], begins: frozenset[int]) -> bool:
    """Return whether blank lines or indents separate the paragraphs."""
    parted = sum(bool(after.text) and not line.text for line, after in pairwise(lines)) + len(begins)
    bare = sum(
        bool(lines[i].text) and bool(lines[i - 1].text) and lines[i - 1].is_ended and i not in begins
        for i in range(1, len(lines))
    )
    return parted > 1 and parted * 3 > bare


def _find_hidden_ends(
    lines: Sequence[TextLine], pairs: Sequence[int], full: set[int], width: int, is_han: bool
) -> set[int]:
    """Return the full lines that end a sentence, if most of them end paragraphs and are full by chance.

    Their number is estimated from the paragraphs whose last lines are not full.
    """
    ends = {i for i in full if _SENTENCE_ENDED.search(lines[i].text[-8:])}
    visible = sum(i not in full and lines[i].is_ended for i in pairs)
    chance = min(0.9, _MEAN_WORD[is_han] / width)
    return ends if visible * chance / (1 - chance) > len(ends) / 2 else set()


def _find_title_end(lines: Sequence[TextLine], full: set[int], is_han: bool) -> set[int]:
    """Return the line, if any, that ends a title although it is full."""
    first = next(i for i, line in enumerate(lines) if line.text)
    title = ""
    candidates: list[tuple[float, int]] = []
    for i in range(first, min(first + _TITLE_LINES, len(lines) - 1)):
        title = f"{title}{'' if is_han else ' '}{lines[i].text}".strip()
        if i not in full or len(title) > _TITLE_CHARACTERS.stop or _NO_TITLE.search(f"{title} "):
            break
        if is_han:
            if _DATELINE.match(lines[i + 1].text):
                return {i}
        elif len(title) >= _TITLE_CHARACTERS.start and not lines[i + 1].text[0].islower():
            body = " ".join(line.text for line in lines[i + 1 : i + 60])[:800]
            candidates.append((_measure_overlap(title, body), i))
    overlap, i = max(candidates, default=(0.0, -1))
    return {i} if overlap >= _TITLE_OVERLAP else set()


def _measure_overlap(title: str, body: str) -> float:
    """Return the share of the title's words that the body uses again; 0 if its last word requires another
    one.
    """
    words = [word for word in re.findall(r"\w+", title.lower()) if len(word) > 2 or word.isdigit()]
    last = title.split()[-1]
    if not words or last[-1] in ",-–(" or last.lower().strip("'\"”’") in _NO_TITLE_END:
        return 0.0
    used = set(re.findall(r"\w+", body.lower()))
    overlap = sum(word in used for word in words) / len(words)
    return overlap - 0.1 if last[0].isupper() else overlap  # a name may continue


def _join_lines(run: Sequence[TextLine], wrapping: _Wrapping, *, is_parted: bool) -> TextParagraph:
    parts = [run[0].text]
    places = [(0, run[0].start)]
    length = len(run[0].text)
    for line, after in pairwise(run):
        if wrapping.hyphenates and _HYPHENATED.search(line.text) and after.text[0].islower():
            parts[-1] = parts[-1][:-1]
            length -= 1
        else:
            blank = _choose_joint(line, after, wrapping)
            parts.append(blank)
            length += len(blank)
        places.append((length, after.start))
        parts.append(after.text)
        length += len(after.text)
    return TextParagraph(text="".join(parts), places=tuple(places), is_parted=is_parted)


def _is_within_figure(text: str, following: str) -> bool:
    return following.isdigit() and text.rstrip(".,:")[-1:].isdigit()


def _sets_latin_apart(lines: Sequence[TextLine]) -> bool:
    """Return whether Chinese characters and Latin letters are usually separated by spaces."""
    sample = "\n".join(line.text for line in lines[:_SAMPLE_LINES])
    return len(_APART.findall(sample)) > len(_MIXED_WORDS.findall(sample))


def _choose_joint(line: TextLine, after: TextLine, wrapping: _Wrapping) -> str:
    """Return what joins two lines of a paragraph: a space or nothing."""
    last, first = line.text[-1], after.text[0]
    if line.trail or after.margin == 1:
        return " "
    if wrapping.breaks_words:
        return ""
    if _HAN_CHARACTER.match(last) or _HAN_CHARACTER.match(first):
        return " " if wrapping.sets_latin_apart and _MIXED_WORDS.fullmatch(last + first) else ""
    if wrapping.is_han and (last in "…—“‘" or first in _CLOSING_MARKS or _is_within_figure(line.text, first)):
        return ""
    if last == "-" and line.text[-2:-1].isalnum():
        return " " if _SUSPENDED.match(after.text) else ""
    if last == "—" or line.text.endswith("--"):
        return " " if line.text.rstrip("-—")[-1:].isspace() else ""
    return " "
