"""What a request means, decided without a database."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.models import Digest
from bot.subscribers import decisions
from bot.subscribers.decisions import ChangeResult, Decision, Situation, SubscribeRequest
from bot.subscribers.subscriber import (
    Door,
    EventKind,
    Origin,
    Subscriber,
    SubscriberAddress,
    SubscriberState,
    SubscriptionState,
    Suppression,
    SuppressionReason,
)
from bot.subscribers.wishes import Wishes
from tests.fakes import NOON

DAILY = Digest(
    name="daily",
    title="临溪摘报",
    language="zh-Hans",
    sources=(),
    times=(time(8),),
    zone=ZoneInfo("Asia/Shanghai"),
)
DIGESTS = {"daily": DAILY, "weekly": replace(DAILY, name="weekly", weekdays=frozenset([6]))}
CHAT = SubscriberAddress(channel="telegram", address="1")
MAIL = SubscriberAddress(channel="mail", address="li@example.org")
TOMORROW = datetime(2026, 1, 16, 0, tzinfo=UTC)  # 08:00 in Shanghai


def origin(at: datetime = NOON, door: Door = Door.CHAT) -> Origin:
    return Origin(who="1", door=door, at=at)


def request(address: SubscriberAddress = CHAT, digest: str = "daily", **changes: object) -> SubscribeRequest:
    return SubscribeRequest(digest=digest, address=address, key="k", **changes)  # type: ignore[arg-type]


def subscribed(**changes: object) -> Subscriber:
    subscriber = decisions.subscribe(
        Situation(subscriber=None), request(**changes), DIGESTS, origin()
    ).subscriber  # type: ignore[arg-type]
    assert subscriber is not None
    return subscriber


def of(subscriber: Subscriber | None, *suppressions: Suppression) -> Situation:
    return Situation(subscriber=subscriber, suppressions=suppressions)


def next_slot(decision: Decision | Subscriber, digest: str = "daily") -> datetime | None:
    subscriber = decision.subscriber if isinstance(decision, Decision) else decision
    assert subscriber is not None
    subscription = subscriber.find_subscription(digest)
    assert subscription is not None
    return subscription.next_slot_at


def test_a_new_subscriber_gets_the_digests_next_slot() -> None:
    decision = decisions.subscribe(of(None), request(), DIGESTS, origin())
    assert decision.result is ChangeResult.NEW
    assert decision.subscriber is not None
    assert decision.subscriber.state is SubscriberState.ACTIVE
    assert next_slot(decision) == TOMORROW
    assert [event.what for event in decision.events] == [EventKind.SUBSCRIBED]


def test_subscribing_again_changes_nothing_and_writes_nothing() -> None:
    first = subscribed()
    decision = decisions.subscribe(of(first), request(), DIGESTS, origin(NOON + timedelta(days=1)))
    assert (decision.result, decision.subscriber, decision.events) == (ChangeResult.UNCHANGED, first, ())


def test_who_must_confirm_gets_nothing_before() -> None:
    waiting = subscribed(address=MAIL, is_confirmed=False)
    assert (waiting.state, next_slot(waiting)) == (SubscriberState.UNCONFIRMED, None)
    decision = decisions.confirm(of(waiting), MAIL.key, DIGESTS, origin())
    assert decision.subscriber is not None
    assert decision.subscriber.state is SubscriberState.ACTIVE
    assert decision.subscriber.addresses[0].confirmed_at == NOON
    assert next_slot(decision) == TOMORROW
    again = decisions.confirm(of(decision.subscriber), MAIL.key, DIGESTS, origin())
    assert again.result is ChangeResult.UNCHANGED


def test_a_slot_that_has_opened_and_is_not_published_stays_through_a_change() -> None:
    late = TOMORROW + timedelta(seconds=20)
    decision = decisions.change_wishes(
        of(subscribed()), "daily", Wishes(times=(time(18),)), DIGESTS, origin(late)
    )
    assert next_slot(decision) == TOMORROW
    assert decision.result is ChangeResult.CHANGED


@pytest.mark.parametrize(
    ("wishes", "slot"),
    [
        (Wishes(times=(time(7, 30), time(21))), datetime(2026, 1, 15, 13, tzinfo=UTC)),
        (Wishes(times=(time(8),), zone=ZoneInfo("Europe/Berlin")), datetime(2026, 1, 16, 7, tzinfo=UTC)),
        (Wishes(zone=ZoneInfo("Europe/Berlin")), TOMORROW),
        (Wishes(weekdays=(6,)), datetime(2026, 1, 18, 0, tzinfo=UTC)),
    ],
)
def test_the_next_slot_follows_the_wishes(wishes: Wishes, slot: datetime) -> None:
    assert next_slot(decisions.change_wishes(of(subscribed()), "daily", wishes, DIGESTS, origin())) == slot


def test_an_edition_that_came_before_its_slot_does_not_come_again() -> None:
    first = subscribed()
    early = replace(
        first,
        subscriptions=(
            replace(
                first.subscriptions[0], last_until_at=TOMORROW, next_slot_at=TOMORROW + timedelta(days=1)
            ),
        ),
    )
    decision = decisions.change_wishes(of(early), "daily", Wishes(topics=("急救",)), DIGESTS, origin())
    assert next_slot(decision) == TOMORROW + timedelta(days=1)


def test_a_pause_ends_at_its_day_and_nothing_comes_meanwhile() -> None:
    until = TOMORROW + timedelta(days=14)
    paused = decisions.pause(of(subscribed()), until, DIGESTS, origin())
    assert paused.subscriber is not None
    assert paused.subscriber.state is SubscriberState.PAUSED
    assert next_slot(paused) == until
    assert next_slot(decisions.pause(of(subscribed()), None, DIGESTS, origin())) is None
    resumed = decisions.resume(of(paused.subscriber), DIGESTS, origin())
    assert next_slot(resumed) == TOMORROW
    assert decisions.resume(of(resumed.subscriber), DIGESTS, origin()).result is ChangeResult.UNCHANGED


def test_leaving_suppresses_and_asking_again_brings_the_wishes_back() -> None:
    wishes = Wishes(topics=("急救",))
    left = decisions.leave(of(subscribed(wishes=wishes)), "daily", DIGESTS, origin())
    suppression = Suppression(address_key=CHAT.key, digest="daily", why=SuppressionReason.LEFT)
    assert left.suppressed == (suppression,)
    assert left.subscriber is not None
    assert left.subscriber.state is SubscriberState.LEFT
    assert decisions.leave(of(left.subscriber, suppression), "daily", DIGESTS, origin()).events == ()

    by_file = request(is_own_wish=False, belongs_to="list.txt")
    refused = decisions.subscribe(of(left.subscriber, suppression), by_file, DIGESTS, origin())
    assert (refused.result, refused.events) == (ChangeResult.SUPPRESSED, ())
    other = decisions.subscribe(
        of(left.subscriber, suppression), replace(by_file, digest="weekly"), DIGESTS, origin()
    )
    assert other.result is ChangeResult.NEW

    back = decisions.subscribe(of(left.subscriber, suppression), request(), DIGESTS, origin())
    assert (back.result, back.lifted) == (ChangeResult.AGAIN, (suppression,))
    assert back.subscriber is not None
    assert back.subscriber.subscriptions[0].wishes == wishes


def test_a_complaint_about_one_digest_keeps_all_away() -> None:
    decision = decisions.leave(of(subscribed()), "daily", DIGESTS, origin(), why=SuppressionReason.COMPLAINED)
    assert decision.suppressed == (Suppression(address_key=CHAT.key, why=SuppressionReason.COMPLAINED),)


def test_a_line_that_leaves_its_file_ends_only_what_that_file_named() -> None:
    named = subscribed(is_own_wish=False, belongs_to="list.txt")
    both = decisions.subscribe(of(named), request(digest="weekly"), DIGESTS, origin()).subscriber
    decision = decisions.leave(of(both), "", DIGESTS, origin(), why=None, belongs_to="list.txt")
    assert decision.suppressed == ()
    assert decision.subscriber is not None
    states = {each.digest: each.state for each in decision.subscriber.subscriptions}
    assert states == {"daily": SubscriptionState.LEFT, "weekly": SubscriptionState.ACTIVE}


def test_who_is_gone_at_one_address_is_reached_at_the_other() -> None:
    connected = decisions.connect_address(of(subscribed()), MAIL, DIGESTS, origin())
    assert connected.subscriber is not None
    assert {each.address_key for each in connected.subscriber.subscriptions} == {CHAT.key, MAIL.key}
    one = decisions.mark_gone(of(connected.subscriber), CHAT.key, "blocked", DIGESTS, origin())
    assert one.subscriber is not None
    assert one.subscriber.state is SubscriberState.ACTIVE
    both = decisions.mark_gone(of(one.subscriber), MAIL.key, "no such user", DIGESTS, origin())
    assert both.subscriber is not None
    assert both.subscriber.state is SubscriberState.GONE
    assert not any(each.next_slot_at for each in both.subscriber.subscriptions)
    resumed = decisions.resume(of(both.subscriber), DIGESTS, origin())
    assert resumed.subscriber is not None
    assert resumed.subscriber.state is SubscriberState.ACTIVE


def test_a_chat_that_moved_keeps_its_subscriptions() -> None:
    decision = decisions.move_address(of(subscribed()), CHAT.key, "-1001", DIGESTS, origin())
    assert decision.subscriber is not None
    assert decision.subscriber.subscriptions[0].address_key == "telegram:-1001"
    assert next_slot(decision) == TOMORROW


def test_what_nobody_has_is_unknown() -> None:
    nobody = of(None)
    assert decisions.confirm(nobody, CHAT.key, DIGESTS, origin()).result is ChangeResult.UNKNOWN
    assert decisions.leave(nobody, "", DIGESTS, origin()).result is ChangeResult.UNKNOWN
    assert decisions.pause(nobody, None, DIGESTS, origin()).result is ChangeResult.UNKNOWN
    assert decisions.resume(nobody, DIGESTS, origin()).result is ChangeResult.UNKNOWN
    change = decisions.change_wishes(of(subscribed()), "weekly", Wishes(), DIGESTS, origin())
    assert change.result is ChangeResult.UNKNOWN
