"""Kind `site`: a section page of a paper without a feed → the links to its articles, which are read one by one.

The links are those the configuration's selector names, or else the largest family of links that look alike: a section
page has a dozen links of the shape /2026/1120/####.html and only a few of every other shape.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any  # lxml ships no types
from urllib.parse import urldefrag, urlsplit

import lxml.html
from lxml import etree
from lxml.cssselect import SelectorError

from bot.encoding import decode_markup
from bot.errors import SourceError
from bot.models import Article, Entry, Source
from bot.sources.dates import CHINA, moment
from bot.sources.feed import web_address
from bot.sources.listing import Listing
from bot.sources.prose import clean, without_nulls
from bot.sources.slimming import slimmed_listing

MIN_TITLE_HAN, MIN_TITLE_CHARACTERS = 6, 18  # shorter link texts are names of sections
MIN_LINKS = 3  # of a family
MAX_ENTRIES = 100
MAX_LINKS = 3_000  # of a page that are looked at, the first ones
MAX_TITLE_CHARACTERS = 300
MAX_BESIDE_CHARACTERS = 200  # of what stands beside a link, in which its date is looked for
MAX_BLANKS = 10  # as many characters of HTML, line breaks and indents among them, for one of text
MAX_PIECES = 50  # of text, between tags, that are looked at for a title or date
HAN = re.compile(r"[\u3400-\u9fff]")
DIGITS = re.compile(r"\d+")
NAVIGATION = "ancestor::nav or ancestor::header or ancestor::footer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    url: str
    title: str
    published_at: datetime | None


def listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return the entries of a section page in its order, none twice. Raises SourceError when it leads nowhere."""
    tree = parsed(decode_markup(data, charset), name)
    found = selected(tree, name, source.selector) if source.selector else likely(tree, name)
    if not found:
        remedy = f"no link fits selector '{source.selector}'" if source.selector else "name them with selector = …"
        raise SourceError(f"{name}: no links to articles were found on this page; {remedy}")
    once = {link.url: link for link in reversed(found)}
    ordered = [once[url] for url in dict.fromkeys(link.url for link in found)]
    return Listing(
        entries=tuple(
            Entry(key=link.url, url=link.url, title=link.title, published_at=link.published_at)
            for link in ordered[:MAX_ENTRIES]
        )
    )


def articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return no articles, since a section page holds none itself. Raises SourceError as `listing` does."""
    return listing(data, name, source, charset).articles


def selected(tree: Any, url: str, selector: str) -> list[Link]:
    """Return the links that `selector` names, or that stand inside of what it names."""
    try:
        elements = tree.cssselect(selector)
    except SelectorError as error:
        raise SourceError(f"{url}: selector '{selector}' is no CSS selector ({error})") from error
    anchors = list(islice((anchor for element in elements for anchor in element.iter("a")), MAX_LINKS))
    return [found for anchor in anchors if (found := link(anchor, url)) and found.title]


def likely(tree: Any, url: str) -> list[Link]:
    """Return the family of links that holds the most words of title."""
    families: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
    for anchor in tree.xpath(f"//a[@href][not({NAVIGATION})]")[:MAX_LINKS]:
        found = link(anchor, url)
        if found and reads_as_title(found.title) and found.url != url:
            families[shape(found.url)].append(found)
    best = max(families.values(), key=lambda links: sum(min(len(each.title), 40) for each in links), default=[])
    return best if len({each.url for each in best}) >= MIN_LINKS else []


def link(anchor: Any, base: str) -> Link | None:
    address = urldefrag(web_address(anchor.get("href", ""), base)).url
    if not address:
        return None
    title = clean(anchor.get("title") or "") or beginning(anchor, MAX_TITLE_CHARACTERS)
    parent = anchor.getparent()
    beside = beginning(parent, MAX_BESIDE_CHARACTERS) if parent is not None else ""
    zone = CHINA if HAN.search(title) else UTC
    return Link(url=address, title=title, published_at=moment(beside.replace(title, " "), zone))


def beginning(element: Any, characters: int) -> str:
    """Return the element's text as far as it is looked at: one element may hold the whole page, and be asked for by
    every link in it."""
    pieces: list[str] = []
    left = MAX_BLANKS * characters
    for piece in islice(element.itertext(), MAX_PIECES):
        pieces.append(piece[:left])
        left -= len(piece)
        if left <= 0:
            break
    return clean("".join(pieces))[:characters]


def reads_as_title(text: str) -> bool:
    return len(HAN.findall(text)) >= MIN_TITLE_HAN or len(text) >= MIN_TITLE_CHARACTERS


def shape(url: str) -> tuple[str, str]:
    """Return what alike addresses have in common.

    >>> shape("https://a.example/2026/1120/1142.html"), shape("https://a.example/news/a-long-title")
    (('a.example', '/#/#/#.html'), ('a.example', '/news/*'))
    """
    parts = urlsplit(url)
    folder, _, last = DIGITS.sub("#", parts.path).rpartition("/")
    return parts.netloc, f"{folder}/{'*' if '-' in last or '_' in last else last}"


def parsed(text: str, url: str) -> Any:
    """Return the tree of a page of links or messages, as much of it as an honest one has. Raises SourceError."""
    try:
        return lxml.html.document_fromstring(without_nulls(slimmed_listing(text)))
    except (etree.ParserError, ValueError) as error:
        raise SourceError(f"{url}: the page is empty") from error
