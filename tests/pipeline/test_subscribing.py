"""The use cases of subscribers against both databases."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.errors import InputError, UnknownName
from bot.models import DeliveryState, Destination, MessageKind
from bot.pipeline import subscribing
from bot.settings import Settings
from bot.store import Store
from bot.store.deliveries import DeliveryEnded, PartAccepted
from bot.store.tables import deliveries, receipts
from bot.subscribers.decisions import ChangeResult
from bot.subscribers.subscriber import Door, EventKind, Lookup, Origin, SubscriberState, SuppressionReason
from bot.subscribers.wishes import Wishes
from tests.fakes import NOON
from tests.store.samples import freeze, message
from tests.subscribers.test_decisions import DIGESTS, TOMORROW

SETTINGS = Settings(file=Path("zhaibao.toml"), sources=(), digests=tuple(DIGESTS.values()))
LI = Destination(digest="daily", channel="mail", address="li@example.org", name="李明")
CHAT = Destination(digest="daily", channel="telegram", address="4711")
OWN = Origin(who="4711", door=Door.CHAT, at=NOON)
OPERATOR = Origin(who="root", door=Door.COMMAND_LINE, at=NOON)


def at(destination: Destination) -> Lookup:
    return Lookup(address_key=destination.key)


def list_kinds(store: Store, lookup: Lookup) -> list[EventKind]:
    return [event.what for event in store.subscriber_listing.list_events(lookup)]


def test_a_subscriber_is_stored_once_with_one_event(store: Store) -> None:
    first = subscribing.subscribe_address(SETTINGS, store, CHAT, OWN, wishes=Wishes(topics=("急救",)))
    again = subscribing.subscribe_address(SETTINGS, store, CHAT, OWN)
    assert (first.result, again.result) == (ChangeResult.NEW, ChangeResult.UNCHANGED)
    stored = store.subscribers.find(at(CHAT))
    assert stored == first.subscriber == again.subscriber
    assert store.subscribers.find(Lookup(key=stored.key if stored else "")) == stored
    assert list_kinds(store, at(CHAT)) == [EventKind.SUBSCRIBED]
    assert store.subscriber_listing.count_by_state() == {SubscriberState.ACTIVE: 1}


def test_who_is_due_comes_in_groups_of_equal_wishes(store: Store) -> None:
    for number in range(3):
        subscribing.subscribe_address(SETTINGS, store, replace(CHAT, address=str(number)), OWN)
    wishes = Wishes(topics=("急救",))
    subscribing.subscribe_address(SETTINGS, store, LI, OWN, wishes=wishes)
    assert store.groups.list_due("daily", TOMORROW - timedelta(seconds=1)) == ()
    groups = store.groups.list_due("daily", TOMORROW)
    assert [(group.wishes, group.slot_at, group.last_until_at) for group in groups] == [
        (Wishes(), TOMORROW, None),
        (wishes, TOMORROW, None),
    ]
    assert groups[0].wishes_key == ""


def test_changing_pausing_resuming_and_leaving_are_each_one_event(store: Store) -> None:
    subscribing.subscribe_address(SETTINGS, store, CHAT, OWN)
    for _ in range(2):
        subscribing.change_wishes(SETTINGS, store, at(CHAT), "daily", Wishes(stories=3), OWN)
    for _ in range(2):
        subscribing.pause_until(SETTINGS, store, at(CHAT), NOON + timedelta(days=9), OWN)
    for _ in range(2):
        subscribing.resume_subscriber(SETTINGS, store, at(CHAT), OWN)
    for _ in range(2):
        subscribing.leave_digest(SETTINGS, store, at(CHAT), OWN, digest="daily")
    subscriber = subscribing.subscribe_address(SETTINGS, store, CHAT, OWN).subscriber
    assert subscriber is not None
    assert subscriber.subscriptions[0].wishes == Wishes(stories=3)
    assert list_kinds(store, at(CHAT)) == [
        EventKind.SUBSCRIBED,
        EventKind.CHANGED,
        EventKind.PAUSED,
        EventKind.RESUMED,
        EventKind.LEFT,
        EventKind.SUBSCRIBED,
    ]


def test_an_address_that_somebody_typed_waits_for_its_owner(store: Store) -> None:
    waiting = subscribing.subscribe_address(SETTINGS, store, LI, OWN, is_confirmed=False)
    assert waiting.result is ChangeResult.UNCONFIRMED
    assert store.groups.list_due("daily", TOMORROW) == ()
    for _ in range(2):
        subscribing.confirm_address(SETTINGS, store, LI.key, OWN)
    assert len(store.groups.list_due("daily", TOMORROW)) == 1
    assert list_kinds(store, at(LI)) == [EventKind.INVITED, EventKind.CONFIRMED]


def test_what_is_not_possible_is_refused_and_changes_nothing(store: Store) -> None:
    with pytest.raises(UnknownName, match="no digest called 'dayly'"):
        subscribing.subscribe_address(SETTINGS, store, replace(CHAT, digest="dayly"), OWN)
    with pytest.raises(InputError, match="topics"):
        subscribing.subscribe_address(SETTINGS, store, CHAT, OWN, wishes=Wishes(topics=("/(/",)))
    assert store.subscribers.find(at(CHAT)) is None


def test_who_left_stays_out_of_what_others_do_and_may_come_back(store: Store) -> None:
    subscribing.subscribe_address(SETTINGS, store, LI, OPERATOR, is_own_wish=False)
    subscribing.leave_digest(SETTINGS, store, at(LI), OWN)
    refused = subscribing.subscribe_address(SETTINGS, store, LI, OPERATOR, is_own_wish=False)
    assert refused.result is ChangeResult.SUPPRESSED
    assert subscribing.subscribe_address(SETTINGS, store, LI, OWN).result is ChangeResult.AGAIN
    again = subscribing.subscribe_address(
        SETTINGS, store, replace(LI, digest="weekly"), OPERATOR, is_own_wish=False
    )
    assert again.result is ChangeResult.NEW


def test_an_address_is_one_whatever_the_case_of_its_letters_when_it_comes_to_suppression(
    store: Store,
) -> None:
    subscribing.subscribe_address(SETTINGS, store, LI, OWN)
    subscribing.leave_digest(SETTINGS, store, at(LI), OWN, why=SuppressionReason.COMPLAINED)
    shouted = replace(LI, address="LI@example.org")
    result = subscribing.subscribe_address(SETTINGS, store, shouted, OPERATOR, is_own_wish=False).result
    assert result is ChangeResult.SUPPRESSED


def test_a_second_address_belongs_to_the_same_subscriber(store: Store) -> None:
    subscriber = subscribing.subscribe_address(SETTINGS, store, LI, OWN, wishes=Wishes(stories=3)).subscriber
    assert subscriber is not None
    connected = subscribing.connect_address(SETTINGS, store, subscriber.key, CHAT, OWN).subscriber
    assert connected is not None
    assert connected == store.subscribers.find(at(CHAT)) == store.subscribers.find(at(LI))
    chat = connected.find_subscription("daily", CHAT.key)
    assert chat is not None
    assert chat.wishes == Wishes(stories=3)
    again = subscribing.connect_address(SETTINGS, store, subscriber.key, CHAT, OWN)
    assert again.result is ChangeResult.UNCHANGED


def test_a_chat_with_a_history_of_its_own_and_a_mailbox_become_one(store: Store) -> None:
    mail = subscribing.subscribe_address(SETTINGS, store, LI, OWN).subscriber
    chat = subscribing.subscribe_address(SETTINGS, store, replace(CHAT, digest="weekly"), OWN).subscriber
    assert mail is not None
    assert chat is not None
    merged = subscribing.connect_address(SETTINGS, store, mail.key, CHAT, OWN).subscriber
    assert merged == store.subscribers.find(at(CHAT)) == store.subscribers.find(at(LI))
    assert store.subscribers.find(Lookup(key=chat.key)) is None
    assert list_kinds(store, at(CHAT)) == [EventKind.SUBSCRIBED, EventKind.SUBSCRIBED, EventKind.MERGED]
    assert store.subscriber_listing.count_by_state() == {SubscriberState.ACTIVE: 1}


def test_many_who_ask_at_once_for_one_address_are_one_subscriber(store: Store) -> None:
    barrier, results = threading.Barrier(6), []

    def ask() -> None:
        barrier.wait()
        results.append(subscribing.subscribe_address(SETTINGS, store, CHAT, OWN).result)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [ChangeResult.NEW, *[ChangeResult.UNCHANGED] * 5]
    assert list_kinds(store, at(CHAT)) == [EventKind.SUBSCRIBED]


def test_a_direct_message_is_queued_once_and_sent_like_any_other(store: Store) -> None:
    for _ in range(2):
        subscribing.send_direct_message(store, MessageKind.CONFIRMATION, LI, message(), "token 1", NOON)
    assert not subscribing.send_direct_message(
        store, MessageKind.CONFIRMATION, LI, message(), "token 1", NOON + timedelta(days=1)
    )
    assert subscribing.send_direct_message(store, MessageKind.CONFIRMATION, LI, message(2), "token 2", NOON)
    first, second = store.deliveries.claim_deliveries("mail", "worker", NOON, NOON + timedelta(minutes=1), 9)[
        :1
    ] + tuple(store.deliveries.list_deliveries(DeliveryState.PENDING))
    assert (first.kind, first.edition_id, first.digest, first.edition_name) == (
        MessageKind.CONFIRMATION, None, "daily", "2026-01-15",
    )  # fmt: skip
    assert len(store.direct_messages.load_message(second.direct_message_id or 0).parts) == 2


def test_the_present_edition_comes_once_on_request(store: Store) -> None:
    assert subscribing.send_present_edition(SETTINGS, store, CHAT, NOON) is None
    edition_id = freeze(store, Destination(digest="daily", channel="telegram", address="1"))
    assert subscribing.send_present_edition(SETTINGS, store, CHAT, NOON) is True
    assert subscribing.send_present_edition(SETTINGS, store, CHAT, NOON) is False
    assert subscribing.send_present_edition(SETTINGS, store, LI, NOON) is None
    kinds = {each.address: (each.edition_id, each.kind) for each in store.deliveries.list_deliveries()}
    assert kinds["4711"] == (edition_id, MessageKind.FIRST_EDITION)


SECRET_WORD = "只有他关注的词"


def prepare_person(store: Store) -> Lookup:
    """Somebody whose address stands wherever an address can stand."""
    for number in range(40):  # others, so that pages are split and rewritten
        subscribing.subscribe_address(
            SETTINGS, store, replace(LI, address=f"other{number}@example.org"), OPERATOR
        )
    lately = Origin(who=f"telegram {CHAT.address}", door=Door.CHAT, at=NOON)
    wishes = Wishes(topics=(SECRET_WORD,))
    subscriber = subscribing.subscribe_address(SETTINGS, store, LI, lately, wishes=wishes).subscriber
    assert subscriber is not None
    subscribing.connect_address(SETTINGS, store, subscriber.key, CHAT, lately)
    for number in range(3):
        freeze(store, LI, CHAT, slot=NOON.date() + timedelta(days=number))
    subscribing.send_direct_message(store, MessageKind.NOTICE, LI, message(), "n", NOON)
    claimed = store.deliveries.claim_deliveries("mail", "worker", NOON, NOON + timedelta(minutes=1), 1)
    gone = DeliveryEnded(
        delivery_id=claimed[0].id,
        state=DeliveryState.FAILED,
        error=f"550 <{LI.address}>: no such user",
        should_pause=True,
    )
    store.deliveries.record_events("worker", [gone], NOON)
    claimed = store.deliveries.claim_deliveries("telegram", "worker", NOON, NOON + timedelta(minutes=1), 1)
    taken = PartAccepted(
        delivery_id=claimed[0].id, part=0, receipt=f"chat {CHAT.address} message 5", last=True
    )
    store.deliveries.record_events("worker", [taken], NOON)
    store.deliveries.claim_deliveries("mail", "worker", NOON, NOON + timedelta(minutes=1), 1)
    return at(LI)


def dump(store: Store) -> str:
    """All that the tables hold, as text."""
    with store.database.begin_read() as connection:
        tables = (
            connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'table'"))
            if store.database.is_sqlite
            else connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        )
        rows = [connection.execute(text(f'SELECT * FROM "{name}"')).all() for (name,) in tables.all()]  # noqa: S608
    return str(rows)


def test_what_is_forgotten_stands_nowhere_in_the_tables_and_the_counts_stay(store: Store) -> None:
    lookup = prepare_person(store)
    traces = (LI.address, CHAT.address, SECRET_WORD, LI.name)
    assert all(trace in dump(store) for trace in (LI.address, CHAT.address, SECRET_WORD, LI.name))
    number = len(store.deliveries.list_deliveries(limit=1000))
    outcome = subscribing.forget_subscriber(store, lookup, OPERATOR)
    assert (outcome.is_known, outcome.deliveries, outcome.is_scrubbed) == (True, 7, True)
    left = dump(store).replace("other", "")
    assert [trace for trace in traces[:3] if trace in left] == []
    assert len(store.deliveries.list_deliveries(limit=1000)) == number
    assert store.subscribers.find(lookup) is None
    assert store.subscriber_listing.count_by_state()[SubscriberState.FORGOTTEN] == 1
    refused = subscribing.subscribe_address(SETTINGS, store, LI, OPERATOR, is_own_wish=False)
    assert refused.result is ChangeResult.SUPPRESSED
    assert not subscribing.forget_subscriber(
        store, Lookup(address_key="mail:nobody@example.org"), OPERATOR
    ).is_known


def test_a_worker_that_was_sending_records_nothing_of_who_is_forgotten(store: Store) -> None:
    freeze(store, LI)
    (claimed,) = store.deliveries.claim_deliveries("mail", "worker", NOON, NOON + timedelta(minutes=1), 1)
    subscribing.forget_subscriber(store, at(LI), OPERATOR)
    taken = PartAccepted(delivery_id=claimed.id, part=0, receipt=f"250 {LI.address}", last=True)
    assert not any(store.deliveries.record_events("worker", [taken], NOON))
    with store.database.begin_read() as connection:
        assert connection.execute(select(receipts)).all() == []
        assert connection.execute(select(deliveries.c.state)).scalar_one() == DeliveryState.CANCELLED


def test_the_files_of_the_database_hold_no_byte_of_who_is_forgotten(store: Store) -> None:
    if store.database.file is None:
        pytest.skip("left out on PostgreSQL: its files are its own")
    lookup = prepare_person(store)
    subscribing.forget_subscriber(store, lookup, OPERATOR)
    folder = store.database.file.parent
    content = b"".join(path.read_bytes() for path in folder.glob(f"{store.database.file.name}*"))
    traces = (LI.address, f"telegram:{CHAT.address}", SECRET_WORD)
    assert [trace for trace in traces if trace.encode() in content] == []


def test_a_copy_that_an_earlier_version_left_in_the_file_goes_too(store: Store) -> None:
    if store.database.file is None:
        pytest.skip("left out on PostgreSQL: its files are its own")
    freeze(store, LI)
    with store.database.begin_write() as connection:
        connection.execute(text("PRAGMA secure_delete=OFF"))
        connection.execute(text("CREATE TABLE old (line TEXT)"))
        connection.execute(text("INSERT INTO old VALUES (:line)"), {"line": LI.address})
        connection.execute(text("DROP TABLE old"))
    store.database.write_back()
    assert LI.address.encode() in store.database.file.read_bytes()
    assert subscribing.forget_subscriber(store, at(LI), OPERATOR).is_scrubbed
    assert LI.address.encode() not in store.database.file.read_bytes()


def test_an_export_says_all_that_is_known(store: Store) -> None:
    lookup = prepare_person(store)
    exported = str(subscribing.export_subscriber(store, lookup))
    for word in (LI.address, CHAT.address, SECRET_WORD, "李明", "no such user", "subscribed", "connected"):
        assert word in exported
    assert "other" not in exported
    assert subscribing.export_subscriber(store, Lookup(address_key="mail:nobody@example.org")) is None
