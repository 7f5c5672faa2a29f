"""Which lines of a web page are its article: two extractors vote, and a small table of weights decides line
by line.

An extractor alone loses whole articles or takes a menu for one: readability drops short Chinese paragraphs,
trafilatura lists and tables. So their results only mark the lines of the page, read by our own walk; that
keeps the publisher's words and line breaks. Weights fitted by `tests/benchmarks/web/fit_body_lines.py` (its
docstring has the figures).
"""

import math
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any  # lxml, readability and trafilatura ship no types

import lxml.html
import trafilatura
from lxml import etree
from readability import Document

from bot.sources.html.prose import ProseLine, walk_lines

# In log odds: a line is the article's where the sum is above 0.
WEIGHTS = {
    "bias": -2.98,
    "readability": 0.56,
    "trafilatura": 1.0,
    "trafilatura, precise": 0.89,
    "both": 0.53,
    "share of links": -1.49,
    "list item": 0.74,
    "length": 0.47,
    "full stop": 1.02,
    "outside": -1.16,
    "class of furniture": -0.94,
    "neighbours": 1.24,
    "after the last vote": -1.21,
}
_MIN_KEY = 12  # letters from which a line inside of an extractor's paragraph counts as that paragraph's
_WINDOW = 4  # lines before and after that are neighbours
_TYPICAL_LENGTH = 20  # letters, at which "length" is 0
_MAX_KEY_CHARACTERS = 500_000  # of an extractor's result
_NOT_LETTERS = re.compile(r"[\W_]+")
_FULL_STOP = re.compile(r"[。！？!?…]|\.(?=[\s”\"’')]|$)")
_OUTSIDE = frozenset({"nav", "aside", "footer", "form"})
# Words in an element's class or id that name what stands around an article.
_FURNITURE_CLASS = re.compile(
    r"comment|share|social|related|sidebar|side-|footer|promo|newsletter|advert|\bads?\b|breadcrumb|"
    r"recommend|cookie|"
    r"consent|widget|popular|trending|outbrain|taboola|tags?\b|byline|author|meta|caption|menu|nav",
    re.IGNORECASE,
)
_CLASS_LEVELS = 4  # of elements, from the line's own upwards, whose class and id count


@dataclass(frozen=True, kw_only=True, slots=True)
class _Votes:
    """Which of a page's lines an extractor took, in the page's order."""

    readability: tuple[bool, ...]
    trafilatura: tuple[bool, ...]
    precise: tuple[bool, ...]


def choose_body_lines(root: Any) -> list[ProseLine]:
    """Return the lines of a page that are its article, in order."""
    lines = [line for line in walk_lines(root, is_page=True) if line.text]
    rows = measure_lines(lines, collect_votes(root, lines))
    return [line for line, row in zip(lines, rows, strict=True) if _score_line(row) > 0]


def list_plain_lines(root: Any) -> list[ProseLine]:
    """Return the lines of a page that are no menu: of one that holds too little for the extractors."""
    surroundings = _Surroundings()
    lines = (line for line in walk_lines(root, is_page=True) if line.text and not line.links)
    return [line for line in lines if _OUTSIDE.isdisjoint(surroundings.describe(line.element)[0])]


def _score_line(row: dict[str, float]) -> float:
    return sum(WEIGHTS[name] * value for name, value in row.items())


def collect_votes(root: Any, lines: Sequence[ProseLine]) -> _Votes:
    """Let the extractors read the page and mark its lines."""
    keys = [make_key(line.text) for line in lines]
    return _Votes(
        readability=_mark_lines(keys, _extract_by_readability(root)),
        trafilatura=_mark_lines(keys, _extract_by_trafilatura(root, is_precise=False)),
        precise=_mark_lines(keys, _extract_by_trafilatura(root, is_precise=True)),
    )


def measure_lines(lines: Sequence[ProseLine], votes: _Votes) -> list[dict[str, float]]:
    """Return the features of each line, under the names that WEIGHTS has."""
    lengths = [max(1, len(make_key(line.text))) for line in lines]
    taken = [either or other for either, other in zip(votes.readability, votes.trafilatura, strict=True)]
    last = max((place for place, is_taken in enumerate(taken) if is_taken), default=-1)
    surroundings = _Surroundings()
    rows = []
    for place, line in enumerate(lines):
        window = [
            i for i in range(max(0, place - _WINDOW), min(len(lines), place + _WINDOW + 1)) if i != place
        ]
        around = sum(lengths[i] for i in window)
        tags, is_furniture = surroundings.describe(line.element)
        rows.append(
            {
                "bias": 1.0,
                "readability": float(votes.readability[place]),
                "trafilatura": float(votes.trafilatura[place]),
                "trafilatura, precise": float(votes.precise[place]),
                "both": float(votes.readability[place] and votes.trafilatura[place]),
                "share of links": min(1.0, line.linked_characters / lengths[place]),
                "list item": float("li" in tags[:2]),
                "length": math.log(lengths[place] / _TYPICAL_LENGTH),
                "full stop": float(_FULL_STOP.search(line.text) is not None),
                "outside": float(not _OUTSIDE.isdisjoint(tags)),
                "class of furniture": float(is_furniture),
                "neighbours": sum(lengths[i] for i in window if taken[i]) / around if around else 0.0,
                "after the last vote": float(place > last),
            }
        )
    return rows


class _Surroundings:
    """The tags around an element and whether a class or id names furniture, asked once for each element."""

    def __init__(self) -> None:
        self._described: dict[Any, tuple[tuple[str, ...], bool]] = {}

    def describe(self, element: Any) -> tuple[tuple[str, ...], bool]:
        if element is None:
            return (), False
        if element not in self._described:
            around = [element, *element.iterancestors()]
            names = " ".join(
                f"{each.get('class', '')} {each.get('id', '')}" for each in around[:_CLASS_LEVELS]
            )
            tags = tuple(each.tag for each in around if isinstance(each.tag, str))
            self._described[element] = tags, _FURNITURE_CLASS.search(names) is not None
        return self._described[element]


def make_key(text: str) -> str:
    """Return the letters and digits of a text. They identify a line that an extractor rewrote.

    >>> make_key("10⁶ litres – “a day”.")
    '10⁶litresaday'
    """
    return _NOT_LETTERS.sub("", text).casefold()


def _mark_lines(keys: Sequence[str], result: Any) -> tuple[bool, ...]:
    """Say of each line whether the extractor's result has it: as a line, or, where it is long enough, within
    one.
    """
    if result is None:
        return (False,) * len(keys)
    taken = [make_key(line.text) for line in walk_lines(result, is_page=True)]
    whole = "".join(taken)[:_MAX_KEY_CHARACTERS]
    exact = set(taken)
    pieces = {whole[start : start + _MIN_KEY] for start in range(len(whole) - _MIN_KEY + 1)}
    return tuple(
        key in exact or (len(key) >= _MIN_KEY and key[:_MIN_KEY] in pieces and key[-_MIN_KEY:] in pieces)
        for key in keys
    )


def _extract_by_readability(root: Any) -> Any:
    try:
        html = Document(lxml.html.tostring(root, encoding="unicode")).summary(html_partial=True)
        return lxml.html.document_fromstring(html)
    except Exception:  # readability raises errors of any kind on odd pages; the other extractor still votes
        return None


def _extract_by_trafilatura(root: Any, *, is_precise: bool) -> Any:
    document: Any = trafilatura.bare_extraction(
        deepcopy(root), include_comments=False, favor_precision=is_precise
    )
    if document is None or document.body is None:
        return None
    etree.strip_tags(document.body, "graphic")
    renamed = {
        "head": "h2",
        "item": "li",
        "quote": "blockquote",
        "list": "ul",
        "lb": "br",
        "row": "tr",
        "cell": "td",
    }
    for element in document.body.iter(*renamed):
        element.tag = renamed[element.tag]
    return document.body
