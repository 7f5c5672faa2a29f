"""Sends answers to users within the rate limits of the bot. Current deliveries have priority."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any  # the library uses this type for requests

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.channels.telegram.channel import read_retry_seconds
from bot.channels.telegram.rate_limits import TelegramRateLimiter

_MAX_RETRIES = 3  # for an answer that Telegram defers
_PATIENCE_SECONDS = 0.05  # an answer reserves its turn this early; a delivery may take the turn before
_POLL_SECONDS = 0.25  # the maximum between two requests for a turn
_SECONDS_DURING_DELIVERY = 1.0  # between two answers while a digest is being delivered


class BackgroundLimiter(BaseRateLimiter[int]):
    """Shares the rate limiter of the channel that delivers digests with the same bot.

    While `is_delivering` returns True, only one request a second is sent. This delays a digest by one message
    in thirty.
    """

    def __init__(
        self,
        limiter: TelegramRateLimiter | None = None,
        is_delivering: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limiter = limiter or TelegramRateLimiter()
        self._is_delivering, self._clock, self._sleep = is_delivering, clock, sleep
        self._next_at = 0.0  # while a digest is being delivered
        self._is_closed = False

    def close(self) -> None:
        """Send no more requests. A request that waits for its turn fails with an error."""
        self._is_closed = True

    async def initialize(self) -> None:
        self._is_closed = False

    async def shutdown(self) -> None: ...

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,  # noqa: ARG002  (the library's signature)
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Send a request when it is its turn. Send a request again that Telegram deferred."""
        chat = data.get("chat_id")
        if chat is None:
            return await callback(*args, **kwargs)
        address = f"{chat} answers"  # an answer and a delivery to the same chat may run at the same time
        retries = rate_limit_args or _MAX_RETRIES
        while True:
            await self._wait_for_turn(address)
            is_answered = False
            try:
                result = await callback(*args, **kwargs)
                is_answered = True
                return result
            except RetryAfter as error:
                if not retries:
                    raise
                retries -= 1
                self._limiter.suspend_until(self._clock() + read_retry_seconds(error))
            finally:
                self._limiter.record_answer(address, self._clock(), is_answered=is_answered)

    async def _wait_for_turn(self, address: str) -> None:
        while True:
            if self._is_closed:
                raise TelegramError("the service stops")
            now = self._clock()
            wait = self._next_at - now if self._is_delivering() else 0.0
            if (
                wait <= 0
                and (wait := self._limiter.reserve_turn(address, now, _PATIENCE_SECONDS)) <= _PATIENCE_SECONDS
            ):
                break
            await self._sleep(min(wait, _POLL_SECONDS))
        self._next_at = now + _SECONDS_DURING_DELIVERY
        if wait > 0:
            await self._sleep(wait)
        self._limiter.record_departure(address, self._clock())
