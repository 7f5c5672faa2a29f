"""The use cases of subscribers, one for every door: subscribe, confirm, change, pause, resume, leave …

Each is one transaction, may be repeated, and writes an event for what it changes. A Decision comes back: its
`result` says what happened, its `subscriber` is what is stored now.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.models import Destination, Digest, Message, MessageKind
from bot.settings import Settings
from bot.store import Store
from bot.store.forgetting import ForgetOutcome
from bot.subscribers import decisions
from bot.subscribers.decisions import Decision, SubscribeRequest
from bot.subscribers.subscriber import (
    Lookup,
    Origin,
    SubscriberAddress,
    SuppressionReason,
)
from bot.subscribers.wishes import NO_WISHES, Wishes, check_wishes

_KEY_BYTES = 16
_MESSAGE_LIFETIME = timedelta(hours=24)  # of a direct message that cannot be sent


def create_key() -> str:
    """Return a random key of 128 bits for a subscriber's links."""
    return secrets.token_urlsafe(_KEY_BYTES)


def subscribe_address(
    settings: Settings,
    store: Store,
    destination: Destination,
    origin: Origin,
    *,
    wishes: Wishes = NO_WISHES,
    language: str = "",
    zone: str = "",
    is_confirmed: bool = True,
    is_own_wish: bool = True,
) -> Decision:
    """Subscribe the destination to its digest.

    `is_confirmed`: whoever asks has shown that the address is theirs (a chat that writes to the bot); else
    the subscription waits for `confirm_address`. `is_own_wish`: False if the operator asks; then an address
    that left, complained or is forgotten stays out (SUPPRESSED). An open subscription stays as it is
    (UNCHANGED): `change_wishes` changes it. Raises UnknownName, InputError.
    """
    settings.find_digest(destination.digest)  # raises where there is none
    request = SubscribeRequest(
        digest=destination.digest,
        address=build_address(destination),
        key=create_key(),
        wishes=check_wishes(wishes),
        language=language,
        zone=zone,
        is_confirmed=is_confirmed,
        is_own_wish=is_own_wish,
    )
    decide = partial(decisions.subscribe, request=request, digests=index_digests(settings), origin=origin)
    return store.subscribers.change(Lookup(address_key=destination.key), decide)


def connect_address(
    settings: Settings, store: Store, key: str, destination: Destination, origin: Origin
) -> Decision:
    """Add an address to the subscriber with this key ("also on Telegram"); its subscriptions come there too.

    If the address has a subscriber of its own, both become one.
    """
    digests, lookup = index_digests(settings), Lookup(key=key)
    own = store.subscribers.find(Lookup(address_key=destination.key))
    if own and own.key != key:
        decide_merge = partial(decisions.merge_subscribers, digests=digests, origin=origin)
        return store.subscribers.merge(lookup, Lookup(key=own.key), decide_merge)
    decide = partial(
        decisions.connect_address, address=build_address(destination), digests=digests, origin=origin
    )
    return store.subscribers.change(lookup, decide)


def confirm_address(settings: Settings, store: Store, address_key: str, origin: Origin) -> Decision:
    """Open the subscriptions of the address (Destination.key) that wait for this confirmation."""
    decide = partial(
        decisions.confirm, address_key=address_key, digests=index_digests(settings), origin=origin
    )
    return store.subscribers.change(Lookup(address_key=address_key), decide)


def change_wishes(
    settings: Settings,
    store: Store,
    lookup: Lookup,
    digest: str,
    wishes: Wishes,
    origin: Origin,
    *,
    address_key: str = "",
) -> Decision:
    """Replace the wishes of a subscription. Raises InputError for wishes that are not possible."""
    decide = partial(
        decisions.change_wishes,
        digest=digest,
        wishes=check_wishes(wishes),
        digests=index_digests(settings),
        origin=origin,
        address_key=address_key or lookup.address_key,
    )
    return store.subscribers.change(lookup, decide)


def change_person(store: Store, lookup: Lookup, language: str, zone: str, origin: Origin) -> Decision:
    """Set the language and the zone in which the doors speak to the subscriber."""
    decide = partial(decisions.change_person, language=language, zone=zone, origin=origin)
    return store.subscribers.change(lookup, decide)


def pause_until(
    settings: Settings, store: Store, lookup: Lookup, until: datetime | None, origin: Origin
) -> Decision:
    """Send nothing before `until`; None: until the subscriber resumes."""
    decide = partial(decisions.pause, until=until, digests=index_digests(settings), origin=origin)
    return store.subscribers.change(lookup, decide)


def resume_subscriber(settings: Settings, store: Store, lookup: Lookup, origin: Origin) -> Decision:
    """End a pause, and send again to addresses that the other side called gone."""
    decide = partial(decisions.resume, digests=index_digests(settings), origin=origin)
    return store.subscribers.change(lookup, decide)


def leave_digest(
    settings: Settings,
    store: Store,
    lookup: Lookup,
    origin: Origin,
    *,
    digest: str = "",
    why: SuppressionReason = SuppressionReason.LEFT,
    address_key: str = "",
) -> Decision:
    """End the subscription to the digest, "" for all; what waits to be sent is cancelled.

    No import and no file subscribes the address again; the subscriber can: `subscribe_address` with the same
    destination is the undo, and brings the former wishes back. `address_key`: only what goes there.
    """
    decide = partial(
        decisions.leave,
        digest=digest,
        digests=index_digests(settings),
        origin=origin,
        why=why,
        address_key=address_key,
    )
    return store.subscribers.change(lookup, decide)


def replace_key(store: Store, lookup: Lookup, origin: Origin) -> Decision:
    """Give the subscriber a new key; links with the former one lead nowhere any more."""
    decide = partial(decisions.replace_key, key=create_key(), origin=origin)
    return store.subscribers.change(lookup, decide)


def merge_subscribers(
    settings: Settings, store: Store, survivor: Lookup, absorbed: Lookup, origin: Origin
) -> Decision:
    """Let the first subscriber take over the addresses, subscriptions and history of the second."""
    decide = partial(decisions.merge_subscribers, digests=index_digests(settings), origin=origin)
    return store.subscribers.merge(survivor, absorbed, decide)


def forget_subscriber(store: Store, lookup: Lookup, origin: Origin) -> ForgetOutcome:
    """Delete all that names the subscriber; counts stay, and no import brings the address back."""
    return store.forgetting.forget(lookup, origin, create_key())


def export_subscriber(store: Store, lookup: Lookup) -> Mapping[str, object] | None:
    """Return all that is known about the subscriber, ready for JSON; None if there is none."""
    return store.subscriber_listing.export_subscriber(lookup)


def send_direct_message(
    store: Store,
    kind: MessageKind,
    destination: Destination,
    message: Message,
    once_key: str,
    now: datetime,
    *,
    lifetime: timedelta = _MESSAGE_LIFETIME,
) -> bool:
    """Queue a message outside an edition (confirmation, notice, answer to settings).

    `once_key` says what it is about: to one address, the same kind and key go out once, however often this is
    called. Returns False if it was queued before.
    """
    return store.direct_messages.queue_message(kind, destination, message, once_key, now, now + lifetime)


def send_present_edition(
    settings: Settings, store: Store, destination: Destination, now: datetime
) -> bool | None:
    """Queue the newest edition of the digest for a new subscriber, with the channel's message.

    Returns False if the address got this edition before, None if there is none yet in that channel's form.
    """
    digest = settings.find_digest(destination.digest)
    edition_id = store.editions.find_newest_with_message(digest.name, destination.channel)
    if edition_id is None:
        return None
    expires_at = now + timedelta(minutes=digest.lateness_minutes)
    return store.direct_messages.queue_edition(destination, edition_id, now, expires_at)


def index_digests(settings: Settings) -> dict[str, Digest]:
    return {digest.name: digest for digest in settings.digests}


def build_address(destination: Destination) -> SubscriberAddress:
    return SubscriberAddress(
        channel=destination.channel,
        address=destination.address,
        topic=destination.topic,
        name=destination.name,
        unsubscribe=destination.unsubscribe,
    )
