"""First step: sources → articles in the store."""

import asyncio
import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from bot import files
from bot.errors import BadStatus, FetchError, ForbiddenAddress, InputError, SourceError, StoreError
from bot.fetch import FetchedMails, Fetcher
from bot.fetch.backoff import compute_next_attempt, should_alert
from bot.models import Article, Entry, Source
from bot.newspaper import join_articles
from bot.pipeline.article import fetch_article
from bot.pipeline.issue import read_issue
from bot.pipeline.workers import RunElsewhere, open_workers
from bot.settings import Settings
from bot.sources import KINDS, Listing, scan
from bot.sources.dates import find_day
from bot.sources.kinds import feed, page
from bot.sources.teasers import complete_teaser
from bot.store import Store
from bot.store.sources import SourceState

log = structlog.get_logger("collect")

_MAX_ENTRY_PAGES, _MAX_ISSUE_PAGES = 40, 100  # of one source followed at a time; the rest at the next reading
_MAX_SCANS = 24  # pictures of pages a source and reading, some ten seconds each; the rest at the next
_FINAL_STATUSES = (400, 401, 403, 404, 410, 451)
_MAX_CONCURRENT_SOURCES = 32  # sources read at the same time; the fetcher keeps its own limits a host
# From so many sources on, programs beside this one parse; each takes two seconds to start and 60 MB.
_MANY, _WORKERS = 100, 2


@dataclass(frozen=True, kw_only=True, slots=True)
class CollectOutcome:
    """What a source gave: articles not seen before, and which parts could not be read; or why nothing could."""

    source: Source
    new: int = 0
    troubles: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceReading:
    """What a source holds now, and what makes the next request conditional.

    `keys` are the files that were read, or the entries whose pages were: not to be read again. `troubles` are parts
    that could not be read, `told` is what the source says of itself.
    """

    articles: tuple[Article, ...] = ()
    entries: tuple[Entry, ...] = ()  # whose articles stand on pages of their own
    keys: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""
    troubles: tuple[str, ...] = ()
    description: str = ""


# Which of the keys were not read before.
Unread = Callable[[Sequence[str]], Sequence[str]]


async def collect_sources(
    settings: Settings,
    store: Store,
    fetcher: Fetcher,
    now: datetime,
    progress: Callable[[CollectOutcome], None] = lambda _: None,
    *,
    is_patient: bool = False,
) -> tuple[CollectOutcome, ...]:
    """Read every source; one that fails is told and hinders no other. `progress` hears of each as it is done.

    `is_patient` leaves out those that failed lately, until it is time to ask again.
    """
    places = asyncio.Semaphore(_MAX_CONCURRENT_SOURCES)

    async def one(source: Source, work: RunElsewhere) -> CollectOutcome:
        async with places:
            found = await _collect_source(source, store, fetcher, now, is_patient=is_patient, work=work)
        progress(found)
        return found

    async with open_workers(_WORKERS if len(settings.sources) >= _MANY else 0) as work:
        tasks = (one(source, work) for source in settings.sources)
        found = await asyncio.gather(*tasks, return_exceptions=True)
    for result in found:
        if isinstance(result, BaseException):
            raise result  # only now: no reading goes on behind the caller's back
    return tuple(result for result in found if isinstance(result, CollectOutcome))


async def _collect_source(
    source: Source,
    store: Store,
    fetcher: Fetcher,
    now: datetime,
    *,
    is_patient: bool = False,
    work: RunElsewhere = asyncio.to_thread,
) -> CollectOutcome:
    state = await asyncio.to_thread(store.sources.load_state, source.name)
    if is_patient and state.next_at and now < state.next_at:
        return CollectOutcome(source=source, error=state.error)
    try:
        unread = partial(store.entries.select_unread, source.name)
        got = await read_source(source, fetcher, now, state.etag, state.last_modified, unread, work=work)
        got = await _follow_entries(got, source, fetcher, store, work)
    except (FetchError, InputError, SourceError) as error:
        return await _record_failure(source, state, store, now, str(error), getattr(error, "retry_after", None))
    except StoreError:
        raise
    except Exception as error:
        # what strangers publish finds every bug; it must not cost the other sources their reading
        log.exception("bug", source=source.name)
        return await _record_failure(
            source, state, store, now, f"the program failed while reading it ({type(error).__name__})"
        )
    new = await asyncio.to_thread(_store_reading, got, source, store, now)
    log.info("collected", source=source.name, new=new)
    return CollectOutcome(source=source, new=new, troubles=got.troubles)


def _store_reading(got: SourceReading, source: Source, store: Store, now: datetime) -> int:
    """Keep what was read; return how many articles were new."""
    new = store.articles.add_articles(_sign_articles(got.articles, source), now)
    store.entries.record_read(source.name, got.keys, now)
    store.sources.record_success(source.name, now, etag=got.etag, last_modified=got.last_modified)
    return new


async def _record_failure(
    source: Source, state: SourceState, store: Store, now: datetime, error: str, retry_after: float | None = None
) -> CollectOutcome:
    """Note it, and when to ask again; after a week the operator is told, once."""
    next_at = compute_next_attempt(now, state.failures + 1, chance=random.random(), retry_after=retry_after)  # noqa: S311
    await asyncio.to_thread(store.sources.record_failure, source.name, now, error, next_at)
    if state.failing_since and should_alert(state.failing_since, state.alerted_at, now):
        log.error("failing for a week", source=source.name, since=state.failing_since.isoformat(), error=error)
        await asyncio.to_thread(store.sources.record_alert, source.name, now)
    log.warning("failed", source=source.name, error=error)
    return CollectOutcome(source=source, error=error)


async def read_source(
    source: Source,
    fetcher: Fetcher,
    now: datetime,
    etag: str = "",
    last_modified: str = "",
    unread: Unread = tuple,
    *,
    work: RunElsewhere = asyncio.to_thread,
) -> SourceReading:
    """Read a source now, but no page its entries lead to; `work` parses what was fetched.

    Raises FetchError, InputError, SourceError.
    """
    if source.mailbox:
        return await asyncio.to_thread(_read_mails, source, await fetcher.fetch_mails(source.mailbox, etag))
    if not source.is_remote:
        return await asyncio.to_thread(_read_files, source, unread)
    if KINDS[source.kind].is_issue:
        found = await read_issue(source, fetcher, now, etag=etag, last_modified=last_modified, unread=unread)
        return SourceReading(
            entries=found.entries,
            keys=found.keys,
            etag=found.etag,
            last_modified=found.last_modified,
            troubles=found.troubles,
            description=f"the issue of {found.day}, {found.pages} pages",
        )
    got = await fetcher.fetch_url(source.address, etag=etag, last_modified=last_modified, trusted=True)
    if got.not_modified:
        return SourceReading(etag=etag, last_modified=last_modified)
    listing = await work(KINDS[source.kind].parse_listing, got.content, got.url, source, got.charset)
    return SourceReading(
        articles=listing.articles, entries=listing.entries, etag=got.etag, last_modified=got.last_modified
    )


def _read_files(source: Source, unread: Unread) -> SourceReading:
    """The articles of the files that are new or changed: taking a page apart costs more than reading its bytes.

    A file that cannot be used costs itself alone, unless none can or ever could. A file sends nobody to the network
    unless full_text says so.
    """
    kind = KINDS[source.kind]
    paths: dict[str, Path] = {}
    listings: dict[str, Listing] = {}
    troubles: list[InputError | SourceError] = []
    for path in files.list_files(source.address, kind.suffixes):
        try:
            paths[f"{path} {hashlib.sha256(files.read_file(path)).hexdigest()}"] = path
        except InputError as error:
            troubles.append(error)
    new = unread(tuple(paths))
    for key in _limit_scans([*new, *(_list_pages_of_days(new, paths) if kind.is_printed else ())], paths):
        try:
            listings[key] = kind.parse_listing(files.read_file(paths[key]), str(paths[key]), _forbid_links(source))
        except (InputError, SourceError) as error:
            troubles.append(error)
    if troubles and not listings and len(new) == len(paths):
        raise troubles[0]
    for trouble in troubles:
        log.warning("file unread", source=source.name, error=str(trouble))
    found = _join_listings(tuple(listings.values()), source)
    return replace(found, keys=tuple(listings), troubles=tuple(map(str, troubles)))


def _list_pages_of_days(new: Sequence[str], paths: Mapping[str, Path]) -> tuple[str, ...]:
    """The keys of pages read before whose names hold a new one's day: an article may go on from one to the other.

    None of pictures, which take some ten seconds each.
    """
    days = {day for key in new if (day := find_day(paths[key].stem))}
    return tuple(
        key
        for key in sorted(paths.keys() - set(new))
        if find_day(paths[key].stem) in days and paths[key].suffix.lower() not in scan.SUFFIXES
    )


def _read_mails(source: Source, mails: FetchedMails) -> SourceReading:
    """The articles of mails; one that cannot be read is told and hinders no other, or none after it ever were.

    A link in a mail may act for the one it was sent to, so none is followed unless full_text says so.
    """
    for uid in mails.too_large:
        log.warning("mail too large", source=source.name, uid=uid)
    listings = []
    for name, data in mails.mails:
        try:
            listings.append(KINDS[source.kind].parse_listing(data, name, _forbid_links(source)))
        except SourceError as error:
            log.warning("unread", source=source.name, error=str(error))
        except Exception:
            log.exception("bug", source=source.name, mail=name)
    return replace(_join_listings(listings, source), etag=mails.state)


def _forbid_links(source: Source) -> Source:
    return source if source.full_text is not None else replace(source, full_text=False)


def _join_listings(listings: Sequence[Listing], source: Source) -> SourceReading:
    pages = [printed for listing in listings for printed in listing.pages]
    return SourceReading(
        articles=(*(article for listing in listings for article in listing.articles), *page.join_pages(pages, source)),
        entries=tuple(entry for listing in listings for entry in listing.entries),
    )


def _limit_scans(keys: Sequence[str], paths: Mapping[str, Path]) -> Iterator[str]:
    """The keys without those of pictures after the first MOST_SCANS."""
    scans = 0
    for key in keys:
        scans += paths[key].suffix.lower() in scan.SUFFIXES
        if scans <= _MAX_SCANS or paths[key].suffix.lower() not in scan.SUFFIXES:
            yield key


async def _follow_entries(
    got: SourceReading, source: Source, fetcher: Fetcher, store: Store, work: RunElsewhere
) -> SourceReading:
    """Read the pages of the entries that were not read before, at most MOST_PAGES a time.

    Where a page does not answer its teaser is the article: a short story is better than none.
    """
    entries = {entry.key: entry for entry in got.entries}
    keys = await asyncio.to_thread(store.entries.select_unread, source.name, tuple(entries))
    read_now: list[str] = []
    articles = list(got.articles)
    for key in keys[: _MAX_ISSUE_PAGES if KINDS[source.kind].is_issue else _MAX_ENTRY_PAGES]:
        entry = entries[key]
        try:
            found = await _fetch_entry_page(entry, source, fetcher, work)
        except FetchError as error:
            log.warning("unread", source=source.name, url=entry.url, error=str(error))
            found = feed.build_article(entry, source)
            if not found.text and not _is_final(error):
                continue  # another time it may answer
        read_now.append(key)
        if found.text:
            articles.append(found)
    if KINDS[source.kind].is_issue:
        articles = list(join_articles(articles))
    etag, last_modified = (got.etag, got.last_modified) if len(read_now) == len(keys) else ("", "")
    return replace(got, articles=tuple(articles), keys=(*got.keys, *read_now), etag=etag, last_modified=last_modified)


def _is_final(error: FetchError) -> bool:
    """Asking again would not help."""
    return isinstance(error, ForbiddenAddress) or (isinstance(error, BadStatus) and error.status in _FINAL_STATUSES)


async def _fetch_entry_page(entry: Entry, source: Source, fetcher: Fetcher, work: RunElsewhere) -> Article:
    """The article of the page an entry leads to; what the entry holds itself where the page has none.

    A host that the operator trusts although it is private is trusted for its own entries, not for a stranger's links.
    """
    same_host = urlsplit(entry.url).hostname == urlsplit(source.address).hostname
    teaser = feed.build_article(entry, source)
    try:
        found = await fetch_article(entry.url, fetcher, trusted=same_host, robots=True, rules=source.rules, work=work)
    except SourceError as error:
        log.info("no article", source=source.name, url=entry.url, error=str(error))
        return teaser
    return replace(complete_teaser(teaser, found), url=teaser.url or found.url)


def _sign_articles(found: Iterable[Article], source: Source) -> tuple[Article, ...]:
    """Say of each article where it came from."""
    publisher = source.title or source.name
    return tuple(replace(article, source=source.name, publisher=publisher) for article in found)
