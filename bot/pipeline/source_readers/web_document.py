"""Transport `document`: one document at a web address."""

from bot.models import Source
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.reading import SourceReading
from bot.sources.kinds.table import KINDS
from bot.workers.limits import WorkItem


async def read_web_document(source: Source, context: ReadingContext) -> SourceReading:
    """Return what stands at the source's address. Raises FetchError, SourceError; TimeoutError."""
    async with context.take_listing_turn():
        async with context.limit_time():
            content = await context.fetcher.fetch_url(
                source.address, etag=context.etag, last_modified=context.last_modified, trusted=True
            )
        if content.not_modified:
            return SourceReading(etag=context.etag, last_modified=context.last_modified)
        item = WorkItem(name=content.url)
        parse = KINDS[source.kind].parse_listing
        listing = await context.workers(item, parse, content.content, content.url, source, content.charset)
    return SourceReading(
        articles=listing.articles,
        entries=listing.entries,
        etag=content.etag,
        last_modified=content.last_modified,
    )
