"""The service: what it does when it is woken, and how it ends."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from bot.errors import StoreError, StoreReplaced
from bot.fetch import Fetcher
from bot.models import DeliveryState, Digest, Source
from bot.pipeline.deliver import DeliveryWorker
from bot.pipeline.outage import StoreOutage
from bot.schedule import FIRST_READING, TICK_SECONDS, Service
from bot.settings import Secret, Settings
from bot.store import Store
from tests.fakes import NOON, Clock, run_here
from tests.store.samples import freeze, to

PAGE = """\
县城新开两条公交线路
本报讯 县交通局昨天宣布，下周一起县城新开两条公交线路，覆盖火车站、医院和三所中学，末班车延长到晚上十点半。
"""
SECONDS = 30.0  # far more than any step here takes, less than the minute a missed wake-up would cost


class FakeWorker:
    """A delivery worker that counts how often it was asked to deliver; `on_deliver` may fail or act."""

    channels = ("telegram",)

    def __init__(self) -> None:
        self.rounds = 0
        self.stopped = False
        self.on_deliver = lambda: None
        self.outage = StoreOutage(Clock())
        self.check_database = lambda: None

    async def deliver_due(self) -> Counter[DeliveryState]:
        self.rounds += 1
        self.on_deliver()
        return Counter()

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    page = tmp_path / "page.txt"
    page.write_text(PAGE, "utf-8")
    return Settings(
        file=tmp_path / "zhaibao.toml",
        sources=(Source(kind="page", name="paper", address=str(page)),),
        digests=(
            Digest(
                name="daily",
                title="摘报",
                language="zh",
                sources=(),
                times=(time(11, 59),),
                zone=ZoneInfo("UTC"),
            ),
        ),
        store_url=Secret(f"sqlite:///{tmp_path / 'zhaibao.sqlite'}"),
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store(settings.store_url) as opened:
        opened.record_creation(NOON - timedelta(days=1))
        yield opened


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


def service_of(settings: Settings, store: Store, worker: FakeWorker, clock: Clock) -> Service:
    return Service(settings, store, Fetcher(contact=""), run_here, cast("DeliveryWorker", worker), clock)


@pytest.fixture
def service(settings: Settings, store: Store, worker: FakeWorker, clock: Clock) -> Service:
    return service_of(settings, store, worker, clock)


def within(work: object) -> None:
    """Run `work` to its end, which must come soon."""

    async def limited() -> None:
        async with asyncio.timeout(SECONDS):
            await work  # type: ignore[misc]

    asyncio.run(limited())


def test_a_tick_publishes_what_was_read_and_wakes_the_delivery_worker(service: Service, store: Store) -> None:
    within(service.collector.read_due())
    within(service.tick())
    (row,) = store.editions.list_slots(10)
    assert (row.digest, row.name, row.unfinished) == ("daily", NOON.date().isoformat(), ())
    assert service.wake_up.is_set()


def test_a_second_tick_publishes_nothing_and_wakes_nobody(service: Service, store: Store) -> None:
    within(service.collector.read_due())
    within(service.tick())
    service.wake_up.clear()
    within(service.tick())
    assert len(store.editions.list_slots(10)) == 1
    assert not service.wake_up.is_set()


def test_after_a_start_inside_an_open_slot_the_edition_waits_for_the_first_reading(
    service: Service, store: Store
) -> None:
    within(service.tick())
    assert store.editions.list_slots(10) == ()
    within(service.collector.read_due())
    within(service.tick())
    assert len(store.editions.list_slots(10)) == 1


def test_it_waits_no_longer_than_two_minutes(service: Service, store: Store, clock: Clock) -> None:
    clock.advance(seconds=FIRST_READING.total_seconds())
    within(service.tick())
    assert len(store.editions.list_slots(10)) == 1


def test_at_a_slot_an_edition_waits_for_no_source(
    settings: Settings, store: Store, worker: FakeWorker, clock: Clock
) -> None:
    clock.now = NOON - timedelta(minutes=10)
    service = service_of(settings, store, worker, clock)

    async def work() -> None:
        stuck = asyncio.Event()

        async def hang(*_: object, **__: object) -> None:
            await stuck.wait()

        service.collector._workers = hang  # type: ignore[assignment]
        service.collector.start_due()
        await asyncio.sleep(0)
        clock.now = NOON
        await service.tick()
        await service.collector.stop_readings()

    with capture_logs() as logged:
        within(work())
    (row,) = store.editions.list_slots(10)
    assert row.unfinished == ("paper",)
    assert [line["sources"] for line in logged if line["event"] == "sources unfinished"] == ["paper"]


def test_a_database_that_fails_is_told_and_the_next_tick_tries_again(service: Service, store: Store) -> None:
    def broken(*_: object) -> None:
        raise StoreError("the database is away")

    class Away:
        find_edition_id = staticmethod(broken)

    there, store.editions = store.editions, cast("type[store.editions]", Away())  # type: ignore[name-defined]
    within(service.collector.read_due())
    within(service.tick())
    store.editions = there
    within(service.tick())
    assert len(store.editions.list_slots(10)) == 1


def test_a_stop_in_the_middle_of_a_round_is_not_slept_over(service: Service, worker: FakeWorker) -> None:
    async def work() -> None:
        stop = asyncio.Event()

        def told() -> None:
            stop.set()
            service.wake_up.set()

        worker.on_deliver = told
        await service.send_until(stop)

    within(work())
    assert worker.rounds == 1


def test_an_edition_in_the_middle_of_a_round_is_delivered_by_the_next(
    service: Service, worker: FakeWorker
) -> None:
    async def work() -> None:
        stop = asyncio.Event()

        def told() -> None:
            service.wake_up.set()
            if worker.rounds == 2:
                stop.set()

        worker.on_deliver = told
        await service.send_until(stop)

    within(work())
    assert worker.rounds == 2


def test_waiting_leaves_no_tasks_behind(service: Service, worker: FakeWorker) -> None:
    left: set[object] = set()

    async def work() -> None:
        stop, before = asyncio.Event(), asyncio.all_tasks()
        service.compute_wait = lambda: 0.0  # type: ignore[method-assign]

        def told() -> None:
            if worker.rounds == 10:
                stop.set()

        worker.on_deliver = told
        await service.send_until(stop)
        left.update(asyncio.all_tasks() - before)

    within(work())
    assert left == set()


def test_a_service_told_to_stop_ends(service: Service, worker: FakeWorker) -> None:
    async def work() -> None:
        stop = asyncio.Event()
        worker.on_deliver = stop.set
        await service.run_until(stop)

    within(work())
    assert worker.stopped


def test_what_no_open_channel_can_send_wakes_nobody(settings: Settings, store: Store) -> None:
    freeze(store, to("1", channel="mail"))
    service = Service(
        settings, store, cast("Fetcher", None), run_here, cast("DeliveryWorker", FakeWorker()), Clock()
    )
    assert service.compute_wait() == TICK_SECONDS
    freeze(store, to("1"), digest="evening")
    assert service.compute_wait() < TICK_SECONDS


def test_a_database_that_was_replaced_stops_the_service(service: Service, worker: FakeWorker) -> None:
    def refuse() -> None:
        raise StoreReplaced("the database was deleted or replaced")

    worker.check_database = refuse

    async def work() -> None:
        stop = asyncio.Event()
        with pytest.raises(StoreReplaced):
            await service.run_until(stop)
        assert stop.is_set(), "so that the other parts stop too"

    within(work())
    assert worker.stopped
