"""Editions for subscriptions with wishes, hours or spans of their own.

Subscriptions with the same wishes, slot, last edition and history are a group, and share an edition. Groups
for whom the same edition would be composed share it too, also with the digest's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import structlog

from bot.editorial.slots import Slot, build_slot, get_schedule, is_quiet
from bot.editorial.story_pool import PoolSelection
from bot.models import Digest, Edition
from bot.pipeline.drafting import EditionBuilder
from bot.pipeline.rendering import render_messages
from bot.settings import Settings
from bot.store import Store
from bot.store.editions import OwnEdition
from bot.store.groups import GroupStep, SubscriptionGroup
from bot.subscribers.wishes import apply_wishes

_log = structlog.get_logger("publish")
_STEPS_PER_TRANSACTION = 25
_MAX_HISTORY = 100  # editions that a subscription remembers


@dataclass(frozen=True, kw_only=True, slots=True)
class _GroupsOutcome:
    """How many groups were due, how many subscriptions got an edition, and how many editions were made."""

    groups: int = 0
    subscriptions: int = 0
    editions: int = 0


@dataclass(slots=True)
class _SharedEdition:
    """An edition of this run, and the channels in whose form it is saved, or is about to be."""

    edition: Edition
    channels: set[str] = field(default_factory=set)


def publish_groups(settings: Settings, store: Store, digest: Digest, now: datetime) -> _GroupsOutcome:
    """Publish to the digest's subscriptions whose slot has opened.

    Call it after the digest's own edition of the slot was published. Several processes may call it at once.
    """
    due = store.groups.list_due(digest.name, now)
    if not due:
        return _GroupsOutcome()
    publisher = _GroupPublisher(settings, store, digest, now)
    for groups in _split_by_slot(due):
        publisher.publish(groups)
    outcome = replace(publisher.outcome, groups=len(due))
    _log.info(
        "published to groups",
        digest=digest.name,
        groups=outcome.groups,
        subscriptions=outcome.subscriptions,
        editions=outcome.editions,
    )
    return outcome


def is_left_out(digest: Digest, slot_at: datetime, selection: Sequence[object], updates: int) -> bool:
    """Return whether the digest publishes no such edition: an empty one, or only updates in quiet hours."""
    if not selection:
        return digest.skip_empty
    return is_quiet(digest, slot_at) and updates == len(selection)


def _split_by_slot(groups: Iterable[SubscriptionGroup]) -> Iterator[list[SubscriptionGroup]]:
    by_slot: dict[datetime, list[SubscriptionGroup]] = defaultdict(list)
    for group in groups:
        by_slot[group.slot_at].append(group)
    for slot_at in sorted(by_slot):
        yield by_slot[slot_at]


class _GroupPublisher:
    """Publishes to the groups of one digest."""

    def __init__(self, settings: Settings, store: Store, digest: Digest, now: datetime) -> None:
        self.settings, self.store, self.digest, self.now = settings, store, digest, now
        self.outcome = _GroupsOutcome()
        self._builders: dict[datetime, EditionBuilder] = {}  # by the instant until which editions reach
        self._shared: dict[tuple[datetime, str], _SharedEdition] = {}  # by slot and content
        self._steps: list[GroupStep] = []

    def publish(self, groups: Sequence[SubscriptionGroup]) -> None:
        """Publish to groups with the same slot, those with the same span one after another."""
        own = self.store.editions.find_own(self.digest.name, groups[0].slot_at)
        # all editions of a slot reach until the same instant, whoever makes them and when
        builder = self._get_builder(own.until_at if own else self.now)
        builder.load_indexes({number for group in groups for number in group.history})
        last_from: datetime | None = None
        for group in groups:
            from_at = builder.choose_from(group.last_until_at, own.from_at if own else None)
            if last_from is not None and from_at != last_from:
                self._flush()
                builder.close_span(last_from)
            last_from = from_at
            self._add_step(self._decide(group, from_at, builder, own))
        self._flush()
        if last_from is not None:
            builder.close_span(last_from)

    def _get_builder(self, until_at: datetime) -> EditionBuilder:
        if until_at not in self._builders:
            self._builders[until_at] = EditionBuilder(self.settings, self.store, self.digest, until_at)
        return self._builders[until_at]

    def _decide(
        self, group: SubscriptionGroup, from_at: datetime, builder: EditionBuilder, own: OwnEdition | None
    ) -> GroupStep:
        digest = apply_wishes(self.digest, group.wishes)
        schedule = get_schedule(digest)
        latest = schedule.find_latest(self.now)
        slot = build_slot(digest, max(latest or group.slot_at, group.slot_at))
        unchanged = GroupStep(
            group=group,
            next_slot_at=schedule.find_next(self.now),
            until_at=group.last_until_at,
            leave_url=self.settings.web.leave_url,
        )
        if self.now >= slot.closes_at:
            return unchanged  # too late: the next edition brings what came
        if group.is_of_file and not group.wishes_key:
            return self._take_own(unchanged, builder, own) if own else unchanged
        history = builder.build_history(group.history)
        chosen = builder.select(digest, from_at, history)
        stories = chosen.selection.chosen
        updates = sum(candidate.event.first_printing is not None for candidate in stories)
        if is_left_out(digest, slot.opens_at, stories, updates):
            # what is only held back comes with the next edition
            return unchanged if stories else replace(unchanged, until_at=builder.until_at)
        step = replace(
            unchanged,
            until_at=builder.until_at,
            group_key=chosen.content_key,
            expires_at=self._expire(digest, slot),
            kept_history=self._prune(group, builder),
        )
        if own and own.content_key == chosen.content_key:
            return self._take_own(step, builder, own)
        return self._compose(step, digest, from_at, slot, builder, chosen)

    def _take_own(self, step: GroupStep, builder: EditionBuilder, own: OwnEdition) -> GroupStep:
        """Return the step with the digest's own edition, and the messages that it lacks."""
        slot = build_slot(self.digest, step.group.slot_at)
        step = replace(
            step,
            edition_id=own.id,
            until_at=own.until_at,
            expires_at=step.expires_at or self._expire(self.digest, slot),
            kept_history=step.kept_history or self._prune(step.group, builder),
        )
        key = (step.group.slot_at, own.content_key)
        if key not in self._shared:
            edition = self.store.editions.load_edition(own.id)
            if edition is None:
                return step
            self._shared[key] = _SharedEdition(edition, set(self.store.groups.list_channels(own.id)))
        return self._render(step, self._shared[key])

    def _compose(
        self,
        step: GroupStep,
        digest: Digest,
        from_at: datetime,
        slot: Slot,
        builder: EditionBuilder,
        chosen: PoolSelection,
    ) -> GroupStep:
        key = (slot.opens_at, chosen.content_key)
        if key not in self._shared:
            edition = builder.compose(digest, from_at, slot.opens_at, chosen, self.now)
            self._shared[key] = _SharedEdition(edition)
            self.outcome = replace(self.outcome, editions=self.outcome.editions + 1)
        return self._render(replace(step, edition=self._shared[key].edition), self._shared[key])

    def _render(self, step: GroupStep, shared: _SharedEdition) -> GroupStep:
        """Return the step with the edition in the form of each channel that has none yet."""
        missing = [channel for channel in step.group.channels if channel not in shared.channels]
        shared.channels.update(missing)
        return replace(step, rendered=render_messages(shared.edition, missing, self.settings, self.store))

    def _expire(self, digest: Digest, slot: Slot) -> datetime:
        return max(slot.opens_at, self.now) + timedelta(minutes=digest.lateness_minutes)

    def _prune(self, group: SubscriptionGroup, builder: EditionBuilder) -> tuple[int, ...]:
        """Return the editions of the history that still count."""
        oldest = (self.now - timedelta(days=self.digest.printed_days + 1)).date()
        days = builder.find_days(group.history)
        recent = tuple(number for number in group.history if days.get(number, date.min) >= oldest)
        return recent[-_MAX_HISTORY:]

    def _add_step(self, step: GroupStep) -> None:
        self._steps.append(step)
        if len(self._steps) >= _STEPS_PER_TRANSACTION:
            self._flush()

    def _flush(self) -> None:
        """Save the decided steps."""
        results = self.store.groups.take_steps(self._steps, self.now) if self._steps else ()
        reached = sum(number for edition_id, number in results if edition_id is not None)
        self.outcome = replace(self.outcome, subscriptions=self.outcome.subscriptions + reached)
        self._steps.clear()
