"""Feeds and pages made safe to parse: what no honest one holds would cost the parsers minutes.

Measured with tests/benchmarks/feeds/hostile.py: feedparser needs time by the square of the attributes of a
tag and of the depth of tags, and some 0.1 ms for every tag; readability and trafilatura by the square of the
links and spans.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, pairwise

from bot.errors import SourceError
from bot.phrases import Phrase
from bot.sources.dates import parse_moment

MAX_ITEMS = 1_000  # of a feed, the newest ones
_MAX_COUNTED_ITEMS = 200_000
_LONG_ITEM = 20_000  # characters of an item in which its date is looked for
_MAX_TAGS = 100_000  # outside of CDATA
_MAX_REFERENCES = 1_000_000  # "&"
# of one tag with its attributes; images inside of an address are longer, and dropped
_MAX_TAG_CHARACTERS = 4_000
_MAX_DEPTH = 200  # of tags inside one item; articles have under 30
MAX_PAGE_TAGS = 12_000  # of a web page, the first ones; pages of news have 1,000 to 5,000
_MAX_PAGE_CHARACTERS = 1_000_000  # of a web page without its scripts
# Of a section page, a list of messages or a newsletter; the front pages of large portals have 30,000.
_MAX_LISTING_TAGS, _MAX_LISTING_CHARACTERS = 40_000, 4_000_000

# Elements with a separate end tag and no prose inside. Structured data is read earlier, from the page's text.
_SCRIPT = re.compile(r"<(script|style|svg)\b", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[a-z]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[a-z]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM_DATE = re.compile(
    r"<(?:[a-z]+:)?(?:pubDate|published|updated|date|issued)\s*>(?P<date>[^<]{4,60})<", re.IGNORECASE
)
_LONG_TAG = re.compile(rf"<[^<>]{{{_MAX_TAG_CHARACTERS},}}>")
# feedparser searches the text of these with an expression that takes time by the square of its length.
_NAME_TAG = re.compile(
    r"<((?:[\w.-]+:)?(?:author|creator|managingeditor|webmaster|publisher|contributor|owner))"
    r"(?:\s[^<>]*)?(?<!/)>",
    re.IGNORECASE,
)
_MAX_NAME_CHARACTERS = 200
_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]*>")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
# Tags that are ended by the next of their kind, or need no end, do not nest.
_NESTING_TAG = re.compile(
    r"</?(?!(?:p|br|li|h[1-6]|img|hr|input|link|meta|td|tr|th|dt|dd|source|wbr)\b)[a-z][^<>]*(?<!/)>",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _SlimFeed:
    """A feed that is safe to parse, and how many of its oldest items were left out for that."""

    text: str
    left_out: int = 0


def slim_feed(text: str, url: str) -> _SlimFeed:
    """Return the newest items of a feed, without monstrous tags. Raises SourceError when it is a bomb."""
    slim = keep_newest_items(_LONG_TAG.sub(" ", text))
    bare = _remove_sections(slim.text, _CDATA, _CDATA_END)
    if bare.count("<") > _MAX_TAGS or bare.count("&") > _MAX_REFERENCES:
        raise SourceError(
            Phrase("{url}: the feed is too large to be read ({count} tags)", url=url, count=bare.count("<"))
        )
    if any(measure_depth(item) > _MAX_DEPTH for item in _ITEM.split(bare)):
        raise SourceError(
            Phrase(
                "{url}: the feed is too damaged to be read (tags nested over {number} deep)",
                url=url,
                number=_MAX_DEPTH,
            )
        )
    return _SlimFeed(text=_cut_names(slim.text), left_out=slim.left_out)


def keep_newest_items(text: str) -> _SlimFeed:
    """Return a feed with its newest items, as many as may be parsed: those at its beginning, or at its end
    where its dates say that the oldest stand first.
    """
    starts = [match.start() for match in islice(_ITEM.finditer(text), _MAX_COUNTED_ITEMS)]
    if not starts or (len(starts) <= MAX_ITEMS and text.count("<") <= _MAX_TAGS):
        return _SlimFeed(text=text)
    ends = [match.end() for match in _ITEM_END.finditer(text, starts[-1])]
    bounds = [*starts, ends[-1] if ends else len(text)]
    items = [text[first:last] for first, last in pairwise(bounds)]
    is_oldest_first = _is_oldest_first(items)
    chosen: list[str] = []
    tags = text[: starts[0]].count("<")
    for item in reversed(items) if is_oldest_first else items:
        tags += _remove_sections(item, _CDATA, _CDATA_END).count("<")
        if len(chosen) == MAX_ITEMS or (tags > _MAX_TAGS and chosen):
            break
        chosen.append(item)
    newest = "".join(reversed(chosen) if is_oldest_first else chosen)
    return _SlimFeed(text=text[: starts[0]] + newest + text[bounds[-1] :], left_out=len(items) - len(chosen))


def _is_oldest_first(items: list[str]) -> bool:
    first, last = (_read_item_date(item) for item in (items[0], items[-1]))
    return first is not None and last is not None and first < last


def _read_item_date(item: str) -> datetime | None:
    match = _ITEM_DATE.search(item[:_LONG_ITEM])
    return parse_moment(match["date"]) if match else None


def _cut_names(text: str) -> str:
    """Return a feed with its name fields cut short, because feedparser looks for mail addresses in them.

    >>> _cut_names("<author>" + "a" * 200_000 + "</author>") == "<author>" + "a" * 200 + "</author>"
    True
    """
    pieces = []
    start = 0
    while match := _NAME_TAG.search(text, start):
        end = text.find(f"</{match[1]}", match.end())
        end = len(text) if end < 0 else end
        content = text[match.end() : end]
        if len(content) > _MAX_NAME_CHARACTERS:
            # Names that are this long have no markup worth keeping; without "<" nothing is left open.
            content = _MARKUP.sub(" ", content)[:_MAX_NAME_CHARACTERS].replace("<", " ").replace("&", " ")
        pieces += [text[start : match.end()], content]
        start = end
    return "".join(pieces) + text[start:]


def _remove_sections(text: str, opening: str, closing: str) -> str:
    # By hand: a regular expression takes time by the square of the sections that are never closed.
    pieces = []
    start = 0
    while (begin := text.find(opening, start)) >= 0:
        pieces.append(text[start:begin])
        end = text.find(closing, begin)
        start = end + len(closing) if end >= 0 else len(text)
    return "".join(pieces) + text[start:]


def slim_page(text: str) -> str:
    """Return a web page without scripts, comments and monstrous tags, and no more of it than an article
    needs.
    """
    return _keep_first_tags(text, MAX_PAGE_TAGS, _MAX_PAGE_CHARACTERS)


def slim_listing(text: str) -> str:
    """Return a page of links or messages made safe to parse, as `slim_page` does."""
    return _keep_first_tags(text, _MAX_LISTING_TAGS, _MAX_LISTING_CHARACTERS)


def _keep_first_tags(text: str, max_tags: int, max_characters: int) -> str:
    text = _LONG_TAG.sub(" ", _remove_scripts(_remove_sections(text, "<!--", "-->")))[:max_characters]
    return text if text.count("<") <= max_tags else "<".join(text.split("<", max_tags + 1)[:-1])


def _remove_scripts(text: str) -> str:
    pieces = []
    start = 0
    while script := _SCRIPT.search(text, start):
        pieces.append(text[start : script.start()])
        end = re.compile(f"</{script[1]}[^<>]*>", re.IGNORECASE).search(text, script.end())
        start = end.end() if end else len(text)
    return "".join(pieces) + text[start:]


def measure_depth(html: str) -> int:
    """Return how deep tags are nested.

    >>> measure_depth("<div><p>a<p>b<b>c</b></div>")
    2
    """
    level = deepest = 0
    for tag in _NESTING_TAG.finditer(html):
        level = max(0, level + (-1 if tag[0].startswith("</") else 1))
        deepest = max(deepest, level)
    return deepest


def flatten_html(html: str) -> str:
    """Return HTML, nested beyond reason with its paragraphs alone."""
    return _NESTING_TAG.sub(" ", html) if measure_depth(html) > _MAX_DEPTH else html
