"""Sources are read again and again, each by itself, and none longer than its deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.fetch import Fetcher
from bot.models import Digest, Source
from bot.pipeline import collect
from bot.pipeline.collector import FRESH, Collector
from bot.settings import FetchSettings, Settings
from bot.store import Store
from tests.fakes import NOON, Clock, run_here
from tests.pipeline.test_collect import BODY, FEED, LONG, PAGE

TEASERS = "".join(
    f"<item><title>水库{n}</title><link>https://slow.example/{n}</link><description>今天开始蓄水……</descripti"
    f"on></item>"
    for n in range(8)
)


class Web:
    """Two hosts: fast.example answers at once; slow.example asks for 30 s between its pages."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if request.url.host == "fast.example":
            return httpx.Response(200, text=FEED.format(body=BODY))
        if request.url.path == "/robots.txt":
            return httpx.Response(200, text="User-agent: *\nCrawl-delay: 30")
        if request.url.path == "/feed.xml":
            return httpx.Response(
                200, text=f'<rss version="2.0"><channel><title>t</title>{TEASERS}</channel></rss>'
            )
        return httpx.Response(
            200, html=PAGE.format(paragraphs="".join(LONG.format(n=n) for n in range(5, 12)))
        )

    def count_pages(self) -> int:
        return sum(url.startswith("https://slow.example/") and url[-1].isdigit() for url in self.asked)


SLOW = Source(kind="feed", name="slow", address="https://slow.example/feed.xml")
FAST = Source(kind="feed", name="fast", address="https://fast.example/feed.xml")


def settings_of(*sources: Source) -> Settings:
    digest = Digest(
        name="daily", title="摘报", language="zh", sources=(), times=(time(13),), zone=ZoneInfo("UTC")
    )
    return Settings(file=Path("zhaibao.toml"), sources=sources, digests=(digest,), fetch=FetchSettings())


def run(
    store: Store, web: Web, clock: Clock, use: Callable[[Collector], Awaitable[None]], *sources: Source,
    sleep: Callable[[float], Awaitable[None]] | None = None,
) -> None:  # fmt: skip
    async def pass_quickly(_: float) -> None:
        await asyncio.sleep(0)

    async def work() -> None:
        async with Fetcher(
            contact="", transport=httpx.MockTransport(web), sleep=sleep or pass_quickly
        ) as fetcher:
            collector = Collector(settings_of(*sources), store, fetcher, run_here, clock)
            async with asyncio.timeout(30):
                await use(collector)
            await collector.stop_readings()

    asyncio.run(work())


async def reading_of(collector: Collector, name: str) -> None:
    await collector._readings[name]


def test_a_source_is_read_when_its_time_has_come_and_not_before(store: Store) -> None:
    web, clock = Web(), Clock(NOON)

    async def use(collector: Collector) -> None:
        await collector.read_due()
        clock.advance(minutes=29)
        await collector.read_due()
        assert web.asked.count(FAST.address) == 1
        clock.advance(minutes=1)
        await collector.read_due()
        assert web.asked.count(FAST.address) == 2

    run(store, web, clock, use, FAST)


def test_it_is_read_once_more_shortly_before_a_slot(store: Store) -> None:
    web, clock = Web(), Clock(NOON + timedelta(minutes=45))

    async def use(collector: Collector) -> None:
        await collector.read_due()
        clock.now = NOON + timedelta(minutes=60) - FRESH
        await collector.read_due()
        clock.advance(minutes=2)
        await collector.read_due()
        assert web.asked.count(FAST.address) == 2

    run(store, web, clock, use, FAST)


def test_a_slow_source_delays_no_other(store: Store) -> None:
    web, clock = Web(), Clock(NOON)

    async def wait_for_ever(seconds: float) -> None:
        await (asyncio.Event().wait() if seconds > 1 else asyncio.sleep(0))

    async def use(collector: Collector) -> None:
        collector.start_due()
        await reading_of(collector, "fast")
        assert store.articles.load_articles_since(NOON - timedelta(days=1), ["fast"])
        assert collector.list_unfinished([FAST, SLOW]) == ("slow",)
        clock.advance(minutes=31)
        collector.start_due()
        await reading_of(collector, "fast")
        assert web.asked.count(FAST.address) == 2

    run(store, web, clock, use, FAST, SLOW, sleep=wait_for_ever)
    assert web.asked.count(SLOW.address) == 1


def test_at_its_deadline_what_was_read_is_kept_and_the_next_reading_continues(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    web, clock = Web(), Clock(NOON)
    monkeypatch.setattr(collect, "_STORE_SECONDS", 0.0)
    pages_a_reading = 3

    allowed = pages_a_reading

    async def stop_after_three(seconds: float) -> None:
        if seconds > 1 and web.count_pages() == allowed:
            await asyncio.Event().wait()

    async def use(collector: Collector) -> None:
        collector._settings = replace(
            collector._settings, fetch=replace(FetchSettings(), deadline_minutes=0.01)
        )  # type: ignore[arg-type]
        await collector.read_due()
        assert collector.list_unfinished([SLOW]) == ("slow",)
        assert len(store.articles.load_articles_since(NOON - timedelta(days=1), ["slow"])) == pages_a_reading
        nonlocal allowed
        allowed = 2 * pages_a_reading
        await collector.read_due()  # at once: nobody waits half an hour for the rest
        assert (
            len(store.articles.load_articles_since(NOON - timedelta(days=1), ["slow"])) == 2 * pages_a_reading
        )

    run(store, web, clock, use, SLOW, sleep=stop_after_three)
    pages = [url for url in web.asked if url[-1].isdigit()]
    assert len(pages) == len(set(pages)), "no page is read twice"
