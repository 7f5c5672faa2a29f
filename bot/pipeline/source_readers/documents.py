"""Parses one document by the kind of its source, in a worker process with the limits for the document."""

from pathlib import PurePath

from bot.models import Source
from bot.sources import parsing
from bot.sources.kinds.table import KINDS
from bot.sources.listing import Listing
from bot.sources.suffixes import PDF, PICTURES
from bot.workers.limits import PDF_LIMITS, TEXT_LIMITS, WorkItem, WorkLimits, build_scan_limits
from bot.workers.worker_pool import RunInWorker


async def parse_document(
    data: bytes, name: str, source: Source, workers: RunInWorker, charset: str = ""
) -> Listing:
    """Return the listing of a document. Raises SourceError, InputError; LimitExceeded."""
    item = WorkItem(name=name, limits=await choose_limits(data, name, workers))
    return await workers(item, KINDS[source.kind].parse_listing, data, name, source, charset)


async def choose_limits(data: bytes, name: str, workers: RunInWorker) -> WorkLimits:
    """Return the limits for the document: pictures of pages take longer. Raises SourceError."""
    if pictures := await count_pictures(data, name, workers):
        return build_scan_limits(pictures)
    return PDF_LIMITS if PurePath(name).suffix.lower() in PDF else TEXT_LIMITS


async def count_pictures(data: bytes, name: str, workers: RunInWorker) -> int:
    """Return how many pages of a document are pictures of text. Raises SourceError."""
    suffix = PurePath(name).suffix.lower()
    if suffix in PICTURES:
        return 1
    if suffix not in PDF:
        return 0
    return await workers(WorkItem(name=name, limits=PDF_LIMITS), parsing.count_scanned_pages, data, name)
