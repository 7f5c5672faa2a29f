"""The subscriptions of chats: the use cases of the pipeline, called for a person in this conversation."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.chat.chat_user import ChatUser
from bot.chat.target import Target
from bot.locales.zones import guess_zone
from bot.models import Digest
from bot.store import Store
from bot.subscribers import decisions
from bot.subscribers.decisions import Decision, Situation, SubscribeRequest
from bot.subscribers.subscriber import (
    Door,
    Origin,
    Subscriber,
    SubscriberState,
    Subscription,
    SubscriptionState,
)
from bot.subscribers.wishes import NO_WISHES, Wishes, check_wishes

_KEY_BYTES = 16


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
        return self.wishes.times or (self.digest.at,)

    @property
    def weekdays(self) -> tuple[int, ...]:
        return self.wishes.weekdays or tuple(sorted(self.digest.weekdays))


class ChatSubscriptions:
    """Finds and changes what goes to a target. `digests` are those that can be subscribed to, by name."""

    def __init__(self, store: Store, digests: Mapping[str, Digest], clock: Callable[[], datetime]) -> None:
        self.store, self.digests, self.clock = store, digests, clock

    @property
    def first_digest(self) -> Digest:
        return next(iter(self.digests.values()))

    def find_digest(self, name: str) -> Digest | None:
        return self.digests.get(name)

    async def find_subscriber(self, target: Target) -> Subscriber | None:
        return await asyncio.to_thread(self.store.subscribers.find_by_address, target.address.key)

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
        request = SubscribeRequest(
            digest=digest.name,
            address=target.address,
            key=secrets.token_hex(_KEY_BYTES),
            wishes=check_wishes(wishes),
            language=language,
            zone=wishes.zone.key if wishes.zone else "",
        )
        return await self._change(
            user,
            target,
            lambda situation, origin: decisions.subscribe(situation, request, self.digests, origin),
        )

    async def change_wishes(self, user: ChatUser, target: Target, digest: Digest, wishes: Wishes) -> Decision:
        """Raises InputError for wishes that are not possible."""
        checked, key = check_wishes(wishes), target.address.key
        return await self._change(
            user,
            target,
            lambda situation, origin: decisions.change_wishes(
                situation, digest.name, checked, self.digests, origin, key
            ),
        )

    async def change_person(self, user: ChatUser, target: Target, language: str, zone: str) -> Decision:
        return await self._change(
            user, target, lambda situation, origin: decisions.change_person(situation, language, zone, origin)
        )

    async def pause(self, user: ChatUser, target: Target, until: datetime | None) -> Decision:
        return await self._change(
            user, target, lambda situation, origin: decisions.pause(situation, until, self.digests, origin)
        )

    async def resume(self, user: ChatUser, target: Target) -> Decision:
        return await self._change(
            user, target, lambda situation, origin: decisions.resume(situation, self.digests, origin)
        )

    async def leave(self, user: ChatUser, target: Target, digest: str = "") -> Decision:
        """End the subscription to a digest; "": all of them."""
        key = target.address.key
        return await self._change(
            user,
            target,
            lambda situation, origin: decisions.leave(
                situation, digest, self.digests, origin, address_key=key
            ),
        )

    async def _change(
        self, user: ChatUser, target: Target, decide: Callable[[Situation, Origin], Decision]
    ) -> Decision:
        origin = Origin(who=f"telegram:{user.user_id}", door=Door.CHAT, at=self.clock())
        return await asyncio.to_thread(
            self.store.subscribers.change_by_address,
            target.address.key,
            lambda situation: decide(situation, origin),
        )


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
