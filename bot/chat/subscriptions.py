"""The subscriptions of chats: the use cases of the pipeline, called for a person in this conversation."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.chat.chat_user import ChatUser
from bot.chat.target import CHANNEL, Target, get_own_target
from bot.locales.zones import guess_zone
from bot.models import Digest
from bot.pipeline import subscribing
from bot.settings import Settings
from bot.store import Store
from bot.store.forgetting import ForgetOutcome
from bot.subscribers.decisions import Decision
from bot.subscribers.subscriber import (
    Door,
    Lookup,
    Origin,
    Subscriber,
    SubscriberEvent,
    SubscriberState,
    Subscription,
    SubscriptionState,
)
from bot.subscribers.wishes import NO_WISHES, Wishes


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionView:
    """A digest as a target has it: `subscription` is None where it is not subscribed."""

    target: Target
    digest: Digest
    subscriber: Subscriber | None
    subscription: Subscription | None
    zone: ZoneInfo
    now: datetime

    @property
    def wishes(self) -> Wishes:
        return self.subscription.wishes if self.subscription else NO_WISHES

    @property
    def is_paused(self) -> bool:
        return bool(self.subscriber and self.subscriber.state is SubscriberState.PAUSED)

    @property
    def hours(self) -> tuple[time, ...]:
        return self.wishes.times or self.digest.times

    @property
    def weekdays(self) -> tuple[int, ...]:
        return self.wishes.weekdays or tuple(sorted(self.digest.weekdays))


class ChatSubscriptions:
    """Finds and changes what goes to a target."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        self.settings, self.store, self.clock = settings, store, clock
        self.digests = subscribing.index_digests(settings)  # those that can be subscribed to, by name

    @property
    def first_digest(self) -> Digest:
        return next(iter(self.digests.values()))

    def find_digest(self, name: str) -> Digest | None:
        return self.digests.get(name)

    async def find_subscriber(self, target: Target) -> Subscriber | None:
        return await asyncio.to_thread(self.store.subscribers.find, _build_lookup(target))

    async def list_views(self, target: Target, language: str) -> list[SubscriptionView]:
        """Return every digest as the target has it, those it is subscribed to first."""
        subscriber = await self.find_subscriber(target)
        views = [self._build_view(digest, target, subscriber, language) for digest in self.digests.values()]
        return sorted(views, key=_is_unsubscribed)

    async def find_view(self, digest: Digest, target: Target, language: str) -> SubscriptionView:
        return self._build_view(digest, target, await self.find_subscriber(target), language)

    def _build_view(
        self, digest: Digest, target: Target, subscriber: Subscriber | None, language: str
    ) -> SubscriptionView:
        subscription = subscriber.find_subscription(digest.name, target.address.key) if subscriber else None
        if subscription and subscription.state is SubscriptionState.LEFT:
            subscription = None
        return SubscriptionView(
            target=target,
            digest=digest,
            subscriber=subscriber,
            subscription=subscription,
            zone=_choose_zone(digest, subscriber, subscription, language),
            now=self.clock(),
        )

    async def subscribe(
        self, user: ChatUser, target: Target, digest: Digest, wishes: Wishes, language: str
    ) -> Decision:
        """Subscribe; an open subscription keeps its wishes. Raises InputError."""
        return await asyncio.to_thread(
            subscribing.subscribe_address,
            self.settings,
            self.store,
            target.address.build_destination(digest.name),
            self._build_origin(user),
            wishes=wishes,
            language=language,
            zone=wishes.zone.key if wishes.zone else "",
        )

    async def change_wishes(self, user: ChatUser, target: Target, digest: Digest, wishes: Wishes) -> Decision:
        """Raises InputError for wishes that are not possible."""
        lookup, origin = _build_lookup(target), self._build_origin(user)
        return await asyncio.to_thread(
            subscribing.change_wishes, self.settings, self.store, lookup, digest.name, wishes, origin
        )

    async def change_person(self, user: ChatUser, target: Target, language: str, zone: str) -> Decision:
        lookup, origin = _build_lookup(target), self._build_origin(user)
        return await asyncio.to_thread(subscribing.change_person, self.store, lookup, language, zone, origin)

    async def pause(self, user: ChatUser, target: Target, until: datetime | None) -> Decision:
        lookup, origin = _build_lookup(target), self._build_origin(user)
        return await asyncio.to_thread(
            subscribing.pause_until, self.settings, self.store, lookup, until, origin
        )

    async def resume(self, user: ChatUser, target: Target) -> Decision:
        lookup, origin = _build_lookup(target), self._build_origin(user)
        return await asyncio.to_thread(
            subscribing.resume_subscriber, self.settings, self.store, lookup, origin
        )

    async def leave(self, user: ChatUser, target: Target, digest: str = "") -> Decision:
        """End the subscription of the target to a digest; "": to all of them."""
        return await asyncio.to_thread(
            subscribing.leave_digest,
            self.settings,
            self.store,
            _build_lookup(target),
            self._build_origin(user),
            digest=digest,
            address_key=target.address.key,
        )

    async def list_events(self, target: Target) -> tuple[SubscriberEvent, ...]:
        """Return the history of a target, oldest first."""
        return await asyncio.to_thread(self.store.subscriber_listing.list_events, _build_lookup(target))

    async def forget(self, user: ChatUser) -> ForgetOutcome:
        lookup, origin = _build_lookup(get_own_target(user)), self._build_origin(user)
        return await asyncio.to_thread(subscribing.forget_subscriber, self.store, lookup, origin)

    async def export(self, user: ChatUser) -> Mapping[str, object] | None:
        """Return all that is known about the person; None where nothing is."""
        lookup = _build_lookup(get_own_target(user))
        return await asyncio.to_thread(subscribing.export_subscriber, self.store, lookup)

    def _build_origin(self, user: ChatUser) -> Origin:
        return Origin(who=f"{CHANNEL}:{user.user_id}", door=Door.CHAT, at=self.clock())


def _build_lookup(target: Target) -> Lookup:
    return Lookup(address_key=target.address.key)


def _is_unsubscribed(view: SubscriptionView) -> bool:
    return view.subscription is None


def _choose_zone(
    digest: Digest, subscriber: Subscriber | None, subscription: Subscription | None, language: str
) -> ZoneInfo:
    """Return the zone in which times are shown: the subscription's, the person's, or the language's."""
    if subscription and subscription.wishes.zone:
        return subscription.wishes.zone
    if subscriber and subscriber.zone:
        return ZoneInfo(subscriber.zone)
    return guess_zone(language, digest.zone)
