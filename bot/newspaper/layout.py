"""A page's text → its pieces: headings, paragraphs and torn parts, with hard-wrapped lines joined.

This module knows only lines, widths and indents. evidence and labels decide whether a piece is a headline,
a paragraph or something else.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.newspaper.furniture import INLINE_FROM, INLINE_ON, explain_furniture, parse_jump

_WHITE = re.compile(r"\s+")
_INDENT = re.compile(r"^(?:\u3000| {2,}|\t)")
CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_CJK_RUN = re.compile(rf"{CJK.pattern}+")
_WIDE = re.compile(r"[\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u2010-\u2026]")
# Five or more single characters with spaces between them: no heading is printed this way, but scanners read
# them so. Shorter runs stay: two separate characters may be a name (张 鹏), and a heading may space out four
# to fill its line.
_LETTERSPACED = re.compile(
    rf"(?<![^\s，。、；：！？]){CJK.pattern}(?: {CJK.pattern}){{4,}}(?![^\s，。、；：！？])"
)
SENTENCE_ENDS = "。！？!?…；;"
CLOSERS = "”’」』）)】》〉\"'"
# Compounds that keep their hyphen at a line's end. Elsewhere the typesetter added a hyphen before a
# lower-case letter.
_HYPHENATED = frozenset(
    [
        "well",
        "self",
        "non",
        "ex",
        "anti",
        "co",
        "part",
        "long",
        "short",
        "high",
        "low",
        "half",
        "all",
        "cross",
        "full",
        "mid",
        "two",
        "three",
        "one",
    ]
)

_WHOLE_WORD = re.compile(r"(?<![^\W_])(?<!-)[^\W\d_]{3,}(?![-\w])")
_LEAST_HALF, _LONGEST_ENDING = (
    4,
    5,
)  # letters of a word before a hyphen of its own; of an ending of a broken word
# Words that are as often the first half of one word: over-seas, some-thing.
_HALVES = frozenset(
    re.findall(r"\w+", "over under some with them after every else what when where more news work")
)
_ENDINGS = (
    "ment",
    "tion",
    "sion",
    "ness",
    "ship",
    "hood",
    "able",
    "ible",
    "less",
    "ation",
    "ization",
    "ingly",
)

# Share of a page's characters that must stand in lines of a frequent width before the page counts as
# hard-wrapped. Any value from 0.4 to 0.7 separates the layouts of the evaluation pages. Run
# tests/benchmarks/pages again after a change.
_WRAPPED_SHARE = 0.5
# Share of lines that makes a width frequent. A page may have several columns of different widths.
_WIDTH_SHARE = 0.12
_LONGEST_WORD = 40  # characters
_LEAST_INDENTS = 3  # indented lines that show that the page indents its paragraphs


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A run of text that stands alone on the page.

    `text` has its white space collapsed. `indented` says that its first line was indented; `parted` that a
    blank line stands before it. `lines` counts printed lines. `size` is the printed size of its characters
    relative to the page's text, 0 when unknown. `apart` is the reason why its position shows that it is not
    text of an article; "" when there is none.
    """

    text: str
    indented: bool = False
    parted: bool = False
    lines: int = 1
    size: float = 0.0
    apart: str = ""


def cut_pieces(text: str) -> tuple[Piece, ...]:
    """Return the pieces of `text`, with wrapped lines joined and jump lines separated from their
    paragraphs.
    """
    lines = text.split("\n")
    spaced = is_spaced(text)
    indents = sum(bool(_INDENT.match(line)) for line in lines) >= _LEAST_INDENTS
    full = _find_full_lines(lines, spaced)
    runs: list[list[str]] = []
    parted: list[bool] = []
    is_open = is_parted = False
    for i, line in enumerate(lines):
        if not line.strip():
            is_open, is_parted = False, bool(runs)
            continue
        if is_open and not _INDENT.match(line):
            runs[-1].append(line)
        else:
            runs.append([line])
            parted.append(is_parted)
        is_parted = False
        is_open = i in full and not _is_line_alone(runs, indents)
    words = collect_words(lines) if spaced else frozenset()
    return tuple(
        part
        for run, gap in zip(runs, parted, strict=True)
        for part in _cut_run(run, spaced, words, is_parted=gap)
    )


def _is_line_alone(runs: list[list[str]], indents: bool) -> bool:
    """Return whether the last run is a separate line although it fills its column: furniture or a heading."""
    line = runs[-1][0]
    if len(runs[-1]) > 1 or _INDENT.match(line):
        return False
    if explain_furniture(line.strip()) or parse_jump(line.strip()):
        return True
    before = runs[-2][-1].strip() if len(runs) > 1 else ""
    began_anew = (
        not before or _is_sentence_end(before) or bool(explain_furniture(before) or parse_jump(before))
    )
    return indents and (began_anew or not _INDENT.match(runs[-2][0]))


def _is_sentence_end(text: str) -> bool:
    return text.rstrip(CLOSERS)[-1:] in SENTENCE_ENDS


def _cut_run(run: list[str], spaced: bool, words: frozenset[str], *, is_parted: bool) -> list[Piece]:
    text = join_parts([_squeeze_white_space(line) for line in run], spaced, words)
    indented = bool(_INDENT.match(run[0]))
    return [
        Piece(text=part, indented=indented and not i, parted=is_parted and not i, lines=len(run))
        for i, part in enumerate(split_at_jumps(text))
    ]


def split_at_jumps(text: str) -> list[str]:
    """Return `text` with a jump line at its end or beginning as a separate part."""
    head = INLINE_FROM.match(text)
    before, text = ([head.group().strip()], text[head.end() :].strip()) if head else ([], text)
    tail = INLINE_ON.search(text)
    after, text = ([tail.group().strip()], text[: tail.start()].strip()) if tail else ([], text)
    return [*before, *([text] if text else []), *after]


def _squeeze_white_space(text: str) -> str:
    """Return `text` with single spaces, and without the spaces that a scanner put between single
    characters.
    """
    bare = _WHITE.sub(" ", text).strip()
    return _LETTERSPACED.sub(lambda run: run.group().replace(" ", ""), bare) if " " in bare else bare


def is_spaced(text: str) -> bool:
    """Return whether spaces separate the words (English) or not (Chinese)."""
    sample = text[:20000]
    return sum(map(len, _CJK_RUN.findall(sample))) * 4 < sum(map(len, sample.split()))


def collect_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the whole words of a page in small letters; a word that a line breaks off is none.

    >>> sorted(collect_words(["the price was", "set by a price-"]))
    ['price', 'set', 'the', 'was']
    """
    return frozenset(word.lower() for text in texts for word in _WHOLE_WORD.findall(text))


def join_parts(parts: Sequence[str], spaced: bool, words: frozenset[str] = frozenset()) -> str:
    """Return the parts of one paragraph as they read before the line breaks, without a typesetter's hyphens.

    Each seam is joined by the script of the lines beside it; `spaced` says what the page's own is. `words`
    are the whole words of the page, which tell a hyphen that belongs to its word.

    >>> join_parts(["创新能", "耗指标"], False), join_parts(["the county gov-", "ernment said"], True)
    ('创新能耗指标', 'the county government said')
    >>> join_parts(["Trains leave every ten minutes", "to the harbour."], False)
    'Trains leave every ten minutes to the harbour.'
    >>> join_parts(["a price-", "determining market"], True, frozenset({"price"}))
    'a price-determining market'
    """
    if not spaced and not any(_is_latin(part) for part in parts):
        return "".join(parts)
    segments: list[str] = []
    end = ""  # of the joined text, long enough to hold its last word
    for part in parts:
        if segments and not _has_space_between(segments[-1], part, spaced):
            pass
        elif end.endswith("-") and end[-2:-1].islower() and part[:1].islower():
            if not _keeps_hyphen(end, part, words):
                segments[-1], end = segments[-1][:-1], end[:-1]
        elif segments:
            segments.append(" ")
            end += " "
        segments.append(part)
        end = (end + part[-_LONGEST_WORD:])[-_LONGEST_WORD:]
    return "".join(segments)


def _is_latin(text: str) -> bool:
    """Return whether most of a line is in a script that has spaces between its words."""
    return 2 * sum(map(len, _CJK_RUN.findall(text))) < sum(map(str.isalpha, text))


def _has_space_between(line: str, following: str, spaced: bool) -> bool:
    """Return whether a space stood where a line ends, by the script of both lines."""
    if CJK.match(line[-1:]) and CJK.match(following[:1]):
        return False
    return spaced or (_is_latin(line) and _is_latin(following))


def _keeps_hyphen(line: str, following: str, words: frozenset[str]) -> bool:
    """Return whether the hyphen that ends a line belongs to its word: both halves are words, say."""
    stem = line[:-1].rsplit(" ", 1)[-1].lower()
    if stem in _HYPHENATED or "-" in stem:
        return True
    rest = "".join(itertools.takewhile(str.isalpha, following)).lower()
    return (
        stem in words
        and len(stem) >= _LEAST_HALF
        and stem not in _HALVES
        and stem + rest not in words
        and (rest in words or (len(rest) > _LONGEST_ENDING and not rest.startswith(_ENDINGS)))
    )


def _find_full_lines(lines: list[str], spaced: bool) -> frozenset[int]:
    """Return the indexes of lines that fill their column, so that the next line continues the same piece."""
    return _find_full_lines_by_words(lines) if spaced else _find_full_lines_by_characters(lines)


def _find_full_lines_by_characters(lines: list[str]) -> frozenset[int]:
    lengths = [len(line.rstrip()) for line in lines]
    count = Counter(length for length in lengths if length)
    total = sum(count.values())
    widths = {w for w, n in count.items() if n >= max(3, _WIDTH_SHARE * total) and w >= 8}
    if not widths:
        return frozenset()
    widths |= {w - 1 for w in widths}  # a mark that may not begin a line hangs over the edge or is pulled in
    if sum(n * w for w, n in count.items() if w in widths) < _WRAPPED_SHARE * sum(lengths):
        return frozenset()
    indents = sum(bool(_INDENT.match(line)) for line in lines) >= _LEAST_INDENTS
    return frozenset(
        i
        for i, length in enumerate(lengths)
        if length in widths and not (indents and _is_followed_by_heading(lines, i, max(widths)))
    )


def _is_followed_by_heading(lines: list[str], i: int, width: int) -> bool:
    """Return whether line `i`, although full, ends its paragraph: a sentence ends and the next line is not
    text.
    """
    line, following = lines[i].rstrip(), lines[i + 1].strip() if i + 1 < len(lines) else ""
    if not _is_sentence_end(line) or not following or _INDENT.match(lines[i + 1]):
        return False
    return len(following) > width or (
        len(following) < width - 1 and following[-1] not in SENTENCE_ENDS + CLOSERS
    )


def _find_full_lines_by_words(lines: list[str]) -> frozenset[int]:
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    if len(lengths) < 6:
        return frozenset()
    width = lengths[len(lengths) * 9 // 10]
    if lengths[-1] > width * 1.4 or not 16 <= width <= 130:
        return frozenset()
    full = set()
    for i, line in enumerate(lines[:-1]):
        word = lines[i + 1].strip().partition(" ")[0]
        if word and len(line.strip()) + 1 + len(word) > width * 0.9:
            full.add(i)
    return frozenset(full)
