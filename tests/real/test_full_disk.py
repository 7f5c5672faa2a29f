"""The disk fills up while mails are sent: what cannot be recorded is not sent, and the log says so once."""

import asyncio
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.settings import Secret
from bot.store import Store
from tests.real.installation import Installation, mail_message, wait_until
from tests.real.postgresql import free_port

MAILS, CONNECTIONS = 60, 4
TAKING_SECONDS = 0.05
UNLIMITED = "unlimited"
LOOK_SECONDS = 3.0


class SlowServer:
    """Takes every mail, a little slowly, and counts each Message-ID."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(TAKING_SECONDS)
        self.taken[str(message_from_bytes(envelope.content or b"")["Message-ID"])] += 1
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[SlowServer, int]]:
    handler = SlowServer()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, int(controller.port)
    controller.stop()


def limit(process: subprocess.Popen[bytes], size: str) -> None:
    """Let the running process write no file beyond so many bytes, as on a disk with so much room; needs no
    rights.
    """
    subprocess.run(["prlimit", f"--pid={process.pid}", f"--fsize={size}:{UNLIMITED}"], check=True)


def count_sent(url: str) -> int:
    with Store(Secret(url)) as store:
        return store.deliveries.count_by_state().get("sent", 0)  # type: ignore[call-overload]


def test_a_full_disk_stops_the_mails_and_repeats_one_a_connection_at_most(
    tmp_path: Path, server: tuple[SlowServer, int]
) -> None:
    handler, port = server
    url = f"sqlite:///{tmp_path / 'zhaibao.db'}"
    house = Installation(tmp_path, url, mail_port=port)
    house.mail["connections"] = str(CONNECTIONS)
    for number in range(MAILS):
        house.send_to("mail", f"reader{number}@example.test")
    house.freeze({"mail": mail_message()})
    process = house.start("deliver")
    try:
        assert wait_until(lambda: handler.taken.total() >= 12, 60), house.log
        limit(process, str((tmp_path / "zhaibao.db-wal").stat().st_size))
        assert wait_until(lambda: "unusable" in house.log, 60), house.log
        time.sleep(LOOK_SECONDS)
        taken = handler.taken.total()
        assert taken < MAILS
        assert taken - count_sent(url) <= CONNECTIONS, "sent and not recorded"
        time.sleep(LOOK_SECONDS)
        assert handler.taken.total() == taken, "nothing more leaves"
        limit(process, UNLIMITED)
        assert process.wait(120) == 0, house.log
    finally:
        process.kill()
        process.wait()
    for _ in range(5):
        if house.is_settled():
            break
        house.let_time_pass()  # mails that waited long for a connection go later
        house.run("deliver")
    assert house.states() == {"sent": MAILS}
    assert len(handler.taken) == MAILS
    assert handler.taken.total() - MAILS <= CONNECTIONS
    assert house.log.count("unusable") == 1, house.log
