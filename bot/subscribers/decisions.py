"""What a request to change a subscription means: pure functions of what is stored, the request and the time.

Each function returns a Decision; the store loads the situation and saves the decision in one transaction.
Deciding the same request again changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.editorial.slots import get_schedule
from bot.models import Digest
from bot.subscribers.subscriber import (
    EventKind,
    Origin,
    Subscriber,
    SubscriberAddress,
    SubscriberEvent,
    SubscriberState,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
)
from bot.subscribers.wishes import NO_WISHES, Wishes, apply_wishes, compute_wishes_key, write_wishes

Digests = Mapping[str, Digest]
_MOMENT = timedelta(microseconds=1)


class ChangeResult(StrEnum):
    """What a request led to; a door shows it in its own words."""

    NEW = "new"  # subscribed
    AGAIN = "again"  # subscribed, after leaving
    UNCONFIRMED = "unconfirmed"  # subscribed as soon as the subscriber confirms
    CHANGED = "changed"
    UNCHANGED = "unchanged"  # it was so before
    SUPPRESSED = "suppressed"  # the address left, complained or is forgotten, and does not ask itself
    UNKNOWN = "unknown"  # there is no such subscriber or subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """What is stored: the subscriber, None if there is none, and the suppressions of the address."""

    subscriber: Subscriber | None
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The subscriber as it is from now on, and what else is to be recorded.

    `cancelled`: ids of subscriptions whose waiting deliveries are cancelled. `lifted`: suppressions that end.
    """

    result: ChangeResult
    subscriber: Subscriber | None = None
    events: tuple[SubscriberEvent, ...] = ()
    suppressed: tuple[Suppression, ...] = ()
    lifted: tuple[Suppression, ...] = ()
    cancelled: tuple[int, ...] = ()


Decide = Callable[[Situation], Decision]
DecideMerge = Callable[[Subscriber, Subscriber], Decision]


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscribeRequest:
    """`key` is for a new subscriber. `is_confirmed`: whoever asks has shown that the address is theirs.

    `is_own_wish`: the subscriber asks, not the operator or a file; that ends a suppression and a pause.
    """

    digest: str
    address: SubscriberAddress
    key: str
    wishes: Wishes = NO_WISHES
    language: str = ""
    zone: str = ""
    is_confirmed: bool = True
    is_own_wish: bool = True
    belongs_to: str = ""


def compute_next_slot(digest: Digest, wishes: Wishes, after: datetime) -> datetime:
    """Return the first slot after `after` by the digest's schedule with these wishes."""
    return get_schedule(apply_wishes(digest, wishes)).find_next(after)


def subscribe(situation: Situation, request: SubscribeRequest, digests: Digests, origin: Origin) -> Decision:
    """Subscribe the address to the digest. An open subscription stays as it is."""
    suppressions = tuple(each for each in situation.suppressions if each.digest in ("", request.digest))
    if suppressions and not request.is_own_wish:
        return Decision(result=ChangeResult.SUPPRESSED, subscriber=situation.subscriber)
    before = situation.subscriber
    subscriber = _put_address(before or _build_subscriber(request, origin), request, origin)
    address_key = request.address.key
    previous = subscriber.find_subscription(request.digest, address_key)
    if previous and _is_settled(previous, request):
        if previous.belongs_to and request.belongs_to:  # another file names it now, or the file was moved
            subscriber = _put_subscription(subscriber, replace(previous, belongs_to=request.belongs_to))
        elif previous.state is SubscriptionState.UNCONFIRMED:  # the time to confirm begins again
            subscriber = _put_subscription(subscriber, replace(previous, created_at=origin.at))
        return _decide_known(before, subscriber, previous, digests, origin)
    subscription = replace(
        previous or _build_subscription(request, origin),
        state=SubscriptionState.ACTIVE if request.is_confirmed else SubscriptionState.UNCONFIRMED,
        belongs_to=request.belongs_to,
    )
    if not request.is_confirmed:
        subscription = replace(subscription, created_at=origin.at)  # when the time to confirm begins
    if request.wishes != NO_WISHES:
        subscription = replace(subscription, wishes=request.wishes)
    subscriber = _put_subscription(subscriber, subscription)
    if request.is_own_wish and request.is_confirmed:
        subscriber = replace(subscriber, state=SubscriberState.ACTIVE, paused_until=None)
    what = EventKind.SUBSCRIBED if request.is_confirmed else EventKind.INVITED
    return Decision(
        result=_name_result(request, previous),
        subscriber=_schedule_all(subscriber, digests, origin.at),
        events=(_build_event(origin, what, subscription, with_wishes=True),),
        lifted=suppressions if request.is_confirmed else (),
    )


def confirm(situation: Situation, address_key: str, digests: Digests, origin: Origin) -> Decision:
    """Open the subscriptions of the address that wait for this confirmation."""
    subscriber = situation.subscriber
    address = subscriber.find_address(address_key) if subscriber else None
    if subscriber is None or address is None:
        return Decision(result=ChangeResult.UNKNOWN)
    waiting = [
        subscription
        for subscription in subscriber.subscriptions
        if subscription.address_key == address_key and subscription.state is SubscriptionState.UNCONFIRMED
    ]
    if not waiting:
        return Decision(result=ChangeResult.UNCHANGED, subscriber=subscriber)
    subscriber = _replace_address(subscriber, address_key, replace(address, confirmed_at=origin.at))
    for subscription in waiting:
        subscriber = _put_subscription(subscriber, replace(subscription, state=SubscriptionState.ACTIVE))
    subscriber = replace(subscriber, state=SubscriberState.ACTIVE, paused_until=None)
    names = {subscription.digest for subscription in waiting}
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(subscriber, digests, origin.at),
        events=tuple(_build_event(origin, EventKind.CONFIRMED, subscription) for subscription in waiting),
        lifted=tuple(each for each in situation.suppressions if each.digest in {"", *names}),
    )


def change_wishes(
    situation: Situation, digest: str, wishes: Wishes, digests: Digests, origin: Origin, address_key: str = ""
) -> Decision:
    """Replace the wishes of a subscription."""
    subscriber = situation.subscriber
    subscription = subscriber.find_subscription(digest, address_key) if subscriber else None
    if subscriber is None or subscription is None or subscription.state is SubscriptionState.LEFT:
        return Decision(result=ChangeResult.UNKNOWN, subscriber=subscriber)
    if subscription.wishes == wishes:
        return Decision(result=ChangeResult.UNCHANGED, subscriber=subscriber)
    subscription = replace(subscription, wishes=wishes)
    subscriber = _put_subscription(subscriber, subscription)
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(subscriber, digests, origin.at),
        events=(_build_event(origin, EventKind.CHANGED, subscription, with_wishes=True),),
    )


def change_person(situation: Situation, language: str, zone: str, origin: Origin) -> Decision:
    """Set the language and the zone in which the doors speak to the subscriber."""
    subscriber = situation.subscriber
    if subscriber is None:
        return Decision(result=ChangeResult.UNKNOWN)
    if (subscriber.language, subscriber.zone) == (language, zone):
        return Decision(result=ChangeResult.UNCHANGED, subscriber=subscriber)
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=replace(subscriber, language=language, zone=zone),
        events=(_build_event(origin, EventKind.CHANGED, details={"language": language, "zone": zone}),),
    )


def pause(situation: Situation, until: datetime | None, digests: Digests, origin: Origin) -> Decision:
    """Send nothing until then; None: until the subscriber resumes."""
    subscriber = situation.subscriber
    if subscriber is None or not _list_open(subscriber):
        return Decision(result=ChangeResult.UNKNOWN, subscriber=subscriber)
    is_paused = (subscriber.state, subscriber.paused_until) == (SubscriberState.PAUSED, until)
    if is_paused or (until is not None and until <= origin.at):
        return Decision(result=ChangeResult.UNCHANGED, subscriber=subscriber)
    subscriber = replace(subscriber, state=SubscriberState.PAUSED, paused_until=until)
    details = {"until": until.isoformat() if until else ""}
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(subscriber, digests, origin.at),
        events=(_build_event(origin, EventKind.PAUSED, details=details),),
    )


def resume(situation: Situation, digests: Digests, origin: Origin) -> Decision:
    """End a pause, and try addresses again that the other side called gone."""
    subscriber = situation.subscriber
    if subscriber is None or not _list_open(subscriber):
        return Decision(result=ChangeResult.UNKNOWN, subscriber=subscriber)
    is_paused = subscriber.state is SubscriberState.PAUSED
    if not is_paused and not any(address.gone_at for address in subscriber.addresses):
        return Decision(result=ChangeResult.UNCHANGED, subscriber=subscriber)
    addresses = tuple(replace(address, gone_at=None, gone_reason="") for address in subscriber.addresses)
    subscriber = replace(subscriber, addresses=addresses, state=SubscriberState.ACTIVE, paused_until=None)
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(subscriber, digests, origin.at),
        events=(_build_event(origin, EventKind.RESUMED),),
    )


def leave(
    situation: Situation,
    digest: str,
    digests: Digests,
    origin: Origin,
    *,
    why: SuppressionReason | None = SuppressionReason.LEFT,
    belongs_to: str | None = None,
    address_key: str = "",
) -> Decision:
    """End the subscription to the digest, "" for all, and suppress the addresses.

    `why` None: a file does not name the subscriber any more, which suppresses nothing. `belongs_to`: only the
    subscriptions that this file names.
    """
    subscriber = situation.subscriber
    if subscriber is None:
        return Decision(result=ChangeResult.UNKNOWN)
    ending = [
        subscription
        for subscription in _list_open(subscriber)
        if digest in ("", subscription.digest)
        and belongs_to in (None, subscription.belongs_to)
        and address_key in ("", subscription.address_key)
    ]
    suppressed = _list_new_suppressions(situation, subscriber, ending, digest, why, address_key)
    if not ending and not suppressed:
        return Decision(result=ChangeResult.UNCHANGED, subscriber=subscriber)
    for subscription in ending:
        subscriber = _put_subscription(subscriber, replace(subscription, state=SubscriptionState.LEFT))
    what = EventKind.COMPLAINED if why is SuppressionReason.COMPLAINED else EventKind.LEFT
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(subscriber, digests, origin.at),
        events=tuple(_build_event(origin, what, subscription) for subscription in ending)
        or (_build_event(origin, what),),
        suppressed=suppressed,
        cancelled=tuple(subscription.id for subscription in ending),
    )


def replace_key(situation: Situation, key: str, origin: Origin) -> Decision:
    """Give the subscriber a new key: links with the former one lead nowhere any more."""
    subscriber = situation.subscriber
    if subscriber is None:
        return Decision(result=ChangeResult.UNKNOWN)
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=replace(subscriber, key=key),
        events=(_build_event(origin, EventKind.KEY_REPLACED),),
    )


def mark_gone(
    situation: Situation, address_key: str, reason: str, digests: Digests, origin: Origin
) -> Decision:
    """Nobody is at the address, as the other side says: send nothing there until it is resumed."""
    subscriber = situation.subscriber
    address = subscriber.find_address(address_key) if subscriber else None
    if subscriber is None or address is None:
        return Decision(result=ChangeResult.UNKNOWN, subscriber=subscriber)
    if address.gone_at:
        return Decision(result=ChangeResult.UNCHANGED, subscriber=subscriber)
    subscriber = _replace_address(
        subscriber, address_key, replace(address, gone_at=origin.at, gone_reason=reason)
    )
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(subscriber, digests, origin.at),
        events=(_build_event(origin, EventKind.GONE, details={"channel": address.channel}),),
    )


def move_address(
    situation: Situation, address_key: str, new: str, digests: Digests, origin: Origin
) -> Decision:
    """The chat has a new number; its subscriptions go there."""
    subscriber = situation.subscriber
    address = subscriber.find_address(address_key) if subscriber else None
    if subscriber is None or address is None:
        return Decision(result=ChangeResult.UNKNOWN, subscriber=subscriber)
    moved = replace(address, address=new, gone_at=None, gone_reason="")
    subscriptions = tuple(
        replace(subscription, address_key=moved.key)
        if subscription.address_key == address_key
        else subscription
        for subscription in subscriber.subscriptions
    )
    subscriber = replace(_replace_address(subscriber, address_key, moved), subscriptions=subscriptions)
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(subscriber, digests, origin.at),
        events=(_build_event(origin, EventKind.MOVED, details={"channel": address.channel}),),
    )


def connect_address(
    situation: Situation, address: SubscriberAddress, digests: Digests, origin: Origin
) -> Decision:
    """Add an address to the subscriber; what the subscriber gets at the others comes there too."""
    subscriber = situation.subscriber
    if subscriber is None:
        return Decision(result=ChangeResult.UNKNOWN)
    if subscriber.find_address(address.key):
        return Decision(result=ChangeResult.UNCHANGED, subscriber=subscriber)
    added = replace(address, confirmed_at=origin.at)
    open_by_digest = {each.digest: each for each in reversed(_list_open(subscriber))}
    copies = tuple(
        replace(
            each,
            id=0,
            address_key=added.key,
            state=SubscriptionState.ACTIVE,
            created_at=origin.at,
            belongs_to="",
        )
        for each in reversed(open_by_digest.values())
    )
    subscriber = replace(
        subscriber,
        addresses=(*subscriber.addresses, added),
        subscriptions=(*subscriber.subscriptions, *copies),
    )
    details = {"channel": address.channel}
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(subscriber, digests, origin.at),
        events=(
            _build_event(origin, EventKind.CONNECTED, details=details),
            *(_build_event(origin, EventKind.SUBSCRIBED, each, with_wishes=True) for each in copies),
        ),
        lifted=situation.suppressions,
    )


def merge_subscribers(
    survivor: Subscriber, absorbed: Subscriber, digests: Digests, origin: Origin, replaced_key: str = "",
    new_key: str = "",
) -> Decision:  # fmt: skip
    """Both are one person: the survivor takes over all addresses and subscriptions of the other.

    `replaced_key`: an address of the other that is `new_key` now; subscriptions to the same digest are one.
    """
    existing = {(each.digest, each.address_key) for each in survivor.subscriptions}
    moved = [
        replace(each, address_key=new_key) if each.address_key == replaced_key else each
        for each in absorbed.subscriptions
    ]
    subscriptions = tuple(each for each in moved if (each.digest, each.address_key) not in existing)
    addresses = tuple(each for each in absorbed.addresses if each.key != replaced_key)
    merged = replace(
        survivor,
        addresses=(*survivor.addresses, *addresses),
        subscriptions=(*survivor.subscriptions, *subscriptions),
        state=SubscriberState.ACTIVE if survivor.state is SubscriberState.LEFT else survivor.state,
    )
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(merged, digests, origin.at),
        events=(_build_event(origin, EventKind.MERGED),),
    )


def _schedule_all(subscriber: Subscriber, digests: Digests, now: datetime) -> Subscriber:
    """Return the subscriber with its state, and each subscription with its key and next slot.

    A slot that has opened and is not published yet stays: its edition is still to come.
    """
    subscriber = replace(subscriber, state=_choose_state(subscriber))
    if subscriber.state is not SubscriberState.PAUSED:
        subscriber = replace(subscriber, paused_until=None)
    subscriptions = tuple(
        _schedule_subscription(subscriber, subscription, digests.get(subscription.digest), now)
        for subscription in subscriber.subscriptions
    )
    return replace(subscriber, subscriptions=subscriptions)


def reschedule(situation: Situation, digests: Digests, now: datetime) -> Decision:
    """Compute the next slots again: a schedule has changed. That is no event of the subscriber's."""
    subscriber = situation.subscriber
    if subscriber is None:
        return Decision(result=ChangeResult.UNKNOWN)
    return Decision(result=ChangeResult.CHANGED, subscriber=_schedule_all(subscriber, digests, now))


def _schedule_subscription(
    subscriber: Subscriber, subscription: Subscription, digest: Digest | None, now: datetime
) -> Subscription:
    address = subscriber.find_address(subscription.address_key)
    is_reached = address is not None and address.gone_at is None
    if subscription.state is not SubscriptionState.ACTIVE or not is_reached:
        return replace(subscription, next_slot_at=None)
    if digest is None:  # not in the present configuration: nothing is published
        return subscription
    wishes_key = compute_wishes_key(digest, subscription.wishes)
    # the last edition may have come before its slot: that slot is not to come again
    after = max(now, subscription.last_until_at or now)
    slot_at = subscription.next_slot_at
    if subscriber.state is SubscriberState.PAUSED:
        if subscriber.paused_until is None:
            return replace(subscription, wishes_key=wishes_key, next_slot_at=None)
        after = max(after, subscriber.paused_until - _MOMENT)
    elif slot_at is not None and slot_at <= now:
        return replace(subscription, wishes_key=wishes_key)
    next_slot_at = compute_next_slot(digest, subscription.wishes, after)
    return replace(subscription, wishes_key=wishes_key, next_slot_at=next_slot_at)


def _choose_state(subscriber: Subscriber) -> SubscriberState:
    active = [each for each in subscriber.subscriptions if each.state is SubscriptionState.ACTIVE]
    reached = {address.key for address in subscriber.addresses if address.gone_at is None}
    if any(each.address_key in reached for each in active):
        is_paused = subscriber.state is SubscriberState.PAUSED
        return SubscriberState.PAUSED if is_paused else SubscriberState.ACTIVE
    if active:
        return SubscriberState.GONE
    if _list_open(subscriber):
        return SubscriberState.UNCONFIRMED
    return SubscriberState.LEFT


def _build_subscriber(request: SubscribeRequest, origin: Origin) -> Subscriber:
    return Subscriber(
        key=request.key,
        state=SubscriberState.UNCONFIRMED,
        created_at=origin.at,
        language=request.language,
        zone=request.zone,
    )


def _build_subscription(request: SubscribeRequest, origin: Origin) -> Subscription:
    return Subscription(
        digest=request.digest,
        address_key=request.address.key,
        state=SubscriptionState.UNCONFIRMED,
        created_at=origin.at,
    )


def _put_address(subscriber: Subscriber, request: SubscribeRequest, origin: Origin) -> Subscriber:
    """Add the address, or what the request says of it: a name, an address to unsubscribe, a confirmation."""
    given = request.address
    confirmed_at = origin.at if request.is_confirmed else None
    address = subscriber.find_address(given.key)
    if address is None:
        address = replace(given, confirmed_at=confirmed_at)
        return replace(subscriber, addresses=(*subscriber.addresses, address))
    is_back = request.is_own_wish and request.is_confirmed  # who asks is there
    return _replace_address(
        subscriber,
        given.key,
        replace(
            address,
            name=given.name or address.name,
            unsubscribe=given.unsubscribe or address.unsubscribe,
            confirmed_at=address.confirmed_at or confirmed_at,
            gone_at=None if is_back else address.gone_at,
            gone_reason="" if is_back else address.gone_reason,
        ),
    )


def _replace_address(subscriber: Subscriber, key: str, address: SubscriberAddress) -> Subscriber:
    addresses = tuple(address if each.key == key else each for each in subscriber.addresses)
    return replace(subscriber, addresses=addresses)


def _put_subscription(subscriber: Subscriber, subscription: Subscription) -> Subscriber:
    identity = (subscription.digest, subscription.address_key)
    others = subscriber.subscriptions
    if any((each.digest, each.address_key) == identity for each in others):
        subscriptions = tuple(
            subscription if (each.digest, each.address_key) == identity else each for each in others
        )
    else:
        subscriptions = (*others, subscription)
    return replace(subscriber, subscriptions=subscriptions)


def _is_settled(previous: Subscription, request: SubscribeRequest) -> bool:
    """Whether the subscription is open already, and a confirmation would add nothing."""
    if previous.state is SubscriptionState.ACTIVE:
        return True
    return previous.state is SubscriptionState.UNCONFIRMED and not request.is_confirmed


def _decide_known(
    before: Subscriber | None, after: Subscriber, previous: Subscription, digests: Digests, origin: Origin
) -> Decision:
    """Only what is known of the address may have changed, which file names it, or the time to confirm."""
    if previous.state is SubscriptionState.UNCONFIRMED:
        return Decision(result=ChangeResult.UNCONFIRMED, subscriber=_schedule_all(after, digests, origin.at))
    if after == before:
        return Decision(result=ChangeResult.UNCHANGED, subscriber=before)
    return Decision(
        result=ChangeResult.CHANGED,
        subscriber=_schedule_all(after, digests, origin.at),
        events=(_build_event(origin, EventKind.CHANGED, details={"what": "address"}),),
    )


def _name_result(request: SubscribeRequest, previous: Subscription | None) -> ChangeResult:
    if not request.is_confirmed:
        return ChangeResult.UNCONFIRMED
    is_back = previous is not None and previous.state is SubscriptionState.LEFT
    return ChangeResult.AGAIN if is_back else ChangeResult.NEW


def _list_open(subscriber: Subscriber) -> list[Subscription]:
    return [each for each in subscriber.subscriptions if each.state is not SubscriptionState.LEFT]


def _list_new_suppressions(
    situation: Situation,
    subscriber: Subscriber,
    ending: list[Subscription],
    digest: str,
    why: SuppressionReason | None,
    address_key: str,
) -> tuple[Suppression, ...]:
    """Return a suppression for each address that leaves a digest; one that complains is left alone by all."""
    if why is None:
        return ()
    if why is SuppressionReason.COMPLAINED or not digest:
        keys = [address.key for address in subscriber.addresses if address_key in ("", address.key)]
        wanted = [Suppression(address_key=key, why=why) for key in keys]
    else:
        wanted = [Suppression(address_key=each.address_key, digest=each.digest, why=why) for each in ending]
    existing = {(each.address_key, each.digest) for each in situation.suppressions}
    return tuple(each for each in wanted if (each.address_key, each.digest) not in existing)


def _build_event(
    origin: Origin,
    what: EventKind,
    subscription: Subscription | None = None,
    *,
    with_wishes: bool = False,
    details: Mapping[str, object] | None = None,
) -> SubscriberEvent:
    shown: dict[str, object] = dict(details or {})
    if subscription:
        shown["digest"] = subscription.digest
        if subscription.belongs_to:
            shown["file"] = subscription.belongs_to
    if subscription and with_wishes and (wishes := write_wishes(subscription.wishes)):
        shown["wishes"] = wishes
    return SubscriberEvent(at=origin.at, who=origin.who, door=origin.door, what=what, details=shown)
