"""A message, its delivery, and an SMTP server that answers as it is told."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest

from bot.models import Delivery, DeliveryState, Message, Part
from tests.fakes import NOON

HANG_UP = "(hangs up)"
DELIVERY = Delivery(
    id=5,
    edition_id=3,
    digest="daily",
    slot=date(2026, 1, 15),
    channel="mail",
    address="reader@example.test",
    topic=None,
    state=DeliveryState.SENDING,
    parts_sent=0,
    attempts=0,
    due_at=NOON,
    expires_at=NOON,
)
MESSAGE = Message(
    subject="临溪摘报 · 1月15日 星期四",
    parts=(Part(html="<p>三号桥明日通车</p>" * 300, text="三号桥明日通车\n.\n" * 300),),
)


def delivery_to(address: str, topic: int | None = None) -> Delivery:
    return replace(DELIVERY, address=address, topic=topic)


class ScriptedServer:
    """Speaks SMTP; `replies` by verb (also "greeting" and "." for the end of the data) replace the friendly answer.

    HANG_UP closes the connection instead of answering. A list is used up from its front, then friendliness returns.
    """

    def __init__(self) -> None:
        self.replies: dict[str, str | list[str]] = {}
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self.connections = 0
        self.port = 0
        self.talks: list[asyncio.Task[None] | None] = []

    async def __aenter__(self) -> "ScriptedServer":
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 22)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        await asyncio.gather(*(talk for talk in self.talks if talk))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.talks.append(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self.talk(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self.say(writer, "greeting", "220 scripted ready"):
            return
        while line := (await reader.readline()).decode().rstrip():
            self.commands.append(line)
            verb = line.split()[0].upper()
            friendly = {"EHLO": "250 scripted", "DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")
            if not await self.say(writer, verb, friendly) or verb == "QUIT":
                return
            if verb == "DATA" and self.last.startswith("354"):
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                if not await self.say(writer, ".", "250 2.0.0 queued as 7F"):
                    return

    async def say(self, writer: asyncio.StreamWriter, stage: str, friendly: str) -> bool:
        scripted = self.replies.get(stage, friendly)
        self.last = (scripted.pop(0) if scripted else friendly) if isinstance(scripted, list) else scripted
        if self.last == HANG_UP:
            return False
        writer.write(f"{self.last}\r\n".encode())
        await writer.drain()
        return not self.last.startswith("421")


@pytest.fixture
def server() -> ScriptedServer:
    """Not yet listening: the test enters it in its own loop."""
    return ScriptedServer()
