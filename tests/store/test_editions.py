"""An edition is frozen once, with its messages and recipients, all or nothing."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import NoResultFound

from bot.errors import InputError
from bot.models import DeliveryState, Destination
from bot.settings import Secret
from bot.store import Store
from bot.store.editions import PublishedSlot
from tests.fakes import NOON, slot_on
from tests.store.samples import DAY, edition, freeze, message, story, to

NEXT = DAY + timedelta(days=1)
EXPIRES = NOON + timedelta(hours=3)


def test_an_edition_is_frozen_with_messages_and_a_delivery_for_each_destination(store: Store) -> None:
    destinations = [to("1"), to("1", topic=5), to("a@b.example", "mail")]
    rendered = {"telegram": message(2), "mail": message(1)}
    kept = edition(stories=[story(1)])
    number = store.editions.freeze_edition(kept, rendered, destinations, EXPIRES)
    assert number is not None
    assert store.editions.load_edition(number) == kept
    assert store.editions.find_edition_id("daily", slot_on(DAY)) == number
    assert store.editions.load_message(number, "telegram") == message(2)
    rows = [
        (row.channel, row.address, row.topic, row.digest, row.edition_name)
        for row in store.deliveries.list_deliveries()
    ]
    assert rows == [
        ("mail", "a@b.example", None, "daily", DAY.isoformat()),
        ("telegram", "1", 5, "daily", DAY.isoformat()),
        ("telegram", "1", None, "daily", DAY.isoformat()),
    ]
    first = store.deliveries.list_deliveries()[-1]
    assert (first.state, first.parts_sent, first.attempts, first.receipts) == (
        DeliveryState.PENDING,
        0,
        0,
        (),
    )
    assert (first.due_at, first.expires_at) == (NOON, EXPIRES)


def test_a_slot_is_published_once(store: Store) -> None:
    assert store.editions.freeze_edition(edition(), {"telegram": message()}, [to("1")], EXPIRES)
    assert (
        store.editions.freeze_edition(
            edition(stories=[story(9)]), {"telegram": message(7)}, [to("2")], EXPIRES
        )
        is None
    )
    assert [row.address for row in store.deliveries.list_deliveries()] == ["1"]
    assert store.editions.freeze_edition(edition(digest="other"), {}, [], EXPIRES)
    assert store.editions.freeze_edition(edition(NEXT), {}, [], EXPIRES)


def test_an_edition_is_published_once_by_programs_that_do_it_together(store_url: str) -> None:
    barrier, frozen = threading.Barrier(4), []

    def publish() -> None:
        with Store(Secret(store_url)) as store:
            barrier.wait()
            frozen.append(
                store.editions.freeze_edition(edition(), {"telegram": message()}, [to("1"), to("2")], EXPIRES)
            )

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(number is not None for number in frozen) == 1
    with Store(Secret(store_url)) as store:
        assert store.deliveries.count_by_state() == {DeliveryState.PENDING: 2}


def test_when_not_all_readers_can_be_read_nothing_is_frozen(store: Store) -> None:
    def torn() -> Iterator[Destination]:
        yield from (to(str(number)) for number in range(1500))
        raise InputError("readers.txt: cannot be read")

    with pytest.raises(InputError):
        store.editions.freeze_edition(edition(), {"telegram": message()}, torn(), EXPIRES)
    assert store.editions.find_edition_id("daily", slot_on(DAY)) is None
    assert store.deliveries.count_by_state() == {}


def test_a_destination_that_comes_twice_gets_one_delivery(store: Store) -> None:
    many = [to(str(number % 1200)) for number in range(2500)]
    number = store.editions.freeze_edition(edition(), {"telegram": message()}, many, EXPIRES)
    assert number is not None
    assert store.editions.count_deliveries(number) == 1200


def test_an_edition_for_nobody_and_with_nothing_in_it_is_still_published(store: Store) -> None:
    number = store.editions.freeze_edition(edition(), {}, [], EXPIRES)
    assert number is not None
    assert store.editions.load_edition(number) == edition()


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.editions.load_edition(1) is None
    assert store.editions.find_edition_id("daily", slot_on(DAY)) is None
    with pytest.raises(NoResultFound):
        store.editions.load_message(1, "telegram")


def test_recent_editions_come_newest_first_of_the_digests_asked_for(store: Store) -> None:
    for number in range(4):
        freeze(store, slot=DAY + timedelta(days=number), now=NOON + timedelta(days=number))
    freeze(store, slot=DAY, digest="other", now=NOON + timedelta(days=9))
    recent = store.editions.load_recent_editions
    assert [each.day.day for each in recent(["daily"], NOON, limit=9)] == [18, 17, 16]
    assert [each.day.day for each in recent(["daily"], NOON - timedelta(days=1), limit=2)] == [18, 17]
    assert len(recent(["daily", "other"], NOON, limit=9)) == 4
    assert recent([], NOON, limit=9) == ()


def test_a_missed_slot_is_news_once(store: Store) -> None:
    assert store.editions.record_missed_slot("daily", NOON, NOON) is True
    assert store.editions.record_missed_slot("daily", NOON, NOON) is False


def test_published_and_missed_are_listed_together_newest_first(store: Store) -> None:
    first = freeze(store, slot=DAY)
    store.editions.record_missed_slot("daily", slot_on(NEXT), NOON + timedelta(days=1))
    third = freeze(store, slot=date(2026, 1, 17), now=NOON + timedelta(days=2))
    assert store.editions.list_slots(10) == (
        PublishedSlot(
            edition_id=third,
            digest="daily",
            slot_at=slot_on(date(2026, 1, 17)),
            at=NOON + timedelta(days=2),
            name="2026-01-17",
        ),
        PublishedSlot(edition_id=None, digest="daily", slot_at=slot_on(NEXT), at=NOON + timedelta(days=1)),
        PublishedSlot(edition_id=first, digest="daily", slot_at=slot_on(DAY), at=NOON, name="2026-01-15"),
    )
    assert len(store.editions.list_slots(2)) == 2
