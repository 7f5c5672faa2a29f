"""The address of a web article → the article, all its pages (下一页) put together; of a feed → its newest items."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import FetchError, SourceError
from bot.fetch import FetchedContent, Fetcher
from bot.models import Article, Entry, SiteRule
from bot.pipeline.workers import RunElsewhere
from bot.sources.discovery import recognize_feed
from bot.sources.html import article_page
from bot.sources.html.paging import MAX_PAGES, find_next_page, join_pages
from bot.sources.kinds.feed import parse_entries

_MAX_ITEMS = 10
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedItems:
    """A feed's newest entries, the newest first."""

    title: str
    entries: tuple[Entry, ...]


async def fetch_article(
    url: str,
    fetcher: Fetcher,
    *,
    trusted: bool,
    robots: bool = False,
    rules: tuple[SiteRule, ...] = (),
    work: RunElsewhere = asyncio.to_thread,
) -> Article:
    """Read the article at `url`. `robots`: only where the site lets programs in, which a person's request need not ask.

    Pages are parsed by `work`. One that does not answer ends the article before it. Raises FetchError, SourceError.
    """
    first = await fetcher.fetch_url(url, trusted=trusted, robots=robots)
    return await _join_pages(first, fetcher, trusted=trusted, robots=robots, rules=rules, work=work)


async def fetch_article_or_feed(
    url: str,
    fetcher: Fetcher,
    *,
    trusted: bool,
    rules: tuple[SiteRule, ...] = (),
    work: RunElsewhere = asyncio.to_thread,
) -> Article | FeedItems:
    """Read what a person asks for: the article at `url`, or the newest items of the feed there. Raises as above."""
    first = await fetcher.fetch_url(url, trusted=trusted)
    feed_items = await work(_parse_feed, first.content, first.url, first.charset)
    if feed_items is not None:
        return feed_items
    return await _join_pages(first, fetcher, trusted=trusted, robots=False, rules=rules, work=work)


def _parse_feed(data: bytes, url: str, charset: str) -> FeedItems | None:
    candidate = recognize_feed(data, url, charset)
    if candidate is None:
        return None
    entries = sorted(parse_entries(data, url, charset), key=lambda entry: entry.published_at or _LONG_AGO, reverse=True)
    return FeedItems(title=candidate.title, entries=tuple(entries[:_MAX_ITEMS]))


async def _join_pages(
    got: FetchedContent,
    fetcher: Fetcher,
    *,
    trusted: bool,
    robots: bool,
    rules: tuple[SiteRule, ...],
    work: RunElsewhere,
) -> Article:
    pages = [await work(article_page.parse_article, got.content, got.url, charset=got.charset, rules=rules)]
    seen = {got.url}
    while len(pages) < MAX_PAGES:
        address = await work(find_next_page, got.content, got.url, got.charset, rules)
        if not address or address in seen:
            break
        seen.add(address)
        try:
            got = await fetcher.fetch_url(address, trusted=trusted, robots=robots)
            pages.append(await work(article_page.parse_article, got.content, got.url, charset=got.charset, rules=rules))
        except (FetchError, SourceError):
            break
    return join_pages(tuple(pages))
