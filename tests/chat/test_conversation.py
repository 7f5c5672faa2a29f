"""The conversation as Telegram carries it, against the Bot API double."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels.telegram.settings import TelegramSettings
from bot.chat import Chat
from bot.chat.answers import choose_answers
from bot.fetch import FetchedContent, Fetcher
from bot.settings import Secret
from tests.chat.conftest import ARTICLE, PROSE
from tests.fakes import run_here
from tests.real.bot_api import Chat as Room
from tests.real.bot_api import Double

CHINESE = choose_answers("zh-Hans")

# what RetryAfter warns of each time it is raised
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

READER, GROUP = 7, -1001
SECONDS = 20.0


@asynccontextmanager
async def answering(double: Double, fetcher: Fetcher) -> AsyncIterator[None]:
    """The bot answers until the end, where it must stop by itself."""
    settings = TelegramSettings(token=Secret(double.token), base_url=double.url)
    stop = asyncio.Event()
    task = asyncio.create_task(Chat(settings, fetcher, run_here).run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, SECONDS)


def converse(double: Double, fetcher: Fetcher, *questions: Callable[[], Any], answers: int) -> None:
    """Ask all at once and wait for so many answers."""

    async def work() -> None:
        async with answering(double, fetcher):
            for ask in questions:
                ask()
            await asyncio.to_thread(double.wait_for, lambda: len(double.messages) >= answers, SECONDS)

    asyncio.run(work())


class SlowFetcher(Fetcher):
    """Answers when told to."""

    def __init__(self) -> None:
        super().__init__(contact="test")
        self.asked = asyncio.Event()
        self.told = asyncio.Event()

    async def fetch_url(self, url: str, **_: object) -> FetchedContent:  # type: ignore[override]
        self.asked.set()
        await self.told.wait()
        return FetchedContent(url=url, status=200, content=ARTICLE.encode())


class BrokenFetcher(Fetcher):
    """Has a bug."""

    async def fetch_url(self, url: str, **_: object) -> FetchedContent:  # type: ignore[override]
        raise KeyError(url)


def test_start_and_help_say_how_to_use_it(double: Double, fetcher_of: Callable[..., Fetcher]) -> None:
    converse(
        double, fetcher_of(), lambda: double.receive("/start"), lambda: double.receive("/help"), answers=2
    )
    assert double.texts(READER) == [CHINESE.help, CHINESE.help]


def test_the_menu_is_set_in_every_language(double: Double, fetcher_of: Callable[..., Fetcher]) -> None:
    converse(double, fetcher_of(), lambda: double.receive("/start"), answers=1)
    assert sum(call.method == "setmycommands" for call in double.calls) == 3
    assert [command["command"] for command in double.office.commands] == ["summary", "help"]


def test_a_group_asks_by_the_bots_name_and_is_answered_there(
    double: Double, fetcher_of: Callable[..., Fetcher]
) -> None:
    double.add(Room(id=GROUP, kind="supergroup", title="读报群"))

    def ask() -> None:
        double.receive("/summary@somebody_else 不是问我", chat=GROUP, user=READER)
        double.receive("/summary@zhaibao_test_bot https://example.org/boat", chat=GROUP, user=READER)

    converse(double, fetcher_of(boat=ARTICLE), ask, answers=1)
    (answer,) = double.messages
    assert answer.chat == GROUP
    assert answer.reply_to is not None
    assert answer.text.startswith("老船厂重新开工")


def test_who_asks_again_before_the_answer_is_asked_for_patience(double: Double) -> None:
    async def work() -> None:
        fetcher = SlowFetcher()
        async with answering(double, fetcher):
            double.receive("/summary https://example.org/boat")
            await asyncio.wait_for(fetcher.asked.wait(), SECONDS)
            double.receive("/summary https://example.org/boat")
            await asyncio.to_thread(double.wait_for, lambda: double.messages, SECONDS)
            double.receive(f"/summary {PROSE}", chat=8)  # somebody else need not wait
            await asyncio.to_thread(double.wait_for, lambda: double.texts(8), SECONDS)
            fetcher.told.set()
            await asyncio.to_thread(double.wait_for, lambda: len(double.texts(READER)) == 2, SECONDS)

    asyncio.run(work())
    busy, answer = double.texts(READER)
    assert busy == CHINESE.busy
    assert answer.startswith("老船厂重新开工")


def test_a_bug_is_answered_with_a_kind_sentence_and_the_next_question_is_heard(double: Double) -> None:
    async def work() -> None:
        async with answering(double, BrokenFetcher(contact="test")):
            double.receive("/summary https://example.org/boat")
            await asyncio.to_thread(double.wait_for, lambda: double.messages, SECONDS)
            double.receive(f"/summary {PROSE}")
            await asyncio.to_thread(double.wait_for, lambda: len(double.messages) == 2, SECONDS)

    asyncio.run(work())
    failed, answer = double.texts(READER)
    assert failed == CHINESE.failed
    assert "船厂" in answer


@pytest.mark.parametrize("method", ["sendchataction", "getupdates"])
def test_a_telegram_that_stumbles_is_asked_again(
    double: Double, fetcher_of: Callable[..., Fetcher], method: str
) -> None:
    double.fail(502, method=method)
    converse(double, fetcher_of(), lambda: double.receive(f"/summary {PROSE}"), answers=1)
    assert "船厂" in double.texts(READER)[0]


def test_a_flooded_answer_comes_later(double: Double, fetcher_of: Callable[..., Fetcher]) -> None:
    double.flood(times=1, retry_after=1)
    converse(double, fetcher_of(), lambda: double.receive("/help"), answers=1)
    assert double.texts(READER) == [CHINESE.help]


def test_a_wrong_token_is_tried_again_and_stops_when_told(
    double: Double, fetcher_of: Callable[..., Fetcher]
) -> None:
    async def work() -> None:
        settings = TelegramSettings(token=Secret("123:wrong"), base_url=double.url)
        stop = asyncio.Event()
        task = asyncio.create_task(Chat(settings, fetcher_of(), run_here).run(stop))
        await asyncio.to_thread(double.wait_for, lambda: double.refusals(401), SECONDS)
        stop.set()
        await asyncio.wait_for(task, SECONDS)

    asyncio.run(work())
