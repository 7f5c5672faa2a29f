"""The table of source kinds, with what a kind is."""

from dataclasses import dataclass
from typing import Protocol

from bot.models import Article, Source
from bot.sources.kinds import epaper, feed, folder, mailbox, page, site, telegram, webpage
from bot.sources.listing import Listing


class ParseArticles(Protocol):
    def __call__(self, data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
        """Return the articles in `data`, in its order.

        `name` is where it comes from: a path or, after redirects, a URL; relative links start there. `charset` is what
        an HTTP header declared. Raises SourceError or InputError when `data` is not what the kind needs.
        """


class ParseListing(Protocol):
    def __call__(self, data: bytes, name: str, source: Source, charset: str = "") -> Listing:
        """Return the whole articles in `data`, the entries whose articles are to be fetched, and the printed pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceKind:
    """How a kind of source is read."""

    name: str
    parse_articles: ParseArticles
    suffixes: tuple[str, ...]  # the files that a folder of this kind means
    is_remote: bool  # may be read from a URL (or an account, see mailbox); every kind may be read from a file
    parse_own_listing: ParseListing | None = None  # of a kind that gives more than whole articles
    is_issue: bool = False  # its address leads to pages that lead to articles
    is_printed: bool = False  # its files are a paper's pages

    def parse_listing(self, data: bytes, name: str, source: Source, charset: str = "") -> Listing:
        """Return what `data` gives at once, and what is to be fetched; as `articles` for kinds that lead nowhere."""
        if self.parse_own_listing is not None:
            return self.parse_own_listing(data, name, source, charset)
        return Listing(articles=self.parse_articles(data, name, source, charset))


_HTML = (".html", ".htm")
KINDS = {
    kind.name: kind
    for kind in (
        SourceKind(
            name="page",
            parse_articles=page.parse_articles,
            parse_own_listing=page.parse_listing,
            suffixes=page.SUFFIXES,
            is_remote=False,
            is_printed=True,
        ),
        SourceKind(
            name="feed",
            parse_articles=feed.parse_articles,
            parse_own_listing=feed.parse_listing,
            suffixes=(".xml", ".rss", ".atom", ".json"),
            is_remote=True,
        ),
        SourceKind(name="webpage", parse_articles=webpage.parse_articles, suffixes=_HTML, is_remote=True),
        SourceKind(
            name="site",
            parse_articles=site.parse_articles,
            parse_own_listing=site.parse_listing,
            suffixes=_HTML,
            is_remote=True,
        ),
        SourceKind(
            name="epaper",
            parse_articles=epaper.parse_articles,
            parse_own_listing=epaper.parse_listing,
            suffixes=_HTML,
            is_remote=True,
            is_issue=True,
        ),
        SourceKind(name="telegram", parse_articles=telegram.parse_articles, suffixes=_HTML, is_remote=True),
        SourceKind(
            name="mailbox",
            parse_articles=mailbox.parse_articles,
            parse_own_listing=mailbox.parse_listing,
            suffixes=mailbox.SUFFIXES,
            is_remote=False,
        ),
        SourceKind(name="folder", parse_articles=folder.parse_articles, suffixes=folder.SUFFIXES, is_remote=False),
    )
}
