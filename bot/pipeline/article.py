"""The address of a web article → the article, all its pages (下一页) put together; of a feed → its newest items."""

from bot.errors import FetchError, SourceError
from bot.fetch import FetchedContent, Fetcher
from bot.models import Article, SiteRule
from bot.sources.parsing import FeedItems, join_article_parts, parse_article_part, parse_feed_items
from bot.workers.limits import WorkItem
from bot.workers.pool import RunInWorker

_MAX_PAGES = 10  # of an article


async def fetch_article(
    url: str,
    fetcher: Fetcher,
    workers: RunInWorker,
    *,
    trusted: bool,
    robots: bool = False,
    rules: tuple[SiteRule, ...] = (),
) -> Article:
    """Read the article at `url`. `robots`: only where the site lets programs in, which a person's request need not ask.

    A later page that does not answer, or costs too much to read, ends the article before it. Raises FetchError,
    SourceError.
    """
    first = await fetcher.fetch_url(url, trusted=trusted, robots=robots)
    return await _read_parts(first, fetcher, workers, trusted=trusted, robots=robots, rules=rules)


async def fetch_article_or_feed(
    url: str, fetcher: Fetcher, workers: RunInWorker, *, trusted: bool, rules: tuple[SiteRule, ...] = ()
) -> Article | FeedItems:
    """Read what a person asks for: the article at `url`, or the newest items of the feed there. Raises as above."""
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
    part, next_url = await _parse_part(content, workers, rules)
    parts = [part]
    visited = {content.url}
    while next_url and next_url not in visited and len(parts) < _MAX_PAGES:
        visited.add(next_url)
        try:
            content = await fetcher.fetch_url(next_url, trusted=trusted, robots=robots)
            part, next_url = await _parse_part(content, workers, rules)
        except (FetchError, SourceError):
            break
        parts.append(part)
    if len(parts) == 1:
        return parts[0]
    return await workers(WorkItem(name=content.url), join_article_parts, parts)


async def _parse_part(
    content: FetchedContent, workers: RunInWorker, rules: tuple[SiteRule, ...]
) -> tuple[Article, str]:
    item = WorkItem(name=content.url)
    return await workers(item, parse_article_part, content.content, content.url, content.charset, rules)
