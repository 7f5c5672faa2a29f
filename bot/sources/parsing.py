"""The tasks of worker processes: the readers of this package combined, one function for each task."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.models import Article, Entry, Page, SiteRule, Source

_MAX_ITEMS = 10  # of a feed that a person asks for
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def parse_article_part(
    data: bytes, url: str, charset: str = "", rules: tuple[SiteRule, ...] = ()
) -> tuple[Article | None, str]:
    """Return the article at an address, and the address of its next page ("" when there is none).

    For a page that only redirects its reader, there is no article, and the address is the target. Raises
    SourceError, InputError.
    """
    from bot.sources.html.paging import find_next_page
    from bot.sources.html.refresh import find_refresh_target
    from bot.sources.kinds.webpage import parse_linked_article

    if target := find_refresh_target(data, url, charset):
        return None, target
    return parse_linked_article(data, url, charset=charset, rules=rules), find_next_page(
        data, url, charset, rules
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedItems:
    """A feed's newest entries, the newest first."""

    title: str
    entries: tuple[Entry, ...]


def parse_feed_items(data: bytes, url: str, charset: str = "") -> FeedItems | None:
    """Return the newest items of a feed; None where `data` is none."""
    from bot.sources.discovery import recognize_feed
    from bot.sources.kinds.feed import parse_entries

    candidate = recognize_feed(data, url, charset)
    if candidate is None:
        return None
    entries = sorted(
        parse_entries(data, url, charset), key=lambda entry: entry.published_at or _LONG_AGO, reverse=True
    )
    return FeedItems(title=candidate.title, entries=tuple(entries[:_MAX_ITEMS]))


def build_entry_article(entry: Entry, source: Source, page: Article | None = None) -> Article:
    """Return an entry as an article: its own fields, completed from the article of its page."""
    from bot.sources.kinds.feed import build_article
    from bot.sources.teasers import complete_teaser

    teaser = build_article(entry, source)
    return replace(complete_teaser(teaser, page), url=teaser.url or page.url) if page else teaser


def split_pages(data: bytes, name: str, *, articles_only: bool, join: bool) -> list[tuple[str, Page]]:
    """Return a newspaper page, or a PDF's pages, taken apart, each with its name.

    `articles_only` leaves their blocks out; `join` puts the halves of an article on two of them together.
    Raises InputError, SourceError.
    """
    from bot.newspaper import join_halves
    from bot.sources.kinds.page import parse_pages

    named = parse_pages(data, name)
    pages = [page for _, page in named]
    if join and len(pages) > 1:
        pages = list(join_halves(pages))
    if articles_only:
        pages = [replace(page, blocks=()) for page in pages]
    return list(zip([stem for stem, _ in named], pages, strict=True))


def join_article_parts(parts: Sequence[Article]) -> Article:
    """Return the pages of a web article as one article."""
    from bot.sources.html.paging import join_pages

    return join_pages(tuple(parts))


def join_printed_pages(pages: Sequence[Page], source: Source) -> tuple[Article, ...]:
    """Return the articles of a newspaper's pages, with the halves of an article on two pages joined."""
    from bot.sources.kinds.page import join_pages

    return join_pages(pages, source)


def join_issue_articles(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return the articles of an issue, with the halves of an article on two pages joined."""
    from bot.newspaper import join_articles

    return tuple(join_articles(articles))


def count_scanned_pages(data: bytes, name: str) -> int:
    """Return how many pages of a PDF are pictures that have to be read. Raises SourceError."""
    from bot.sources import pdf

    return pdf.count_scanned_pages(data, name)
