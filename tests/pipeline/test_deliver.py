"""What is due goes out once, in order, and the ledger says what is known of it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

import pytest
from structlog.typing import EventDict

from bot.channels.protocol import PATIENCE_SECONDS, Arrival, Channel
from bot.channels.telegram.settings import TelegramSettings
from bot.errors import (
    ChatMoved,
    DeliveryError,
    DeliveryUnconfirmed,
    Rejected,
    RichRefused,
    ServerUnreachable,
    StoreError,
    SubscriberGone,
    TopicClosed,
    TryLater,
)
from bot.models import Delivery, DeliveryState, Message
from bot.pipeline.deliver import (
    FIRST_RETRY_SECONDS,
    LAST_RETRY_SECONDS,
    LEASE,
    DeliveryContext,
    DeliveryWorker,
)
from bot.settings import Secret
from bot.store import Store
from bot.store.deliveries import PartStarted
from tests.fakes import NOON, Clock, FakeChannel
from tests.store.samples import DAY, find_left_out, freeze, to

T = TypeVar("T")
PENDING, SENDING, SENT = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT
UNCERTAIN, FAILED, EXPIRED = DeliveryState.UNCERTAIN, DeliveryState.FAILED, DeliveryState.EXPIRED


def post(
    store: Store, channels: Channel | Mapping[str, Channel], clock: Clock | None = None, *,
    worker: str = "me",
    resend: bool = False,
) -> DeliveryWorker:  # fmt: skip
    opened = channels if isinstance(channels, Mapping) else {"telegram": channels}
    return DeliveryWorker(
        DeliveryContext(
            store=store, channels=opened, clock=clock or Clock(), worker=worker,
            channel_settings={"telegram": TelegramSettings(on_uncertain="resend" if resend else "hold")},
            draw_jitter=lambda: 0.0,
        )
    )  # fmt: skip


def deliver(
    store: Store, channel: Channel | Mapping[str, Channel], clock: Clock | None = None, **more: bool
) -> Counter[DeliveryState]:
    return asyncio.run(post(store, channel, clock, **more).deliver_due())  # type: ignore[arg-type]


def only(store: Store) -> Delivery:
    (row,) = store.deliveries.list_deliveries()
    return row


class Meddler(FakeChannel):
    """Does something of its own just before it takes a part."""

    def __init__(self, meddle: Callable[[Delivery, int], None], *outcomes: DeliveryError | None) -> None:
        super().__init__(*outcomes)
        self.meddle = meddle

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        self.meddle(delivery, part)
        return await super().send_part(delivery, message, part)


# --- all is well


def test_every_destination_gets_every_part_in_order_and_once(store: Store) -> None:
    freeze(store, *(to(str(number)) for number in range(20)), parts=3)
    channel = FakeChannel()
    assert deliver(store, channel) == {SENT: 20}
    got: dict[str, list[int]] = {}
    for sent in channel.sent:
        got.setdefault(sent.address, []).append(sent.part)
    assert got == {str(number): [0, 1, 2] for number in range(20)}
    assert store.deliveries.count_by_state() == {SENT: 20}
    assert all(len(row.receipts) == 3 and row.attempts == 1 for row in store.deliveries.list_deliveries())


def test_delivering_again_sends_nothing(store: Store) -> None:
    freeze(store, to("1"))
    deliver(store, FakeChannel())
    again = FakeChannel()
    assert deliver(store, again) == {}
    assert again.tried == 0


def test_each_channel_gets_its_own_and_one_that_cannot_be_opened_keeps_its_deliveries(store: Store) -> None:
    freeze(store, to("1"), to("a@b.example", "mail"), to("/out", "archive"))
    telegram, mail = FakeChannel(), FakeChannel()
    assert deliver(store, {"telegram": telegram, "mail": mail}) == {SENT: 2}
    assert [sent.address for sent in telegram.sent] == ["1"]
    assert [sent.address for sent in mail.sent] == ["a@b.example"]
    assert [row.channel for row in store.deliveries.list_deliveries(PENDING)] == ["archive"]


def test_editions_reach_a_chat_in_their_order(store: Store) -> None:
    for number in range(4):
        freeze(store, to("1"), slot=DAY + timedelta(days=number), parts=2)
    channel = FakeChannel()
    assert deliver(store, channel) == {SENT: 4}
    assert [sent.part for sent in channel.sent] == [0, 1] * 4


def test_channels_are_closed_when_the_post_closes(store: Store) -> None:
    channel = FakeChannel()

    async def work() -> None:
        async with post(store, channel):
            assert not channel.closed

    asyncio.run(work())
    assert channel.closed


# --- what is known of a refusal decides what happens next


VERDICTS: list[tuple[DeliveryError, DeliveryState, float | None]] = [
    (TryLater("429", 17), PENDING, 17),
    (TryLater("connection refused"), PENDING, FIRST_RETRY_SECONDS),
    (TryLater("odd", 0), PENDING, 1),
    (TryLater("odd", -5), PENDING, 1),
    (TryLater("odd", 1e12), PENDING, 86_400),
    (TryLater("odd", float("inf")), PENDING, 86_400),
    (Rejected("blocked"), FAILED, None),
    (DeliveryUnconfirmed("no answer"), UNCERTAIN, None),
    (ChatMoved("supergroup", "-1001"), PENDING, 0),
]


@pytest.mark.parametrize(("error", "state", "again_seconds"), VERDICTS)
def test_a_refusal_decides_what_happens_next(
    store: Store, error: DeliveryError, state: DeliveryState, again_seconds: float | None
) -> None:
    freeze(store, to("-1"))
    channel = FakeChannel(error, Rejected("enough"))
    deliver(store, channel)
    row = only(store)
    if isinstance(error, ChatMoved):
        assert (row.address, row.state, row.error) == ("-1001", FAILED, "enough"), (
            "tried again at once, elsewhere"
        )
        return
    assert (row.state, row.error, row.attempts, row.parts_sent) == (state, str(error), 1, 0)
    if again_seconds is not None:
        assert row.due_at == NOON + timedelta(seconds=again_seconds)


def test_tries_come_rarer_and_rarer_and_never_overflow(store: Store) -> None:
    freeze(store, to("1"), lateness=timedelta(days=999))
    clock, waits = Clock(), []
    channel = FakeChannel(*[TryLater("refused")] * 40)
    for _ in range(40):
        deliver(store, channel, clock)
        waits.append((only(store).due_at - clock.now).total_seconds())
        clock.now = only(store).due_at
    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == LAST_RETRY_SECONDS
    assert waits == sorted(waits)
    assert deliver(store, channel, clock) == {SENT: 1}


def test_a_thousand_refusals_do_not_overflow_the_wait(store: Store) -> None:
    freeze(store, to("1"))
    made = post(store, FakeChannel())
    assert (
        made.compute_retry_at(_tried(only(store), 5000), None) - NOON
    ).total_seconds() == LAST_RETRY_SECONDS


def _tried(row: Delivery, attempts: int) -> Delivery:
    values = {name: getattr(row, name) for name in Delivery.__slots__}
    return Delivery(**(values | {"attempts": attempts}))


def test_chance_lengthens_a_wait_by_a_quarter_at_most(store: Store) -> None:
    freeze(store, to("1"))
    office = DeliveryContext(store=store, channels={}, clock=Clock(), worker="me", draw_jitter=lambda: 0.999)
    wait = (DeliveryWorker(office).compute_retry_at(only(store), None) - NOON).total_seconds()
    assert FIRST_RETRY_SECONDS < wait < FIRST_RETRY_SECONDS * 1.25


def test_two_addresses_that_name_each_other_are_not_asked_for_ever(store: Store) -> None:
    freeze(store, to("-1"))
    channel = FakeChannel(*[ChatMoved("moved", "-2"), ChatMoved("moved", "-1")] * 500)
    deliver(store, channel)
    assert channel.tried == 2
    assert only(store).due_at > NOON


def test_a_half_sent_digest_goes_on_with_the_part_that_was_refused(store: Store) -> None:
    freeze(store, to("1"), parts=5)
    clock = Clock()
    first = FakeChannel(None, None, TryLater("429", 60))
    deliver(store, first, clock)
    assert only(store).parts_sent == 2
    clock.advance(seconds=60)
    second = FakeChannel()
    assert deliver(store, second, clock) == {SENT: 1}
    assert [sent.part for sent in second.sent] == [2, 3, 4]


def test_an_uncertain_part_is_held_for_the_operator(store: Store) -> None:
    freeze(store, to("1"), parts=2)
    clock = Clock()
    assert deliver(store, FakeChannel(None, DeliveryUnconfirmed("no answer")), clock) == {UNCERTAIN: 1}
    clock.advance(hours=1)
    later = FakeChannel()
    assert deliver(store, later, clock) == {}
    assert later.tried == 0
    assert (only(store).state, only(store).parts_sent) == (UNCERTAIN, 1)


def test_an_uncertain_part_goes_again_where_the_configuration_says_so(store: Store) -> None:
    freeze(store, to("1"), parts=2)
    clock = Clock()
    deliver(store, FakeChannel(None, DeliveryUnconfirmed("no answer")), clock, resend=True)
    assert only(store).state == PENDING
    clock.advance(seconds=FIRST_RETRY_SECONDS)
    second = FakeChannel()
    assert deliver(store, second, clock, resend=True) == {SENT: 1}
    assert [sent.part for sent in second.sent] == [1]


def test_an_uncertain_mail_goes_again_by_itself(store: Store) -> None:
    freeze(store, to("a@b.example", "mail"))
    clock = Clock()
    deliver(store, {"mail": FakeChannel(DeliveryUnconfirmed("lost after DATA"))}, clock)
    assert only(store).state == PENDING
    clock.advance(seconds=FIRST_RETRY_SECONDS)
    assert deliver(store, {"mail": FakeChannel()}, clock) == {SENT: 1}


def test_a_bug_in_a_channel_costs_its_own_delivery_only_and_shows_no_secret(
    store: Store, logged: list[EventDict]
) -> None:
    freeze(store, to("1"), to("2"))

    def stumble(delivery: Delivery, _: int) -> None:
        if delivery.address == "1":
            raise ValueError("https://api.telegram.org/bot123:abc")

    assert deliver(store, Meddler(stumble)) == {SENT: 1, UNCERTAIN: 1}
    second, first = store.deliveries.list_deliveries()
    assert (first.state, second.state) == (UNCERTAIN, SENT)
    assert first.error == "the program failed while sending (ValueError)"
    assert any(line["event"] == "bug" for line in logged)


def test_a_message_that_cannot_be_read_costs_its_own_delivery_only(
    store: Store, logged: list[EventDict]
) -> None:
    freeze(store, to("1"))
    with store.database.begin_write() as connection:
        connection.exec_driver_sql("DELETE FROM messages")
    freeze(store, to("2"), slot=DAY + timedelta(days=1))
    assert deliver(store, FakeChannel()) == {SENT: 1}
    assert store.deliveries.count_by_state() == {SENT: 1, SENDING: 1}
    assert [line["to"] for line in logged if line["event"] == "bug"] == ["1"]


def post_with(store: Store, channel: Channel, clock: Clock, **office: object) -> DeliveryWorker:
    return DeliveryWorker(
        DeliveryContext(store=store, channels={"telegram": channel}, clock=clock, worker="me", **office)
    )  # type: ignore[arg-type]


def test_a_closed_topic_fails_or_falls_back_to_the_chat_as_the_configuration_says(store: Store) -> None:
    freeze(store, to("-1", topic=5), to("-2", topic=6), parts=2)
    strict = FakeChannel(TopicClosed("closed"))
    asyncio.run(post_with(store, strict, Clock()).deliver_due())
    assert [(row.state, row.topic) for row in store.deliveries.list_deliveries(FAILED)] == [(FAILED, 5)]
    freeze(store, to("-1", topic=5), slot=DAY + timedelta(days=1), parts=2)
    lenient = FakeChannel(None, TopicClosed("closed"))
    assert asyncio.run(
        post_with(
            store,
            lenient,
            Clock(),
            channel_settings={"telegram": TelegramSettings(on_closed_topic="general")},
        ).deliver_due()
    ) == {SENT: 1}
    assert [(sent.topic, sent.part) for sent in lenient.sent] == [(5, 0), (None, 1)], (
        "what arrived is not sent again"
    )


def test_a_chat_without_a_topic_has_nothing_to_fall_back_to(store: Store) -> None:
    freeze(store, to("-1"))
    channel = FakeChannel(TopicClosed("closed"))
    assert asyncio.run(
        post_with(
            store,
            channel,
            Clock(),
            channel_settings={"telegram": TelegramSettings(on_closed_topic="general")},
        ).deliver_due()
    ) == {FAILED: 1}


def test_a_destinations_trouble_is_told_once_a_day_and_not_once_a_try(
    store: Store, logged: list[EventDict]
) -> None:
    freeze(store, to("1"), lateness=timedelta(days=9))
    clock = Clock()
    made = post_with(store, FakeChannel(*[TryLater("cannot be reached")] * 99), clock)
    for _ in range(60):
        asyncio.run(made.deliver_due())
        clock.advance(hours=1)
    told = [line["log_level"] for line in logged if line["event"] == "pending"]
    assert len(told) == 60
    assert told.count("warning") == 3, "on each of three days"


def test_trouble_that_was_told_is_not_told_again_after_a_restart(
    store: Store, logged: list[EventDict]
) -> None:
    freeze(store, to("1"), lateness=timedelta(days=9))
    clock = Clock()
    for _ in range(30):
        deliver(store, FakeChannel(TryLater("cannot be reached")), clock)
        clock.advance(hours=1)
    told = [line["log_level"] for line in logged if line["event"] == "pending"]
    assert (len(told), told.count("warning")) == (30, 2)


def test_trouble_of_a_whole_channel_is_told_once_and_not_once_a_reader(
    store: Store, logged: list[EventDict]
) -> None:
    freeze(store, *(to(str(number)) for number in range(20)))
    deliver(store, FakeChannel(*[ServerUnreachable("mail.example.test does not answer")] * 20))
    told = [line["log_level"] for line in logged if line["event"] == "pending"]
    assert (len(told), told.count("warning")) == (20, 1)


def test_a_reader_who_is_gone_is_paused(store: Store) -> None:
    freeze(store, to("1"), to("2"))
    deliver(store, FakeChannel(SubscriberGone("no such user"), Rejected("too long")))
    left_out = find_left_out(store, "telegram:1", "telegram:2")
    assert left_out.keys() == {"telegram:1"}
    assert "no such user" in left_out["telegram:1"]


def test_that_a_delivery_is_given_up_is_always_told(store: Store, logged: list[EventDict]) -> None:
    freeze(store, to("1"))
    clock = Clock()
    made = post_with(store, FakeChannel(TryLater("cannot be reached"), Rejected("blocked")), clock)
    asyncio.run(made.deliver_due())
    clock.advance(minutes=5)
    asyncio.run(made.deliver_due())
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == ["pending", "failed"]


def test_a_mail_needs_no_announcement_while_its_claim_holds(store: Store) -> None:
    freeze(store, to("a@b.example", "mail"))
    seen: list[bool] = []

    def look(*_: object) -> None:
        with store.database.begin_read() as connection:
            query = "SELECT in_flight FROM deliveries"
            seen.append(bool(connection.exec_driver_sql(query).scalar_one()))

    deliver(store, {"mail": Meddler(look)})
    assert seen == [False]


def test_a_mail_is_announced_when_its_claim_is_about_to_end(store: Store) -> None:
    freeze(store, to("a@b.example", "mail"))
    clock = Clock()

    class Slow(FakeChannel):
        async def ensure_ready(self) -> None:
            clock.now += LEASE
            store.deliveries.recover_claims(clock(), repeatable=["mail"])
            store.deliveries.claim_deliveries("mail", "other", clock(), clock() + LEASE, 1)

    channel = Slow()
    deliver(store, {"mail": channel}, clock)
    assert channel.tried == 0, "another worker has it by now"


def test_a_clock_set_back_an_hour_repeats_nothing_and_delays_by_an_hour_at_most(store: Store) -> None:
    freeze(store, to("1"), to("2"), parts=2)
    clock, channel = Clock(), FakeChannel(None, TryLater("429", 60))
    deliver(store, channel, clock)
    assert store.deliveries.count_by_state() == {SENT: 1, PENDING: 1}
    clock.advance(hours=-1)
    assert deliver(store, channel, clock) == {}, "its next try is an hour and a minute away by this clock"
    clock.advance(hours=1, minutes=1)
    assert deliver(store, channel, clock) == {SENT: 1}
    sent = [(each.address, each.part) for each in channel.sent]
    assert len(sent) == len(set(sent)) == 4


def test_a_clock_set_back_while_a_worker_sends_leaves_its_claims_alone(store: Store) -> None:
    freeze(store, *(to(str(number)) for number in range(9)))
    clock = Clock()

    def back(delivery: Delivery, part: int) -> None:  # noqa: ARG001
        if len(channel.sent) == 3:
            clock.advance(hours=-1)

    channel = Meddler(back)
    assert deliver(store, channel, clock) == {SENT: 9}
    assert len({each.address for each in channel.sent}) == len(channel.sent) == 9


# --- rich messages


def rich_sent(channel: FakeChannel) -> list[str]:
    return [sent.html for sent in channel.sent]


def test_a_rich_message_goes_instead_of_the_plain_ones_it_stands_for(store: Store) -> None:
    freeze(store, to("1"), parts=5, rich=3)
    channel = FakeChannel()
    assert deliver(store, channel) == {SENT: 1}
    assert rich_sent(channel) == ["<h2>第0条起</h2>", "<h2>第3条起</h2>"]
    row = only(store)
    assert (row.parts_sent, row.receipts) == (5, ("receipt 1",) * 3 + ("receipt 2",) * 2)


def test_a_refused_rich_message_goes_as_plain_ones_and_so_do_all_of_its_edition(
    store: Store, logged: list[EventDict]
) -> None:
    freeze(store, to("1"), to("2"), parts=2, rich=2)
    clock = Clock()
    channel = FakeChannel(RichRefused("unsupported tag", of_all=False))
    made = post(store, channel, clock)
    assert asyncio.run(made.deliver_due()) == {SENT: 2}
    assert sorted(rich_sent(channel)) == ["<b>第0条</b>"] * 2 + ["<b>第1条</b>"] * 2
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == ["plain"]
    assert all(row.attempts == 1 for row in store.deliveries.list_deliveries())
    freeze(store, to("1"), slot=DAY + timedelta(days=1), parts=2, rich=2)
    asyncio.run(made.deliver_due())
    assert rich_sent(channel)[4:] == ["<h2>第0条起</h2>"], "another edition may be taken"


def test_a_server_that_knows_no_rich_messages_is_asked_once(store: Store, logged: list[EventDict]) -> None:
    channel = FakeChannel(RichRefused("not known", of_all=True))
    made = post(store, channel)
    for number in range(3):
        freeze(store, to("1"), slot=DAY + timedelta(days=number), parts=2, rich=2)
        asyncio.run(made.deliver_due())
    assert (channel.tried, len(channel.sent)) == (7, 6)
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == ["plain"]


def test_a_delivery_that_went_plain_half_way_goes_on_with_the_next_part(store: Store) -> None:
    freeze(store, to("1"), parts=4, rich=2)
    clock = Clock()
    deliver(store, FakeChannel(RichRefused("not known", of_all=True), None, TryLater("429", 60)), clock)
    assert only(store).parts_sent == 1
    clock.advance(seconds=60)
    later = FakeChannel()
    assert deliver(store, later, clock) == {SENT: 1}
    assert rich_sent(later) == ["<b>第1条</b>", "<h2>第2条起</h2>"]


def test_a_rich_message_in_doubt_is_known_to_stand_for_several_parts(store: Store) -> None:
    freeze(store, to("1"), parts=3, rich=3)
    assert deliver(store, FakeChannel(DeliveryUnconfirmed("no answer"))) == {UNCERTAIN: 1}
    store.operator_actions.settle([only(store).id], "editor", NOON)
    assert (only(store).state, only(store).parts_sent) == (SENT, 3)


# --- how many at once


class Crowd(FakeChannel):
    """Takes every part after a while; notes how many were on their way at once, in all and to one address."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way: Counter[str] = Counter()
        self.most = self.most_to_one = 0

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        self.under_way[delivery.address] += 1
        self.most = max(self.most, self.under_way.total())
        self.most_to_one = max(self.most_to_one, self.under_way[delivery.address])
        await asyncio.sleep(0.001)
        self.under_way[delivery.address] -= 1
        return await super().send_part(delivery, message, part)


@pytest.mark.parametrize("lanes", [1, 4])
def test_no_more_are_on_their_way_than_the_configuration_says_and_one_to_an_address(
    store: Store, lanes: int
) -> None:
    freeze(store, *(to(str(number), topic=topic) for number in range(6) for topic in (None, 5, 6)), parts=2)
    channel = Crowd()
    office = DeliveryContext(
        store=store,
        channels={"telegram": channel},
        clock=Clock(),
        worker="me",
        channel_settings={"telegram": TelegramSettings(in_flight=lanes)},
    )
    assert asyncio.run(DeliveryWorker(office).deliver_due()) == {SENT: 18}
    assert (channel.most, channel.most_to_one) == (lanes, 1)
    got: dict[tuple[str, int | None], list[int]] = {}
    for sent in channel.sent:
        got.setdefault((sent.address, sent.topic), []).append(sent.part)
    assert all(parts == [0, 1] for parts in got.values())


# --- too late


def test_what_is_too_late_is_given_up_and_told(store: Store, logged: list[EventDict]) -> None:
    freeze(store, to("1"), lateness=timedelta(hours=1))
    clock = Clock()
    clock.advance(hours=1)
    channel = FakeChannel()
    assert deliver(store, channel, clock) == {EXPIRED: 1}
    assert channel.tried == 0
    assert [(line["event"], line["to"], line["error"]) for line in logged] == [("expired", "1", "too late")]


def test_what_expires_while_others_are_sent_is_not_sent(store: Store) -> None:
    freeze(store, *(to(str(number)) for number in range(100)), lateness=timedelta(hours=1))
    clock = Clock()

    def long(delivery: Delivery, part: int) -> None:  # noqa: ARG001
        clock.advance(minutes=1)

    channel = Meddler(long)
    deliver(store, channel, clock)
    assert 60 <= len(channel.sent) <= 100 - 4
    deliver(store, channel, clock)
    assert store.deliveries.count_by_state()[EXPIRED] == 100 - len(channel.sent)


# --- crashes, leases, several workers


def test_a_crash_while_a_part_was_in_flight_leaves_it_in_doubt_and_only_it(store: Store) -> None:
    freeze(store, *(to(str(number)) for number in range(3)), parts=2)
    clock = Clock()
    one, *_ = store.deliveries.claim_deliveries("telegram", "dead", clock(), clock() + LEASE, 3)
    store.deliveries.record_events(
        "dead", [PartStarted(delivery_id=one.id, lease_until=clock() + LEASE)], clock()
    )
    channel = FakeChannel()
    assert deliver(store, channel, clock) == {}, "the dead worker may still be alive"
    clock.now += LEASE
    assert deliver(store, channel, clock) == {SENT: 2}
    states = {row.id: row.state for row in store.deliveries.list_deliveries()}
    assert states.pop(one.id) == UNCERTAIN
    assert set(states.values()) == {SENT}


def test_who_lost_a_delivery_sends_no_more_of_it(store: Store, logged: list[EventDict]) -> None:
    freeze(store, to("1"), parts=3)
    clock = Clock()

    def lose(delivery: Delivery, part: int) -> None:  # noqa: ARG001
        if part == 1:  # this worker is stopped for longer than its lease, and another one tidies up
            clock.now += LEASE
            store.deliveries.recover_claims(clock(), repeatable=["telegram"])
            store.deliveries.claim_deliveries("telegram", "other", clock(), clock() + LEASE, 1)

    channel = Meddler(lose)
    assert deliver(store, channel, clock) == {}
    assert [sent.part for sent in channel.sent] == [0, 1]
    assert (only(store).state, only(store).parts_sent) == (SENDING, 1)
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == ["late"]


def test_an_answer_after_a_long_stop_settles_what_was_in_doubt(store: Store) -> None:
    freeze(store, to("1"))
    clock = Clock()

    def doubt(delivery: Delivery, part: int) -> None:  # noqa: ARG001
        clock.now += LEASE
        assert len(store.deliveries.recover_claims(clock(), repeatable=[])) == 1

    deliver(store, Meddler(doubt), clock)
    assert (only(store).state, only(store).receipts) == (SENT, ("receipt 1",))


def test_two_posts_at_once_send_each_delivery_once(store_url: str) -> None:
    with Store(Secret(store_url)) as one, Store(Secret(store_url)) as other:
        freeze(one, *(to(str(number)) for number in range(120)), parts=2)
        channels = FakeChannel(), FakeChannel()

        async def work() -> None:
            posts = post(one, channels[0], worker="a"), post(other, channels[1], worker="b")
            await asyncio.gather(*(each.deliver_due() for each in posts))

        asyncio.run(work())
        sent = [(each.address, each.part) for channel in channels for each in channel.sent]
        assert len(sent) == len(set(sent)) == 240
        assert one.deliveries.count_by_state() == {SENT: 120}


def test_a_heartbeat_holds_what_is_in_hand_and_frees_what_others_left(store: Store) -> None:
    freeze(store, to("1"), to("2"), to("3"))
    clock = Clock()
    made = post(store, FakeChannel(), clock)
    mine, left = store.deliveries.claim_deliveries("telegram", "me", clock(), clock() + LEASE, 2)
    store.deliveries.claim_deliveries("telegram", "dead", clock(), clock() + LEASE, 1)
    made.claims = {mine.id: clock() + LEASE}
    clock.advance(seconds=30)
    asyncio.run(made.renew_claims())
    clock.advance(seconds=20)
    asyncio.run(made.renew_claims())
    states = {row.id: row.state for row in store.deliveries.list_deliveries()}
    assert states.pop(mine.id) == SENDING
    assert set(states.values()) == {PENDING}, "the dead worker's, and what this one has let go of"
    assert left.id in states


def test_nothing_stays_in_hand_when_all_is_done(store: Store) -> None:
    freeze(store, *(to(str(number)) for number in range(4)))
    made = post(store, FakeChannel(None, Rejected("x"), TryLater("y"), DeliveryUnconfirmed("z")))
    asyncio.run(made.deliver_due())
    assert made.claims == {}


# --- stopping


def test_stop_finishes_what_is_in_hand_and_hands_back_the_rest(store: Store) -> None:
    freeze(store, *(to(str(number)) for number in range(50)))
    made: DeliveryWorker

    def stop(delivery: Delivery, part: int) -> None:  # noqa: ARG001
        made.stop()

    channel = Meddler(stop)
    made = post(store, channel)
    tally = asyncio.run(made.deliver_due())
    assert 1 <= tally[SENT] == len(channel.sent) <= 4, "what the lanes had in hand"
    assert store.deliveries.count_by_state() == {SENT: len(channel.sent), PENDING: 50 - len(channel.sent)}
    assert all(row.attempts == 0 for row in store.deliveries.list_deliveries(PENDING))
    assert made.claims == {}


def test_stop_ends_a_wait_at_once(store: Store) -> None:
    freeze(store, to("1"))
    channel = FakeChannel(wait_seconds=PATIENCE_SECONDS)

    async def work() -> float:
        made = post(store, channel)
        loop = asyncio.get_running_loop()
        loop.call_later(0.05, made.stop)
        begun = loop.time()
        await made.deliver_due()
        return loop.time() - begun

    assert asyncio.run(work()) < PATIENCE_SECONDS - 1
    assert channel.tried == 0
    assert only(store).state == PENDING


def test_who_must_wait_long_gives_up_its_lane(store: Store) -> None:
    freeze(store, to("1"))
    assert deliver(store, FakeChannel(wait_seconds=PATIENCE_SECONDS + 1)) == {}
    assert (only(store).state, only(store).attempts) == (PENDING, 0)
    assert only(store).due_at == NOON + timedelta(seconds=PATIENCE_SECONDS + 1)


def test_waiting_leaves_no_task_behind(store: Store) -> None:
    freeze(store, *(to(str(number)) for number in range(8)))

    async def work() -> int:
        await post(store, FakeChannel(wait_seconds=0.001)).deliver_due()
        return len(asyncio.all_tasks())

    assert asyncio.run(work()) == 1


# --- trouble with the database


class Troubled:
    """Stands before a store's deliveries: the named methods raise StoreError the next few times."""

    def __init__(self, store: Store, **times: int) -> None:
        assert all(hasattr(store.deliveries, name) for name in times)
        self.inner, self.times = store.deliveries, times

    def __getattr__(self, name: str) -> object:
        if self.times.get(name, 0) > 0:
            self.times[name] -= 1

            def refuse(*_: object, **__: object) -> None:
                raise StoreError("the database is away")

            return refuse
        return getattr(self.inner, name)


def test_when_nothing_can_be_claimed_that_is_told_and_the_other_channels_work_is_done(store: Store) -> None:
    freeze(store, to("1"), to("a@b.example", "mail"))
    channels = {"telegram": FakeChannel(), "mail": FakeChannel()}
    store.deliveries = Troubled(store, claim_deliveries=1)  # type: ignore[assignment]
    with pytest.raises(StoreError, match="away"):
        deliver(store, channels)
    assert len(channels["telegram"].sent) + len(channels["mail"].sent) == 1
    assert deliver(store, channels) == {SENT: 1}


def test_nothing_leaves_that_could_not_be_announced(store: Store) -> None:
    freeze(store, to("1"))
    clock, channel = Clock(), FakeChannel()
    store.deliveries = Troubled(store, record_events=1)  # type: ignore[assignment]
    made = post(store, channel, clock)
    assert asyncio.run(made.deliver_due()) == {}
    assert channel.tried == 0
    assert made.claims == {}, "so that the heartbeat lets the lease end"
    clock.now += LEASE
    assert deliver(store, channel, clock) == {SENT: 1}


def test_an_answer_is_kept_when_the_database_is_away_for_a_moment(store: Store) -> None:
    freeze(store, to("1"))
    trouble = Troubled(store)
    store.deliveries = trouble  # type: ignore[assignment]

    def away(delivery: Delivery, part: int) -> None:  # noqa: ARG001
        trouble.times["record_events"] = 3

    made = post(store, Meddler(away))

    async def pause(seconds: float) -> None:  # noqa: ARG001
        return None

    made.batch_writer.pause = pause
    assert asyncio.run(made.deliver_due()) == {SENT: 1}
    assert only(store).receipts == ("receipt 1",)


# --- what the channel can prove


def leave_in_doubt(store: Store, clock: Clock, parts: int = 2) -> None:
    freeze(store, to("1"), parts=parts)
    deliver(store, FakeChannel(DeliveryUnconfirmed("no answer")), clock)
    assert only(store).state == UNCERTAIN


def test_a_part_that_is_proved_to_have_arrived_is_settled_and_the_next_one_follows(store: Store) -> None:
    clock = Clock()
    leave_in_doubt(store, clock)
    channel = FakeChannel()
    channel.arrival = Arrival(is_known=True, receipt="message 7")
    assert deliver(store, channel, clock) == {SENT: 1}
    assert [sent.part for sent in channel.sent] == [1]
    (line,) = store.operator_actions.list_audit(9)
    assert (line.act, line.who, line.note) == ("settle", "zhaibao", "message 7")


def test_a_part_that_is_proved_absent_is_sent_again_when_it_cannot_arrive_late_any_more(store: Store) -> None:
    clock = Clock()
    leave_in_doubt(store, clock)
    channel = FakeChannel()
    channel.arrival = Arrival(is_known=True)
    clock.advance(seconds=59)
    assert deliver(store, channel, clock) == {}
    assert only(store).state == UNCERTAIN
    clock.advance(seconds=1)
    assert deliver(store, channel, clock) == {SENT: 1}
    assert [sent.part for sent in channel.sent] == [0, 1]


def test_a_part_of_which_nothing_can_be_proved_waits_for_the_operator(store: Store) -> None:
    clock = Clock()
    leave_in_doubt(store, clock)
    clock.advance(minutes=5)
    assert deliver(store, FakeChannel(), clock) == {}
    assert only(store).state == UNCERTAIN
