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
from bot.fetch import Fetcher, Mails
from bot.fetch.backoff import is_worth_telling, next_try
from bot.models import Article, Entry, Source
from bot.newspaper import whole
from bot.pipeline.article import article_at
from bot.pipeline.issue import issue
from bot.pipeline.workers import Work, workers
from bot.settings import Settings
from bot.sources import KINDS, Listing, feed, page, scan
from bot.sources.dates import day_in
from bot.sources.fulltext import completed
from bot.store import Store
from bot.store.sources import SourceState

log = structlog.get_logger("collect")

MOST_PAGES, MOST_OF_ISSUE = 40, 100  # of one source followed at a time; the rest at the next reading
MOST_SCANS = 24  # pictures of pages a source and reading, some ten seconds each; the rest at the next
GONE = (400, 401, 403, 404, 410, 451)
AT_ONCE = 32  # sources read at the same time; the fetcher keeps its own limits a host
# From so many sources on, programs beside this one parse; each takes two seconds to start and 60 MB.
MANY, WORKERS = 100, 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Collected:
    """What a source gave: articles not seen before, and which parts could not be read; or why nothing could."""

    source: Source
    new: int = 0
    troubles: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
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
    told: str = ""


# Which of the keys were not read before.
Unread = Callable[[Sequence[str]], Sequence[str]]


async def collect(
    settings: Settings,
    store: Store,
    fetcher: Fetcher,
    now: datetime,
    progress: Callable[[Collected], None] = lambda _: None,
    *,
    is_patient: bool = False,
) -> tuple[Collected, ...]:
    """Read every source; one that fails is told and hinders no other. `progress` hears of each as it is done.

    `is_patient` leaves out those that failed lately, until it is time to ask again.
    """
    places = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source, work: Work) -> Collected:
        async with places:
            found = await collect_one(source, store, fetcher, now, is_patient=is_patient, work=work)
        progress(found)
        return found

    async with workers(WORKERS if len(settings.sources) >= MANY else 0) as work:
        tasks = (one(source, work) for source in settings.sources)
        found = await asyncio.gather(*tasks, return_exceptions=True)
    for result in found:
        if isinstance(result, BaseException):
            raise result  # only now: no reading goes on behind the caller's back
    return tuple(result for result in found if isinstance(result, Collected))


async def collect_one(
    source: Source,
    store: Store,
    fetcher: Fetcher,
    now: datetime,
    *,
    is_patient: bool = False,
    work: Work = asyncio.to_thread,
) -> Collected:
    state = await asyncio.to_thread(store.sources.state, source.name)
    if is_patient and state.next_at and now < state.next_at:
        return Collected(source=source, error=state.error)
    try:
        unread = partial(store.entries.unread, source.name)
        got = await read(source, fetcher, now, state.etag, state.last_modified, unread, work=work)
        got = await followed(got, source, fetcher, store, work)
    except (FetchError, InputError, SourceError) as error:
        return await failed(source, state, store, now, str(error), getattr(error, "retry_after", None))
    except StoreError:
        raise
    except Exception as error:
        # what strangers publish finds every bug; it must not cost the other sources their reading
        log.exception("bug", source=source.name)
        return await failed(source, state, store, now, f"the program failed while reading it ({type(error).__name__})")
    new = await asyncio.to_thread(keep, got, source, store, now)
    log.info("collected", source=source.name, new=new)
    return Collected(source=source, new=new, troubles=got.troubles)


def keep(got: Reading, source: Source, store: Store, now: datetime) -> int:
    """Keep what was read; return how many articles were new."""
    new = store.articles.add(signed(got.articles, source), now)
    store.entries.add(source.name, got.keys, now)
    store.sources.succeeded(source.name, now, etag=got.etag, last_modified=got.last_modified)
    return new


async def failed(
    source: Source, state: SourceState, store: Store, now: datetime, error: str, retry_after: float | None = None
) -> Collected:
    """Note it, and when to ask again; after a week the operator is told, once."""
    next_at = next_try(now, state.failures + 1, chance=random.random(), retry_after=retry_after)  # noqa: S311
    await asyncio.to_thread(store.sources.failed, source.name, now, error, next_at)
    if state.failing_since and is_worth_telling(state.failing_since, state.told_at, now):
        log.error("failing for a week", source=source.name, since=state.failing_since.isoformat(), error=error)
        await asyncio.to_thread(store.sources.told, source.name, now)
    log.warning("failed", source=source.name, error=error)
    return Collected(source=source, error=error)


async def read(
    source: Source,
    fetcher: Fetcher,
    now: datetime,
    etag: str = "",
    last_modified: str = "",
    unread: Unread = tuple,
    *,
    work: Work = asyncio.to_thread,
) -> Reading:
    """Read a source now, but no page its entries lead to; `work` parses what was fetched.

    Raises FetchError, InputError, SourceError.
    """
    if source.mailbox:
        return await asyncio.to_thread(from_mails, source, await fetcher.mails(source.mailbox, etag))
    if not source.is_remote:
        return await asyncio.to_thread(from_disk, source, unread)
    if KINDS[source.kind].is_issue:
        found = await issue(source, fetcher, now, etag=etag, last_modified=last_modified, unread=unread)
        return Reading(
            entries=found.entries,
            keys=found.keys,
            etag=found.etag,
            last_modified=found.last_modified,
            troubles=found.troubles,
            told=f"the issue of {found.day}, {found.pages} pages",
        )
    got = await fetcher.get(source.address, etag=etag, last_modified=last_modified, trusted=True)
    if got.not_modified:
        return Reading(etag=etag, last_modified=last_modified)
    listing = await work(KINDS[source.kind].listing, got.content, got.url, source, got.charset)
    return Reading(articles=listing.articles, entries=listing.entries, etag=got.etag, last_modified=got.last_modified)


def from_disk(source: Source, unread: Unread) -> Reading:
    """The articles of the files that are new or changed: taking a page apart costs more than reading its bytes.

    A file that cannot be used costs itself alone, unless none can or ever could. A file sends nobody to the network
    unless full_text says so.
    """
    kind = KINDS[source.kind]
    paths: dict[str, Path] = {}
    listings: dict[str, Listing] = {}
    troubles: list[InputError | SourceError] = []
    for path in files.listed(source.address, kind.suffixes):
        try:
            paths[f"{path} {hashlib.sha256(files.read(path)).hexdigest()}"] = path
        except InputError as error:
            troubles.append(error)
    new = unread(tuple(paths))
    for key in without_many_scans([*new, *(of_their_days(new, paths) if kind.is_printed else ())], paths):
        try:
            listings[key] = kind.listing(files.read(paths[key]), str(paths[key]), offline(source))
        except (InputError, SourceError) as error:
            troubles.append(error)
    if troubles and not listings and len(new) == len(paths):
        raise troubles[0]
    for trouble in troubles:
        log.warning("file unread", source=source.name, error=str(trouble))
    found = put_together(tuple(listings.values()), source)
    return replace(found, keys=tuple(listings), troubles=tuple(map(str, troubles)))


def of_their_days(new: Sequence[str], paths: Mapping[str, Path]) -> tuple[str, ...]:
    """The keys of pages read before whose names hold a new one's day: an article may go on from one to the other.

    None of pictures, which take some ten seconds each.
    """
    days = {day for key in new if (day := day_in(paths[key].stem))}
    return tuple(
        key
        for key in sorted(paths.keys() - set(new))
        if day_in(paths[key].stem) in days and paths[key].suffix.lower() not in scan.SUFFIXES
    )


def from_mails(source: Source, mails: Mails) -> Reading:
    """The articles of mails; one that cannot be read is told and hinders no other, or none after it ever were.

    A link in a mail may act for the one it was sent to, so none is followed unless full_text says so.
    """
    for uid in mails.too_large:
        log.warning("mail too large", source=source.name, uid=uid)
    listings = []
    for name, data in mails.found:
        try:
            listings.append(KINDS[source.kind].listing(data, name, offline(source)))
        except SourceError as error:
            log.warning("unread", source=source.name, error=str(error))
        except Exception:
            log.exception("bug", source=source.name, mail=name)
    return replace(put_together(listings, source), etag=mails.state)


def offline(source: Source) -> Source:
    return source if source.full_text is not None else replace(source, full_text=False)


def put_together(listings: Sequence[Listing], source: Source) -> Reading:
    pages = [printed for listing in listings for printed in listing.pages]
    return Reading(
        articles=(*(article for listing in listings for article in listing.articles), *page.together(pages, source)),
        entries=tuple(entry for listing in listings for entry in listing.entries),
    )


def without_many_scans(keys: Sequence[str], paths: Mapping[str, Path]) -> Iterator[str]:
    """The keys without those of pictures after the first MOST_SCANS."""
    scans = 0
    for key in keys:
        scans += paths[key].suffix.lower() in scan.SUFFIXES
        if scans <= MOST_SCANS or paths[key].suffix.lower() not in scan.SUFFIXES:
            yield key


async def followed(got: Reading, source: Source, fetcher: Fetcher, store: Store, work: Work) -> Reading:
    """Read the pages of the entries that were not read before, at most MOST_PAGES a time.

    Where a page does not answer its teaser is the article: a short story is better than none.
    """
    entries = {entry.key: entry for entry in got.entries}
    keys = await asyncio.to_thread(store.entries.unread, source.name, tuple(entries))
    read_now: list[str] = []
    articles = list(got.articles)
    for key in keys[: MOST_OF_ISSUE if KINDS[source.kind].is_issue else MOST_PAGES]:
        entry = entries[key]
        try:
            found = await page_of(entry, source, fetcher, work)
        except FetchError as error:
            log.warning("unread", source=source.name, url=entry.url, error=str(error))
            found = feed.article(entry, source)
            if not found.text and not is_final(error):
                continue  # another time it may answer
        read_now.append(key)
        if found.text:
            articles.append(found)
    if KINDS[source.kind].is_issue:
        articles = list(whole(articles))
    etag, last_modified = (got.etag, got.last_modified) if len(read_now) == len(keys) else ("", "")
    return replace(got, articles=tuple(articles), keys=(*got.keys, *read_now), etag=etag, last_modified=last_modified)


def is_final(error: FetchError) -> bool:
    """Asking again would not help."""
    return isinstance(error, ForbiddenAddress) or (isinstance(error, BadStatus) and error.status in GONE)


async def page_of(entry: Entry, source: Source, fetcher: Fetcher, work: Work) -> Article:
    """The article of the page an entry leads to; what the entry holds itself where the page has none.

    A host that the operator trusts although it is private is trusted for its own entries, not for a stranger's links.
    """
    same_host = urlsplit(entry.url).hostname == urlsplit(source.address).hostname
    teaser = feed.article(entry, source)
    try:
        found = await article_at(entry.url, fetcher, trusted=same_host, robots=True, rules=source.rules, work=work)
    except SourceError as error:
        log.info("no article", source=source.name, url=entry.url, error=str(error))
        return teaser
    return replace(completed(teaser, found), url=teaser.url or found.url)


def signed(found: Iterable[Article], source: Source) -> tuple[Article, ...]:
    """Say of each article where it came from."""
    publisher = source.title or source.name
    return tuple(replace(article, source=source.name, publisher=publisher) for article in found)
