"""A worker that has ended is proved dead; one that may live is left alone."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.models import DeliveryState
from bot.settings import Secret
from bot.store import Store
from bot.store.process_identity import ProcessIdentity, has_ended, identify_process
from bot.store.tables import delivery_workers
from tests.fakes import NOON
from tests.store.samples import freeze, to

LEASE_UNTIL = NOON + timedelta(seconds=45)
ROOT = Path(__file__).parents[2]
REGISTER = """
import sys
from datetime import UTC, datetime, timedelta
from bot.settings import Secret
from bot.store import Store
now = datetime.fromisoformat(sys.argv[2])
with Store(Secret(sys.argv[1])) as store:
    store.delivery_workers.register_worker("other", now)
    store.deliveries.claim_deliveries("telegram", "other", now, now + timedelta(seconds=45), 1)
    print("ready", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def start_worker(store_url: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that holds the first delivery as worker "other"."""
    process = subprocess.Popen(
        [sys.executable, "-c", REGISTER, store_url, NOON.isoformat()],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def recover(store: Store, now_seconds: float = 1.0) -> dict[int, DeliveryState]:
    dead = store.delivery_workers.find_dead_workers()
    store.deliveries.recover_claims(
        NOON + timedelta(seconds=now_seconds), repeatable=["mail"], dead_workers=dead
    )
    return {row.id: row.state for row in store.deliveries.list_deliveries()}


def move_to_another_boot(store: Store, **changes: object) -> None:
    """As if the worker had been another boot's or another container's."""
    with store.database.begin_write() as connection:
        connection.execute(
            update(delivery_workers).where(delivery_workers.c.name == "other").values(**changes)
        )


def test_the_claims_of_a_killed_worker_come_back_at_once(store: Store, store_url: str) -> None:
    freeze(store, to("1"))
    with start_worker(store_url) as process:
        assert recover(store) == {1: DeliveryState.SENDING}, "it lives"
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert recover(store) == {1: DeliveryState.PENDING}, "before anybody has asked how it ended"


def test_a_worker_that_nobody_registered_is_left_alone_until_its_lease_ends(store: Store) -> None:
    freeze(store, to("1"))
    store.deliveries.claim_deliveries("telegram", "stranger", NOON, LEASE_UNTIL, 1)
    assert recover(store) == {1: DeliveryState.SENDING}
    assert recover(store, 45.0) == {1: DeliveryState.PENDING}


def test_a_worker_of_this_very_process_is_not_dead(store: Store) -> None:
    freeze(store, to("1"))
    store.delivery_workers.register_worker("me", NOON)
    store.deliveries.claim_deliveries("telegram", "me", NOON, LEASE_UNTIL, 1)
    assert store.delivery_workers.find_dead_workers() == ()


@pytest.mark.parametrize(
    "changes", [{"boot_id": "another boot"}, {"pid_namespace": "pid:[1]"}, {"boot_id": ""}], ids=str
)
def test_where_numbers_cannot_be_compared_the_lock_beside_the_database_decides(
    store: Store, store_url: str, changes: dict[str, object]
) -> None:
    freeze(store, to("1"))
    with start_worker(store_url) as process:
        move_to_another_boot(store, **changes)
        assert store.delivery_workers.find_dead_workers() == ()
        process.kill()
        process.wait()
        expected = (
            ("other",) if store.database.is_sqlite else ()
        )  # a server's other machines may live: their lease ends
        assert store.delivery_workers.find_dead_workers() == expected


def test_asking_for_the_lock_of_another_does_not_lose_ones_own(store: Store, store_url: str) -> None:
    if not store.database.is_sqlite:
        pytest.skip("left out: only SQLite has a file of locks")
    freeze(store, to("1"), to("2"))
    with start_worker(store_url):
        move_to_another_boot(store, boot_id="another boot")
        with Store(Secret(store_url)) as second:
            for _ in range(2):
                assert second.delivery_workers.find_dead_workers() == ()


def test_registering_forgets_the_dead_that_hold_nothing(store: Store, store_url: str) -> None:
    with start_worker(store_url) as process:
        store.delivery_workers.register_worker("me", NOON)
        process.kill()
        process.wait()
        store.delivery_workers.register_worker("me too", NOON)
        with store.database.begin_read() as connection:
            assert set(connection.execute(select(delivery_workers.c.name)).scalars()) == {"me", "me too"}


def test_a_worker_that_ends_well_leaves_no_trace(store: Store) -> None:
    store.delivery_workers.register_worker("me", NOON)
    assert store.delivery_workers.is_registered("me")
    store.delivery_workers.remove_worker("me")
    assert not store.delivery_workers.is_registered("me")


# --- one process


def end_child(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def test_this_process_has_not_ended() -> None:
    assert not has_ended(identify_process())


def test_a_number_that_is_used_again_names_another_process() -> None:
    mine = identify_process()
    reused = ProcessIdentity(
        boot_id=mine.boot_id,
        pid_namespace=mine.pid_namespace,
        pid=mine.pid,
        started_ticks=mine.started_ticks - 1,
    )
    assert has_ended(reused)


@pytest.mark.parametrize("wait", [True, False])
def test_a_process_has_ended_whether_its_parent_has_asked_or_not(
    wait: bool, read_identity: Callable[[int], ProcessIdentity]
) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = read_identity(process.pid)
    assert not has_ended(identity)
    process.kill()
    if wait:
        process.wait()
    else:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays as nobody asked
    assert has_ended(identity)
    process.communicate()


@pytest.fixture
def read_identity() -> Callable[[int], ProcessIdentity]:
    def read(pid: int) -> ProcessIdentity:
        mine = identify_process()
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return ProcessIdentity(
            boot_id=mine.boot_id, pid_namespace=mine.pid_namespace, pid=pid, started_ticks=int(fields[19])
        )

    return read
