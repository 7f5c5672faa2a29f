"""A program that is killed while it sends mail repeats at most one mail a connection."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from bot.channels.mail.channel import MailChannel
from bot.channels.mail.settings import MailSettings
from bot.errors import StoreError
from bot.models import DeliveryState
from bot.pipeline.deliver import DeliveryContext, DeliveryWorker
from bot.settings import Secret
from bot.store import Store
from bot.store.deliveries import DeliveryEvent, PartAccepted
from tests.channels.conftest import ScriptedServer
from tests.fakes import Clock
from tests.store.samples import freeze, to

MAILS = 60


async def wait_for_ever(seconds: float) -> None:  # noqa: ARG001 - the program is killed before it tries again
    await asyncio.Event().wait()


async def kill_everything_but(server: ScriptedServer) -> None:
    """End all that runs except the server and the test itself, over and over: what ends may leave work
    behind.
    """
    while tasks := asyncio.all_tasks() - {asyncio.current_task(), *server.talks}:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=0.1)


def build_worker(
    store: Store, server: ScriptedServer, connections: int, clock: Clock, name: str
) -> DeliveryWorker:
    settings = MailSettings(
        host="127.0.0.1", port=server.port, tls="none", sender="d@example.test", connections=connections
    )
    channel = MailChannel(settings, lambda: clock().timestamp())
    return DeliveryWorker(DeliveryContext(store=store, channels={"mail": channel}, clock=clock, worker=name))


@pytest.mark.parametrize("connections", [1, 3, 8])
@pytest.mark.parametrize("records", [0, 1, 25])
def test_a_kill_repeats_at_most_one_mail_a_connection(tmp_path: Path, connections: int, records: int) -> None:
    """The database takes so many records and no more; then the program dies, and another one goes on."""
    clock, server = Clock(), ScriptedServer()
    url = Secret(f"sqlite:///{tmp_path / 'zhaibao.sqlite'}")
    most_unrecorded = recorded = 0

    async def work(store: Store, other: Store) -> None:
        async with server:
            worker = build_worker(store, server, connections, clock, "killed")
            worker.batch_writer.pause = wait_for_ever
            asyncio.create_task(worker.deliver_due())  # noqa: RUF006 - it is killed below
            while recorded < records or len(server.mails) == recorded:  # noqa: ASYNC110 - no event for it
                await asyncio.sleep(0)
            for _ in range(3000):  # long enough for mails to leave that should not
                await asyncio.sleep(0)
            await kill_everything_but(server)
            await worker.context.channels["mail"].close()  # the system would close its sockets
            clock.advance(hours=1)
            async with build_worker(other, server, connections, clock, "next") as next_worker:
                await next_worker.deliver_due()

    with Store(url) as store, Store(url) as other:
        freeze(store, *(to(f"r{n}@example.test", "mail") for n in range(MAILS)), lateness=timedelta(hours=9))
        write = store.deliveries.record_events

        def record(worker: str, events: Sequence[DeliveryEvent], now: datetime) -> object:
            nonlocal recorded, most_unrecorded
            accepted = sum(isinstance(event, PartAccepted) for event in events)
            most_unrecorded = max(most_unrecorded, len(server.mails) - recorded)
            if recorded >= records:
                raise StoreError("the disk is full")
            answer = write(worker, events, now)
            recorded += accepted
            return answer

        store.deliveries.record_events = record  # type: ignore[method-assign, assignment]
        asyncio.run(work(store, other))
        assert {row.state for row in other.deliveries.list_deliveries()} == {DeliveryState.SENT}
    copies = Counter(message_from_bytes(data)["Message-ID"] for data in server.mails)
    assert len(copies) == MAILS, "nothing is lost"
    assert sum(count - 1 for count in copies.values()) <= connections
    assert most_unrecorded <= connections


async def wait_no_time(seconds: float) -> None:
    pass


@pytest.mark.parametrize("connections", [1, 3, 8])
@pytest.mark.parametrize("records", [0, 1, 25])
def test_a_database_that_takes_no_more_repeats_at_most_one_mail_a_connection(
    tmp_path: Path, connections: int, records: int
) -> None:
    """Every later record fails until the worker gives up; another worker goes on when there is room again."""
    clock, server = Clock(), ScriptedServer()
    recorded = 0

    async def work(store: Store, other: Store) -> None:
        async with server:
            async with build_worker(store, server, connections, clock, "full") as worker:
                worker.batch_writer.pause = wait_no_time
                with suppress(StoreError):
                    await worker.deliver_due()
            clock.advance(hours=1)
            async with build_worker(other, server, connections, clock, "next") as next_worker:
                await next_worker.deliver_due()

    url = Secret(f"sqlite:///{tmp_path / 'zhaibao.sqlite'}")
    with Store(url) as store, Store(url) as other:
        freeze(store, *(to(f"r{n}@example.test", "mail") for n in range(MAILS)), lateness=timedelta(hours=9))
        write = store.deliveries.record_events

        def record(worker: str, events: Sequence[DeliveryEvent], now: datetime) -> object:
            nonlocal recorded
            if recorded >= records:
                raise StoreError("the disk is full")
            recorded += sum(isinstance(event, PartAccepted) for event in events)
            return write(worker, events, now)

        store.deliveries.record_events = record  # type: ignore[method-assign, assignment]
        asyncio.run(work(store, other))
        assert {row.state for row in other.deliveries.list_deliveries()} == {DeliveryState.SENT}
    copies = Counter(message_from_bytes(data)["Message-ID"] for data in server.mails)
    assert len(copies) == MAILS, "nothing is lost"
    assert sum(count - 1 for count in copies.values()) <= connections
