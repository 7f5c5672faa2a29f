"""Kind `site`: a section page of a paper without a feed → the links to its articles, which are read one by
one.

The links are those the configuration's selector names, or else the largest family of links that look alike: a
section page has a dozen links of the shape /2026/1120/####.html and only a few of every other shape.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any  # lxml ships no types
from urllib.parse import urldefrag, urlsplit

from lxml.cssselect import SelectorError

from bot.errors import SourceError
from bot.models import Entry, Source
from bot.phrases import Phrase
from bot.sources.dates import CHINA, parse_moment
from bot.sources.html.prose import clean_line
from bot.sources.html.tree import build_tree
from bot.sources.links import resolve_link
from bot.sources.listing import Listing
from bot.sources.slimming import slim_listing
from bot.text.markup_encoding import decode_markup

_MIN_TITLE_HAN, _MIN_TITLE_CHARACTERS = 6, 18  # shorter link texts are names of sections
_MIN_LINKS = 3  # of a family
_MAX_ENTRIES = 100
_MAX_LINKS = 3_000  # of a page that are looked at, the first ones
_MAX_TITLE_CHARACTERS = 300
_MAX_BESIDE_CHARACTERS = 200  # of what stands beside a link, in which its date is looked for
_MAX_BLANKS = 10  # as many characters of HTML, line breaks and indents among them, for one of text
_MAX_PIECES = 50  # of text, between tags, that are looked at for a title or date
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGITS = re.compile(r"\d+")
_NAVIGATION = "ancestor::nav or ancestor::header or ancestor::footer"


@dataclass(frozen=True, kw_only=True, slots=True)
class _SiteLink:
    url: str
    title: str
    published_at: datetime | None


def parse_listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return the entries of a section page in its order, none twice.

    Raises SourceError when it leads nowhere.
    """
    tree = parse_tree(decode_markup(data, charset), name)
    links = select_links(tree, name, source.selector) if source.selector else _choose_likely_links(tree, name)
    if not links:
        if source.selector:
            remedy = Phrase("no link matches selector '{selector}'", selector=source.selector)
        else:
            remedy = Phrase("name them with selector = …")
        raise SourceError(
            Phrase("{name}: no links to articles were found on this page; {remedy}", name=name, remedy=remedy)
        )
    once = {link.url: link for link in reversed(links)}
    ordered = [once[url] for url in dict.fromkeys(link.url for link in links)]
    return Listing(
        entries=tuple(
            Entry(key=link.url, url=link.url, title=link.title, published_at=link.published_at)
            for link in ordered[:_MAX_ENTRIES]
        )
    )


def select_links(tree: Any, url: str, selector: str) -> list[_SiteLink]:
    """Return the links that `selector` names, or that stand inside of what it names."""
    try:
        elements = tree.cssselect(selector)
    except SelectorError as error:
        raise SourceError(
            Phrase(
                "{url}: selector '{selector}' is no CSS selector ({error})",
                url=url,
                selector=selector,
                error=error,
            )
        ) from error
    anchors = list(islice((anchor for element in elements for anchor in element.iter("a")), _MAX_LINKS))
    return [link for anchor in anchors if (link := _read_link(anchor, url)) and link.title]


def _choose_likely_links(tree: Any, url: str) -> list[_SiteLink]:
    """Return the family of links that holds the most words of title."""
    families: defaultdict[tuple[str, str], list[_SiteLink]] = defaultdict(list)
    for anchor in tree.xpath(f"//a[@href][not({_NAVIGATION})]")[:_MAX_LINKS]:
        link = _read_link(anchor, url)
        if link and _is_title(link.title) and link.url != url:
            families[_get_link_shape(link.url)].append(link)
    best = max(
        families.values(), key=lambda links: sum(min(len(each.title), 40) for each in links), default=[]
    )
    return best if len({each.url for each in best}) >= _MIN_LINKS else []


def _read_link(anchor: Any, base: str) -> _SiteLink | None:
    address = urldefrag(resolve_link(anchor.get("href", ""), base)).url
    if not address:
        return None
    title = clean_line(anchor.get("title") or "") or _get_beginning(anchor, _MAX_TITLE_CHARACTERS)
    parent = anchor.getparent()
    beside = _get_beginning(parent, _MAX_BESIDE_CHARACTERS) if parent is not None else ""
    zone = CHINA if _HAN.search(title) else UTC
    return _SiteLink(url=address, title=title, published_at=parse_moment(beside.replace(title, " "), zone))


def _get_beginning(element: Any, characters: int) -> str:
    """Return the element's text as far as it is looked at: one element may hold the whole page, and be asked
    for by every link in it.
    """
    pieces: list[str] = []
    left = _MAX_BLANKS * characters
    for piece in islice(element.itertext(), _MAX_PIECES):
        pieces.append(piece[:left])
        left -= len(piece)
        if left <= 0:
            break
    return clean_line("".join(pieces))[:characters]


def _is_title(text: str) -> bool:
    return len(_HAN.findall(text)) >= _MIN_TITLE_HAN or len(text) >= _MIN_TITLE_CHARACTERS


def _get_link_shape(url: str) -> tuple[str, str]:
    """Return what alike addresses have in common.

    >>> _get_link_shape("https://a.example/2026/1120/1142.html"), _get_link_shape("https://a.example/news/a-long-title")
    (('a.example', '/#/#/#.html'), ('a.example', '/news/*'))
    """
    parts = urlsplit(url)
    folder, _, last = _DIGITS.sub("#", parts.path).rpartition("/")
    return parts.netloc, f"{folder}/{'*' if '-' in last or '_' in last else last}"


def parse_tree(text: str, url: str) -> Any:
    """Return the tree of a page of links or messages, as much of it as an honest one has.

    Raises SourceError.
    """
    return build_tree(slim_listing(text), url)
