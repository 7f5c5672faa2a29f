"""What stands at an address: a feed, a page naming its feeds, a channel, a newspaper, an article, a section
page.
"""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bot.errors import SourceError
from bot.models import Source
from bot.sources.html import article_page
from bot.sources.html.prose import clean_line
from bot.sources.kinds import epaper, feed, site
from bot.sources.links import resolve_link
from bot.text.markup_encoding import decode_markup

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_MIN_PAGES = 3  # that an issue links to; two may be names of other things
_MAX_TITLE_CHARACTERS = 40
_USUAL_PLACES = ("feed", "rss.xml", "atom.xml", "feed.xml", "index.xml", "rss", "feed.json")


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceCandidate:
    """A source one could configure."""

    kind: str  # a row of sources.KINDS
    url: str
    title: str = ""


def discover_sources(data: bytes, url: str, charset: str = "") -> tuple[SourceCandidate, ...]:
    """Return what can be read at `url`, whose content is `data`, the best first; nothing when nothing can.

    A web page's own feeds come before the page itself. They have still to be fetched, to see whether they
    answer.
    """
    if urlsplit(url).hostname == "t.me":
        return (SourceCandidate(kind="telegram", url=_build_preview_address(url)),)
    if here := recognize_feed(data, url, charset):
        return (here,)
    return (*_find_named_feeds(data, url, charset), *_discover_pages(data, url, charset))


def _find_named_feeds(data: bytes, url: str, charset: str = "") -> tuple[SourceCandidate, ...]:
    """Return the feeds that a web page names in its head, in its order."""
    try:
        tree = site.parse_tree(decode_markup(data, charset), url)
    except SourceError:
        return ()
    base = resolve_link(tree.xpath("string(//base/@href)"), url) or url
    candidates: dict[str, SourceCandidate] = {}
    for element in tree.xpath("//link[@href]"):
        relations = (element.get("rel") or "").lower().split()
        address = resolve_link(element.get("href"), base)
        if (
            "alternate" in relations
            and (element.get("type") or "").lower().strip() in _FEED_TYPES
            and address
        ):
            candidates.setdefault(
                address,
                SourceCandidate(kind="feed", url=address, title=clean_line(element.get("title") or "")),
            )
    return tuple(candidates.values())


def list_usual_places(url: str) -> tuple[str, ...]:
    """Return where sites keep a feed that their page does not name: beside the page, then at the root."""
    return tuple(
        dict.fromkeys(urljoin(base, place) for base in (url, urljoin(url, "/")) for place in _USUAL_PLACES)
    )


def _discover_pages(data: bytes, url: str, charset: str) -> tuple[SourceCandidate, ...]:
    if paper := _discover_newspaper(data, url, charset):
        return (paper,)
    try:
        title = article_page.parse_article(data, url, charset=charset).title
        return (SourceCandidate(kind="webpage", url=url, title=title),)
    except SourceError:
        pass
    try:
        site.parse_listing(data, url, Source(kind="site", name="", address=url), charset)
    except SourceError:
        return ()
    return (SourceCandidate(kind="site", url=url),)


def _discover_newspaper(data: bytes, url: str, charset: str) -> SourceCandidate | None:
    """Return the electronic newspaper that has an issue or page of it at `url`; its day is made a field."""
    try:
        tree = site.parse_tree(decode_markup(data, charset), url)
        listed = epaper.parse_pages(data, url, Source(kind="epaper", name="", address=url), charset)
    except SourceError:
        return None
    if len(listed) < _MIN_PAGES:
        return None
    address = epaper.guess_template(listed[0].url) or epaper.guess_template(url) or url
    return SourceCandidate(
        kind="epaper",
        url=address,
        title=clean_line(tree.xpath("string(//head/title)"))[:_MAX_TITLE_CHARACTERS],
    )


def recognize_feed(data: bytes, url: str, charset: str = "") -> SourceCandidate | None:
    """Return the feed that `data` is, by the name it gives itself; None where it is none."""
    try:
        return SourceCandidate(
            kind="feed", url=url, title=feed.parse_feed_title(data, url, charset)[:_MAX_TITLE_CHARACTERS]
        )
    except SourceError:
        return None


def _build_preview_address(url: str) -> str:
    """Return the address of a channel's preview.

    >>> _build_preview_address("https://t.me/linxi_news"), _build_preview_address("https://t.me/s/linxi_news/7")
    ('https://t.me/s/linxi_news', 'https://t.me/s/linxi_news')
    """
    parts = [part for part in urlsplit(url).path.split("/") if part]
    name = parts[1] if parts[:1] == ["s"] and len(parts) > 1 else parts[0] if parts else ""
    return f"https://t.me/s/{name}"
