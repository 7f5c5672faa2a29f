"""First step: sources → articles in the store."""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.errors import BadStatus, FetchError, InputError, LimitExceeded, SourceError, StoreError
from bot.fetch import Fetcher
from bot.models import Article, Source
from bot.pipeline.source_progress import (
    MAX_FIRST_UNDATED,
    choose_address,
    hash_configuration,
    note_habits,
    note_move,
    split_undated,
)
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.entries import FollowedEntry, follow_entries, select_entries
from bot.pipeline.source_readers.reader_table import read_source
from bot.pipeline.source_retry import compute_document_wait, compute_next_attempt, should_alert
from bot.settings import Settings
from bot.sources.parsing import join_issue_articles
from bot.store import Store
from bot.store.sources import SourceState
from bot.workers.limits import WorkItem
from bot.workers.worker_pool import RunInWorker

_log = structlog.get_logger("collect")

MAX_SOURCES_AT_ONCE = 200  # so that a thousand that are due do not start in one step of the event loop
MAX_LISTINGS_IN_HAND = 32  # feeds and section pages that are being fetched, or wait to be parsed
_GONE = 410
_BEFORE_FIRST_READING = timedelta(days=8)  # longer than articles are news
_STORE_SECONDS = 5.0  # a long reading stores its articles at this interval


@dataclass(frozen=True, kw_only=True, slots=True)
class CollectOutcome:
    """The result of a reading: the number of new articles and the parts that could not be read, or the error.

    `is_finished` is False if the deadline ended the reading: the next one continues.
    """

    source: Source
    new: int = 0
    troubles: tuple[str, ...] = ()
    uncertain: tuple[Article, ...] = ()  # new ones of pages, whose boundaries are doubtful
    error: str = ""
    is_finished: bool = True


async def collect_sources(
    settings: Settings,
    store: Store,
    fetcher: Fetcher,
    workers: RunInWorker,
    now: datetime,
    progress: Callable[[CollectOutcome], None] = lambda _: None,
    *,
    is_patient: bool = False,
) -> tuple[CollectOutcome, ...]:
    """Read every source once; a failure does not affect other sources. `progress` gets each outcome as it
    comes.

    `is_patient` skips sources that failed recently, until it is time to try again.
    """
    listings = asyncio.Semaphore(MAX_LISTINGS_IN_HAND)
    max_seconds = settings.fetch.deadline_minutes * 60.0

    places = asyncio.Semaphore(MAX_SOURCES_AT_ONCE)

    async def collect_and_report(source: Source) -> CollectOutcome:
        async with places:
            outcome = await collect_source(
                source,
                store,
                fetcher,
                workers,
                now,
                is_patient=is_patient,
                max_seconds=max_seconds,
                listings=listings,
            )
        progress(outcome)
        return outcome

    outcomes = await asyncio.gather(*map(collect_and_report, settings.sources), return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome  # only now, when no reading is in progress any more
    return tuple(outcome for outcome in outcomes if isinstance(outcome, CollectOutcome))


async def collect_source(
    source: Source,
    store: Store,
    fetcher: Fetcher,
    workers: RunInWorker,
    now: datetime,
    *,
    is_patient: bool = False,
    max_seconds: float,
    listings: asyncio.Semaphore,
) -> CollectOutcome:
    """Read a source and store what is new, for at most `max_seconds`. Raises only StoreError.

    `listings` limits how many listings are in memory.
    """
    state = await asyncio.to_thread(store.sources.load_state, source.name)
    if is_patient and state.next_at and now < state.next_at:
        return CollectOutcome(source=source, error=state.error)
    configuration = hash_configuration(source)
    is_same = state.configuration in ("", configuration)
    if state.gone_at and is_same:
        return CollectOutcome(source=source, error=state.error)
    if not is_same:
        state = SourceState(name=source.name, collected_at=state.collected_at)
    context = ReadingContext(
        fetcher=fetcher,
        workers=workers,
        now=now,
        etag=state.etag,
        last_modified=state.last_modified,
        select_unread=partial(store.entries.select_unread, source.name, now=now),
        deadline=asyncio.get_running_loop().time() + max_seconds,
        listings=listings,
    )
    try:
        return await _read_and_store(source, state, store, context, configuration)
    except BadStatus as error:
        if error.status == _GONE:
            return await _record_gone(source, store, now, str(error), configuration)
        return await _record_failure(source, state, store, now, str(error), error.retry_after)
    except (FetchError, InputError, SourceError) as error:
        return await _record_failure(
            source, state, store, now, str(error), getattr(error, "retry_after", None)
        )
    except TimeoutError:
        reason = f"had no turn within {max_seconds / 60:g} minutes; other requests to its host came first"
        return await _record_failure(source, state, store, now, reason)
    except StoreError:
        raise
    except Exception as error:
        # strangers' documents trigger every bug; it must not stop the reading of other sources
        _log.exception("bug", source=source.name)
        reason = f"the program failed while reading it ({type(error).__name__})"
        return await _record_failure(source, state, store, now, reason)


async def _read_and_store(
    source: Source, state: SourceState, store: Store, context: ReadingContext, configuration: str
) -> CollectOutcome:
    """Read a source and the pages of its entries, and store articles as they come."""
    reading = await read_source(replace(source, address=choose_address(source, state)), context)
    recorder = _Recorder(source, store, context.now, is_first_reading=state.collected_at is None)
    await recorder.record(reading.articles, reading.keys, reading.over_limit)
    entries, is_all = await select_entries(reading, context)
    followed: list[FollowedEntry] = []
    waiting: list[FollowedEntry] = []
    stored_at = asyncio.get_running_loop().time()
    async for entry in follow_entries(entries, source, context):
        followed.append(entry)
        waiting.append(entry)
        if not reading.is_issue and asyncio.get_running_loop().time() - stored_at > _STORE_SECONDS:
            await recorder.record_entries(waiting)
            waiting, stored_at = [], asyncio.get_running_loop().time()
    if reading.is_issue:
        waiting = await _join_halves(waiting, source, context)
    await recorder.record_entries(waiting)
    is_complete = is_all and len(followed) == len(entries) and all(entry.is_done for entry in followed)
    move = note_move(source, state, reading.moved_to)
    habits = note_habits(source, state, reading.dates, context.now)
    may_skip = is_complete and not any(entry.over_limit for entry in followed)
    await asyncio.to_thread(
        store.sources.record_success,
        source.name,
        context.now,
        etag=reading.etag if may_skip else "",
        last_modified=reading.last_modified if may_skip else "",
        configuration=configuration,
        moved_to=move.address,
        moved_readings=move.readings,
        newest_at=habits.newest_at,
        usual_gap_days=habits.usual_gap_days,
    )
    is_finished = reading.is_finished and len(followed) == len(entries)
    _log.info(
        "collected", source=source.name, new=recorder.new, **({} if is_finished else {"unfinished": True})
    )
    return CollectOutcome(
        source=source,
        new=recorder.new,
        troubles=(*reading.troubles, *recorder.troubles),
        uncertain=tuple(recorder.uncertain),
        is_finished=is_finished,
    )


async def _record_gone(
    source: Source, store: Store, now: datetime, error: str, configuration: str
) -> CollectOutcome:
    """Note that a source has ended; it is asked again when its configuration changes."""
    await asyncio.to_thread(store.sources.record_gone, source.name, now, error, configuration)
    _log.error("source gone", source=source.name, error=error)
    return CollectOutcome(source=source, error=error)


async def _join_halves(
    entries: Sequence[FollowedEntry], source: Source, context: ReadingContext
) -> list[FollowedEntry]:
    """Return an issue's entries, with articles that continue on another page joined."""
    articles = [entry.article for entry in entries if entry.article]
    try:
        whole = await context.workers(
            WorkItem(name=f"{source.name}: its articles"), join_issue_articles, articles
        )
    except LimitExceeded as error:
        _log.warning("pages not joined", source=source.name, error=str(error))
        return list(entries)
    alone = [replace(entry, article=None) for entry in entries]
    return [*alone, *(FollowedEntry(key="", article=article) for article in whole)]


class _Recorder:
    """Stores the articles of a reading and counts the new ones."""

    def __init__(self, source: Source, store: Store, now: datetime, *, is_first_reading: bool) -> None:
        self._source, self._store, self._now = source, store, now
        self._undated_news = MAX_FIRST_UNDATED if is_first_reading else None
        self.new = 0
        self.troubles: list[str] = []
        self.uncertain: list[Article] = []

    async def record_entries(self, entries: Sequence[FollowedEntry]) -> None:
        articles = [entry.article for entry in entries if entry.article and entry.article.text]
        keys = [entry.key for entry in entries if entry.key and entry.is_done and not entry.over_limit]
        await self.record(
            articles, keys, {entry.key: entry.over_limit for entry in entries if entry.over_limit}
        )

    async def record(
        self, articles: Sequence[Article], keys: Sequence[str], over_limit: Mapping[str, LimitExceeded]
    ) -> None:
        """Store articles and keys that were read; record documents that cost too much, and log each once."""
        if articles or keys:
            new = await asyncio.to_thread(self._store_articles, articles, keys)
            self.new += new
            if new:
                self.uncertain += [article for article in articles if article.is_uncertain]
        if not over_limit:
            return
        self.troubles += map(str, over_limit.values())
        failures = await asyncio.to_thread(
            self._store.entries.record_failures,
            self._source.name,
            tuple(over_limit),
            self._now,
            _compute_document_wait,
        )
        for key, error in over_limit.items():
            if failures[key] == 1:
                _log.warning("over limit", source=self._source.name, document=error.name, reason=error.reason)

    def _store_articles(self, articles: Sequence[Article], keys: Sequence[str]) -> int:
        signed = _sign_articles(articles, self._source)
        news, older = split_undated(signed, self._undated_news)
        if self._undated_news is not None:
            self._undated_news -= sum(article.published_at is None for article in news)
        new = self._store.articles.add_articles(news, self._now) if news else 0
        if older:  # known, and no news
            self._store.articles.add_articles(older, self._now - _BEFORE_FIRST_READING)
        self._store.entries.record_read(self._source.name, keys, self._now)
        return new


def _compute_document_wait(failures: int) -> timedelta:
    return compute_document_wait(failures, chance=random.random())  # noqa: S311


async def _record_failure(
    source: Source,
    state: SourceState,
    store: Store,
    now: datetime,
    error: str,
    retry_after: float | None = None,
) -> CollectOutcome:
    """Record the failure and the next attempt. It is logged once, and again after a week without success."""
    next_at = compute_next_attempt(now, state.failures + 1, chance=random.random(), retry_after=retry_after)  # noqa: S311
    await asyncio.to_thread(store.sources.record_failure, source.name, now, error, next_at)
    if state.failing_since and should_alert(state.failing_since, state.alerted_at, now):
        _log.error(
            "failing for a week", source=source.name, since=state.failing_since.isoformat(), error=error
        )
        await asyncio.to_thread(store.sources.record_alert, source.name, now)
    report = _log.info if error == state.error else _log.warning
    report("failed", source=source.name, error=error)
    return CollectOutcome(source=source, error=error)


def _sign_articles(articles: Iterable[Article], source: Source) -> tuple[Article, ...]:
    """Return the articles with the source they came from."""
    publisher = source.title or source.name
    return tuple(replace(article, source=source.name, publisher=publisher) for article in articles)
