"""Updates by webhook: only who knows the secret is heard."""

import asyncio
import socket

import httpx
import pytest

from bot.chat.webhook import _SECRET_HEADER
from bot.settings import Secret
from tests.chat.dialogue import ChatRoom, Dialogue

SECRET = "abcdefghijklmnop_-12"


def find_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def port(room: ChatRoom) -> int:
    number = find_free_port()
    room.telegram = {
        "webhook": "https://bot.example.org/telegram/hook",
        "webhook_listen": f"127.0.0.1:{number}",
        "webhook_secret": Secret(SECRET),
    }
    return number


def test_an_update_with_the_secret_is_answered_and_others_learn_nothing(room: ChatRoom, port: int) -> None:
    url = f"http://127.0.0.1:{port}/telegram/hook"

    async def work() -> None:
        async with room.answering():
            dialogue = Dialogue(room.double)
            await dialogue.wait_until(lambda: room.double.office.webhook, "the webhook")
            room.double.receive("/help")
            update = room.double.office.sent_updates[-1]
            async with httpx.AsyncClient(trust_env=False) as client:
                for headers in ({}, {_SECRET_HEADER: "wrong"}):
                    assert (await client.post(url, json=update, headers=headers)).status_code == 404
                known = {_SECRET_HEADER: SECRET}
                assert (await client.post(url, content=b"{", headers=known)).status_code == 400
                assert (await client.post(url, content=b"[1]", headers=known)).status_code == 400
                assert (await client.post(url, content=b"x" * 1_000_001, headers=known)).status_code == 413
                assert (await client.get(url, headers=known)).status_code == 405
                assert not room.double.messages
                assert (await client.post(url, json=update, headers=known)).status_code == 200
            await dialogue.play_script("我每天送摘报")

    asyncio.run(work())
    assert room.double.office.webhook["url"] == "https://bot.example.org/telegram/hook"
    assert room.double.office.webhook["secret_token"] == SECRET
    assert not room.double.calls or all(call.method != "getupdates" for call in room.double.calls)
