"""A feed's text, made safe to parse: what no honest feed holds would cost the parser minutes.

Measured with tests/benchmarks/feeds/hostile.py: feedparser needs time by the square of the attributes of a tag and of
the depth of tags, and some 0.1 ms for every tag.
"""

import re

from bot.errors import SourceError

MAX_ITEMS = 1_000  # of a feed, the first ones; the newest stand first
MAX_TAGS = 100_000  # outside of CDATA
MAX_REFERENCES = 1_000_000  # "&"
MAX_TAG_CHARACTERS = 10_000  # of one tag with its attributes; images inside of an address are longer, and dropped
MAX_DEPTH = 200  # of tags inside one item; articles have under 30

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
    bare = without_cdata(text)
    if bare.count("<") > MAX_TAGS or bare.count("&") > MAX_REFERENCES:
        raise SourceError(f"{url}: the feed is too large to be read ({bare.count('<')} tags)")
    if any(depth(item) > MAX_DEPTH for item in ITEM.split(bare)):
        raise SourceError(f"{url}: the feed is too damaged to be read (tags nested over {MAX_DEPTH} deep)")
    return text


def without_cdata(text: str) -> str:
    # By hand: a regular expression takes time by the square of the sections that are never closed.
    pieces = []
    start = 0
    while (begin := text.find(CDATA, start)) >= 0:
        pieces.append(text[start:begin])
        end = text.find(CDATA_END, begin)
        start = end + len(CDATA_END) if end >= 0 else len(text)
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
