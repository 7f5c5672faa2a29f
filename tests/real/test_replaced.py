"""The database's file is deleted or replaced under the running service: it stops, says so, and sends nothing
more.
"""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.settings import Secret
from bot.store import Store
from bot.store.tables import delivery_workers
from tests.real.bot_api import Chat, Double
from tests.real.installation import Installation, telegram_message, wait_until

CHATS = range(1000, 1020)
STARTED = "event=waiting"
STOP_SECONDS = 15


@pytest.fixture
def installation(tmp_path: Path, double: Double) -> Installation:
    made = Installation(tmp_path, f"sqlite:///{tmp_path / 'zhaibao.db'}", telegram=double.url)
    made.digest |= {"time": '"00:00"', "weekdays": '["mon"]', "lateness": '"1m"'}
    for chat in CHATS:
        double.add(Chat(id=chat))
        made.send_to("telegram", str(chat))
    made.store().database.close()
    return made


def delete(file: Path) -> None:
    file.unlink()


def replace_by_a_new_one(file: Path) -> None:
    other = file.with_name("other.db")
    Store(Secret(f"sqlite:///{other}")).database.close()
    os.replace(other, file)


def restore_a_copy(file: Path) -> None:
    shutil.copy(file, file.with_name("copy.db"))
    os.replace(file.with_name("copy.db"), file)


def copy_an_older_one_over_it(file: Path) -> None:
    """As `cp backup.db zhaibao.db` does: the file stays the same one, what is in it does not."""
    shutil.copy(file.with_name("older.db"), file)


def is_registered(installation: Installation) -> bool:
    with installation.store() as store, store.database.begin_read() as connection:
        return connection.execute(select(delivery_workers.c.id)).first() is not None


@contextmanager
def running(installation: Installation) -> Iterator[Callable[[], int]]:
    process = installation.start("run")
    try:
        assert wait_until(lambda: STARTED in installation.log and is_registered(installation), 60), (
            installation.log
        )
        yield lambda: process.wait(STOP_SECONDS)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize(
    "harm",
    [delete, replace_by_a_new_one, restore_a_copy, copy_an_older_one_over_it],
    ids=lambda harm: harm.__name__,
)
def test_the_service_stops_with_one_clear_line(
    harm: Callable[[Path], None], installation: Installation, double: Double
) -> None:
    file = installation.folder / "zhaibao.db"
    with installation.store() as store:
        store.database.backup(file.with_name("older.db"))
    with running(installation) as wait:
        harm(file)
        assert wait() == 1, installation.log
    complaints = [line for line in installation.log.splitlines() if line.startswith("zhaibao: ")]
    assert len(complaints) == 1, installation.log
    assert "replaced" in complaints[0]
    assert double.messages == []


def test_nothing_is_sent_that_would_be_recorded_in_a_deleted_file(
    installation: Installation, double: Double
) -> None:
    installation.freeze({"telegram": telegram_message(1)})
    double.latency_seconds = 0.1
    with running(installation) as wait:
        assert wait_until(lambda: len(double.messages) >= 3, 60), installation.log
        (installation.folder / "zhaibao.db").unlink()
        taken = len(double.messages)
        assert wait() == 1
    assert len(double.messages) <= taken + 2, "what was on its way"
