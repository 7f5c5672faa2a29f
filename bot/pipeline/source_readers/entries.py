"""The pages of entries → their articles."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog

from bot.errors import BadStatus, FetchError, ForbiddenAddress, LimitExceeded, SourceError
from bot.models import Article, Entry, Source
from bot.pipeline.article import fetch_article
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.reading import SourceReading
from bot.sources.parsing import build_entry_article
from bot.workers.limits import WorkItem

_log = structlog.get_logger("collect")

_MAX_ENTRY_PAGES, _MAX_ISSUE_PAGES = 40, 100  # of one source in one reading; the next reading continues
_FINAL_STATUSES = (400, 401, 403, 404, 410, 451)


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowedEntry:
    """The result for an entry: its article, if there is one, and whether the entry is done."""

    key: str
    article: Article | None = None
    is_done: bool = True
    over_limit: LimitExceeded | None = None


async def select_entries(reading: SourceReading, context: ReadingContext) -> tuple[list[Entry], bool]:
    """Return the entries whose pages should be read now, and whether these are all unread ones."""
    if not reading.entries:
        return [], True
    entries = {entry.key: entry for entry in reading.entries}
    keys = await asyncio.to_thread(context.select_unread, tuple(entries))
    most = _MAX_ISSUE_PAGES if reading.is_issue else _MAX_ENTRY_PAGES
    return [entries[key] for key in keys[:most]], len(keys) <= most


async def follow_entries(
    entries: list[Entry], source: Source, context: ReadingContext
) -> AsyncIterator[FollowedEntry]:
    """Yield the result of each entry, until the deadline.

    If a page cannot be fetched, the teaser is the article: a short story is better than none.
    """
    for entry in entries:
        if not context.has_time():
            return
        try:
            async with context.limit_time():
                followed = await _follow_entry(entry, source, context)
        except TimeoutError:
            return
        yield followed


async def _follow_entry(entry: Entry, source: Source, context: ReadingContext) -> FollowedEntry:
    try:
        return FollowedEntry(key=entry.key, article=await _fetch_entry_page(entry, source, context))
    except FetchError as error:
        _log.warning("unread", source=source.name, url=entry.url, error=str(error))
        teaser = await _build_teaser(entry, source, context)
        is_done = bool(teaser and teaser.text) or _is_final(error)  # other failures may be temporary
        return FollowedEntry(key=entry.key, article=teaser, is_done=is_done)
    except LimitExceeded as error:
        return FollowedEntry(
            key=entry.key, article=await _build_teaser(entry, source, context), over_limit=error
        )
    except SourceError as error:
        _log.info("no article", source=source.name, url=entry.url, error=str(error))
        return FollowedEntry(key=entry.key, article=await _build_teaser(entry, source, context))


async def _build_teaser(entry: Entry, source: Source, context: ReadingContext) -> Article | None:
    try:
        return await context.workers(WorkItem(name=entry.url), build_entry_article, entry, source)
    except LimitExceeded as error:
        _log.warning("teaser unread", source=source.name, error=str(error))
        return None


async def _fetch_entry_page(entry: Entry, source: Source, context: ReadingContext) -> Article:
    """Return the article on the page of an entry, completed from the entry.

    A private host that the operator trusts is trusted for its own entries, but not for the links of other
    sites.
    """
    same_host = urlsplit(entry.url).hostname == urlsplit(source.address).hostname
    page = await fetch_article(
        entry.url, context.fetcher, context.workers, trusted=same_host, robots=True, rules=source.rules
    )
    return await context.workers(WorkItem(name=entry.url), build_entry_article, entry, source, page)


def _is_final(error: FetchError) -> bool:
    """Return whether another request would not help."""
    return isinstance(error, ForbiddenAddress) or (
        isinstance(error, BadStatus) and error.status in _FINAL_STATUSES
    )
