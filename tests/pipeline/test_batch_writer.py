"""Events are written together, answered one by one, and what has happened is written even after trouble."""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import cast

import pytest
from structlog.typing import EventDict

from bot.errors import StoreError, StoreReplaced
from bot.models import DeliveryState
from bot.pipeline.batch_writer import PAUSES_SECONDS, DeliveryBatchWriter
from bot.pipeline.outage import StoreOutage
from bot.store import Store
from bot.store.deliveries import DeliveryEnded, DeliveryEvent, PartStarted
from tests.fakes import NOON, Clock


class FakeStore:
    """A batch writer's store: takes every batch, but meets the next ones with `troubles` first.

    Odd ids are held.
    """

    def __init__(self, *troubles: Exception | None) -> None:
        self.troubles = deque(troubles)
        self.batches: list[list[int]] = []
        self.deliveries = self

    def record_events(self, worker: str, events: Sequence[DeliveryEvent], now: datetime) -> tuple[bool, ...]:
        assert (worker, now) == ("me", NOON)
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble:
            raise trouble
        self.batches.append([event.delivery_id for event in events])
        return tuple(event.delivery_id % 2 == 1 for event in events)


def ended(number: int) -> DeliveryEnded:
    return DeliveryEnded(delivery_id=number, state=DeliveryState.FAILED)


def build_writer(
    store: FakeStore, pauses: list[float] | None = None, outage: StoreOutage | None = None
) -> DeliveryBatchWriter:
    async def pause(seconds: float) -> None:
        (pauses if pauses is not None else []).append(seconds)

    return DeliveryBatchWriter(cast("Store", store), "me", Clock(), outage or StoreOutage(Clock()), pause)


def test_what_comes_while_the_last_is_written_goes_together() -> None:
    store = FakeStore()

    async def work() -> list[bool]:
        writer = build_writer(store)
        return await asyncio.gather(*(writer.record_event(ended(number)) for number in range(1, 8)))

    assert asyncio.run(work()) == [True, False, True, False, True, False, True]
    assert sum(map(len, store.batches)) == 7
    assert len(store.batches) < 7


def test_trouble_reaches_those_it_concerns_and_no_later_one() -> None:
    store = FakeStore(StoreError("the disk is full"))

    async def work() -> list[bool | BaseException]:
        writer = build_writer(store)
        first = await asyncio.gather(
            writer.record_event(ended(1)), writer.record_event(ended(3)), return_exceptions=True
        )
        return [*first, await writer.record_event(ended(5))]

    one, other, later = asyncio.run(work())
    assert isinstance(one, StoreError)
    assert isinstance(other, StoreError)
    assert later is True


def test_who_is_cancelled_leaves_but_the_event_is_written() -> None:
    store = FakeStore()

    async def work() -> None:
        writer = build_writer(store)
        waiting = asyncio.create_task(writer.record_event(ended(1)))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await writer.record_event(ended(3))

    asyncio.run(work())
    assert sorted(number for batch in store.batches for number in batch) == [1, 3]


def test_what_has_happened_is_written_when_the_database_comes_back() -> None:
    pauses: list[float] = []
    store = FakeStore(StoreError("restarting"), StoreError("restarting"))
    assert asyncio.run(build_writer(store, pauses).record_with_retries(ended(1))) is True
    assert pauses == [1.0, 2.0]


def test_a_database_that_stays_away_is_told_in_the_end() -> None:
    pauses: list[float] = []
    store = FakeStore(*[StoreError("gone")] * 99)
    with pytest.raises(StoreError, match="gone"):
        asyncio.run(build_writer(store, pauses).record_with_retries(ended(1)))
    assert tuple(pauses) == PAUSES_SECONDS


def test_a_bug_is_not_tried_again() -> None:
    store = FakeStore(ValueError("a bug"))
    with pytest.raises(ValueError, match="a bug"):
        asyncio.run(build_writer(store).record_with_retries(ended(1)))
    assert not store.batches


def test_an_intention_is_written_once_or_not_at_all() -> None:
    store = FakeStore(StoreError("gone"))
    with pytest.raises(StoreError):
        asyncio.run(build_writer(store).record_event(PartStarted(delivery_id=1, lease_until=NOON)))
    assert not store.batches


def test_a_database_that_was_replaced_is_not_tried_again() -> None:
    pauses: list[float] = []
    with pytest.raises(StoreReplaced):
        asyncio.run(build_writer(FakeStore(StoreReplaced("gone")), pauses).record_with_retries(ended(1)))
    assert pauses == []


def test_trouble_is_logged_once_however_many_meet_it_and_its_end_once(logged: list[EventDict]) -> None:
    clock = Clock()
    outage = StoreOutage(clock)
    store = FakeStore(*[StoreError("the disk is full")] * 9, None, StoreError("the disk is full"))

    async def work() -> None:
        writer = build_writer(store, outage=outage)
        await asyncio.gather(*(writer.record_event(ended(n)) for n in range(1, 4)), return_exceptions=True)
        await writer.record_with_retries(ended(5))

    with pytest.raises(StoreError):
        asyncio.run(work())
    assert [line["event"] for line in logged] == ["unusable"]
    clock.advance(seconds=30)
    asyncio.run(build_writer(FakeStore(), outage=outage).record_event(ended(1)))
    assert [line["event"] for line in logged] == ["unusable"], "a small write may pass while the disk is full"
    clock.advance(seconds=31)
    asyncio.run(build_writer(FakeStore(), outage=outage).record_event(ended(1)))
    assert [line["event"] for line in logged] == ["unusable", "usable again"]
