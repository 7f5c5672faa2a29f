"""Programs beside this one do what they are asked, and cost nobody else anything when they fail."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from bot.errors import SourceError
from bot.models import Source
from bot.pipeline.workers import RunElsewhere, WorkerDied, open_workers
from bot.sources import KINDS, Listing

T = TypeVar("T")
FEED = (
    "<rss version='2.0'><channel><item><title>水库蓄水</title><link>https://a.example/1</link></item></channel></rss>"
)
SOURCE = Source(kind="feed", name="f", address="https://a.example/feed")


def with_workers(ask: Callable[[RunElsewhere], Awaitable[T]], count: int = 1) -> T:
    async def run() -> T:
        async with open_workers(count) as work:
            return await ask(work)

    return asyncio.run(run())


def listed(work: RunElsewhere, data: bytes) -> Awaitable[Listing]:
    return work(KINDS["feed"].parse_listing, data, "https://a.example/feed", SOURCE)


def test_a_feed_is_read_by_another_program_as_by_this_one() -> None:
    here = KINDS["feed"].parse_listing(FEED.encode(), "https://a.example/feed", SOURCE)
    assert with_workers(lambda work: listed(work, FEED.encode())) == here
    assert here.entries[0].title == "水库蓄水"


def test_it_is_another_program_and_without_workers_this_one() -> None:
    assert with_workers(lambda work: work(os.getpid)) != os.getpid()
    assert with_workers(lambda work: work(os.getpid), count=0) == os.getpid()


def test_what_cannot_be_read_is_told_in_the_same_words() -> None:
    with pytest.raises(SourceError, match="is no feed"):
        with_workers(lambda work: listed(work, b"nonsense"))


def test_a_bug_comes_back_with_the_place_it_happened_at() -> None:
    with pytest.raises(TypeError) as caught:
        with_workers(lambda work: work(divmod, 1, "two"))  # type: ignore[arg-type]
    assert "Traceback" in caught.value.__notes__[0]


def test_an_error_that_cannot_be_sent_is_told_by_its_name() -> None:
    # it takes more to be made than it says of itself
    with pytest.raises(RuntimeError, match="UnicodeDecodeError"):
        with_workers(lambda work: work(exec, "raise type('UnicodeDecodeError', (Exception,), {})('x')"))


def test_a_worker_that_dies_costs_its_own_call_alone() -> None:
    async def ask(work: RunElsewhere) -> int:
        with pytest.raises(WorkerDied):
            await work(os._exit, 3)
        return await work(os.getpid)

    assert with_workers(ask) > 0


def test_a_call_that_is_given_up_answers_nobody_else() -> None:
    async def ask(work: RunElsewhere) -> str:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await work(time.strftime, "late")
        return await work(time.strftime, "mine")

    assert with_workers(ask) == "mine"


def test_more_calls_than_workers_all_get_their_own_answer() -> None:
    async def ask(work: RunElsewhere) -> list[int]:
        return await asyncio.gather(*(work(abs, -number) for number in range(50)))

    assert with_workers(ask, count=2) == list(range(50))


def test_a_worker_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHAIBAO_TOKEN", "secret")
    assert with_workers(lambda work: work(os.getenv, "ZHAIBAO_TOKEN")) is None


def test_what_is_printed_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    assert with_workers(lambda work: work(print, "a library says hello", flush=True)) is None
    assert "says hello" in capfd.readouterr().err
