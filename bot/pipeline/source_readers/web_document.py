"""Transport `document`: one document at a web address."""

from bot.models import Source
from bot.pipeline.article import read_further_parts
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.documents import choose_limits
from bot.pipeline.source_readers.reading import SourceReading
from bot.sources.kinds.table import KINDS
from bot.sources.media import find_document_suffix
from bot.workers.limits import WorkItem


async def read_web_document(source: Source, context: ReadingContext) -> SourceReading:
    """Return the content at the source's address. Raises FetchError, SourceError; TimeoutError."""
    async with context.take_listing_turn():
        async with context.limit_time():
            content = await context.fetcher.fetch_url(
                source.address, etag=context.etag, last_modified=context.last_modified, trusted=True
            )
        if content.not_modified:
            return SourceReading(
                etag=context.etag, last_modified=context.last_modified, moved_to=content.moved_to
            )
        item = WorkItem(
            name=content.url,
            limits=await choose_limits(
                content.content, content.url + find_document_suffix(content.content), context.workers
            ),
        )
        parse = KINDS[source.kind].parse_listing
        listing = await context.workers(item, parse, content.content, content.url, source, content.charset)
    articles = listing.articles
    if listing.next_url and articles:
        async with context.limit_time():
            whole = await read_further_parts(
                articles[0],
                content.url,
                listing.next_url,
                context.fetcher,
                context.workers,
                trusted=True,
                robots=True,
                rules=source.rules,
            )
        articles = (whole, *articles[1:])
    return SourceReading(
        articles=articles,
        entries=listing.entries,
        etag=content.etag,
        last_modified=content.last_modified,
        troubles=listing.notices,
        moved_to=content.moved_to,
        dates=(
            *(article.published_at for article in listing.articles if article.published_at),
            *(entry.published_at for entry in listing.entries if entry.published_at),
        ),
    )
