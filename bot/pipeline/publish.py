"""Second step: articles → an edition, frozen with its messages and destinations."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import partial

import structlog

from bot.editorial.left_out import explain_left_out, is_emptied_by_settings
from bot.editorial.slots import Slot, find_latest_slot, get_schedule, list_slots_of
from bot.errors import InputError
from bot.models import Digest
from bot.phrases import Phrase
from bot.pipeline.drafting import compose_own_edition
from bot.pipeline.group_publishing import is_left_out, publish_groups
from bot.pipeline.history import DigestHistory, describe_schedule, load_history
from bot.pipeline.rendering import render_messages
from bot.pipeline.synchronization import synchronize_digest
from bot.settings import Settings
from bot.store import Store

_log = structlog.get_logger("publish")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_LOGGED_FAULTS = 10  # lines of one address file
_MAX_ARCHIVED_EDITIONS = 400  # editions in the archive's list: a year of daily ones


class PublishResult(StrEnum):
    PUBLISHED = "published"
    ALREADY = "published before"
    NOT_DUE = "not due"
    MISSED = "missed"
    WAITS = "waits"
    EMPTY = "would be empty"


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishOutcome:
    """The result for a digest's slot, and `why` it waits, or what the edition leaves out.

    `stories` counts the stories of the edition; `slot_at` is None if no slot has opened.
    """

    digest: Digest
    result: PublishResult
    slot_at: datetime | None = None
    stories: int = 0
    destinations: int = 0
    subscriptions: int = 0  # that got an edition, the digest's own or one of their wishes
    why: str | Phrase = ""


async def publish_due(
    settings: Settings,
    store: Store,
    now: datetime,
    *,
    is_ready: Callable[[Digest], bool] = lambda _: True,
    list_unfinished: Callable[[Digest], Sequence[str]] = lambda _: (),
) -> tuple[PublishOutcome, ...]:
    """Publish every digest that has an open slot without an edition.

    A digest that is not ready waits for the next call. `list_unfinished` returns which of its sources are
    still being read: the edition is made without the rest of their articles, and the log says so.
    """
    return tuple(
        [
            await _publish_digest(settings, store, digest, now, list_unfinished(digest))
            for digest in settings.digests
            if is_ready(digest)
        ]
    )


async def _publish_digest(
    settings: Settings, store: Store, digest: Digest, now: datetime, unfinished: Sequence[str]
) -> PublishOutcome:
    """Publish the digest's own edition if it is due, then those of the subscriptions that are due."""
    with suppress(InputError):  # an address file that cannot be read: a digest that is due says so
        await asyncio.to_thread(synchronize_digest, settings, store, digest, now)
    outcome = await _publish_if_due(settings, store, digest, now, unfinished)
    if outcome.result is PublishResult.WAITS:
        return outcome
    groups = await asyncio.to_thread(publish_groups, settings, store, digest, now)
    return replace(outcome, subscriptions=groups.subscriptions)


async def _publish_if_due(
    settings: Settings, store: Store, digest: Digest, now: datetime, unfinished: Sequence[str]
) -> PublishOutcome:
    created_at = await asyncio.to_thread(store.record_creation, now)
    state = await asyncio.to_thread(store.digests.register_digest, digest.name, now)
    slot = find_latest_slot(digest, now)
    if slot is None:
        return PublishOutcome(digest=digest, result=PublishResult.NOT_DUE)
    if await asyncio.to_thread(store.editions.find_edition_id, digest.name, slot.opens_at):
        return PublishOutcome(digest=digest, result=PublishResult.ALREADY, slot_at=slot.opens_at)
    is_open = now < slot.closes_at
    if slot.opens_at < (created_at if is_open else max(created_at, state.first_seen_at)):
        return PublishOutcome(
            digest=digest, result=PublishResult.NOT_DUE, slot_at=slot.opens_at
        )  # opened before this digest existed: neither published nor missed
    history = None
    try:
        history = await asyncio.to_thread(load_history, settings, store, digest, state)
        if history.covers(slot):
            return PublishOutcome(digest=digest, result=PublishResult.ALREADY, slot_at=slot.opens_at)
        if is_open:
            return await _publish_slot(settings, store, digest, slot, history, now, unfinished)
    except InputError as error:
        if is_open:  # waits until its address file exists again; the other digests are published meanwhile
            _log.error("waits", digest=digest.name, slot=slot.opens_at.isoformat(), error=str(error))
            return PublishOutcome(
                digest=digest, result=PublishResult.WAITS, slot_at=slot.opens_at, why=str(error)
            )
    if history and history.has_changed:  # the schedule of that time did not have this slot
        return await _cover_slot(store, digest, slot)
    if await asyncio.to_thread(store.editions.record_missed_slot, digest.name, slot.opens_at, now):
        _log.error(
            "missed",
            digest=digest.name,
            slot=slot.opens_at.isoformat(),
            lateness_minutes=digest.lateness_minutes,
        )
        return PublishOutcome(digest=digest, result=PublishResult.MISSED, slot_at=slot.opens_at)
    return PublishOutcome(digest=digest, result=PublishResult.NOT_DUE, slot_at=slot.opens_at)


async def publish_now(
    settings: Settings,
    store: Store,
    digest: Digest,
    now: datetime,
    at: time | None = None,
    *,
    may_be_empty: bool = True,
) -> PublishOutcome:
    """Publish an edition of today on request: early, late, or on a day without a slot.

    `at` is the wall time of its slot; without it the last slot that has opened counts, else the day's first.
    An empty edition is not published, and keeps its slot, unless it may be. Raises InputError if the digest
    has no slot at that time.
    """
    slot = choose_slot(digest, now, at)
    await asyncio.to_thread(store.record_creation, now)
    await asyncio.to_thread(store.digests.register_digest, digest.name, now)
    return await _publish_slot(settings, store, digest, slot, None, now, may_be_empty=may_be_empty)


def choose_slot(digest: Digest, now: datetime, at: time | None = None) -> Slot:
    """Return today's slot at that wall time, else the last that has opened, else the day's first.

    Raises InputError if the digest has no slot at that time.
    """
    slots = list_slots_of(digest, now.astimezone(digest.zone).date())
    if at is None:
        return max((slot for slot in slots if slot.opens_at <= now), key=_get_opening, default=slots[0])
    for slot in slots:
        if slot.opens_at.astimezone(digest.zone).time() == at:
            return slot
    times = ", ".join(f"{slot.opens_at.astimezone(digest.zone):%H:%M}" for slot in slots)
    raise InputError(
        Phrase(
            "{digest} has no slot at {time}; today's are {times}",
            digest=digest.name,
            time=f"{at:%H:%M}",
            times=times,
        )
    )


def _get_opening(slot: Slot) -> datetime:
    return slot.opens_at


async def _publish_slot(
    settings: Settings,
    store: Store,
    digest: Digest,
    slot: Slot,
    history: DigestHistory | None,
    now: datetime,
    unfinished: Sequence[str] = (),
    *,
    may_be_empty: bool = True,
) -> PublishOutcome:
    """Publish the slot's edition.

    After a change in `history`, an edition that would be empty is not published.
    """
    draft = await asyncio.to_thread(compose_own_edition, settings, store, digest, slot.opens_at, now)
    edition = draft.edition
    left_out = explain_left_out(edition.left_out, digest) or ""
    if history and history.has_changed and not edition.stories:
        return await _cover_slot(store, digest, slot)
    updates = sum(story.first_printing is not None for story in edition.stories)
    if history and is_left_out(digest, slot.opens_at, edition.stories, updates):
        return await _cover_slot(store, digest, slot, "skipped")
    if not may_be_empty and not edition.stories:
        is_out = await asyncio.to_thread(store.editions.find_edition_id, digest.name, slot.opens_at)
        result = PublishResult.ALREADY if is_out else PublishResult.EMPTY
        return PublishOutcome(digest=digest, result=result, slot_at=slot.opens_at, why=left_out)
    await asyncio.to_thread(synchronize_digest, settings, store, digest, now)
    channels = settings.find_channels(digest.name)
    rendered = await asyncio.to_thread(render_messages, edition, channels, settings, store)
    expires_at = max(slot.opens_at, now) + timedelta(minutes=digest.lateness_minutes)
    edition_id = await asyncio.to_thread(
        store.editions.freeze_edition,
        edition,
        rendered,
        (),
        expires_at,
        unfinished,
        draft.content_key,
        partial(
            store.groups.attach_members,
            edition=edition,
            next_slot_at=get_schedule(digest).find_next(max(slot.opens_at, now)),
            expires_at=expires_at,
            kept_history=draft.history,
            leave_url=settings.web.leave_url,
        ),
    )
    if edition_id is None:
        return PublishOutcome(digest=digest, result=PublishResult.ALREADY, slot_at=slot.opens_at)
    await asyncio.to_thread(store.digests.record_schedule, digest.name, describe_schedule(digest))
    _log.info("published", digest=digest.name, slot=slot.opens_at.isoformat(), stories=len(edition.stories))
    if (
        is_emptied_by_settings(edition) and "." not in digest.name
    ):  # a subscriber's own topics may meet nothing
        _log.warning("empty", digest=digest.name, slot=slot.opens_at.isoformat(), left_out=str(left_out))
    if unfinished:
        _log.warning(
            "sources unfinished",
            digest=digest.name,
            slot=slot.opens_at.isoformat(),
            sources=", ".join(unfinished),
        )
    return PublishOutcome(
        digest=digest,
        result=PublishResult.PUBLISHED,
        slot_at=slot.opens_at,
        stories=len(edition.stories),
        destinations=await asyncio.to_thread(store.editions.count_deliveries, edition_id),
        why=left_out,
    )


async def _cover_slot(store: Store, digest: Digest, slot: Slot, event: str = "changed") -> PublishOutcome:
    """Skip the slot: what is new comes with the next edition.

    `event` says in the log why: the name or schedule has just changed and there is nothing new, or the digest
    leaves out such an edition.
    """
    schedule = describe_schedule(digest)
    await asyncio.to_thread(store.digests.record_schedule, digest.name, schedule, slot.opens_at)
    _log.info(event, digest=digest.name, slot=slot.opens_at.isoformat(), schedule=schedule)
    return PublishOutcome(digest=digest, result=PublishResult.NOT_DUE, slot_at=slot.opens_at)
