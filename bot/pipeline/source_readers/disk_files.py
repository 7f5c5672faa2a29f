"""Transport `files`: the new or changed files of a folder, or one file."""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import structlog

from bot import files
from bot.errors import InputError, LimitExceeded, SourceError
from bot.models import Article, Page, Source
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.documents import parse_document
from bot.pipeline.source_readers.reading import SourceReading
from bot.sources.dates import find_day
from bot.sources.kinds.table import KINDS
from bot.sources.listing import Listing
from bot.sources.parsing import join_printed_pages
from bot.sources.suffixes import PICTURES
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import RunInWorker

_log = structlog.get_logger("collect")

# pictures of pages in one reading of a source, about ten seconds each; the next reading continues
_MAX_SCANS = 24


async def read_disk_files(source: Source, context: ReadingContext) -> SourceReading:
    """Return the articles of new or changed files. Unchanged files are not parsed: that takes longer than
    reading them.

    A file that cannot be used does not affect the others; if no file can be used, the source fails. Links in
    files are followed only with full_text = true. Raises InputError, SourceError.
    """
    kind = KINDS[source.kind]
    paths, troubles = await asyncio.to_thread(_hash_files, source.address, kind.suffixes)
    unread = await asyncio.to_thread(context.select_unread, tuple(paths))
    again = _list_pages_of_days(unread, paths) if kind.is_printed else ()
    listings: dict[str, Listing] = {}
    over_limit: dict[str, LimitExceeded] = {}
    is_finished = True
    for key in _limit_scans([*unread, *again], paths):
        if not context.has_time():
            is_finished = False
            break
        try:
            data = await asyncio.to_thread(files.read_file, paths[key])
            listings[key] = await parse_document(data, str(paths[key]), forbid_links(source), context.workers)
        except LimitExceeded as error:
            over_limit[key] = error
        except (InputError, SourceError) as error:
            troubles.append(error)
    failures = [*troubles, *over_limit.values()]
    if failures and not listings and len(unread) == len(paths):
        raise failures[0]
    for trouble in troubles:
        _log.warning("file unread", source=source.name, error=str(trouble))
    reading = await join_listings(tuple(listings.values()), source, context.workers)
    return replace(
        reading,
        keys=tuple(listings),
        over_limit=over_limit,
        troubles=(*map(str, troubles), *reading.troubles),
        is_finished=is_finished,
    )


def _hash_files(
    address: str, suffixes: tuple[str, ...]
) -> tuple[dict[str, Path], list[InputError | SourceError]]:
    """Return key → file, where the key changes with the content, and the files that cannot be read."""
    paths: dict[str, Path] = {}
    troubles: list[InputError | SourceError] = []
    for path in files.list_files(address, suffixes):
        try:
            paths[f"{path} {hashlib.sha256(files.read_file(path)).hexdigest()}"] = path
        except InputError as error:
            troubles.append(error)
    return paths, troubles


def _list_pages_of_days(unread: Sequence[str], paths: Mapping[str, Path]) -> tuple[str, ...]:
    """Return the keys of earlier pages of the same day as a new one: an article may continue from page to
    page.

    Pictures are left out, because each takes about ten seconds.
    """
    days = {day for key in unread if (day := find_day(paths[key].stem))}
    return tuple(
        key
        for key in sorted(paths.keys() - set(unread))
        if find_day(paths[key].stem) in days and paths[key].suffix.lower() not in PICTURES
    )


def _limit_scans(keys: Sequence[str], paths: Mapping[str, Path]) -> Iterator[str]:
    """Yield the keys, but only the first _MAX_SCANS of pictures."""
    scans = 0
    for key in keys:
        is_picture = paths[key].suffix.lower() in PICTURES
        scans += is_picture
        if scans <= _MAX_SCANS or not is_picture:
            yield key


def forbid_links(source: Source) -> Source:
    """Return the source, which follows links only if full_text is true."""
    return source if source.full_text is not None else replace(source, full_text=False)


async def join_listings(listings: Sequence[Listing], source: Source, workers: RunInWorker) -> SourceReading:
    """Return the listing of several documents. Articles on several printed pages of a day are joined."""
    days: defaultdict[date | None, list[Page]] = defaultdict(list)
    for listing in listings:
        for page in listing.pages:
            days[page.day].append(replace(page, blocks=()))  # they contain the text a second time
    articles: list[Article] = [article for listing in listings for article in listing.articles]
    for day, pages in days.items():
        articles += await _join_pages(day, pages, source, workers)
    return SourceReading(
        articles=tuple(articles),
        entries=tuple(entry for listing in listings for entry in listing.entries),
        troubles=tuple(notice for listing in listings for notice in listing.notices),
    )


async def _join_pages(
    day: date | None, pages: Sequence[Page], source: Source, workers: RunInWorker
) -> list[Article]:
    """Return the articles of a day's pages, joined across pages unless that costs too much."""
    item = WorkItem(name=f"{source.name}: the pages of {day or 'no day'}")
    try:
        return list(await workers(item, join_printed_pages, tuple(pages), source))
    except LimitExceeded as error:
        _log.warning("pages not joined", source=source.name, error=str(error))
    return [article for page in pages for article in await workers(item, join_printed_pages, (page,), source)]
