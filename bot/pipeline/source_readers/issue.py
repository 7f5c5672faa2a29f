"""Transport `issue`: the newest issue of an electronic newspaper → the entries of its articles."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

import structlog

from bot.errors import BadStatus, FetchError, SourceError
from bot.fetch import FetchedContent
from bot.models import Entry, Source
from bot.phrases import Phrase
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.reading import SourceReading
from bot.sources.dates import find_day
from bot.sources.kinds import epaper
from bot.sources.kinds.epaper import DAY_FIELD, MAX_FRAMES, IssuePage
from bot.workers.limits import WorkItem

_log = structlog.get_logger("collect")

_MAX_DAYS_BACK = 8  # today and the week before: the newest issue of these days is read
_MAX_ARTICLES = 400  # of an issue
_NOT_OUT = (404, 410)


async def read_issue(source: Source, context: ReadingContext) -> SourceReading:
    """Read today's issue in the source's zone, or the newest of the days before if it is not published yet.

    A page that cannot be read costs only its own articles. The returned etag and last_modified begin with
    their day. Raises FetchError, SourceError, TimeoutError: no issue, or none of its pages, can be read.
    """
    today = context.now.astimezone(source.zone).date()
    is_daily = DAY_FIELD.search(source.address) is not None
    for back in range(_MAX_DAYS_BACK if is_daily else 1):
        day = today - timedelta(days=back)
        url = epaper.format_address(source.address, day)
        etag, last_modified = (_get_tag_of_day(tag, day) for tag in (context.etag, context.last_modified))
        try:
            async with context.limit_time():
                content = await context.fetcher.fetch_url(
                    url, etag=etag, last_modified=last_modified, trusted=True
                )
        except BadStatus as error:
            if not is_daily or error.status not in _NOT_OUT:
                raise
            _log.debug("not out", source=source.name, url=url)
            continue
        if content.not_modified:
            return SourceReading(etag=context.etag, last_modified=context.last_modified, is_issue=True)
        if is_daily and content.url != url and find_day(content.url) != day:
            continue  # redirected: the issue of this day is not there
        issue_day = day if is_daily else find_day(content.url) or today
        if reading := await _walk_issue(content, issue_day, source, context):
            return reading
    if is_daily:
        raise SourceError(
            Phrase(
                "{url}: there is no issue of {today} or the {number} days before; check url and the "
                "day in it",
                url=url,
                today=today,
                number=_MAX_DAYS_BACK - 1,
            )
        )
    raise SourceError(
        Phrase(
            "{url}: no links to pages or articles were recognized; set pages = … and articles = …", url=url
        )
    )


def _get_tag_of_day(tag: str, day: date) -> str:
    """Return the tag for a conditional request if it is of that day, else ""."""
    before, _, rest = tag.partition(" ")
    return rest if before == str(day) else ""


async def _walk_issue(
    content: FetchedContent, day: date, source: Source, context: ReadingContext
) -> SourceReading | None:
    """Read an issue; None if it has no pages and articles. Raises SourceError if no page can be read."""
    front = await _open_frames(content, source, context)
    listed = max([await _parse_pages(document, source, context) for document in front], key=len)
    waiting = set(await asyncio.to_thread(context.select_unread, [_get_page_key(page) for page in listed]))
    entries: dict[str, Entry] = {}
    done, troubles = [], []
    is_finished = True
    for page in listed:
        if _get_page_key(page) not in waiting or len(entries) >= _MAX_ARTICLES:
            continue
        try:
            async with context.limit_time():
                page_entries = await _fetch_page_entries(page, day, front, source, context)
        except TimeoutError:
            is_finished = False
            break
        except (FetchError, SourceError) as error:
            _log.warning("page unread", source=source.name, page=page.number, error=str(error))
            troubles.append(f"page {page.number}: {error}")
            continue
        if page_entries and not await asyncio.to_thread(
            context.select_unread, [entry.key for entry in page_entries]
        ):
            done.append(
                _get_page_key(page)
            )  # only if all its articles were read before; otherwise the page is read again
        for entry in page_entries:
            entries.setdefault(entry.key, entry)
    if troubles and len(troubles) == len(listed):
        raise SourceError(troubles[0])
    if len(listed) == 1 and not entries and waiting:
        return None
    given = ("", "") if troubles or not is_finished else (content.etag, content.last_modified)
    etag, last_modified = (f"{day} {tag}" if tag else "" for tag in given)
    return SourceReading(
        description=f"the issue of {day}, {len(listed)} pages",
        entries=tuple(entries.values())[:_MAX_ARTICLES],
        keys=tuple(done),
        troubles=tuple(troubles),
        etag=etag,
        last_modified=last_modified,
        is_issue=True,
        is_finished=is_finished,
    )


async def _parse_pages(
    document: FetchedContent, source: Source, context: ReadingContext
) -> tuple[IssuePage, ...]:
    item = WorkItem(name=document.url)
    return await context.workers(
        item, epaper.parse_pages, document.content, document.url, source, document.charset
    )


def _get_page_key(page: IssuePage) -> str:
    return f"page {page.url}"


async def _fetch_page_entries(
    page: IssuePage, day: date, front: Sequence[FetchedContent], source: Source, context: ReadingContext
) -> list[Entry]:
    """Return the entries of a page, or of its frame that has them. Raises FetchError, SourceError."""
    if page.url in {document.url for document in front}:
        documents = front
    else:
        documents = await _open_frames(await _fetch_link(page.url, source, context), source, context)
    for document in documents:
        entries = await context.workers(
            WorkItem(name=document.url),
            epaper.parse_entries,
            document.content,
            document.url,
            page,
            day,
            source,
            document.charset,
        )
        if entries:
            return entries
    return []


async def _open_frames(
    content: FetchedContent, source: Source, context: ReadingContext
) -> list[FetchedContent]:
    """Return a page and its frames, or the target of its redirect.

    Frames that cannot be fetched are left out.
    """
    documents = [content]
    for document in documents:
        item = WorkItem(name=document.url)
        urls = await context.workers(
            item, epaper.find_frames, document.content, document.url, document.charset
        )
        for url in urls:
            if len(documents) > MAX_FRAMES:
                return documents
            if url not in {each.url for each in documents}:
                try:
                    documents.append(await _fetch_link(url, source, context))
                except FetchError as error:
                    _log.info("frame unread", source=source.name, url=url, error=str(error))
    return documents


async def _fetch_link(url: str, source: Source, context: ReadingContext) -> FetchedContent:
    """Fetch a link of the issue.

    A private host that the operator trusts is trusted only for its own links.
    """
    same_host = urlsplit(url).hostname == urlsplit(source.address).hostname
    return await context.fetcher.fetch_url(url, trusted=same_host, robots=True)
