"""First step: sources → articles in the store."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot import files
from bot.errors import FetchError, InputError, SourceError
from bot.fetch import Fetcher
from bot.models import Article, Source
from bot.settings import Settings
from bot.sources import KINDS
from bot.store import Store

log = structlog.get_logger("collect")

AT_ONCE = 32  # sources read at the same time; the fetcher keeps its own limits a host


@dataclass(frozen=True, kw_only=True, slots=True)
class Collected:
    """What a source gave: articles not seen before, or why it could not be read."""

    source: Source
    new: int = 0
    error: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a source holds now, and what makes the next request conditional."""

    articles: tuple[Article, ...] = ()
    etag: str = ""
    last_modified: str = ""


async def collect(
    settings: Settings,
    store: Store,
    fetcher: Fetcher,
    now: datetime,
    progress: Callable[[Collected], None] = lambda _: None,
) -> tuple[Collected, ...]:
    """Read every source; one that fails is told and hinders no other. `progress` hears of each as it is done."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source) -> Collected:
        async with places:
            found = await collect_one(source, store, fetcher, now)
        progress(found)
        return found

    found = await asyncio.gather(*map(one, settings.sources), return_exceptions=True)
    for result in found:
        if isinstance(result, BaseException):
            raise result  # only now: no reading goes on behind the caller's back
    return tuple(result for result in found if isinstance(result, Collected))


async def collect_one(source: Source, store: Store, fetcher: Fetcher, now: datetime) -> Collected:
    state = await asyncio.to_thread(store.sources.state, source.name)
    try:
        got = await read(source, fetcher, state.etag, state.last_modified)
    except (FetchError, InputError, SourceError) as error:
        return await failed(source, store, now, str(error))
    except Exception as error:
        # what strangers publish finds every bug; it must not cost the other sources their reading
        log.exception("bug", source=source.name)
        return await failed(source, store, now, f"the program failed while reading it ({type(error).__name__})")
    new = await asyncio.to_thread(store.articles.add, got.articles, now)
    await asyncio.to_thread(store.sources.succeeded, source.name, now, etag=got.etag, last_modified=got.last_modified)
    log.info("collected", source=source.name, new=new)
    return Collected(source=source, new=new)


async def failed(source: Source, store: Store, now: datetime, error: str) -> Collected:
    await asyncio.to_thread(store.sources.failed, source.name, now, error)
    log.warning("failed", source=source.name, error=error)
    return Collected(source=source, error=error)


async def read(source: Source, fetcher: Fetcher, etag: str = "", last_modified: str = "") -> Reading:
    """Read a source now. Raises FetchError, InputError, SourceError."""
    if not source.is_remote:
        return Reading(articles=await asyncio.to_thread(from_disk, source))
    got = await fetcher.get(source.address, etag=etag, last_modified=last_modified, trusted=True)
    if got.not_modified:
        return Reading(etag=etag, last_modified=last_modified)
    found = await asyncio.to_thread(KINDS[source.kind].articles, got.content, got.url, source, got.charset)
    return Reading(articles=signed(found, source), etag=got.etag, last_modified=got.last_modified)


def from_disk(source: Source) -> tuple[Article, ...]:
    kind = KINDS[source.kind]
    found: list[Article] = []
    for path in files.listed(source.address, kind.suffixes):
        found += kind.articles(files.read(path), str(path), source)
    return signed(found, source)


def signed(found: Iterable[Article], source: Source) -> tuple[Article, ...]:
    """Say of each article where it came from."""
    publisher = source.title or source.name
    return tuple(replace(article, source=source.name, publisher=publisher) for article in found)
