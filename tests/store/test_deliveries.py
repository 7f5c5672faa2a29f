"""The ledger: who may send what now, and what became of it."""

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot.models import Delivery, DeliveryState
from bot.settings import Secret
from bot.store import Store
from bot.store.deliveries import DeliveryEnded, PartAccepted, PartStarted, RecordResult
from tests.fakes import NOON
from tests.store.samples import DAY, freeze, to

PENDING, SENDING, SENT = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT
UNCERTAIN, FAILED, EXPIRED = DeliveryState.UNCERTAIN, DeliveryState.FAILED, DeliveryState.EXPIRED
LEASE = timedelta(seconds=45)
SECOND = timedelta(seconds=1)
HELD = {"repeatable": ["mail", "archive"]}


def claim(
    store: Store, now: datetime = NOON, worker: str = "a", channel: str = "telegram", limit: int = 10
) -> list[int]:
    return [row.id for row in store.deliveries.claim_deliveries(channel, worker, now, now + LEASE, limit)]


def record(
    store: Store, *events: PartStarted | PartAccepted | DeliveryEnded, worker: str = "a", now: datetime = NOON
) -> list[RecordResult]:
    return list(store.deliveries.record_events(worker, events, now))


def start(number: int, now: datetime = NOON) -> PartStarted:
    return PartStarted(delivery_id=number, lease_until=now + LEASE)


def accept(number: int, part: int = 0, last: bool = True) -> PartAccepted:
    return PartAccepted(delivery_id=number, part=part, receipt=f"message {part}", last=last)


def only(store: Store) -> Delivery:
    (row,) = store.deliveries.list_deliveries()
    return row


# --- claiming


def test_a_claimed_delivery_is_nobody_elses(store: Store) -> None:
    freeze(store, to("1"), to("2"), to("3"))
    assert len(claim(store, limit=2)) == 2
    assert len(claim(store, worker="b")) == 1
    assert claim(store) == []
    assert store.deliveries.count_by_state() == {SENDING: 3}


def test_deliveries_are_given_out_oldest_first_and_by_channel(store: Store) -> None:
    freeze(store, to("1"), to("a@b.example", "mail"), to("2"))
    first, mail, second = (row.id for row in reversed(store.deliveries.list_deliveries()))
    assert claim(store) == [first, second]
    assert claim(store, channel="mail") == [mail]
    assert claim(store, channel="archive") == []


def test_a_delivery_is_not_given_out_before_it_is_due_nor_after_it_expired(store: Store) -> None:
    freeze(store, to("1"), lateness=timedelta(hours=1))
    assert claim(store, NOON - SECOND) == []
    assert claim(store, NOON + timedelta(hours=1)) == []
    assert len(claim(store, NOON + timedelta(hours=1) - SECOND)) == 1


def test_a_destination_gets_its_editions_in_order(store: Store) -> None:
    freeze(store, to("1"), to("2"), slot=DAY)
    freeze(store, to("1"), to("2"), to("1", topic=7), slot=DAY + timedelta(days=1))
    older, newer = store.deliveries.list_deliveries()[3:], store.deliveries.list_deliveries()[:3]
    given = claim(store)
    assert set(given) == {row.id for row in older} | {row.id for row in newer if row.topic == 7}
    done = next(row.id for row in older if row.address == "1")
    record(store, accept(done))
    assert claim(store) == [next(row.id for row in newer if row.address == "1" and row.topic is None)]
    again = next(row.id for row in older if row.address == "2")
    record(store, DeliveryEnded(delivery_id=again, state=PENDING, due_at=NOON + timedelta(hours=1)))
    assert claim(store) == [], "the older one waits for its next try, and the newer one for it"


@pytest.mark.parametrize("state", [FAILED, UNCERTAIN])
def test_a_delivery_that_ended_badly_holds_up_no_later_one(store: Store, state: DeliveryState) -> None:
    freeze(store, to("1"), slot=DAY)
    freeze(store, to("1"), slot=DAY + timedelta(days=1))
    (first,) = claim(store)
    record(store, DeliveryEnded(delivery_id=first, state=state, error="x"))
    assert len(claim(store)) == 1


def test_a_moved_chat_keeps_its_place_in_the_order(store: Store) -> None:
    freeze(store, to("-1"), slot=DAY)
    freeze(store, to("-1"), slot=DAY + timedelta(days=1))
    (first,) = claim(store)
    record(store, DeliveryEnded(delivery_id=first, state=PENDING, due_at=NOON, address="-1001"))
    (again,) = store.deliveries.claim_deliveries("telegram", "a", NOON, NOON + LEASE, 10)
    assert (again.id, again.address) == (first, "-1001")


def test_two_workers_at_once_do_nothing_twice(store_url: str) -> None:
    with Store(Secret(store_url)) as store:
        freeze(store, *(to(str(number)) for number in range(150)))
    taken: Counter[int] = Counter()
    barrier = threading.Barrier(3)

    def work(worker: str) -> None:
        with Store(Secret(store_url)) as store:
            barrier.wait()
            while given := claim(store, worker=worker, limit=7):
                for number in given:
                    held = record(store, start(number), worker=worker) + record(
                        store, accept(number), worker=worker
                    )
                    taken[number] += held == [True, True]

    threads = [threading.Thread(target=work, args=(worker,)) for worker in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 150
    assert set(taken.values()) == {1}
    with Store(Secret(store_url)) as store:
        assert store.deliveries.count_by_state() == {SENT: 150}


# --- recording


def test_parts_are_counted_and_what_the_other_side_said_is_kept(store: Store) -> None:
    freeze(store, to("1"), parts=2)
    (number,) = claim(store)
    assert record(store, start(number)) == [True]
    assert record(store, accept(number, 0, last=False)) == [True]
    assert (only(store).state, only(store).parts_sent, only(store).receipts) == (SENDING, 1, ("message 0",))
    record(store, start(number))
    record(store, accept(number, 1, last=True), now=NOON + SECOND)
    row = only(store)
    assert (row.state, row.parts_sent, row.attempts, row.error) == (SENT, 2, 1, "")
    assert row.receipts == ("message 0", "message 1")
    assert row.updated_at == NOON + SECOND


def test_answers_come_in_the_order_of_the_events(store: Store) -> None:
    freeze(store, to("1"), to("2"), to("3"))
    a, b, c = claim(store)
    assert record(store, start(c), start(999), start(a)) == [
        RecordResult.RECORDED,
        RecordResult.LOST,
        RecordResult.RECORDED,
    ]
    ended = [DeliveryEnded(delivery_id=number, state=state) for number, state in ((c, FAILED), (a, PENDING))]
    assert record(store, accept(b), *ended) == [RecordResult.RECORDED, RecordResult.NEWS, RecordResult.NEWS]


def test_a_try_is_counted_and_a_claim_handed_back_is_not(store: Store) -> None:
    freeze(store, to("1"))
    (number,) = claim(store)
    record(store, DeliveryEnded(delivery_id=number, state=PENDING, is_attempt=False))
    assert (only(store).state, only(store).attempts, only(store).error) == (PENDING, 0, "")
    claim(store)
    later = NOON + timedelta(minutes=5)
    record(store, DeliveryEnded(delivery_id=number, state=PENDING, error="429", due_at=later))
    assert (only(store).attempts, only(store).error, only(store).due_at) == (1, "429", later)
    assert claim(store) == []
    assert claim(store, later) == [number]


def test_a_handed_back_claim_keeps_what_was_wrong_before(store: Store) -> None:
    freeze(store, to("1"))
    (number,) = claim(store)
    record(store, DeliveryEnded(delivery_id=number, state=PENDING, error="429"))
    claim(store)
    record(store, DeliveryEnded(delivery_id=number, state=PENDING, is_attempt=False))
    assert only(store).error == "429"


def test_who_lost_the_lease_is_told_and_changes_nothing(store: Store) -> None:
    freeze(store, to("1"))
    (number,) = claim(store)
    later = NOON + LEASE
    assert store.deliveries.recover_claims(later, **HELD) == ()
    assert claim(store, later, worker="b") == [number]
    assert record(store, start(number)) == [False]
    assert record(store, accept(number)) == [False]
    assert record(store, DeliveryEnded(delivery_id=number, state=FAILED)) == [False]
    assert (only(store).state, only(store).parts_sent, only(store).receipts) == (SENDING, 0, ())
    assert record(store, start(number, later), worker="b") == [True]


def test_words_no_database_can_hold_do_not_stop_the_record(store: Store) -> None:
    freeze(store, to("1"), to("2"))
    a, b = claim(store)
    record(store, PartAccepted(delivery_id=a, part=0, receipt="250 \0\ud800 ok", last=True))
    record(store, DeliveryEnded(delivery_id=b, state=FAILED, error="550 \0"))
    later, earlier = store.deliveries.list_deliveries()
    assert (earlier.receipts, later.error) == (("250 \ufffd? ok",), "550 \ufffd")


# --- after a crash


def test_a_claim_that_never_left_is_pending_again_when_its_lease_ends(store: Store) -> None:
    freeze(store, to("1"))
    claim(store)
    assert store.deliveries.recover_claims(NOON + LEASE - SECOND, **HELD) == ()
    assert only(store).state == SENDING
    assert store.deliveries.recover_claims(NOON + LEASE, **HELD) == ()
    assert (only(store).state, only(store).due_at, only(store).attempts) == (PENDING, NOON + LEASE, 0)


def test_what_was_in_flight_is_uncertain_where_it_may_not_be_repeated(store: Store) -> None:
    freeze(store, to("1"), to("a@b.example", "mail"))
    (chat,), (mail,) = claim(store), claim(store, channel="mail")
    record(store, start(chat), start(mail))
    (doubtful,) = store.deliveries.recover_claims(NOON + LEASE, **HELD)
    assert (doubtful.id, doubtful.state) == (chat, UNCERTAIN)
    assert doubtful.error == "the program ended while this was being sent"
    assert store.deliveries.count_by_state() == {UNCERTAIN: 1, PENDING: 1}
    assert claim(store, NOON + LEASE, channel="mail") == [mail]


def test_what_was_in_flight_goes_again_where_the_operator_says_so(store: Store) -> None:
    freeze(store, to("1"))
    (number,) = claim(store)
    record(store, start(number))
    assert store.deliveries.recover_claims(NOON + LEASE, repeatable=["telegram"]) == ()
    assert only(store).state == PENDING


def test_a_crash_between_two_parts_goes_on_with_the_next(store: Store) -> None:
    freeze(store, to("1"), parts=5)
    (number,) = claim(store)
    for part in range(3):
        record(store, start(number))
        record(store, accept(number, part, last=False))
    store.deliveries.recover_claims(NOON + LEASE, **HELD)
    (again,) = store.deliveries.claim_deliveries("telegram", "b", NOON + LEASE, NOON + 2 * LEASE, 10)
    assert (again.parts_sent, again.receipts) == (3, ("message 0", "message 1", "message 2"))


def test_an_answer_that_comes_after_the_lease_ended_still_counts(store: Store) -> None:
    freeze(store, to("1"), to("2"), parts=2)
    one, two = claim(store)
    record(store, accept(one, 0, last=False), start(two))
    record(store, start(one))
    assert len(store.deliveries.recover_claims(NOON + LEASE, **HELD)) == 2
    assert record(store, accept(one, 1, last=True), accept(two, 0, last=False)) == [False, False]
    second, first = store.deliveries.list_deliveries()
    assert (first.state, first.parts_sent, first.error, len(first.receipts)) == (SENT, 2, "", 2)
    assert (second.state, second.parts_sent, len(second.receipts)) == (PENDING, 1, 1)
    assert claim(store, NOON + LEASE, worker="b") == [two]


def test_an_answer_that_comes_after_another_took_over_does_not(store: Store) -> None:
    freeze(store, to("1"))
    (number,) = claim(store)
    record(store, start(number))
    store.deliveries.recover_claims(NOON + LEASE, repeatable=["telegram"])
    claim(store, NOON + LEASE, worker="b")
    assert record(store, accept(number)) == [False]
    assert (only(store).state, only(store).receipts) == (SENDING, ())


def test_a_living_worker_holds_what_is_in_its_hands_and_only_that(store: Store) -> None:
    freeze(store, to("1"), to("2"), to("3"))
    first, second = claim(store, limit=2)
    claim(store, worker="b")
    later = NOON + timedelta(seconds=30)
    store.deliveries.renew_leases("a", [first], later + LEASE)
    store.deliveries.renew_leases("a", [], later + LEASE)
    store.deliveries.recover_claims(NOON + LEASE, **HELD)
    states = {row.id: row.state for row in store.deliveries.list_deliveries()}
    assert states[first] == SENDING
    assert states[second] == PENDING
    assert sorted(states.values()) == [PENDING, PENDING, SENDING], "the other worker was not renewed either"


def test_a_dead_workers_many_claims_are_freed_in_portions(store: Store) -> None:
    freeze(store, *(to(str(number)) for number in range(5)))
    claim(store)
    store.deliveries.recover_claims(NOON + LEASE, **HELD, limit=3)
    assert store.deliveries.count_by_state() == {PENDING: 3, SENDING: 2}


# --- too late


def test_what_is_too_late_expires_and_is_told(store: Store) -> None:
    freeze(store, to("1"), to("2"), to("3"), lateness=timedelta(hours=1))
    claim(store, limit=1)
    assert store.deliveries.expire_deliveries(NOON + timedelta(hours=1) - SECOND) == ()
    expired = store.deliveries.expire_deliveries(NOON + timedelta(hours=1), limit=1)
    assert [row.state for row in expired] == [EXPIRED]
    assert len(store.deliveries.expire_deliveries(NOON + timedelta(hours=1))) == 1
    assert store.deliveries.count_by_state() == {EXPIRED: 2, SENDING: 1}, "what is in hand is finished"


def test_many_deliveries_expire_in_portions(store: Store) -> None:
    freeze(store, *(to(str(number)) for number in range(2500)), lateness=timedelta(hours=1))
    portions = []
    while expired := store.deliveries.expire_deliveries(NOON + timedelta(hours=1)):
        portions.append(len(expired))
    assert portions == [1000, 1000, 500]


# --- when to come back


def test_the_next_time_is_when_something_can_be_done(store: Store) -> None:
    due = store.deliveries.find_next_due_at
    assert due("telegram") is None
    freeze(store, to("1"), slot=DAY)
    freeze(store, to("1"), slot=DAY + timedelta(days=1))
    assert due("telegram") == NOON
    assert due("mail") is None
    (number,) = claim(store)
    assert due("telegram") == NOON + LEASE, "when the lease ends, should the worker have died"
    later = NOON + timedelta(minutes=20)
    record(store, DeliveryEnded(delivery_id=number, state=PENDING, due_at=later))
    assert due("telegram") == later, "the next one has to wait for this one"
    claim(store, later)
    record(store, accept(number))
    assert due("telegram") == NOON


# --- lists


def test_lists_are_newest_first_and_by_state(store: Store) -> None:
    freeze(store, to("1"), to("2"), to("3"))
    first, second, _ = claim(store)
    record(store, accept(first), DeliveryEnded(delivery_id=second, state=FAILED, error="550"))
    assert [row.address for row in store.deliveries.list_deliveries()] == ["3", "2", "1"]
    assert [row.address for row in store.deliveries.list_deliveries(limit=2)] == ["3", "2"]
    assert [(row.id, row.error) for row in store.deliveries.list_deliveries(FAILED)] == [(second, "550")]
    assert store.deliveries.list_deliveries(EXPIRED) == ()
    assert store.deliveries.count_by_state() == {SENT: 1, FAILED: 1, SENDING: 1}
