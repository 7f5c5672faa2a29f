"""Collect the evidence for and against each label of a page's pieces: named observations with a strength.

`Block.why` shows an observation's name, and the table of weights uses it as a key. This module decides
nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from statistics import median

from bot.newspaper import line_patterns
from bot.newspaper.edges import score_end
from bot.newspaper.furniture import DAY
from bot.newspaper.heading_runs import find_heading_runs, observe_run
from bot.newspaper.heading_words import observe_words
from bot.newspaper.layout import CLOSERS, Piece
from bot.newspaper.line_patterns import ATTENDED, DATED, EVENT, FORM, OPENING, PARALLEL, SAYS, SPOKEN, TAG
from bot.newspaper.neighbours import (
    COMMA,
    FIGURE,
    observe_after,
    observe_before,
    observe_rhythm,
    observe_seam,
)
from bot.newspaper.piece_traits import BRACKETED, SHORT, PieceTraits, describe_piece, is_ended, make_certain
from bot.newspaper.shared_terms import FAR, PageTerms, SideTerms
from bot.newspaper.sizes import observe_sizes

Evidence = tuple[tuple[str, float], ...]

CAPITALS = "in capitals"  # set by rule, not learned: the training pages are in a script without capitals
# Upper limits of the length classes, in characters.
_LENGTHS = (4, 8, 12, 16, 20, 25, 30, 40, 60, 100)
_LONGEST_HEADLINE = 60  # characters of one that ends in a point, in scripts with small letters
_FEW = 0.4  # share of pieces after a blank line up to which blank lines are informative
_NUMBERED = re.compile(  # above a sub-heading: 第3计, 二、, 之四
    r"^[第之（(]?(?:NO\.?)?(?:\d{1,2}|[一二三四五六七八九十壹贰叁肆伍陆柒]{1,2})[计招章节回篇幕部分、.）)]{0,2}$"
)
_HOME = re.compile(r"我[县縣市区區州旗镇鎮乡鄉村]")
_SPACED_NAME = re.compile(r"(?:^|[^\u4e00-\u9fff]|[\u4e00-\u9fff]{2} )[\u4e00-\u9fff] [\u4e00-\u9fff]$")

_SignTest = Callable[[str], object]
_SIGNS_OF_ANY: dict[str, _SignTest] = {
    "ends in a full stop": lambda text: (
        text.rstrip(CLOSERS)[-1:] == "。"
        or (len(text) > _LONGEST_HEADLINE and text[-1] == "." and is_ended(text))
    ),
    "begins like a list": line_patterns.LIST_MARK.match,
    "begins with a speaker": line_patterns.SPEAKER.match,
    "the name of a form": FORM.match,
    "nothing but a number": _NUMBERED.match,
    "ends in a name spaced out": lambda text: _SPACED_NAME.search(text[-12:]),
    "a name": line_patterns.is_bare_name,
    "wholly in brackets": BRACKETED.match,
    "holds a full stop inside": lambda text: "。" in text[:-1] or ". " in text[:-1],
}
_SIGNS_OF_BEGINNING: dict[str, _SignTest] = {  # found by the first two characters
    "begins with a dash": lambda text: text.startswith(("—", "--")),
    "begins with a quotation mark": lambda text: text[:1] in '“"「『‘',
    "begins with a closing mark": lambda text: text[:1] in "，。、；：！？”’）》」』,.;:!?)",
}
_SIGNS_OF_END: dict[str, _SignTest] = {  # found by the last two characters
    "ends in a question": lambda text: text[-1:] in "？?",
    "ends in a dash": lambda text: text.endswith(("—", "--")),
    "ends in a colon": lambda text: text.endswith(("：", ":")),
    "ends in a comma": lambda text: text[-1:] in "，、,",
    "ends in a semicolon": lambda text: text[-1:] in "；;",
}
_SIGNS_OF_SHORT_ALONE: dict[str, _SignTest] = {
    "a column's name in brackets": TAG.search,
    "halves set apart by a space": PARALLEL.match,
    "holds a comma": COMMA.search,
    "tells who came": ATTENDED.search,
    "ends in an event": EVENT.search,
    "ends in a saying": SPOKEN.search,
    "speaks of our place": line_patterns.LOCAL.search,
    "holds a figure": FIGURE.search,
    "nothing but a date": DAY.fullmatch,
}
_SIGNS_OF_LONG_ALONE: dict[str, _SignTest] = {
    "opens like a news item": OPENING.match,
    "talks without an introduction": SAYS.match,
}


def _list_observations(signs: Mapping[str, _SignTest]) -> tuple[tuple[tuple[str, float], _SignTest], ...]:
    return tuple((make_certain(name), sign) for name, sign in signs.items())


_SIGNS_OF_SHORT, _SIGNS_OF_LONG = (
    _list_observations(_SIGNS_OF_ANY | _SIGNS_OF_SHORT_ALONE),
    _list_observations(_SIGNS_OF_ANY | _SIGNS_OF_LONG_ALONE),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceOnPage:
    """The position of a piece of text among other pieces: which jump lines and furniture are beside it."""

    after_furniture: bool = False
    after_jump_back: bool = False
    after_jump_on: bool = False
    before_jump_back: bool = False
    before_jump_on: bool = False


AMID_TEXT = PlaceOnPage()


@dataclass(frozen=True, kw_only=True, slots=True)
class _PageHabits:
    """The habits of the whole page."""

    indents: bool
    datelines: bool
    is_local: bool  # it writes 我县 or 我区: a local paper, whose headlines put the place first
    gaps: bool  # blank lines stand between some of the pieces, but not between most
    bylines: bool  # bylines stand below headings
    signed: bool  # texts end in a signature or byline
    short_share: float  # share of all pieces that may be headings


def observe_page(pieces: Sequence[Piece], places: Sequence[PlaceOnPage]) -> list[Evidence]:
    """Return the observations of every piece of a page.

    Both sequences cover the pieces that are neither furniture nor jump lines.
    """
    traits = [describe_piece(piece) for piece in pieces]
    habits = _measure_habits(traits)
    topics = PageTerms(traits)
    compared = _compare_page(traits, topics)
    runs = find_heading_runs(traits)
    shorts = [i for i, piece in enumerate(traits) if piece.is_short]
    sizes = observe_sizes(pieces)
    return [
        (
            *_observe_piece(traits[i], habits),
            *_observe_place(places[i], i, len(traits)),
            *observe_before(traits, i, habits.is_local),
            *observe_after(traits, i, habits.is_local),
            *compared[i],
            *observe_run(traits, i, runs),
            *observe_rhythm(traits, i, shorts, topics),
            *observe_seam(traits, i, topics),
            *observe_words(traits, i),
            *sizes[i],
        )
        for i in range(len(traits))
    ]


def _measure_habits(traits: Sequence[PieceTraits]) -> _PageHabits:
    long = [piece for piece in traits if piece.length > SHORT]
    return _PageHabits(
        indents=bool(long) and sum(piece.is_indented for piece in long) >= 0.5 * len(long),
        datelines=sum(piece.has_dateline for piece in traits) >= 2,
        is_local=sum(len(_HOME.findall(piece.text)) for piece in traits) >= 2,
        gaps=1 < sum(piece.is_parted for piece in traits) <= _FEW * len(traits),
        bylines=sum(b.is_byline and a.is_short for a, b in pairwise(traits)) >= 2,
        signed=sum((b.is_byline or b.is_signature) and a.is_ended for a, b in pairwise(traits)) >= 2,
        short_share=sum(piece.is_short for piece in traits) / max(1, len(traits)),
    )


def _select_held(claims: Mapping[str, object]) -> Iterator[tuple[str, float]]:
    """Return the claims that are true, with strength 1."""
    return (make_certain(name) for name, holds in claims.items() if holds)


def _observe_piece(piece: PieceTraits, habits: _PageHabits) -> Iterator[tuple[str, float]]:
    """Return what a piece shows by itself, given the page's habits."""
    text = piece.text
    yield make_certain("any")
    yield from _observe_beginning(text[:2])
    yield from _observe_end(text[-2:])
    signs = _SIGNS_OF_SHORT if piece.is_short else _SIGNS_OF_LONG
    yield from [observation for observation, sign in signs if sign(text)]
    indents = habits.indents and not piece.is_set_as_heading
    size = next((limit for limit in _LENGTHS if piece.length <= limit), 0)
    yield make_certain(f"up to {size} characters" if size else "long")
    yield from _select_held(
        {
            "ends a sentence": piece.is_ended,
            "long without an end mark": piece.is_torn,
            "short without an end mark": piece.is_short,
            "begins with a dateline": piece.has_dateline,
            "begins with a dated dateline": piece.has_dateline and DATED.search(text[:30]),
            "signature": piece.is_signature,
            "caption": piece.is_caption,
            "note": piece.is_note,
            "byline": piece.is_byline,
            CAPITALS: piece.is_in_capitals,
            "indented as the page's paragraphs are": indents and piece.is_indented,
            "not indented where the page indents": indents and not piece.is_indented,
            "after a blank line, which are few": habits.gaps and piece.is_parted,
            "without a blank line before it, where some are": habits.gaps and not piece.is_parted,
            "short on a page with bylines below headings": piece.is_short and habits.bylines,
            "short on a page with signed texts": piece.is_short and habits.signed,
            "short on a page with datelines": piece.is_short and habits.datelines,
        }
    )
    yield ("begins as texts begin" if piece.start > 0 else "begins as if torn"), abs(piece.start)
    if piece.is_short or piece.is_torn:
        yield "ends as headings end", score_end(text)
    if piece.is_short:
        yield "share of short pieces on the page", habits.short_share


@lru_cache(maxsize=4096)
def _observe_beginning(first: str) -> tuple[tuple[str, float], ...]:
    """Return what the `first` two characters of a piece show."""
    return tuple(make_certain(name) for name, sign in _SIGNS_OF_BEGINNING.items() if sign(first))


@lru_cache(maxsize=4096)
def _observe_end(last: str) -> tuple[tuple[str, float], ...]:
    """Return what the `last` two characters of a piece show."""
    return tuple(make_certain(name) for name, sign in _SIGNS_OF_END.items() if sign(last))


def _observe_place(place: PlaceOnPage, i: int, count: int) -> Iterator[tuple[str, float]]:
    """Return the observations of a piece's position on its page."""
    if place is AMID_TEXT and 0 < i < count - 1:
        return iter(())
    return _select_held(
        {
            "first on the page": i == 0,
            "last on the page": i == count - 1,
            "after furniture": place.after_furniture,
            "after a line from another page": place.after_jump_back,
            "after a line to another page": place.after_jump_on,
            "before a line from another page": place.before_jump_back,
            "before a line to another page": place.before_jump_on,
        }
    )


def _compare_page(traits: Sequence[PieceTraits], topics: PageTerms) -> list[Evidence]:
    """Return, for each piece that may be a heading or begin an article, how it fits the texts around it.

    During a flood, all texts of a page are alike. The difference from the page's average is therefore more
    informative than the similarity itself.
    """
    compared: list[Evidence] = []
    likenesses: dict[int, tuple[float, float]] = {}
    for i, piece in enumerate(traits):
        if not piece.is_short and not piece.has_dateline:
            compared.append(())
            continue
        earlier, later = topics.collect_side(i, -1), topics.collect_side(i, 1)
        far_later = topics.collect_side(i, 1, FAR)
        # similarities are near 0.1: multiplied by 5, they and their weights have the size of the others
        near = 5 * topics.measure_text_similarity(earlier, later)
        far = 5 * topics.measure_text_similarity(topics.collect_side(i, -1, FAR), far_later)
        likenesses[i] = near, far
        fits = topics.measure_coverage(i, later)
        compared.append(
            (
                ("likeness of the texts before and after", near),
                ("likeness of the longer texts before and after", far),
                ("words found in the text after", fits),
                ("words found in the longer text after", topics.measure_coverage(i, far_later)),
                ("words found in the text before", topics.measure_coverage(i, earlier)),
                ("found word for word in the text after", topics.measure_verbatim(i)),
                *(_compare_with_headings(traits, i, topics, later, fits) if piece.is_short else ()),
            )
        )
    inner = [likenesses[i] for i in likenesses if traits[i].is_short and 0 < i < len(traits) - 1]
    usual_near, usual_far = (median(side) for side in zip(*inner, strict=True)) if inner else (0.0, 0.0)
    for i, (near, far) in likenesses.items():
        compared[i] += (
            ("more likeness than usual on the page", near - usual_near),
            ("more likeness of the longer texts than usual on the page", far - usual_far),
        )
    return compared


def _compare_with_headings(
    traits: Sequence[PieceTraits], i: int, topics: PageTerms, later: SideTerms, fits: float
) -> Iterator[tuple[str, float]]:
    """Return how much better heading `i` fits the text below than its neighbour does, given `fits`."""
    dated = ", above a dateline" if any(piece.has_dateline for piece in traits[i + 1 : i + 3]) else ""
    for side, j in (("before", i - 1), ("after", i + 1)):
        if 0 <= j < len(traits) and traits[j].is_short:
            fitting, verbatim, longer = _name_comparisons(f"than the heading {side}{dated}")
            yield fitting, fits - topics.measure_coverage(j, later)
            yield verbatim, topics.measure_verbatim(i) - topics.measure_verbatim(j)
            yield longer, (traits[i].length - traits[j].length) / 10


@cache
def _name_comparisons(than: str) -> tuple[str, str, str]:
    return f"fits the text better {than}", f"more word for word {than}", f"longer by tens {than}"
