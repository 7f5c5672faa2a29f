"""The function that reads each transport."""

from collections.abc import Awaitable, Callable

from bot.models import Source
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.disk_files import read_disk_files
from bot.pipeline.source_readers.issue import read_issue
from bot.pipeline.source_readers.mails import read_mails
from bot.pipeline.source_readers.reading import SourceReading
from bot.pipeline.source_readers.web_document import read_web_document
from bot.sources.kinds.table import KINDS, Transport

_SOURCE_READERS: dict[Transport, Callable[[Source, ReadingContext], Awaitable[SourceReading]]] = {
    Transport.DOCUMENT: read_web_document,
    Transport.ISSUE: read_issue,
    Transport.FILES: read_disk_files,
    Transport.MAILS: read_mails,
}


async def read_source(source: Source, context: ReadingContext) -> SourceReading:
    """Return the source's content, without its entries' pages. Raises FetchError, InputError, SourceError."""
    return await _SOURCE_READERS[KINDS[source.kind].choose_transport(source)](source, context)
