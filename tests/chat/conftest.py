"""Messages as Telegram sends them, and web pages without a web."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Message

from bot.fetch import Fetcher
from bot.settings import Secret
from bot.store import Store
from tests.chat.dialogue import ChatRoom
from tests.real.bot_api import Double
from tests.real.bot_api_rules import linked
from tests.real.conftest import double

__all__ = ["double"]

PROSE = (
    "县里的老船厂昨天重新开工，停工十二年的船台上又响起了锤声。这次由三家本地企业合股修复，一共投资四千万元。"
    "首批两艘电动渡船将在五月下水，替换河上最后的柴油渡船，每年可以少用柴油六十吨。"
    "厂长说，老师傅们都愿意回来带徒弟，年底前还要再招三十名学徒。"
)
TITLE = "老船厂重新开工"
LIBRARY = (
    "县图书馆昨日起延长开放时间，阅览室每晚开放到二十二时，周末不休息，读者凭身份证即可入馆。"
    "馆长介绍，过去三个月有四千二百人次在晚间到馆，多数是备考的学生，阅览室常常坐满，这次还增加了六十个座位。"
    "公交公司把途经图书馆的三路车末班推迟到二十二时三十分。"
)
ARTICLE = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{PROSE}</p></body></html>"


def message(text: str = "", **more: Any) -> Message:  # Any: the wire's own shape
    """A message as Telegram sends it, with the entities its own parser finds."""
    row = {"message_id": 1, "date": 1768478400, "chat": {"id": 7, "type": "private"}, "text": text}
    found = Message.de_json({**row, "entities": list(linked(text)), **more}, None)
    assert found is not None
    return found


def replying(text: str, to: Message) -> Message:
    return message(text, reply_to_message=to.to_dict())


@pytest.fixture
def room_of(
    double: Double, tmp_path: Path, fetcher_of: Callable[..., Fetcher]
) -> Iterator[Callable[..., ChatRoom]]:
    """Make a room whose web holds these pages."""
    with Store(Secret(f"sqlite:///{tmp_path / 'chat.sqlite'}")) as store:
        yield lambda **pages: ChatRoom(double=double, store=store, fetcher=fetcher_of(**pages))


@pytest.fixture
def room(room_of: Callable[..., ChatRoom]) -> ChatRoom:
    return room_of()


@pytest.fixture
def fetcher_of() -> Callable[..., Fetcher]:
    """Make a fetcher whose web holds these pages: address → HTML, a status or an error."""

    def made(**pages: str | int | Exception) -> Fetcher:
        def answer(request: httpx.Request) -> httpx.Response:
            page = pages.get(request.url.path.strip("/"), 404)
            if isinstance(page, Exception):
                raise page
            if isinstance(page, int):
                return httpx.Response(page)
            return httpx.Response(200, html=page)

        return Fetcher(contact="test", transport=httpx.MockTransport(answer))

    return made
