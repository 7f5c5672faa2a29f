"""The address of a web article → the article, all its pages (下一页) put together."""

import asyncio

from bot.errors import FetchError, SourceError
from bot.fetch import Fetcher
from bot.models import Article, SiteRule
from bot.pipeline.workers import RunElsewhere
from bot.sources.html import article_page
from bot.sources.html.paging import MAX_PAGES, find_next_page, join_pages


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
    got = await fetcher.fetch_url(url, trusted=trusted, robots=robots)
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
