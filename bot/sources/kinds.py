"""The table of source kinds, with what a kind is."""

from dataclasses import dataclass
from typing import Protocol

from bot.models import Article, Source
from bot.sources import document, epaper, feed, mailbox, page, site, telegram, webpage
from bot.sources.listing import Listing


class Articles(Protocol):
    def __call__(self, data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
        """Return the articles in `data`, in its order.

        `name` is where it comes from: a path or, after redirects, a URL; relative links start there. `charset` is what
        an HTTP header declared. Raises SourceError or InputError when `data` is not what the kind needs.
        """


class Lists(Protocol):
    def __call__(self, data: bytes, name: str, source: Source, charset: str = "") -> Listing:
        """Return the whole articles in `data`, the entries whose articles are to be fetched, and the printed pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """How a kind of source is read."""

    name: str
    articles: Articles
    suffixes: tuple[str, ...]  # the files that a folder of this kind means
    is_remote: bool  # may be read from a URL (or an account, see mailbox); every kind may be read from a file
    lists: Lists | None = None  # of a kind that gives more than whole articles
    is_issue: bool = False  # its address leads to pages that lead to articles
    is_printed: bool = False  # its files are a paper's pages

    def listing(self, data: bytes, name: str, source: Source, charset: str = "") -> Listing:
        """Return what `data` gives at once, and what is to be fetched; as `articles` for kinds that lead nowhere."""
        if self.lists is not None:
            return self.lists(data, name, source, charset)
        return Listing(articles=self.articles(data, name, source, charset))


HTML = (".html", ".htm")
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="page",
            articles=page.articles,
            lists=page.listing,
            suffixes=page.SUFFIXES,
            is_remote=False,
            is_printed=True,
        ),
        Kind(
            name="feed",
            articles=feed.articles,
            lists=feed.listing,
            suffixes=(".xml", ".rss", ".atom", ".json"),
            is_remote=True,
        ),
        Kind(name="webpage", articles=webpage.articles, suffixes=HTML, is_remote=True),
        Kind(name="site", articles=site.articles, lists=site.listing, suffixes=HTML, is_remote=True),
        Kind(
            name="epaper",
            articles=epaper.articles,
            lists=epaper.listing,
            suffixes=HTML,
            is_remote=True,
            is_issue=True,
        ),
        Kind(name="telegram", articles=telegram.articles, suffixes=HTML, is_remote=True),
        Kind(
            name="mailbox",
            articles=mailbox.articles,
            lists=mailbox.listing,
            suffixes=mailbox.SUFFIXES,
            is_remote=False,
        ),
        Kind(name="folder", articles=document.articles, suffixes=document.SUFFIXES, is_remote=False),
    )
}
