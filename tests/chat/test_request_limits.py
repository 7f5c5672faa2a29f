"""How much one person may ask, and who."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.chat.request_limits import LimitReached, QueueFull, RequestLimits
from bot.fetch import FetchedContent, Fetcher
from tests.chat.conftest import ARTICLE, LIBRARY, PROSE
from tests.chat.dialogue import ChatRoom, Dialogue
from tests.real.bot_api import Chat, Double

MakeRoom = Callable[..., ChatRoom]


class SlowFetcher(Fetcher):
    """Answers when told to."""

    def __init__(self) -> None:
        super().__init__(contact="test")
        self.requests = 0
        self.may_answer = asyncio.Event()

    async def fetch_url(self, url: str, **_: object) -> FetchedContent:  # type: ignore[override]
        self.requests += 1
        await self.may_answer.wait()
        return FetchedContent(url=url, status=200, content=ARTICLE.encode())


def test_three_requests_wait_their_turn_and_a_fourth_is_asked_to_wait(room: ChatRoom, double: Double) -> None:
    async def work() -> None:
        room.fetcher = fetcher = SlowFetcher()
        async with room.answering():
            dialogue = Dialogue(double)
            for number in range(4):
                double.receive(f"https://example.org/{number}")
            await dialogue.wait_until(lambda: "还在读" in str(double.texts(7)), "the fourth is refused")
            assert fetcher.requests == 1
            double.receive(PROSE, chat=8)  # somebody else need not wait
            await dialogue.wait_until(lambda: "摘要" in str(double.texts(8)), "an answer")
            fetcher.may_answer.set()
            await dialogue.wait_until(lambda: str(double.texts(7)).count("老船厂重新开工") == 3, "answers")

    asyncio.run(work())


def test_a_line_says_what_is_read_and_becomes_the_answer(room: ChatRoom, double: Double) -> None:
    async def work() -> None:
        room.fetcher = fetcher = SlowFetcher()
        async with room.answering():
            dialogue = Dialogue(double)
            await dialogue.play_script("> https://example.org/boat\n正在读 example.org")
            fetcher.may_answer.set()
            await dialogue.play_script("老船厂重新开工\n[更短]")

    asyncio.run(work())
    assert len(double.messages) == 1


def test_more_than_the_hours_share_is_told_when_to_come_back(room: ChatRoom) -> None:
    room.telegram = {"hourly_requests": 2}
    room.play(
        f"""
        > {PROSE}
        摘要
        > {LIBRARY}
        图书馆
        > {PROSE}
        请过 1 小时再发这条
        > /settings
        临溪摘报
        """
    )


def test_only_the_chosen_may_ask(room: ChatRoom, double: Double) -> None:
    double.add(Chat(id=-1001, kind="supergroup"))
    double.office.members[-1001, 8] = "member"
    double.office.members[-1001, 9] = "left"
    room.telegram = {"allow": (7, -1001)}
    for person, words in ((7, "摘要"), (8, "摘要"), (9, "只回答指定的人"), (10, "只回答指定的人")):
        room.play(f"> {PROSE}\n{words}", person=person)


def count_allowed(limits: RequestLimits, times: int) -> int:
    async def ask() -> int:
        allowed = 0
        for _ in range(times):
            try:
                async with limits.wait_for_turn(7):
                    allowed += 1
            except LimitReached:
                continue
        return allowed

    return asyncio.run(ask())


def test_the_limits_hold_in_every_hour_and_every_day() -> None:
    now = 0.0
    limits = RequestLimits(2, 3, lambda: now)
    assert count_allowed(limits, 5) == 2
    now = 3_600.0
    assert count_allowed(limits, 5) == 1
    now = 7_200.0
    assert count_allowed(limits, 5) == 0
    now = 86_400.0
    assert count_allowed(limits, 5) == 2


def test_nobody_waits_longer_than_said() -> None:
    limits = RequestLimits(1, 0, lambda: 10.0)

    async def ask() -> None:
        async with limits.wait_for_turn(7):
            pass
        async with limits.wait_for_turn(7):
            pass

    with pytest.raises(LimitReached) as reached:
        asyncio.run(ask())
    assert reached.value.wait == timedelta(hours=1)


def test_a_fourth_request_at_a_time_is_refused() -> None:
    limits = RequestLimits(0, 0, lambda: 0.0)

    async def nest(depth: int) -> None:
        tasks = [asyncio.create_task(hold()) for _ in range(depth)]
        await asyncio.sleep(0)
        try:
            async with limits.wait_for_turn(7):
                pass
        finally:
            for task in tasks:
                task.cancel()

    async def hold() -> None:
        async with limits.wait_for_turn(7):
            await asyncio.Event().wait()

    with pytest.raises(QueueFull):
        asyncio.run(nest(3))
