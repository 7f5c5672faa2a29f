"""A document that costs too much to read is reported once and tried again less and less often."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import ParamSpec, TypeVar

import httpx
from structlog.typing import EventDict

from bot.errors import LimitExceeded
from bot.fetch import Fetcher
from bot.models import Source
from bot.pipeline.collect import CollectOutcome, collect_sources
from bot.settings import Settings
from bot.store import Store
from bot.workers.limits import WorkItem
from tests.fakes import NOON
from tests.pipeline.test_collect import BODY, FEED, LONG, PAGE

P = ParamSpec("P")
T = TypeVar("T")
WEEK = timedelta(days=7)


class Workers:
    """Call functions in this process, but for documents with a word in their names, which cost too much."""

    def __init__(self, word: str = "bomb") -> None:
        self.word = word
        self.refused: list[str] = []

    async def __call__(
        self, item: WorkItem, function: Callable[P, T], /, *args: P.args, **options: P.kwargs
    ) -> T:
        if self.word in item.name:
            self.refused.append(item.name)
            raise LimitExceeded(item.name, "needs more than 20 s of CPU time to read")
        return function(*args, **options)


def collect(
    store: Store,
    source: Source,
    workers: Workers,
    now: datetime = NOON,
    transport: httpx.MockTransport | None = None,
) -> CollectOutcome:
    async def still(_: float) -> None:
        return

    async def work() -> tuple[CollectOutcome, ...]:
        settings = Settings(file=Path("zhaibao.toml"), sources=(source,), digests=())
        async with Fetcher(contact="", transport=transport, sleep=still) as fetcher:
            return await collect_sources(settings, store, fetcher, workers, now)

    return asyncio.run(work())[0]


def reports(logged: list[EventDict]) -> list[tuple[str, str]]:
    return [(line["document"], str(line["reason"])) for line in logged if line["event"] == "over limit"]


def test_of_a_folder_the_other_files_are_read_as_usual(
    store: Store, tmp_path: Path, logged: list[EventDict]
) -> None:
    for name in ("a.txt", "bomb.txt", "c.txt"):
        (tmp_path / name).write_text(f"{name}新闻\n\n{BODY}", "utf-8")
    source, workers = Source(kind="folder", name="drop", address=str(tmp_path)), Workers()
    outcome = collect(store, source, workers)
    assert outcome.new == 2
    assert outcome.troubles == (f"{tmp_path / 'bomb.txt'}: needs more than 20 s of CPU time to read",)
    assert reports(logged) == [(str(tmp_path / "bomb.txt"), "needs more than 20 s of CPU time to read")]
    assert store.sources.load_state("drop").error == ""


def test_it_is_tried_again_less_and_less_often_and_reported_once(
    store: Store, tmp_path: Path, logged: list[EventDict]
) -> None:
    for name in ("a.txt", "bomb.txt"):
        (tmp_path / name).write_text(f"{name}新闻\n\n{BODY}", "utf-8")
    source, workers = Source(kind="folder", name="drop", address=str(tmp_path)), Workers()
    tries = []
    for hours in range(0, 24 * 7, 4):
        before = len(workers.refused)
        collect(store, source, workers, NOON + timedelta(hours=hours))
        if len(workers.refused) > before:
            tries.append(hours)
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert tries[0] == 0
    assert 6 <= len(tries) <= 9
    assert waits == sorted(waits)
    assert len(reports(logged)) == 1


def test_one_that_can_be_read_at_last_is_read_and_then_left_alone(store: Store, tmp_path: Path) -> None:
    for name in ("a.txt", "bomb.txt"):
        (tmp_path / name).write_text(f"{name}新闻\n\n{BODY}", "utf-8")
    source = Source(kind="folder", name="drop", address=str(tmp_path))
    collect(store, source, Workers())
    assert collect(store, source, Workers("nothing"), NOON + WEEK).new == 1
    assert collect(store, source, Workers("nothing"), NOON + 2 * WEEK).new == 0


def test_of_a_feed_the_pages_of_the_other_entries_are_read_and_its_own_teaser_stands(
    store: Store, logged: list[EventDict]
) -> None:
    asked: list[str] = []
    item = (
        "<item><title>水库蓄水</title><link>https://example.org/{n}</link><description>水库今天开始蓄水……</description"
        "></item>"
    )
    feed = (
        f'<rss version="2.0"><channel><title>t</title>{item.format(n="bomb")}{item.format(n="good")}</cha'
        f"nnel></rss>"
    )

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path == "/feed.xml":
            return httpx.Response(200, text=feed, headers={"ETag": '"v1"'})
        return httpx.Response(
            200, html=PAGE.format(paragraphs="".join(LONG.format(n=n) for n in range(5, 12)))
        )

    class PageWorkers(Workers):
        async def __call__(
            self, item: WorkItem, function: Callable[P, T], /, *args: P.args, **options: P.kwargs
        ) -> T:
            if function.__name__ == "build_entry_article":
                return function(*args, **options)
            return await super().__call__(item, function, *args, **options)

    source = Source(kind="feed", name="news", address="https://example.org/feed.xml")
    transport = httpx.MockTransport(respond)
    assert collect(store, source, PageWorkers(), transport=transport).new == 2
    texts = [article.text for article in store.articles.load_articles_since(NOON - WEEK, ["news"])]
    assert sorted(len(text) > 100 for text in texts) == [False, True]
    assert reports(logged) == [("https://example.org/bomb", "needs more than 20 s of CPU time to read")]
    assert store.sources.load_state("news").etag == "", "the feed is asked for again, so that the page is"
    collect(store, source, PageWorkers(), NOON + timedelta(minutes=30), transport)
    assert asked.count("/bomb") == 1
    collect(store, source, PageWorkers(), NOON + timedelta(hours=2), transport)
    assert asked.count("/bomb") == 2


def test_a_feed_that_is_itself_too_costly_fails_and_is_reported_once(
    store: Store, logged: list[EventDict]
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text=FEED.format(body=BODY)))
    source = Source(kind="feed", name="news", address="https://example.org/bomb.xml")
    for hours in range(3):
        outcome = collect(store, source, Workers(), NOON + timedelta(hours=hours), transport)
        assert outcome.error == "https://example.org/bomb.xml: needs more than 20 s of CPU time to read"
    assert [line["log_level"] for line in logged if line["event"] == "failed"] == ["warning", "info", "info"]
