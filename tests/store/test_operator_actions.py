"""What the operator decides about a delivery, and the audit that stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import InputError, StoreError, UnknownName, WrongState
from bot.models import Delivery, DeliveryState
from bot.settings import Secret
from bot.store import Store
from bot.store.deliveries import DeliveryEnded, PartAccepted, PartStarted
from bot.store.operator_actions import RESEND_LIFETIME, AuditLine
from tests.fakes import NOON
from tests.store.samples import DAY, find_left_out, freeze, to

LEASE = timedelta(seconds=45)
LATER = NOON + timedelta(hours=5)


def only(store: Store) -> Delivery:
    (row,) = store.deliveries.list_deliveries()
    return row


def claimed(store: Store, now=NOON) -> Delivery:
    (row,) = store.deliveries.claim_deliveries("telegram", "a", now, now + LEASE, 1)
    return row


def in_doubt(store: Store, parts: int = 1, sent: int = 0, begun: int = 1) -> int:
    """A delivery of so many parts, of which `sent` arrived and the next one may have, or `begun` in one
    message.
    """
    freeze(store, to("1"), parts=parts)
    number = claimed(store).id
    for part in range(sent):
        store.deliveries.record_events(
            "a", [PartAccepted(delivery_id=number, part=part, receipt="ok", last=False)], NOON
        )
    store.deliveries.record_events(
        "a", [PartStarted(delivery_id=number, lease_until=NOON + LEASE, parts=begun)], NOON
    )
    store.deliveries.recover_claims(NOON + LEASE, repeatable=[])
    assert only(store).state == DeliveryState.UNCERTAIN
    return number


def ended(store: Store, state: DeliveryState) -> int:
    freeze(store, to("1"))
    number = claimed(store).id
    store.deliveries.record_events("a", [DeliveryEnded(delivery_id=number, state=state, error="x")], NOON)
    return number


def test_what_is_in_doubt_is_sent_again_from_the_part_in_doubt(store: Store) -> None:
    number = in_doubt(store, parts=3, sent=1)
    store.operator_actions.resend([number], "editor", LATER, "the group saw nothing")
    row = only(store)
    assert (row.state, row.parts_sent, row.attempts, row.error) == (DeliveryState.PENDING, 1, 0, "")
    assert (row.due_at, row.expires_at) == (LATER, LATER + RESEND_LIFETIME), (
        "it is not too late before it is sent"
    )
    assert claimed(store, LATER).id == number


def test_what_was_sent_whole_is_sent_again_from_its_first_part(store: Store) -> None:
    freeze(store, to("1"))
    number = claimed(store).id
    accepted = PartAccepted(delivery_id=number, part=0, receipt="message 1", last=True)
    store.deliveries.record_events("a", [accepted], NOON)
    store.operator_actions.resend([number], "editor", LATER)
    assert (only(store).state, only(store).parts_sent) == (DeliveryState.PENDING, 0)
    claimed(store, LATER)
    again = PartAccepted(delivery_id=number, part=0, receipt="message 2", last=True)
    assert store.deliveries.record_events("a", [again], LATER) == (True,)
    assert (only(store).state, only(store).receipts) == (DeliveryState.SENT, ("message 2",))


def test_what_did_arrive_is_done_or_goes_on_with_the_next_part(store: Store) -> None:
    number = in_doubt(store, parts=2)
    store.operator_actions.settle([number], "editor", LATER)
    assert (only(store).state, only(store).parts_sent) == (DeliveryState.PENDING, 1)
    assert only(store).receipts == ("settled by hand",)
    assert claimed(store, LATER).parts_sent == 1


def test_the_last_part_settled_is_the_end(store: Store) -> None:
    number = in_doubt(store, parts=2, sent=1)
    store.operator_actions.settle([number], "editor", LATER)
    assert (only(store).state, only(store).parts_sent, only(store).error) == (DeliveryState.SENT, 2, "")
    assert only(store).receipts == ("ok", "settled by hand")


def test_what_is_cancelled_is_not_sent(store: Store) -> None:
    freeze(store, to("1"))
    number = only(store).id
    store.operator_actions.cancel([number], "editor", NOON)
    assert only(store).state == DeliveryState.CANCELLED
    assert store.deliveries.claim_deliveries("telegram", "a", NOON, NOON + LEASE, 1) == ()
    store.operator_actions.resend([number], "editor", NOON)
    assert claimed(store).id == number


def test_a_cancelled_repetition_leaves_a_sent_delivery_sent(store: Store) -> None:
    freeze(store, to("1"), parts=2)
    number = claimed(store).id
    for part in range(2):
        store.deliveries.record_events(
            "a", [PartAccepted(delivery_id=number, part=part, receipt="ok", last=part == 1)], NOON
        )
    store.operator_actions.resend([number], "editor", LATER)
    assert (only(store).state, only(store).parts_sent) == (DeliveryState.PENDING, 0)
    store.operator_actions.cancel([number], "editor", LATER)
    assert (only(store).state, only(store).parts_sent) == (DeliveryState.SENT, 2)


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.CANCELLED])
def test_what_ended_badly_may_be_sent_again(store: Store, state: DeliveryState) -> None:
    number = ended(store, state)
    store.operator_actions.resend([number], "editor", LATER)
    assert claimed(store, LATER).id == number


@pytest.mark.parametrize("act", ["resend", "settle", "cancel"])
def test_what_is_being_sent_right_now_is_left_alone(store: Store, act: str) -> None:
    freeze(store, to("1"))
    number = claimed(store).id
    with pytest.raises(
        WrongState, match=rf"delivery {number} is sending; {act} is only for deliveries that are .*uncertain"
    ):
        getattr(store.operator_actions, act)([number], "editor", NOON)
    assert only(store).state == DeliveryState.SENDING
    assert store.operator_actions.list_audit(9) == ()


def test_a_worker_that_comes_back_does_not_undo_what_was_decided(store: Store) -> None:
    number = in_doubt(store)
    store.operator_actions.cancel([number], "editor", LATER)
    late = PartAccepted(delivery_id=number, part=0, receipt="message 1", last=True)
    assert store.deliveries.record_events("a", [late], LATER) == (False,)
    assert only(store).state == DeliveryState.CANCELLED


@pytest.mark.parametrize(("begun", "state"), [(2, DeliveryState.PENDING), (3, DeliveryState.SENT)])
def test_a_rich_message_that_did_arrive_settles_all_the_parts_it_stood_for(
    store: Store, begun: int, state: DeliveryState
) -> None:
    number = in_doubt(store, parts=4, sent=1, begun=begun)
    store.operator_actions.settle([number], "editor", LATER)
    row = only(store)
    assert (row.state, row.parts_sent) == (state, 1 + begun)
    assert row.receipts == ("ok", *["settled by hand"] * begun)


def test_a_late_answer_settles_all_the_parts_its_message_stood_for(store: Store) -> None:
    number = in_doubt(store, parts=3, begun=3)
    late = PartAccepted(delivery_id=number, part=0, receipt="message 1", last=True, parts=3)
    assert store.deliveries.record_events("a", [late], LATER) == (False,)
    row = only(store)
    assert (row.state, row.parts_sent, row.receipts) == (DeliveryState.SENT, 3, ("message 1",) * 3)


def test_all_or_none(store: Store) -> None:
    freeze(store, to("1"))
    number = only(store).id
    with pytest.raises(UnknownName, match="no delivery 999; `zhaibao deliveries` lists them"):
        store.operator_actions.cancel([number, 999], "editor", NOON)
    assert only(store).state == DeliveryState.PENDING
    assert store.operator_actions.list_audit(9) == ()


def test_every_decision_leaves_a_line_that_stays(store: Store) -> None:
    number = in_doubt(store)
    store.operator_actions.cancel([number, number], "编辑", LATER, "读者已退订")
    store.operator_actions.resend([number], "editor", LATER + timedelta(hours=1))
    assert store.operator_actions.list_audit(9) == (
        AuditLine(
            delivery_id=number, act="resend", was=DeliveryState.CANCELLED, who="editor", note="",
            at=LATER + timedelta(hours=1),
        ),
        AuditLine(
            delivery_id=number, act="cancel", was=DeliveryState.UNCERTAIN, who="编辑",
            note="读者已退订", at=LATER
        ),
    )  # fmt: skip
    assert len(store.operator_actions.list_audit(1)) == 1
    for statement in ("DELETE FROM audit", "UPDATE audit SET who = 'nobody'"):
        with pytest.raises((StoreError, Exception), match="the audit is only added to"):
            run(store, statement)
    assert len(store.operator_actions.list_audit(9)) == 2


def run(store: Store, statement: str) -> None:
    with store.database.begin_write() as connection:
        connection.execute(text(statement))


# --- what is learnt about destinations


def refuse(store: Store, day: int) -> Delivery:
    """Publish on a day; whoever takes the delivery is refused for good. The delivery as it is then."""
    now = NOON + timedelta(days=day)
    freeze(store, to("1"), slot=DAY + timedelta(days=day), now=now)
    for row in store.deliveries.claim_deliveries("telegram", "a", now, now + LEASE, 1):
        store.deliveries.record_events(
            "a", [DeliveryEnded(delivery_id=row.id, state=DeliveryState.FAILED, error="blocked")], now
        )
    return store.deliveries.list_deliveries(limit=1)[0]


def test_a_chat_that_moved_gets_later_editions_where_it_is_now(store: Store) -> None:
    freeze(store, to("-1"), slot=DAY)
    freeze(store, to("-1"), to("-9"), slot=DAY + timedelta(days=1))
    number = claimed(store).id
    moved = DeliveryEnded(delivery_id=number, state=DeliveryState.PENDING, due_at=NOON, address="-100")
    store.deliveries.record_events("a", [moved], NOON)
    assert [row.address for row in store.deliveries.list_deliveries()] == ["-9", "-100", "-100"]
    again = DeliveryEnded(
        delivery_id=claimed(store).id, state=DeliveryState.PENDING, due_at=NOON, address="-200"
    )
    store.deliveries.record_events("a", [again], NOON)
    freeze(store, to("-1"), to("-100"), to("-9"), slot=DAY + timedelta(days=2))
    newest = {row.address for row in store.deliveries.list_deliveries(limit=3)}
    assert newest == {"-200", "-9"}


def test_a_topic_that_is_closed_may_be_dropped_for_one_delivery(store: Store) -> None:
    freeze(store, to("-1", topic=5))
    number = claimed(store).id
    dropped = DeliveryEnded(delivery_id=number, state=DeliveryState.PENDING, due_at=NOON, drop_topic=True)
    store.deliveries.record_events("a", [dropped], NOON)
    assert claimed(store).topic is None
    freeze(store, to("-1", topic=5), slot=DAY + timedelta(days=1))
    assert store.deliveries.list_deliveries(limit=1)[0].topic == 5, "it may be open again"


def test_a_destination_that_keeps_refusing_is_tried_rarer_and_rarer(store: Store) -> None:
    states = [refuse(store, day).state for day in range(14)]
    tried = [day for day, state in enumerate(states) if state == DeliveryState.FAILED]
    assert tried == [0, 1, 2, 4, 8]
    left_out = store.deliveries.list_deliveries(DeliveryState.CANCELLED, limit=1)[0]
    assert left_out.error.startswith(
        "left out: refused 5 times in a row, tried again from 2026-01-31; `zhaibao resend`"
    )


def test_one_success_ends_the_rest(store: Store) -> None:
    left_out = [refuse(store, day) for day in range(4)][-1]
    assert left_out.state == DeliveryState.CANCELLED
    now = NOON + timedelta(days=3)
    store.operator_actions.resend([left_out.id], "editor", now)
    store.deliveries.claim_deliveries("telegram", "a", now, now + LEASE, 1)
    store.deliveries.record_events(
        "a", [PartAccepted(delivery_id=left_out.id, part=0, receipt="ok", last=True)], now
    )
    assert [refuse(store, day).state for day in (4, 5)] == [DeliveryState.FAILED] * 2


# --- readers who are gone


def gone(store: Store, day: int = 0) -> Delivery:
    """What became of that day's delivery to a reader who is gone."""
    now = NOON + timedelta(days=day)
    freeze(store, to("1"), slot=DAY + timedelta(days=day), now=now)
    for delivery in store.deliveries.claim_deliveries("telegram", "a", now, now + LEASE, 1):
        ended = DeliveryEnded(
            delivery_id=delivery.id,
            state=DeliveryState.FAILED,
            error="blocked by the user",
            should_pause=True,
        )
        store.deliveries.record_events("a", [ended], now)
    return store.deliveries.list_deliveries(limit=1)[0]


def test_a_reader_who_is_gone_gets_no_more_editions_and_that_is_said(store: Store) -> None:
    number = gone(store).id
    left_out = gone(store, day=40)
    assert left_out.state == DeliveryState.CANCELLED
    assert left_out.error == (
        "left out: paused since 2026-01-15 (blocked by the user); "
        "`zhaibao subscribers resume telegram:1` ends the pause"
    )
    (paused,) = store.operator_actions.list_audit(10)
    assert (paused.act, paused.who, paused.delivery_id) == ("pause", "zhaibao", number)


def test_what_arrives_after_all_ends_the_pause(store: Store) -> None:
    number = gone(store).id
    store.operator_actions.resend([number], "editor", NOON)
    assert find_left_out(store, "telegram:1"), "nothing arrived yet"
    claimed(store)
    store.deliveries.record_events(
        "a", [PartAccepted(delivery_id=number, part=0, receipt="ok", last=True)], NOON
    )
    assert find_left_out(store, "telegram:1") == {}


# --- backup


def test_a_backup_is_the_database_as_it_stood_and_sends_nothing_again(tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store(Secret(f"sqlite:///{tmp_path / 'zhaibao.db'}")) as store:
        freeze(store, to("1"), to("2"))
        number = claimed(store).id
        store.deliveries.record_events(
            "a", [PartAccepted(delivery_id=number, part=0, receipt="ok", last=True)], NOON
        )
        store.database.backup(copy)
        freeze(store, to("1"), slot=DAY + timedelta(days=1))
    assert copy.stat().st_mode & 0o777 == 0o600
    with Store(Secret(f"sqlite:///{copy}")) as restored:
        assert restored.deliveries.count_by_state() == {DeliveryState.SENT: 1, DeliveryState.PENDING: 1}
        assert [
            row.address
            for row in restored.deliveries.claim_deliveries("telegram", "b", NOON, NOON + LEASE, 9)
        ] == ["2"]


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with Store(Secret(f"sqlite:///{tmp_path / 'zhaibao.db'}")) as store:
        (tmp_path / "there").write_text("mine")
        with pytest.raises(InputError, match="exists and is not changed"):
            store.database.backup(tmp_path / "there")
        with pytest.raises(InputError, match="cannot be written"):
            store.database.backup(tmp_path / "no" / "such" / "folder")
    assert (tmp_path / "there").read_text() == "mine"
    assert not list(tmp_path.glob(".*.part"))


def test_a_backup_of_postgresql_is_pg_dumps_work(postgresql_url: str, tmp_path: Path) -> None:
    with (
        Store(Secret(postgresql_url)) as store,
        pytest.raises(InputError, match="for PostgreSQL use pg_dump"),
    ):
        store.database.backup(tmp_path / "copy")
