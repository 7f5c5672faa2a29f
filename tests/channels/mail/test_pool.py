"""Connections: as many as do good, never more than are allowed, and none is used while its last mail is
unrecorded.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.channels.mail.channel import MailChannel
from bot.channels.mail.pool import MAX_MAILS, MAX_REFUSALS, MORE_CONNECTIONS
from bot.channels.mail.settings import MailSettings
from bot.errors import ServerUnreachable
from tests.channels.conftest import DELIVERY, MESSAGE, ScriptedServer, delivery_to, send_mail

MORE_SECONDS = MORE_CONNECTIONS.first_seconds


class FewConnections(ScriptedServer):
    """Takes `most` connections at once and tells any other one to go away."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.open = self.most_open = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.open >= self.most:
            writer.write(b"421 4.7.0 too many connections from you\r\n")
            return
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await super().talk(reader, writer)
        finally:
            self.open -= 1


def run(
    server: ScriptedServer,
    act: Callable[[MailChannel], Awaitable[object]],
    clock: Callable[[], float] = lambda: 0.0,
    connections: int = 8,
) -> None:
    async def work() -> None:
        async with server:
            settings = MailSettings(
                host="127.0.0.1",
                port=server.port,
                tls="none",
                sender="d@example.test",
                connections=connections,
            )
            mail = MailChannel(settings, clock)
            try:
                await act(mail)
            finally:
                await mail.close()

    asyncio.run(work())


async def send_many(mail: MailChannel, number: int) -> list[str]:
    return await asyncio.gather(*(send_mail(mail, f"r{each}@example.test") for each in range(number)))


@pytest.mark.parametrize("connections", [1, 3, 8])
def test_no_more_connections_than_are_allowed(server: ScriptedServer, connections: int) -> None:
    run(server, lambda mail: send_many(mail, 40), connections=connections)
    assert server.connections <= connections
    assert len(server.mails) == 40


def test_one_mail_after_another_needs_one_connection(server: ScriptedServer) -> None:
    async def act(mail: MailChannel) -> None:
        for _ in range(5):
            await send_mail(mail)

    run(server, act)
    assert server.connections == 1


@pytest.mark.parametrize("most", [1, 2, 5])
def test_a_server_that_takes_few_connections_gets_few_and_every_mail(most: int) -> None:
    server = FewConnections(most)

    async def act(mail: MailChannel) -> None:
        assert len(await send_many(mail, 40)) == 40
        assert mail.pool.limit == most

    run(server, act)
    assert server.most_open == most
    assert len(server.mails) == 40


def test_after_a_while_one_connection_more_is_tried() -> None:
    server, times = FewConnections(2), [0.0]

    async def act(mail: MailChannel) -> None:
        await send_many(mail, 20)
        refused = server.connections - 2
        times[0] += MORE_SECONDS - 1
        await send_many(mail, 20)
        assert server.connections - 2 == refused, "not before its time"
        server.most = 8
        times[0] += 2
        await send_many(mail, 40)
        assert server.most_open > 2

    run(server, act, lambda: times[0])
    assert len(server.mails) == 80


def test_a_server_that_takes_no_connection_at_all_is_out_of_reach() -> None:
    server = FewConnections(0)

    async def act(mail: MailChannel) -> None:
        with pytest.raises(ServerUnreachable, match="too many connections"):
            await send_mail(mail)

    run(server, act)


def test_a_connection_sends_its_next_mail_only_when_the_last_one_is_recorded(server: ScriptedServer) -> None:
    async def act(mail: MailChannel) -> None:
        first = delivery_to("first@example.test")
        await mail.send_part(first, MESSAGE, 0)
        second = asyncio.create_task(send_mail(mail, "second@example.test"))
        # the server has no event
        while not server.commands[-1].startswith("RCPT TO:<second"):  # noqa: ASYNC110
            await asyncio.sleep(0)
        for _ in range(1000):  # long enough for any answer to come and any next command to leave
            await asyncio.sleep(0)
        assert server.commands.count("DATA") == len(server.mails) == 1
        mail.release_delivery(first, is_recorded=True)
        await second
        assert (server.connections, len(server.mails)) == (1, 2)

    run(server, act, connections=1)


def test_a_record_that_never_comes_does_not_keep_the_channel_from_closing(server: ScriptedServer) -> None:
    run(server, lambda mail: mail.send_part(DELIVERY, MESSAGE, 0))
    assert server.commands[-1] == "QUIT"


@pytest.mark.parametrize(
    ("most", "replies"), [(MAX_MAILS, {}), (MAX_REFUSALS, {"RCPT": "550 5.1.1 no such user"})]
)
def test_a_connection_is_given_back_before_the_server_has_had_enough(
    server: ScriptedServer, most: int, replies: dict[str, str | list[str]]
) -> None:
    server.replies = replies

    async def act(mail: MailChannel) -> None:
        for _ in range(most):
            await asyncio.gather(send_mail(mail), return_exceptions=True)
        assert server.connections == 1
        await asyncio.gather(send_mail(mail), return_exceptions=True)
        assert server.connections == 2

    run(server, act)
    assert server.commands.count("QUIT") == 2


def test_who_stops_waiting_for_a_connection_leaves_it_to_the_next(server: ScriptedServer) -> None:
    async def act(mail: MailChannel) -> None:
        session = await mail.pool.take_connection()
        waiting = [asyncio.create_task(mail.pool.take_connection()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        mail.pool.return_connection(session)
        waiting[1].cancel()
        assert await waiting[2] is session
        mail.pool.return_connection(session)
        await send_mail(mail)

    run(server, act, connections=1)
    assert server.connections == 1
