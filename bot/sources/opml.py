"""OPML, the list of feeds that feed readers exchange ↔ sources: http://opml.org/spec2.opml."""

import ipaddress
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from bot.errors import SourceError
from bot.models import Source
from bot.phrases import Phrase
from bot.sources.html.prose import clean_line
from bot.sources.links import resolve_link
from summarizer.scripts import ALL_HAN

_NOT_IN_NAMES = re.compile(r"\W+")
_HAN = re.compile(f"[{ALL_HAN}]")
_MAX_FEEDS = 5_000  # of a file
_MIN_NAME_CHARACTERS, _MAX_NAME_CHARACTERS = 3, 40


def parse_opml(data: bytes, name: str) -> tuple[Source, ...]:
    """Return the feeds of an OPML file in its order, none twice; the folder a feed is in becomes its section.

    Raises SourceError when it is no OPML, or of more feeds than anybody reads.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(Phrase("{name}: is no OPML ({error})", name=name, error=error)) from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise SourceError(Phrase("{name}: is no OPML; export one from your feed reader", name=name))
    sources: dict[str, Source] = {}
    names: set[str] = set()
    alike: Counter[str] = Counter()
    for address, title, section in _iterate_outlines(root):
        if len(sources) >= _MAX_FEEDS and address not in sources:
            raise SourceError(
                Phrase(
                    "{name}: lists over {number:,} feeds; split it, or leave out those you do not read",
                    name=name,
                    number=_MAX_FEEDS,
                )
            )
        if address not in sources:
            name_of = make_source_name(title, address)
            alike[name_of] += 1
            own = take_unused_name(name_of, names, alike[name_of])
            sources[address] = Source(kind="feed", name=own, address=address, title=title, section=section)
    return tuple(sources.values())


def _iterate_outlines(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Yield address, title and folder of each feed, without recursion."""
    for outline in root.iter("{*}outline"):
        address = resolve_link(outline.get("xmlUrl") or outline.get("xmlurl") or "", "")
        if address:
            yield address, _get_label(outline), _get_folder(outline)


def _get_folder(outline: etree._Element) -> str:
    parent = outline.getparent()
    is_folder = parent is not None and etree.QName(parent).localname == "outline"
    return (
        _get_label(parent)
        if is_folder
        else clean_line((outline.get("category") or "").split(",")[0].rpartition("/")[2])
    )


def _get_label(outline: etree._Element) -> str:
    return clean_line(outline.get("title") or outline.get("text") or "")


def export_opml(rows: tuple[Source, ...], title: str = "Zhaibao") -> bytes:
    """Return an OPML 2.0 file of the feeds with a web address among `rows`, in folders by their sections."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {"": body}
    for row in rows:
        if row.kind != "feed" or not row.is_remote:
            continue
        if row.section not in folders:
            folders[row.section] = etree.SubElement(body, "outline", text=row.section, title=row.section)
        title = row.title or row.name
        etree.SubElement(
            folders[row.section], "outline", type="rss", text=title, title=title, xmlUrl=row.address
        )
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def make_source_name(title: str, address: str) -> str:
    """Return a name for the configuration: the title's words, or the site's host unless that is a number.

    >>> make_source_name("Linxi News!", "https://l.example/feed"), make_source_name("临溪新闻网", "http://127.0.0.1/feed")
    ('linxi-news', '临溪新闻网')
    >>> make_source_name("", "https://www.linxi.example/feed"), make_source_name("", "http://127.0.0.1/feed")
    ('linxi-example', 'feed')
    """
    words = _join_name_words(unicodedata.normalize("NFKC", title).lower())
    least = 1 if _HAN.search(words) else _MIN_NAME_CHARACTERS
    host = urlsplit(address).hostname or ""
    name = (
        words
        if len(words) >= least
        else ""
        if _is_number(host)
        else _join_name_words(host.removeprefix("www."))
    )
    return name[:_MAX_NAME_CHARACTERS].strip("-_") or "feed"


def _join_name_words(text: str) -> str:
    return _NOT_IN_NAMES.sub("-", text).strip("-_")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def take_unused_name(name: str, taken: set[str], number: int = 1) -> str:
    """Return and take `name`, or the first free one of name-2, name-3 …, beginning at `number`.

    >>> take_unused_name("news", {"news", "news-2"})
    'news-3'
    """
    candidate = name if number == 1 else f"{name}-{number}"
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    taken.add(candidate)
    return candidate
