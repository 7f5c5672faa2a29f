"""A message, its delivery, and an SMTP server that answers as it is told."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.channels.mail.channel import MailChannel
from bot.models import Delivery, DeliveryState, Message, MessagePart
from tests.fakes import NOON
from tests.render.conftest import assert_taken, history, named_edition

__all__ = ["assert_taken", "history", "named_edition"]  # fixtures of the forms' tests

HANG_UP = "(hangs up)"
SILENT = "(never answers)"
DELIVERY = Delivery(
    id=5,
    edition_id=3,
    digest="daily",
    edition_name="2026-01-15",
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
    parts=(MessagePart(html="<p>三号桥明日通车</p>" * 300, text="三号桥明日通车\n.\n" * 300),),
)


def delivery_to(address: str, topic: int | None = None) -> Delivery:
    return replace(DELIVERY, address=address, topic=topic)


async def send_mail(mail: MailChannel, address: str = DELIVERY.address, message: Message = MESSAGE) -> str:
    """Send a mail that is recorded at once."""
    delivery = delivery_to(address)
    try:
        return await mail.send_part(delivery, message, 0)
    finally:
        mail.release_delivery(delivery, is_recorded=True)


class ScriptedServer:
    """Speaks SMTP; `replies` by verb (also "greeting" and "." for the end of the data) replace the friendly
    answer.

    HANG_UP closes the connection instead of answering, SILENT never answers. A list is used up from its
    front, then friendliness returns. `offers` are the keywords after EHLO; `context` encrypts after STARTTLS,
    or at once.
    """

    def __init__(self, *offers: str) -> None:
        self.offers = offers
        self.replies: dict[str, str | list[str]] = {}
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self.connections = 0
        self.port = 0
        self.talks: list[asyncio.Task[None] | None] = []
        self.context: ssl.SSLContext | None = None
        self.is_encrypted_at_once = False

    async def __aenter__(self) -> "ScriptedServer":
        context = self.context if self.is_encrypted_at_once else None
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 22, ssl=context)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        await asyncio.gather(*(talk for talk in self.talks if talk))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.talks.append(asyncio.current_task())
        with suppress(OSError, asyncio.IncompleteReadError):
            await self.talk(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self.say(reader, writer, "greeting", "220 scripted ready"):
            return
        while line := (await reader.readline()).decode("latin-1").rstrip():
            self.commands.append(line)
            verb = line.split()[0].upper()
            friendly = {
                "EHLO": self.greeting,
                "AUTH": "235 2.7.0 welcome",
                "DATA": "354 go on",
                "QUIT": "221 bye",
                "STARTTLS": "220 go on",
            }
            if not await self.say(reader, writer, verb, friendly.get(verb, "250 ok")) or verb == "QUIT":
                return
            if verb == "STARTTLS" and self.context:
                await writer.start_tls(self.context)
            if verb == "DATA" and self.last.startswith("354"):
                self.mails.append(await whole(reader))
                if not await self.say(reader, writer, ".", "250 2.0.0 queued as 7F"):
                    return

    @property
    def greeting(self) -> str:
        return "\r\n".join([*(f"250-{line}" for line in ("scripted", *self.offers)), "250 HELP"])

    async def say(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stage: str, friendly: str
    ) -> bool:
        scripted = self.replies.get(stage, friendly)
        self.last = (scripted.pop(0) if scripted else friendly) if isinstance(scripted, list) else scripted
        if self.last == SILENT:
            await reader.read()  # until the client has had enough
        if self.last in (HANG_UP, SILENT):
            return False
        writer.write(f"{self.last}\r\n".encode())
        await writer.drain()
        return not self.last.startswith("421")


async def whole(reader: asyncio.StreamReader) -> bytes:
    """A mail to its last dot."""
    data = bytearray(await reader.readline())
    while not data.endswith(b"\r\n.\r\n"):
        data += await reader.readuntil(b"\n")
    return bytes(data)


@pytest.fixture
def server() -> ScriptedServer:
    """Not yet listening: the test enters it in its own loop."""
    return ScriptedServer()
