"""The address of a web article → the article with all its pages (下一页); the address of a feed → its newest
items.
"""

from urllib.parse import urlsplit

from bot.errors import FetchError, InputError, SourceError
from bot.fetch import FetchedContent, Fetcher
from bot.models import Article, SiteRule
from bot.phrases import Phrase
from bot.pipeline.source_readers.documents import choose_limits
from bot.sources.media import find_document_suffix
from bot.sources.parsing import FeedItems, join_article_parts, parse_article_part, parse_feed_items
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import RunInWorker

_MAX_PAGES = 10  # of an article
_MAX_REFRESHES = 2  # pages in a row that redirect


async def fetch_article(
    url: str,
    fetcher: Fetcher,
    workers: RunInWorker,
    *,
    trusted: bool,
    robots: bool = False,
    rules: tuple[SiteRule, ...] = (),
) -> Article:
    """Read the article at `url`. `robots`: obey the site's robots.txt; a person's request does not need to.

    The article ends before a page that cannot be fetched, or costs too much to read. Raises FetchError,
    SourceError.
    """
    first = await fetcher.fetch_url(url, trusted=trusted, robots=robots)
    return await _read_parts(first, fetcher, workers, trusted=trusted, robots=robots, rules=rules)


async def fetch_article_or_feed(
    url: str, fetcher: Fetcher, workers: RunInWorker, *, trusted: bool, rules: tuple[SiteRule, ...] = ()
) -> Article | FeedItems:
    """Read the article at `url`, or the newest items of the feed there. Raises FetchError, SourceError."""
    first = await fetcher.fetch_url(url, trusted=trusted)
    items = await workers(WorkItem(name=first.url), parse_feed_items, first.content, first.url, first.charset)
    if items is not None:
        return items
    return await _read_parts(first, fetcher, workers, trusted=trusted, robots=False, rules=rules)


async def _read_parts(
    content: FetchedContent,
    fetcher: Fetcher,
    workers: RunInWorker,
    *,
    trusted: bool,
    robots: bool,
    rules: tuple[SiteRule, ...],
) -> Article:
    first, next_url = await _parse_part(content, workers, rules)
    for _ in range(_MAX_REFRESHES):
        if first is not None:
            break
        is_trusted = trusted and urlsplit(next_url).hostname == urlsplit(content.url).hostname
        content = await fetcher.fetch_url(next_url, trusted=is_trusted, robots=robots)
        first, next_url = await _parse_part(content, workers, rules)
    if first is None:
        raise SourceError(Phrase("{url}: the page redirects again and again", url=content.url))
    return await read_further_parts(
        first, content.url, next_url, fetcher, workers, trusted=trusted, robots=robots, rules=rules
    )


async def read_further_parts(
    first: Article,
    url: str,
    next_url: str,
    fetcher: Fetcher,
    workers: RunInWorker,
    *,
    trusted: bool,
    robots: bool,
    rules: tuple[SiteRule, ...],
) -> Article:
    """Return the article whose first page is `first`, at `url`, with the pages on which it goes on."""
    parts = [first]
    visited = {url}
    while next_url and next_url not in visited and len(parts) < _MAX_PAGES:
        visited.add(next_url)
        try:
            content = await fetcher.fetch_url(next_url, trusted=trusted, robots=robots)
            part, next_url = await _parse_part(content, workers, rules)
        except (FetchError, SourceError):
            break
        if part is None:
            break
        parts.append(part)
    if len(parts) == 1:
        return first
    return await workers(WorkItem(name=url), join_article_parts, parts)


async def _parse_part(
    content: FetchedContent, workers: RunInWorker, rules: tuple[SiteRule, ...]
) -> tuple[Article | None, str]:
    limits = await choose_limits(
        content.content, content.url + find_document_suffix(content.content), workers
    )
    item = WorkItem(name=content.url, limits=limits)
    try:
        return await workers(item, parse_article_part, content.content, content.url, content.charset, rules)
    except InputError as error:  # of a PDF or picture
        raise SourceError(error.args[0]) from error
