"""Answers to users keep the bot's limits together with its deliveries, and give them the way."""

import asyncio
from collections.abc import Callable

import pytest
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.rate_limits import BOT_LIMIT, TelegramRateLimiter
from bot.chat.background_limiter import BackgroundLimiter


class Bench:
    """A clock that goes on by sleeping alone, and the times at which requests left."""

    def __init__(self, is_delivering: Callable[["Bench"], bool] = lambda _: False) -> None:
        self.now = 0.0
        self.left: list[float] = []
        self.errors: list[Exception] = []
        self.shared = TelegramRateLimiter()
        self.limiter = BackgroundLimiter(
            self.shared, lambda: is_delivering(self), lambda: self.now, self.sleep
        )

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    async def request(self) -> str:
        self.left.append(self.now)
        if self.errors:
            raise self.errors.pop()
        return "done"

    async def send(self, chat: int | None) -> object:
        data = {} if chat is None else {"chat_id": chat}
        return await self.limiter.process_request(self.request, (), {}, "sendMessage", data, None)

    def send_to(self, *chats: int | None) -> None:
        async def work() -> None:
            for chat in chats:
                assert await self.send(chat) == "done"

        asyncio.run(work())


def test_answers_and_deliveries_share_the_limit_of_the_bot() -> None:
    bench = Bench()
    for chat in range(BOT_LIMIT[0]):
        assert bench.shared.reserve_turn(f"{chat}", 0.0, 0.0) == 0.0
    bench.send_to(1000)
    assert bench.left == [pytest.approx(BOT_LIMIT[1], abs=0.3)]


def test_while_a_digest_is_delivered_one_answer_a_second_leaves() -> None:
    bench = Bench(lambda bench: bench.now < 10)
    bench.send_to(*range(1000, 1005))
    waits = [later - earlier for earlier, later in zip(bench.left, bench.left[1:], strict=False)]
    assert all(wait >= 1.0 for wait in waits)


def test_they_take_no_turn_long_before_they_leave() -> None:
    bench = Bench()
    for chat in range(BOT_LIMIT[0]):
        bench.shared.reserve_turn(f"{chat}", 0.0, 0.0)

    async def work() -> None:
        waiting = [asyncio.create_task(bench.send(chat)) for chat in range(1000, 1100)]
        await asyncio.sleep(0)
        assert bench.shared.reserve_turn("digest", bench.now, 2.0) <= BOT_LIMIT[1], (
            "the next free turn is the digest's"
        )
        for task in waiting:
            task.cancel()

    asyncio.run(work())


def test_what_telegram_defers_is_sent_again_after_the_time_it_named() -> None:
    bench = Bench()
    bench.errors = [RetryAfter(7)]
    bench.send_to(1000)
    assert len(bench.left) == 2
    assert bench.left[1] >= 7


def test_a_request_to_no_chat_waits_for_nothing() -> None:
    bench = Bench(lambda _: True)
    bench.send_to(None, None, None)
    assert bench.left == [0.0, 0.0, 0.0]


def test_after_the_end_nothing_leaves() -> None:
    bench = Bench()
    bench.limiter.close()
    with pytest.raises(TelegramError, match="stops"):
        bench.send_to(1000)
    assert bench.left == []
