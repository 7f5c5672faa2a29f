"""The address of a web article → the article, all its pages (下一页) put together."""

import asyncio

from bot.errors import FetchError, SourceError
from bot.fetch import Fetcher
from bot.models import Article, Rule
from bot.pipeline.workers import Work
from bot.sources import webpage
from bot.sources.paging import MAX_PAGES, joined, next_page


async def article_at(
    url: str,
    fetcher: Fetcher,
    *,
    trusted: bool,
    robots: bool = False,
    rules: tuple[Rule, ...] = (),
    work: Work = asyncio.to_thread,
) -> Article:
    """Read the article at `url`. `robots`: only where the site lets programs in, which a person's request need not ask.

    Pages are parsed by `work`. One that does not answer ends the article before it. Raises FetchError, SourceError.
    """
    got = await fetcher.get(url, trusted=trusted, robots=robots)
    pages = [await work(webpage.article, got.content, got.url, charset=got.charset, rules=rules)]
    seen = {got.url}
    while len(pages) < MAX_PAGES:
        address = await work(next_page, got.content, got.url, got.charset, rules)
        if not address or address in seen:
            break
        seen.add(address)
        try:
            got = await fetcher.get(address, trusted=trusted, robots=robots)
            pages.append(await work(webpage.article, got.content, got.url, charset=got.charset, rules=rules))
        except (FetchError, SourceError):
            break
    return joined(tuple(pages))
