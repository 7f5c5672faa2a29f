"""An electronic newspaper's newest issue, page by page → the entries of its articles."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import structlog

from bot.errors import BadStatus, FetchError, SourceError
from bot.fetch import FetchedContent, Fetcher
from bot.models import Entry, Source
from bot.phrases import Phrase
from bot.sources.dates import find_day
from bot.sources.kinds import epaper
from bot.sources.kinds.epaper import DAY_FIELD, MAX_FRAMES, IssuePage

log = structlog.get_logger("collect")

_MAX_DAYS_BACK = 8  # today and the week before: the newest issue of these is read
_MAX_ARTICLES = 400  # of an issue
_NOT_OUT = (404, 410)

_Unread = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueReading:
    """What an issue gave. `keys` are pages that need not be read again, `troubles` say which could not be read.

    `etag` and `last_modified` are those of its address, with the day they belong to in front.
    """

    day: date | None = None
    pages: int = 0
    entries: tuple[Entry, ...] = ()
    keys: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""


async def read_issue(
    source: Source, fetcher: Fetcher, now: datetime, *, etag: str = "", last_modified: str = "", unread: _Unread = tuple
) -> IssueReading:
    """Read today's issue in the source's zone, or the newest of the DAYS before where it is not out yet.

    A page that cannot be read costs its own articles alone. Raises FetchError, SourceError: no issue, no page of it.
    """
    today = now.astimezone(source.zone).date()
    is_daily = DAY_FIELD.search(source.address) is not None
    for back in range(_MAX_DAYS_BACK if is_daily else 1):
        day = today - timedelta(days=back)
        url = epaper.format_address(source.address, day)
        try:
            got = await fetcher.fetch_url(
                url, etag=_get_tag_of_day(etag, day), last_modified=_get_tag_of_day(last_modified, day), trusted=True
            )
        except BadStatus as error:
            if not is_daily or error.status not in _NOT_OUT:
                raise
            log.debug("not out", source=source.name, url=url)
            continue
        if got.not_modified:
            return IssueReading(day=day, etag=etag, last_modified=last_modified)
        if is_daily and got.url != url and find_day(got.url) != day:
            continue  # sent elsewhere: this day's issue is not there
        found = await _walk_issue(got, day if is_daily else find_day(got.url) or today, source, fetcher, unread)
        if found is not None:
            return found
    if is_daily:
        raise SourceError(
            Phrase(
                "{url}: no issue of {today} or the {number} days before is there; look at url and its day",
                url=url,
                today=today,
                number=_MAX_DAYS_BACK - 1,
            )
        )
    raise SourceError(
        Phrase("{url}: leads to no pages and no articles; name them with pages = … and articles = …", url=url)
    )


def _get_tag_of_day(tag: str, day: date) -> str:
    """What makes a request conditional, where it was given for the issue of that day."""
    before, _, kept = tag.partition(" ")
    return kept if before == str(day) else ""


async def _walk_issue(
    got: FetchedContent, day: date, source: Source, fetcher: Fetcher, unread: _Unread
) -> IssueReading | None:
    """Read an issue from its address on; None where no pages and articles are. Raises SourceError: no page is read."""
    front = await _open_frames(got, source, fetcher)
    listed = max(
        [await asyncio.to_thread(epaper.parse_pages, d.content, d.url, source, d.charset) for d in front], key=len
    )
    waiting = set(await asyncio.to_thread(unread, [_get_page_key(page) for page in listed]))
    entries: dict[str, Entry] = {}
    done, troubles = [], []
    for page in listed:
        if _get_page_key(page) not in waiting or len(entries) >= _MAX_ARTICLES:
            continue
        try:
            found = await _fetch_page_entries(page, day, front, source, fetcher)
        except (FetchError, SourceError) as error:
            log.warning("page unread", source=source.name, page=page.number, error=str(error))
            troubles.append(f"page {page.number}: {error}")
            continue
        if found and not await asyncio.to_thread(unread, [entry.key for entry in found]):
            done.append(_get_page_key(page))  # all it had were read before; until then it is looked at again
        for entry in found:
            entries.setdefault(entry.key, entry)
    if troubles and len(troubles) == len(listed):
        raise SourceError(troubles[0])
    if len(listed) == 1 and not entries and waiting:
        return None
    given = ("", "") if troubles else (got.etag, got.last_modified)
    etag, last_modified = (f"{day} {tag}" if tag else "" for tag in given)
    return IssueReading(
        day=day,
        pages=len(listed),
        entries=tuple(entries.values())[:_MAX_ARTICLES],
        keys=tuple(done),
        troubles=tuple(troubles),
        etag=etag,
        last_modified=last_modified,
    )


def _get_page_key(page: IssuePage) -> str:
    return f"page {page.url}"


async def _fetch_page_entries(
    page: IssuePage, day: date, front: Sequence[FetchedContent], source: Source, fetcher: Fetcher
) -> list[Entry]:
    """The entries of a page, or of the frame that has them. Raises FetchError, SourceError."""
    is_at_hand = page.url in {document.url for document in front}
    documents = (
        front if is_at_hand else await _open_frames(await _fetch_link(page.url, source, fetcher), source, fetcher)
    )
    for document in documents:
        found = await asyncio.to_thread(
            epaper.parse_entries, document.content, document.url, page, day, source, document.charset
        )
        if found:
            return found
    return []


async def _open_frames(got: FetchedContent, source: Source, fetcher: Fetcher) -> list[FetchedContent]:
    """A page and what stands in its frames, or where it sends its reader; a frame that does not answer is left out."""
    found = [got]
    for document in found:
        for url in await asyncio.to_thread(epaper.find_frames, document.content, document.url, document.charset):
            if len(found) > MAX_FRAMES:
                return found
            if url not in {each.url for each in found}:
                try:
                    found.append(await _fetch_link(url, source, fetcher))
                except FetchError as error:
                    log.info("frame unread", source=source.name, url=url, error=str(error))
    return found


async def _fetch_link(url: str, source: Source, fetcher: Fetcher) -> FetchedContent:
    """What stands at a link of the issue; a host the operator trusts is trusted for its own links alone."""
    same_host = urlsplit(url).hostname == urlsplit(source.address).hostname
    return await fetcher.fetch_url(url, trusted=same_host, robots=True)
