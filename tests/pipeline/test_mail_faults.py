"""A mail server that fails at every stage in every way: the delivery's state, and what the reader has in the
end.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from bot.channels.mail.channel import MailChannel
from bot.channels.mail.session import SmtpTimeouts
from bot.channels.mail.settings import MailSettings
from bot.models import Delivery, DeliveryState
from bot.pipeline.deliver import DeliveryContext, DeliveryWorker
from bot.settings import Secret
from bot.store import Store
from tests.channels.conftest import HANG_UP, SILENT, ScriptedServer
from tests.fakes import Clock
from tests.store.samples import find_left_out, freeze, to

PENDING, SENT, FAILED = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.FAILED
SETUP = ("greeting", "EHLO", "STARTTLS", "AUTH")
LATER, NO, CLOSING = "451 4.3.0 later", "554 5.7.1 no", "421 4.3.2 closing"
NOBODY = "550 5.1.1 no such user"
READER = "reader@example.test"

# stage, harm → the state after the first try, and how many mails of the same Message-ID the server took in
# the end
FAULTS = [
    *(
        (stage, harm, PENDING, 1)
        for stage in (*SETUP, "MAIL")
        for harm in (LATER, NO, CLOSING, HANG_UP, SILENT)
    ),
    *((stage, harm, PENDING, 1) for stage in ("RCPT", "DATA") for harm in (LATER, CLOSING, HANG_UP, SILENT)),
    ("RCPT", NO, FAILED, 0),
    *((stage, NO, PENDING, 1) for stage in ("DATA", ".")),  # about our mail, not about the subscriber
    ("RCPT", NOBODY, FAILED, 0),
    (".", LATER, PENDING, 1),
    (".", CLOSING, PENDING, 1),
    (".", HANG_UP, PENDING, 2),  # taken, the answer lost: a copy, by which Message-ID everybody can tell
    (".", SILENT, PENDING, 2),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Which database it is has no part in this."""
    with Store(Secret(f"sqlite:///{tmp_path / 'zhaibao.sqlite'}")) as store:
        yield store


def patience(stage: str) -> SmtpTimeouts:
    """Little where silence is waited for, much everywhere else."""
    if stage in SETUP:
        return SmtpTimeouts(setup=0.05)
    return SmtpTimeouts(data=0.05) if stage == "." else SmtpTimeouts(command=0.05)


def settings(port: int, stage: str) -> MailSettings:
    login = {"user": "me", "password": Secret("hunter2")} if stage == "AUTH" else {}
    tls = "starttls" if stage == "STARTTLS" else "none"
    return MailSettings(host="127.0.0.1", port=port, sender="digest@example.test", tls=tls, **login)  # type: ignore[arg-type]


@pytest.mark.parametrize(("stage", "harm", "state", "taken"), FAULTS)
def test_every_reader_has_the_mail_in_the_end_unless_it_was_refused_for_good(
    store: Store, stage: str, harm: str, state: DeliveryState, taken: int
) -> None:
    freeze(store, to(READER, "mail"), lateness=timedelta(hours=9))
    clock = Clock()
    server = ScriptedServer("AUTH PLAIN", "STARTTLS")

    async def deliver(waits: SmtpTimeouts, at: str) -> None:
        mail = MailChannel(settings(server.port, at), lambda: clock().timestamp(), waits)
        async with DeliveryWorker(
            DeliveryContext(store=store, channels={"mail": mail}, clock=clock, worker="me")
        ) as post:
            await post.deliver_due()

    def only() -> Delivery:
        (row,) = store.deliveries.list_deliveries()
        return row

    async def work() -> None:
        async with server:
            server.replies = {stage: harm}
            await deliver(patience(stage) if harm == SILENT else SmtpTimeouts(), stage)
            first = only()
            assert (first.state, first.attempts) == (state, 1)
            assert first.error
            if harm not in (HANG_UP, SILENT):
                assert harm in first.error
                server.mails.clear()  # what a server refuses it has not taken
            server.replies = {}
            clock.advance(hours=1)
            await deliver(SmtpTimeouts(), "")
            assert only().state == (FAILED if state == FAILED else SENT)
            assert len(server.mails) == taken
            assert len({message_from_bytes(data)["Message-ID"] for data in server.mails}) == min(taken, 1)

    asyncio.run(work())
    left_out = find_left_out(store, f"mail:{READER}")
    assert [key for key, why in left_out.items() if "paused" in why] == (
        [f"mail:{READER}"] if harm == NOBODY else []
    )
