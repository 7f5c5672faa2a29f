"""Feeds and pages made safe to parse: what no honest one holds would cost the parsers minutes.

Measured with tests/benchmarks/feeds/hostile.py: feedparser needs time by the square of the attributes of a tag and of
the depth of tags, and some 0.1 ms for every tag; readability and trafilatura by the square of the links and spans.
"""

import re

from bot.errors import SourceError

MAX_ITEMS = 1_000  # of a feed, the first ones; the newest stand first
MAX_TAGS = 100_000  # outside of CDATA
MAX_REFERENCES = 1_000_000  # "&"
MAX_TAG_CHARACTERS = 4_000  # of one tag with its attributes; images inside of an address are longer, and dropped
MAX_DEPTH = 200  # of tags inside one item; articles have under 30
MAX_PAGE_TAGS = 12_000  # of a web page, the first ones; pages of news have 1,000 to 5,000
MAX_PAGE_CHARACTERS = 1_000_000  # of a web page without its scripts
# Of a section page, a list of messages or a newsletter; the front pages of large portals have 30,000.
MAX_LISTING_TAGS, MAX_LISTING_CHARACTERS = 40_000, 4_000_000

# What has an end tag of its own and no prose inside; structured data stays, since it says date and author.
SCRIPT = re.compile(r"<(script|style|svg)\b(?![^<>]*ld\+json)", re.IGNORECASE)
ITEM = re.compile(r"<(?:[a-z]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
ITEM_END = re.compile(r"</(?:[a-z]+:)?(?:item|entry)\s*>", re.IGNORECASE)
LONG_TAG = re.compile(rf"<[^<>]{{{MAX_TAG_CHARACTERS},}}>")
CDATA, CDATA_END = "<![CDATA[", "]]>"
# Tags that are ended by the next of their kind, or need no end, do not nest.
NESTING_TAG = re.compile(
    r"</?(?!(?:p|br|li|h[1-6]|img|hr|input|link|meta|td|tr|th|dt|dd|source|wbr)\b)[a-z][^<>]*(?<!/)>", re.IGNORECASE
)


def slimmed(text: str, url: str) -> str:
    """Return `text` with its first items alone and without monstrous tags. Raises SourceError when it is a bomb."""
    text = first_items(LONG_TAG.sub(" ", text))
    bare = without(text, CDATA, CDATA_END)
    if bare.count("<") > MAX_TAGS or bare.count("&") > MAX_REFERENCES:
        raise SourceError(f"{url}: the feed is too large to be read ({bare.count('<')} tags)")
    if any(depth(item) > MAX_DEPTH for item in ITEM.split(bare)):
        raise SourceError(f"{url}: the feed is too damaged to be read (tags nested over {MAX_DEPTH} deep)")
    return text


def without(text: str, opening: str, closing: str) -> str:
    # By hand: a regular expression takes time by the square of the sections that are never closed.
    pieces = []
    start = 0
    while (begin := text.find(opening, start)) >= 0:
        pieces.append(text[start:begin])
        end = text.find(closing, begin)
        start = end + len(closing) if end >= 0 else len(text)
    return "".join(pieces) + text[start:]


def slimmed_page(text: str) -> str:
    """Return a web page without scripts, comments and monstrous tags, and no more of it than an article needs."""
    return first_tags(text, MAX_PAGE_TAGS, MAX_PAGE_CHARACTERS)


def slimmed_listing(text: str) -> str:
    """As `slimmed_page`, for a page of links or messages."""
    return first_tags(text, MAX_LISTING_TAGS, MAX_LISTING_CHARACTERS)


def first_tags(text: str, max_tags: int, max_characters: int) -> str:
    text = LONG_TAG.sub(" ", without_scripts(without(text, "<!--", "-->")))[:max_characters]
    return text if text.count("<") <= max_tags else "<".join(text.split("<", max_tags + 1)[:-1])


def without_scripts(text: str) -> str:
    pieces = []
    start = 0
    while found := SCRIPT.search(text, start):
        pieces.append(text[start : found.start()])
        end = re.compile(f"</{found[1]}[^<>]*>", re.IGNORECASE).search(text, found.end())
        start = end.end() if end else len(text)
    return "".join(pieces) + text[start:]


def first_items(text: str) -> str:
    """Return `text` without the items between the first MAX_ITEMS and what follows the last."""
    for number, found in enumerate(ITEM.finditer(text)):
        if number == MAX_ITEMS:
            ends = [end.end() for end in ITEM_END.finditer(text, found.start())]
            return text[: found.start()] + text[ends[-1] if ends else len(text) :]
    return text


def depth(html: str) -> int:
    """Return how deep tags are nested.

    >>> depth("<div><p>a<p>b<b>c</b></div>")
    2
    """
    level = deepest = 0
    for found in NESTING_TAG.finditer(html):
        level = max(0, level + (-1 if found[0].startswith("</") else 1))
        deepest = max(deepest, level)
    return deepest


def flattened(html: str) -> str:
    """Return HTML, nested beyond reason with its paragraphs alone."""
    return NESTING_TAG.sub(" ", html) if depth(html) > MAX_DEPTH else html
