"""What stands at an address: a feed, a page naming its feeds, a channel, a newspaper, an article, a section page."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bot.encoding import decode_markup
from bot.errors import SourceError
from bot.models import Source
from bot.sources import epaper, feed, site, webpage
from bot.sources.feed import web_address
from bot.sources.prose import clean

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
MIN_PAGES = 3  # that an issue links to; two may be names of other things
MAX_TITLE_CHARACTERS = 40
USUAL_PLACES = ("feed", "rss.xml", "atom.xml", "feed.xml", "index.xml", "rss", "feed.json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A source one could configure."""

    kind: str  # a row of sources.KINDS
    url: str
    title: str = ""


def sources_at(data: bytes, url: str, charset: str = "") -> tuple[Found, ...]:
    """Return what can be read at `url`, whose content is `data`, the best first; nothing when nothing can.

    A web page's own feeds come before the page itself. They have still to be fetched, to see whether they answer.
    """
    if urlsplit(url).hostname == "t.me":
        return (Found(kind="telegram", url=preview(url)),)
    if here := feed_at(data, url, charset):
        return (here,)
    return (*named_feeds(data, url, charset), *pages(data, url, charset))


def named_feeds(data: bytes, url: str, charset: str = "") -> tuple[Found, ...]:
    """Return the feeds that a web page names in its head, in its order."""
    try:
        tree = site.parsed(decode_markup(data, charset), url)
    except SourceError:
        return ()
    base = web_address(tree.xpath("string(//base/@href)"), url) or url
    found: dict[str, Found] = {}
    for element in tree.xpath("//link[@href]"):
        relations = (element.get("rel") or "").lower().split()
        address = web_address(element.get("href"), base)
        if "alternate" in relations and (element.get("type") or "").lower().strip() in FEED_TYPES and address:
            found.setdefault(address, Found(kind="feed", url=address, title=clean(element.get("title") or "")))
    return tuple(found.values())


def usual_places(url: str) -> tuple[str, ...]:
    """Return where sites keep a feed that their page does not name: beside the page, then at the root."""
    return tuple(dict.fromkeys(urljoin(base, place) for base in (url, urljoin(url, "/")) for place in USUAL_PLACES))


def pages(data: bytes, url: str, charset: str) -> tuple[Found, ...]:
    if paper := newspaper(data, url, charset):
        return (paper,)
    try:
        title = webpage.article(data, url, charset=charset).title
        return (Found(kind="webpage", url=url, title=title),)
    except SourceError:
        pass
    try:
        site.listing(data, url, Source(kind="site", name="", address=url), charset)
    except SourceError:
        return ()
    return (Found(kind="site", url=url),)


def newspaper(data: bytes, url: str, charset: str) -> Found | None:
    """Return the electronic newspaper that has an issue or page of it at `url`; its day is made a field."""
    try:
        tree = site.parsed(decode_markup(data, charset), url)
        listed = epaper.pages(data, url, Source(kind="epaper", name="", address=url), charset)
    except SourceError:
        return None
    if len(listed) < MIN_PAGES:
        return None
    address = epaper.template(listed[0].url) or epaper.template(url) or url
    return Found(kind="epaper", url=address, title=clean(tree.xpath("string(//head/title)"))[:MAX_TITLE_CHARACTERS])


def feed_at(data: bytes, url: str, charset: str = "") -> Found | None:
    """Return the feed that `data` is, by the name it gives itself; None where it is none."""
    try:
        return Found(kind="feed", url=url, title=feed.title(data, url, charset)[:MAX_TITLE_CHARACTERS])
    except SourceError:
        return None


def preview(url: str) -> str:
    """Return the address of a channel's preview.

    >>> preview("https://t.me/linxi_news"), preview("https://t.me/s/linxi_news/7")
    ('https://t.me/s/linxi_news', 'https://t.me/s/linxi_news')
    """
    parts = [part for part in urlsplit(url).path.split("/") if part]
    name = parts[1] if parts[:1] == ["s"] and len(parts) > 1 else parts[0] if parts else ""
    return f"https://t.me/s/{name}"
