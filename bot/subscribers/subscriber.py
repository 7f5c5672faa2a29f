"""A subscriber with addresses and subscriptions, and the events that led there: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.models import Destination
from bot.subscribers.wishes import NO_WISHES, Wishes


class SubscriberState(StrEnum):
    """unconfirmed → active ⇄ paused; gone: nobody is at any address; left: no subscription is open."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"
    LEFT = "left"
    FORGOTTEN = "forgotten"


class SubscriptionState(StrEnum):
    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    LEFT = "left"


class Door(StrEnum):
    """Where a change came from."""

    CHAT = "chat"
    WEB = "web"
    MAIL = "mail"
    COMMAND_LINE = "command line"
    FILE = "file"
    DELIVERY = "delivery"  # what the other side answered


class EventKind(StrEnum):
    """What happened to a subscriber."""

    SUBSCRIBED = "subscribed"
    INVITED = "invited"  # or asked for by somebody who has not confirmed
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    LEFT = "left"
    GONE = "gone"
    MOVED = "moved"
    MERGED = "merged"
    CONNECTED = "connected"  # with one more address
    KEY_REPLACED = "key replaced"
    COMPLAINED = "complained"
    FORGOTTEN = "forgotten"
    EXPORTED = "exported"


class SuppressionReason(StrEnum):
    """Why no import and no file may subscribe an address again."""

    LEFT = "left"
    COMPLAINED = "complained"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Who made a change, from where, and when."""

    who: str
    door: Door
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookup:
    """Which subscriber is meant: whoever has the address (Destination.key), or whose links hold the key."""

    address_key: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriberAddress:
    """Where a subscriber is reached. `id` is 0 until it is stored; `address` is "" once forgotten."""

    id: int = 0
    channel: str
    address: str
    topic: int | None = None
    name: str = ""
    unsubscribe: str = ""
    confirmed_at: datetime | None = None
    gone_at: datetime | None = None
    gone_reason: str = ""

    @property
    def key(self) -> str:
        return self.build_destination("").key

    def build_destination(self, digest: str) -> Destination:
        return Destination(
            digest=digest,
            channel=self.channel,
            address=self.address,
            topic=self.topic,
            name=self.name,
            unsubscribe=self.unsubscribe,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """A digest that goes to an address of the subscriber. `id` is 0 until it is stored."""

    id: int = 0
    digest: str
    address_key: str  # SubscriberAddress.key
    state: SubscriptionState
    created_at: datetime
    wishes: Wishes = NO_WISHES
    wishes_key: str = ""  # of equal wishes; "": as the digest
    next_slot_at: datetime | None = None  # None: gets nothing now
    last_until_at: datetime | None = None  # the end of its last edition; None: it had none
    belongs_to: str = ""  # the file that names it; "": nobody but the subscriber


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """One person or chat. `id` is 0 until it is stored; `key` is random, for links, and can be replaced."""

    id: int = 0
    key: str
    state: SubscriberState
    created_at: datetime
    language: str = ""
    zone: str = ""
    paused_until: datetime | None = None  # None while paused: until it is resumed
    addresses: tuple[SubscriberAddress, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()

    def find_address(self, key: str) -> SubscriberAddress | None:
        return next((address for address in self.addresses if address.key == key), None)

    def find_subscription(self, digest: str, address_key: str = "") -> Subscription | None:
        """Return the subscription to the digest, of that address or of the first that has one."""
        return next(
            (
                subscription
                for subscription in self.subscriptions
                if subscription.digest == digest and address_key in ("", subscription.address_key)
            ),
            None,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriberEvent:
    """One line of a subscriber's history. `details` names no address."""

    at: datetime
    who: str
    door: Door
    what: EventKind
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppression:
    """An address that no import and no file may subscribe to a digest ("": to any) again."""

    address_key: str
    digest: str = ""
    why: SuppressionReason
