"""Who is named in zhaibao.toml and in address files is a subscriber, and belongs to that file."""

import asyncio
import os
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.typing import EventDict

from bot.channels.telegram.settings import TelegramSettings
from bot.errors import InputError
from bot.models import Delivery, DeliveryState, Destination
from bot.pipeline import subscribing
from bot.pipeline.deliver import DeliveryContext, DeliveryWorker
from bot.pipeline.synchronization import (
    AddressTally,
    import_destinations,
    synchronize_all,
    synchronize_digest,
)
from bot.settings import AddressFile, Secret, Settings
from bot.store import Store
from bot.store.deliveries import DeliveryEnded, PartAccepted
from bot.subscribers.subscriber import (
    EventKind,
    Lookup,
    SubscriberState,
    SubscriptionState,
    SuppressionReason,
)
from bot.subscribers.wishes import Wishes
from tests.fakes import NOON, Clock, FakeChannel
from tests.pipeline.test_subscribing import CHAT, LI, OPERATOR, OWN, SETTINGS, at, list_kinds
from tests.store.samples import find_left_out, freeze
from tests.subscribers.test_decisions import DIGESTS, TOMORROW

DAILY = DIGESTS["daily"]


def write_file(path: Path, *lines: str) -> Path:
    """Write the lines; the file looks as if that was long ago."""
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    os.utime(path, (1_000_000 + len(lines), 1_000_000))
    return path


def with_file(*paths: Path, destinations: tuple[Destination, ...] = ()) -> Settings:
    files = tuple(AddressFile(digest="daily", channel="mail", file=path) for path in paths)
    return replace(SETTINGS, address_files=files, destinations=destinations)


def run(settings: Settings, store: Store, now: datetime = NOON) -> AddressTally:
    return synchronize_digest(settings, store, DAILY, now)


def get_states(store: Store) -> dict[str, tuple[str, str]]:
    """Return address → state of its subscription and the file that names it."""
    return {
        each.address_key: (str(each.state), each.belongs_to)
        for subscriber in store.subscriber_listing.list_subscribers()
        for each in subscriber.subscriptions
    }


def test_destinations_of_the_configuration_are_subscribers(store: Store) -> None:
    settings = with_file(destinations=(CHAT, LI))
    assert run(settings, store).new == 2
    assert get_states(store) == {
        CHAT.key: ("active", "zhaibao.toml"),
        LI.key: ("active", "zhaibao.toml"),
    }
    again = run(settings, store)
    assert (again.new, again.unchanged, again.left) == (0, 0, 0)
    assert list_kinds(store, at(LI)) == [EventKind.SUBSCRIBED]
    run(with_file(destinations=(CHAT,)), store)
    assert get_states(store)[LI.key][0] == "left"
    run(settings, store)  # and back
    assert get_states(store)[LI.key] == ("active", "zhaibao.toml")
    assert list_kinds(store, at(LI)) == [EventKind.SUBSCRIBED, EventKind.LEFT, EventKind.SUBSCRIBED]


def test_a_file_of_addresses_is_followed_line_by_line(
    store: Store, tmp_path: Path, logged: list[EventDict]
) -> None:
    path = write_file(
        tmp_path / "list.txt", "a@example.org", "Bo <b@example.org>", "nonsense", "a@example.org"
    )
    tally = run(with_file(path), store)
    assert (tally.new, len(tally.faults)) == (2, 1)
    assert [line["line"] for line in logged if line["event"] == "address line"] == [3]
    write_file(path, "c@example.org", "Bob <b@example.org>  https://example.org/leave?id=7")
    tally = run(with_file(path), store)
    assert (tally.new, tally.changed, tally.left) == (1, 1, 1)
    bob = store.subscribers.find(Lookup(address_key="mail:b@example.org"))
    assert bob is not None
    assert (bob.addresses[0].name, bob.addresses[0].unsubscribe) == ("Bob", "https://example.org/leave?id=7")
    assert get_states(store) == {
        "mail:a@example.org": ("left", str(path)),
        "mail:b@example.org": ("active", str(path)),
        "mail:c@example.org": ("active", str(path)),
    }


def test_a_file_that_cannot_be_read_ends_nothing(store: Store, tmp_path: Path) -> None:
    path = write_file(tmp_path / "list.txt", "a@example.org")
    run(with_file(path), store)
    path.unlink()
    with pytest.raises(InputError):
        run(with_file(path), store)
    assert get_states(store) == {"mail:a@example.org": ("active", str(path))}


@pytest.mark.parametrize("why", [SuppressionReason.LEFT, SuppressionReason.COMPLAINED])
def test_who_left_stays_out_of_the_file_and_the_file_is_named(
    store: Store, tmp_path: Path, logged: list[EventDict], why: SuppressionReason
) -> None:
    path = write_file(tmp_path / "list.txt", "a@example.org", LI.address)
    run(with_file(path), store)
    subscribing.leave_digest(SETTINGS, store, at(LI), OWN, digest="daily", why=why)
    write_file(path, "a@example.org", LI.address, "c@example.org")
    tally = run(with_file(path), store)
    assert tally.suppressed == [LI.address]
    assert get_states(store)[LI.key][0] == "left"
    warnings = [line for line in logged if line["event"] == "suppressed"]
    assert [(line["file"], line["addresses"]) for line in warnings] == [(str(path), 1)]
    assert LI.address not in str(warnings)


def test_who_is_forgotten_stays_out_of_files_and_imports(store: Store, tmp_path: Path) -> None:
    path = write_file(tmp_path / "list.txt", LI.address)
    run(with_file(path), store)
    outcome = subscribing.forget_subscriber(store, at(LI), OPERATOR)
    assert outcome.files == (str(path),)
    write_file(path, LI.address, "b@example.org")
    assert run(with_file(path), store).suppressed == [LI.address]
    assert import_destinations(SETTINGS, store, [LI], OPERATOR).suppressed == [LI.address]
    assert store.subscribers.find(at(LI)) is None


def test_own_subscriptions_belong_to_nobody_else(store: Store) -> None:
    subscribing.subscribe_address(SETTINGS, store, LI, OWN, wishes=Wishes(stories=3))
    run(with_file(destinations=(LI,)), store)
    assert get_states(store)[LI.key] == ("active", "")
    run(with_file(), store)
    assert get_states(store)[LI.key] == ("active", "")


def test_a_file_that_was_moved_takes_its_subscribers_along(store: Store, tmp_path: Path) -> None:
    first = write_file(tmp_path / "first.txt", LI.address)
    run(with_file(first), store)
    second = write_file(tmp_path / "second.txt", LI.address)
    run(with_file(second), store)
    assert get_states(store)[LI.key] == ("active", str(second))
    assert EventKind.LEFT not in list_kinds(store, at(LI))


def test_whom_two_files_name_stays_when_one_does_no_more(store: Store, tmp_path: Path) -> None:
    first = write_file(tmp_path / "first.txt", LI.address, "a@example.org")
    second = write_file(tmp_path / "second.txt", LI.address)
    settings = with_file(first, second)
    run(settings, store)
    write_file(second, "b@example.org", "c@example.org")
    run(settings, store)
    assert get_states(store)[LI.key] == ("active", str(first))
    run(with_file(second), store)
    assert get_states(store)[LI.key][0] == "left"


def test_a_digest_that_is_removed_ends_what_its_files_named(store: Store) -> None:
    settings = with_file(destinations=(LI,))
    synchronize_all(settings, store, NOON)
    synchronize_all(replace(SETTINGS, digests=(DIGESTS["weekly"],)), store, NOON)
    assert get_states(store)[LI.key][0] == "left"


def test_an_import_belongs_to_nobody_and_can_be_repeated(store: Store) -> None:
    many = [replace(LI, address=f"{number}@example.org") for number in range(1200)]
    assert import_destinations(SETTINGS, store, many, OPERATOR).new == 1200
    again = import_destinations(SETTINGS, store, [*many, LI], OPERATOR)
    assert (again.new, again.unchanged) == (1, 1200)
    assert set(get_states(store).values()) == {("active", "")}
    assert len({each.key for each in store.subscriber_listing.list_subscribers()}) == 1201


def test_a_digest_with_another_schedule_moves_the_slots_to_come(store: Store) -> None:
    for number, wishes in enumerate([Wishes(), Wishes(times=(time(9),)), Wishes(topics=("急救",))]):
        subscribing.subscribe_address(SETTINGS, store, replace(CHAT, address=str(number)), OWN, wishes=wishes)
    for number, until in ((3, None), (4, TOMORROW + timedelta(days=2))):
        paused = replace(CHAT, address=str(number))
        subscribing.subscribe_address(SETTINGS, store, paused, OWN)
        subscribing.pause_until(SETTINGS, store, at(paused), until, OWN)
    synchronize_all(SETTINGS, store, NOON)
    later = replace(
        DAILY, **{next(name for name in ("at", "times") if hasattr(DAILY, name)): get_times(DAILY)}
    )
    settings = replace(SETTINGS, digests=(later, DIGESTS["weekly"]))
    synchronize_all(settings, store, NOON)
    slots = {
        subscriber.addresses[0].address: subscriber.subscriptions[0].next_slot_at
        for subscriber in store.subscriber_listing.list_subscribers()
    }
    hour = timedelta(hours=1)
    assert slots == {
        "0": TOMORROW + hour,
        "1": TOMORROW + hour,
        "2": TOMORROW + hour,
        "3": None,
        "4": TOMORROW + timedelta(days=2) + hour,
    }
    keys = {group.wishes_key for group in store.groups.list_due("daily", TOMORROW + hour)}
    assert len(keys) == 2, "09:00 is the digest's own time now, and so shares its edition"


def get_times(digest: object) -> object:
    """Return 09:00 in the form that the digest has its time."""
    return time(9) if hasattr(digest, "at") else (time(9),)


def test_a_pause_that_is_over_ends_by_itself(store: Store) -> None:
    subscribing.subscribe_address(SETTINGS, store, CHAT, OWN)
    until = TOMORROW + timedelta(days=2)
    subscribing.pause_until(SETTINGS, store, at(CHAT), until, OWN)
    synchronize_all(SETTINGS, store, until - timedelta(seconds=1))
    assert store.subscriber_listing.count_by_state() == {SubscriberState.PAUSED: 1}
    synchronize_all(SETTINGS, store, until)
    assert store.subscriber_listing.count_by_state() == {SubscriberState.ACTIVE: 1}
    assert len(store.groups.list_due("daily", until)) == 1


def test_a_slot_that_has_opened_is_not_moved(store: Store) -> None:
    subscribing.subscribe_address(SETTINGS, store, CHAT, OWN)
    synchronize_all(SETTINGS, store, TOMORROW + timedelta(seconds=5))
    (group,) = store.groups.list_due("daily", TOMORROW + timedelta(seconds=5))
    assert group.slot_at == TOMORROW


def send(store: Store, destination: Destination, ended: bool) -> None:
    """Send an edition there: it is refused because nobody is there, or arrives."""
    freeze(store, destination, slot=NOON.date() + timedelta(days=len(store.deliveries.list_deliveries())))
    (claimed,) = store.deliveries.claim_deliveries("mail", "w", NOON, NOON + timedelta(minutes=1), 1)
    event = (
        DeliveryEnded(
            delivery_id=claimed.id, state=DeliveryState.FAILED, error="no such user", should_pause=True
        )
        if ended
        else PartAccepted(delivery_id=claimed.id, part=0, receipt="250", last=True)
    )
    assert all(store.deliveries.record_events("w", [event], NOON))


def test_who_is_gone_gets_nothing_until_something_arrives_or_the_operator_resumes(store: Store) -> None:
    settings = with_file(destinations=(LI,))
    run(settings, store)
    send(store, LI, ended=True)
    subscriber = store.subscribers.find(at(LI))
    assert subscriber is not None
    assert subscriber.state is SubscriberState.GONE
    assert subscriber.addresses[0].gone_reason == "no such user"
    assert store.groups.list_due("daily", TOMORROW) == ()
    run(settings, store)
    assert store.groups.list_due("daily", TOMORROW) == ()

    resumed = subscribing.resume_subscriber(settings, store, at(LI), OPERATOR)
    assert resumed.subscriber is not None
    assert resumed.subscriber.state is SubscriberState.ACTIVE
    assert find_left_out(store, LI.key) == {}
    assert len(store.groups.list_due("daily", TOMORROW)) == 1


def test_something_that_arrives_ends_it_too(store: Store) -> None:
    settings = with_file(destinations=(LI,))
    run(settings, store)
    send(store, LI, ended=True)
    number = store.deliveries.list_deliveries()[0].id
    store.operator_actions.resend([number], "root", NOON)
    (claimed,) = store.deliveries.claim_deliveries("mail", "w", NOON, NOON + timedelta(minutes=1), 1)
    taken = PartAccepted(delivery_id=claimed.id, part=0, receipt="250", last=True)
    store.deliveries.record_events("w", [taken], NOON)
    run(settings, store)
    assert len(store.groups.list_due("daily", TOMORROW)) == 1


@pytest.mark.parametrize("is_known", [False, True])
def test_a_chat_that_moves_keeps_its_subscription_and_its_file_follows(store: Store, is_known: bool) -> None:
    settings = with_file(destinations=(CHAT,))
    run(settings, store)
    moved = replace(CHAT, address="-100")
    if is_known:
        subscribing.subscribe_address(SETTINGS, store, replace(moved, digest="weekly"), OWN)
    freeze(store, CHAT)
    (claimed,) = store.deliveries.claim_deliveries("telegram", "w", NOON, NOON + timedelta(minutes=1), 1)
    again = DeliveryEnded(
        delivery_id=claimed.id, state=DeliveryState.PENDING, due_at=NOON, address="-100", error="moved"
    )
    store.deliveries.record_events("w", [again], NOON)
    subscriber = store.subscribers.find(at(moved))
    assert subscriber is not None
    assert {each.digest for each in subscriber.subscriptions} == {"daily"} | (
        {"weekly"} if is_known else set()
    )
    assert store.subscribers.find(at(CHAT)) is None
    assert len(store.groups.list_due("daily", TOMORROW)) == 1
    run(with_file(destinations=(CHAT, LI)), store)  # the file still has the old number
    assert store.subscribers.find(at(CHAT)) is None
    subscription = subscriber.find_subscription("daily")
    assert subscription is not None
    assert subscription.state is SubscriptionState.ACTIVE


def freeze_for(store: Store, *destinations: Destination) -> None:
    """Publish an edition for these subscriptions, as the publishing step does."""
    freeze(store, *destinations)
    with store.database.begin_write() as connection:
        connection.exec_driver_sql(
            "UPDATE deliveries SET subscription_id = (SELECT subscriptions.id FROM subscriptions "
            "JOIN addresses ON addresses.id = subscriptions.address_id "
            "WHERE addresses.key = deliveries.destination)"
        )


def get_reasons(store: Store) -> dict[str, tuple[str, str]]:
    rows = store.deliveries.list_deliveries()
    return {row.address: (str(row.state), row.error.partition(":")[0]) for row in rows}


def test_what_waits_for_a_destination_that_was_removed_is_cancelled(store: Store) -> None:
    settings = with_file(destinations=(CHAT, LI))
    run(settings, store)
    freeze_for(store, CHAT, LI)
    run(with_file(destinations=(CHAT,)), store)
    assert get_reasons(store) == {LI.address: ("cancelled", "removed"), CHAT.address: ("pending", "")}


def test_who_leaves_after_a_worker_has_claimed_gets_nothing(store: Store) -> None:
    subscribing.subscribe_address(SETTINGS, store, LI, OWN)
    subscribing.subscribe_address(SETTINGS, store, replace(LI, address="b@example.org"), OWN)
    freeze_for(store, LI, replace(LI, address="b@example.org"))
    channel = FakeChannel()
    claim = store.deliveries.claim_deliveries

    def claim_and_leave(*args: Any) -> tuple[Delivery, ...]:
        claimed = claim(*args)
        subscribing.leave_digest(SETTINGS, store, at(LI), OWN)
        return claimed

    store.deliveries.claim_deliveries = claim_and_leave  # type: ignore[method-assign]
    context = DeliveryContext(store=store, channels={"mail": channel}, clock=Clock(), worker="me")
    asyncio.run(DeliveryWorker(context).deliver_due())
    assert get_reasons(store) == {LI.address: ("cancelled", "left"), "b@example.org": ("sent", "")}
    assert [sent.address for sent in channel.sent] == ["b@example.org"]


def test_a_channel_that_is_not_configured_any_more_is_cancelled(store: Store) -> None:
    freeze(store, CHAT, LI)
    context = DeliveryContext(
        store=store, channels={}, clock=Clock(), worker="me", configured_channels=frozenset({"telegram"})
    )
    asyncio.run(DeliveryWorker(context).deliver_due())
    assert get_reasons(store) == {LI.address: ("cancelled", "removed"), CHAT.address: ("pending", "")}


def test_a_channel_that_people_can_subscribe_on_needs_no_destination() -> None:
    assert SETTINGS.channels == frozenset()
    settings = replace(SETTINGS, channel_settings={"telegram": TelegramSettings(token=Secret("1:a"))})
    assert settings.channels == {"telegram"}
    assert settings.find_channels("daily") == ["telegram"]


def test_a_file_that_did_not_change_is_not_read_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_file(tmp_path / "list.txt", LI.address)
    run(with_file(path), store)
    monkeypatch.setattr("bot.files.read_lines", lambda *_: pytest.fail("the file was read"))
    run(with_file(path), store)


def test_a_file_that_is_being_written_is_read_when_it_has_settled(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.txt"
    path.write_text(f"{LI.address}\n", "utf-8")
    waits = []

    def wait(seconds: float) -> None:
        """The other program writes the rest meanwhile."""
        waits.append(seconds)
        write_file(path, LI.address, "b@example.org")

    monkeypatch.setattr("time.sleep", wait)
    assert run(with_file(path), store).new == 2
    assert waits == [1.0]
