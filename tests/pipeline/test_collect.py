"""Every source is read; one that fails is told, and hinders no other."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

import httpx
import pytest
import structlog
from structlog.typing import EventDict

from bot.errors import StoreError
from bot.fetch import Fetcher
from bot.models import Article, Source
from bot.pipeline.collect import CollectOutcome, collect_sources
from bot.pipeline.source_progress import hash_configuration
from bot.pipeline.source_readers.disk_files import _limit_scans
from bot.settings import Settings
from bot.store import Store
from bot.store.sources import SourceState
from tests.fakes import NOON, run_here

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>t</title><link>https://example.org/</link><description>d</description>
<item><title>水库蓄水</title><link>https://example.org/1</link><guid>1</guid>
<description>{body}</description></item></channel></rss>"""
BODY = "县里的水库今天开始蓄水，村民们在岸边看了一整个上午，都说今年春天的庄稼终于有救了。" * 2


def feed(folder: Path, name: str, title: str = "") -> Source:
    path = folder / f"{name}.xml"
    path.write_text(FEED.format(body=BODY), encoding="utf-8")
    return Source(kind="feed", name=name, address=str(path), title=title)


def remote(name: str) -> Source:
    return Source(kind="feed", name=name, address=f"https://example.org/{name}.xml")


def run(store: Store, *sources: Source, answer: httpx.Response | None = None,
    told: list[CollectOutcome] | None = None,
        asked: list[httpx.Request] | None = None) -> dict[str, CollectOutcome]:  # fmt: skip
    def respond(request: httpx.Request) -> httpx.Response:
        (asked if asked is not None else []).append(request)
        return answer or httpx.Response(500)

    async def work() -> tuple[CollectOutcome, ...]:
        settings = Settings(file=Path("zhaibao.toml"), sources=sources, digests=())
        async with Fetcher(contact="", transport=httpx.MockTransport(respond)) as fetcher:
            return await collect_sources(
                settings, store, fetcher, run_here, NOON, (told if told is not None else []).append
            )

    return {found.source.name: found for found in asyncio.run(work())}


def kept(store: Store, *names: str) -> tuple[Article, ...]:
    return store.articles.load_articles_since(NOON.replace(year=2000), names)


PAGE = """<html lang="zh"><head><title>水库蓄水</title></head><body>
<article><h1>水库蓄水</h1>{paragraphs}</article></body></html>"""
LONG = (
    "<p>青溪水库扩建工程今天下闸蓄水，总库容由两千一百万立方米增加到五千八百万立方米，"
    "{n}个乡镇从此不再缺水。</p>"
)


def site(*, pages: dict[str, httpx.Response], asked: list[str]) -> httpx.MockTransport:
    """A host that serves a feed of teasers at /feed.xml, and `pages`."""

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path == "/feed.xml" and "/feed.xml" not in pages:
            return httpx.Response(200, text=FEED.format(body="水库今天开始蓄水……"))
        return pages.get(request.url.path, httpx.Response(404))

    return httpx.MockTransport(respond)


def collect_from(store: Store, transport: httpx.MockTransport, **more: object) -> CollectOutcome:
    given = {"kind": "feed", "name": "news", "address": "https://example.org/feed.xml"} | more
    source = Source(**given)  # type: ignore[arg-type]

    async def still(_: float) -> None:
        return

    async def work() -> tuple[CollectOutcome, ...]:
        settings = Settings(file=Path("zhaibao.toml"), sources=(source,), digests=())
        async with Fetcher(contact="", transport=transport, sleep=still) as fetcher:
            return await collect_sources(settings, store, fetcher, run_here, NOON)

    return asyncio.run(work())[0]


def test_a_teasers_page_is_read_once_and_makes_the_article_whole(store: Store) -> None:
    asked: list[str] = []
    page = PAGE.format(paragraphs="".join(LONG.format(n=n) for n in range(5, 12)))
    transport = site(pages={"/1": httpx.Response(200, html=page)}, asked=asked)
    assert collect_from(store, transport).new == 1
    assert collect_from(store, transport).new == 0
    assert asked.count("/1") == 1
    (article,) = kept(store, "news")
    assert "五千八百万立方米" in article.text
    assert article.url == "https://example.org/1"


@pytest.mark.parametrize("status", [404, 503])
def test_where_a_page_does_not_answer_the_teaser_is_the_article(store: Store, status: int) -> None:
    asked: list[str] = []
    transport = site(pages={"/1": httpx.Response(status)}, asked=asked)
    assert collect_from(store, transport).new == 1
    assert collect_from(store, transport).new == 0
    assert asked.count("/1") == 1
    assert kept(store, "news")[0].text == "水库今天开始蓄水……"


def test_an_entry_without_a_teaser_is_asked_for_again_until_its_page_answers_or_is_gone(store: Store) -> None:
    asked: list[str] = []
    links = "".join(f'<li><a href="/2026/{n}.html">临溪县第{n}条新闻的标题</a></li>' for n in range(5))
    section = httpx.Response(200, html=f"<html lang='zh'><body><ul>{links}</ul></body></html>")
    busy = {f"/2026/{n}.html": httpx.Response(503) for n in range(5)}
    assert collect_from(store, site(pages={"/feed.xml": section, **busy}, asked=asked), kind="site").new == 0
    assert collect_from(store, site(pages={"/feed.xml": section}, asked=asked), kind="site").new == 0
    assert collect_from(store, site(pages={"/feed.xml": section}, asked=asked), kind="site").new == 0
    assert asked.count("/2026/3.html") == 2


def test_a_source_that_failed_rests_and_the_service_waits_for_it(store: Store, tmp_path: Path) -> None:
    source = feed(tmp_path, "news")
    (tmp_path / "news.xml").unlink()
    assert "no such file" in run(store, source)["news"].error
    state = store.sources.load_state("news")
    assert state.failures == 1
    assert state.next_at is not None
    assert timedelta(minutes=10) < state.next_at - NOON <= timedelta(minutes=15)
    feed(tmp_path, "news")

    async def patient(now: datetime) -> CollectOutcome:
        settings = Settings(file=Path("zhaibao.toml"), sources=(source,), digests=())
        async with Fetcher(contact="") as fetcher:
            return (await collect_sources(settings, store, fetcher, run_here, now, is_patient=True))[0]

    assert asyncio.run(patient(NOON + timedelta(minutes=1))).new == 0
    assert asyncio.run(patient(NOON + timedelta(minutes=16))).new == 1
    assert store.sources.load_state("news").failures == 0


def test_who_runs_it_hears_once_of_a_source_that_fails_for_a_week(store: Store, tmp_path: Path) -> None:
    source = Source(kind="feed", name="news", address=str(tmp_path / "none.xml"))
    settings = Settings(file=Path("zhaibao.toml"), sources=(source,), digests=())

    async def read(days: float) -> None:
        async with Fetcher(contact="") as fetcher:
            await collect_sources(settings, store, fetcher, run_here, NOON + timedelta(days=days))

    with structlog.testing.capture_logs() as told:
        for days in (0, 6, 7.5, 8, 9):
            asyncio.run(read(days))
    assert [row["event"] for row in told if row["log_level"] == "error"] == ["failing for a week"]


def test_full_text_false_follows_no_link(store: Store) -> None:
    asked: list[str] = []
    assert collect_from(store, site(pages={}, asked=asked), full_text=False).new == 1
    assert "/1" not in asked


def test_a_file_is_taken_apart_again_only_when_it_changed(store: Store, tmp_path: Path) -> None:
    source = feed(tmp_path, "news")
    key = f"{source.address} "
    run(store, source)
    (tmp_path / "news.xml").write_text(FEED.format(body=BODY * 2), encoding="utf-8")
    assert run(store, source)["news"].new == 1
    assert store.entries.select_unread("news", [key], NOON) == (key,)


def test_a_file_that_cannot_be_used_costs_itself_alone(
    store: Store, tmp_path: Path, logged: list[EventDict]
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "good.txt").write_text(f"水库蓄水\n\n{BODY}", "utf-8")
    (folder / "empty.txt").touch()
    (folder / "odd.pdf").write_bytes(b"%PDF-1.4 broken")
    source = Source(kind="folder", name="texts", address=str(folder))
    for new in (1, 0):  # the good one was read before: the source has not failed and is not asked rarer
        found = run(store, source)["texts"]
        assert (found.new, found.error) == (new, "")
        assert [trouble.partition(": ")[2][:22] for trouble in found.troubles] == [
            "is empty",
            "the PDF cannot be read",
        ]
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == ["file unread"] * 4


def test_a_folder_of_files_that_cannot_be_used_has_failed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    assert run(store, Source(kind="folder", name="texts", address=str(tmp_path)))["texts"].error.endswith(
        "is empty"
    )


FIRST_PAGE = (
    f"第1版 要闻\n\n水库今天蓄水\n\n本报讯 11月20日，{BODY}\n\n明年起，下游十二个乡镇\n（下转第三版）\n"
)
THIRD_PAGE = f"第3版 民生\n\n（上接第一版）\n的村民将用上水库的水。{BODY}\n"


def test_an_article_that_goes_on_in_another_file_is_kept_whole(store: Store, tmp_path: Path) -> None:
    (tmp_path / "2026-11-20-01.txt").write_text(FIRST_PAGE, "utf-8")
    (tmp_path / "2026-11-20-03.txt").write_text(THIRD_PAGE, "utf-8")
    run(store, Source(kind="page", name="paper", address=str(tmp_path)))
    (whole,) = kept(store, "paper")
    assert whole.text.count(BODY) == 2
    assert "下游十二个乡镇的村民" in whole.text
    assert (whole.page, whole.cut_head, whole.cut_tail) == ("1", False, False)


def test_its_page_is_read_again_when_the_other_comes_later(store: Store, tmp_path: Path) -> None:
    source = Source(kind="page", name="paper", address=str(tmp_path))
    (tmp_path / "2026-11-19-01.txt").write_text(FIRST_PAGE.replace("20日", "19日"), "utf-8")
    (tmp_path / "2026-11-20-01.txt").write_text(FIRST_PAGE, "utf-8")
    assert run(store, source)["paper"].new == 2
    (tmp_path / "2026-11-20-03.txt").write_text(THIRD_PAGE, "utf-8")
    assert run(store, source)["paper"].new == 1
    assert [(a.cut_tail, a.text.count(BODY)) for a in kept(store, "paper")] == [
        (True, 1),
        (True, 1),
        (False, 2),
    ]


def test_of_many_scans_some_are_read_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pipeline.source_readers.disk_files._MAX_SCANS", 2)
    paths = {name: tmp_path / name for name in ("1.png", "2.txt", "3.jpg", "4.PNG", "5.txt")}
    assert list(_limit_scans(tuple(paths), paths)) == ["1.png", "2.txt", "3.jpg", "5.txt"]


def test_what_is_read_is_kept_once_and_signed_with_its_source(store: Store, tmp_path: Path) -> None:
    source = feed(tmp_path, "news", "临溪在线")
    assert run(store, source)["news"].new == 1
    assert run(store, source)["news"].new == 0
    (article,) = kept(store, "news")
    assert (article.title, article.source, article.publisher) == ("水库蓄水", "news", "临溪在线")
    state = store.sources.load_state("news")
    assert state == SourceState(name="news", collected_at=NOON, configuration=hash_configuration(source))


def test_one_that_fails_is_told_and_hinders_no_other(
    store: Store, tmp_path: Path, logged: list[EventDict]
) -> None:
    gone = Source(kind="feed", name="gone", address=str(tmp_path / "gone.xml"))
    told: list[CollectOutcome] = []
    found = run(store, gone, feed(tmp_path, "news"), remote("far"), told=told)
    assert found["gone"].error == f"{tmp_path / 'gone.xml'}: there is no such file or folder"
    assert found["far"].error == "https://example.org/far.xml: the server answered 500"
    assert found["news"].new == 1
    assert {each.source.name for each in told} == {"gone", "news", "far"}
    assert store.sources.load_state("gone").failing_since == NOON
    assert {line["source"] for line in logged if line["event"] == "failed"} == {"gone", "far"}


def test_a_parser_that_stumbles_costs_its_own_source_only(
    store: Store, tmp_path: Path, logged: list[EventDict], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.sources.kinds.table import KINDS, SourceKind
    from bot.sources.listing import Listing

    def stumble(data: bytes, name: str, source: Source, charset: str = "") -> Listing:  # noqa: ARG001
        raise RecursionError("too deep")

    monkeypatch.setitem(sys.modules, "odd", cast("ModuleType", SimpleNamespace(parse_listing=stumble)))
    monkeypatch.setitem(KINDS, "odd", SourceKind(name="odd", module="odd", suffixes=(".xml",)))
    odd = Source(kind="odd", name="odd", address=feed(tmp_path, "odd").address)
    found = run(store, odd, feed(tmp_path, "news"))
    assert found["odd"].error == "the program failed while reading it (RecursionError)"
    assert found["news"].new == 1
    assert any(line["event"] == "bug" for line in logged)


def test_the_next_request_is_conditional_and_nothing_new_is_no_failure(store: Store) -> None:
    answer = httpx.Response(
        200,
        content=FEED.format(body=BODY).encode(),
        headers={"ETag": '"v1"', "Content-Type": "application/rss+xml"},
    )
    assert run(store, remote("far"), answer=answer)["far"].new == 1
    asked: list[httpx.Request] = []
    found = run(store, remote("far"), answer=httpx.Response(304), asked=asked)
    assert (found["far"].new, found["far"].error) == (0, "")
    assert asked[-1].headers["If-None-Match"] == '"v1"'
    assert store.sources.load_state("far").etag == '"v1"'


def test_a_failure_does_not_forget_what_makes_the_request_conditional(store: Store) -> None:
    store.sources.record_success("far", NOON, etag='"v1"')
    assert run(store, remote("far"))["far"].error
    state = store.sources.load_state("far")
    assert (state.etag, state.collected_at, state.failing_since) == ('"v1"', NOON, NOON)


def test_a_store_that_fails_is_told_after_all_readings_have_ended(store: Store, tmp_path: Path) -> None:
    class Away:
        def add_articles(self, *_: object) -> int:
            raise StoreError("the database is away")

    store.articles = Away()  # type: ignore[assignment]
    with pytest.raises(StoreError, match="away"):
        run(store, feed(tmp_path, "news"), feed(tmp_path, "more"))
    assert store.sources.load_states() == (), "what was not kept is read again"


def answer_feed(*, etag: str = "", date: str = "", items: int = 1) -> httpx.Response:
    rows = "".join(
        f"<item><title>水库蓄水第{n}天</title><guid>{n}</guid><description>{BODY}</description>{date}</item>"
        for n in range(items)
    )
    text = f"<rss version='2.0'><channel><title>t</title>{rows}</channel></rss>"
    return httpx.Response(200, text=text, headers={"ETag": etag} if etag else {})


def test_an_etag_belongs_to_an_address_and_a_configuration(store: Store) -> None:
    run(store, remote("far"), answer=answer_feed(etag='"v1"'))
    asked: list[httpx.Request] = []
    run(store, replace(remote("far"), full_text=False), answer=answer_feed(etag='"v2"'), asked=asked)
    assert "If-None-Match" not in asked[-1].headers
    run(store, replace(remote("far"), full_text=False), answer=httpx.Response(304), asked=asked)
    assert asked[-1].headers["If-None-Match"] == '"v2"'


def test_a_permanent_redirect_is_followed_by_itself_after_three_readings(store: Store) -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path == "/far.xml":
            return httpx.Response(301, headers={"Location": "/new.xml"})
        return answer_feed()

    for _ in range(4):
        asked.clear()
        collect_through(store, remote("far"), respond)
    assert asked == ["/new.xml"]
    assert store.sources.load_state("far").moved_to == "https://example.org/new.xml"


def test_a_source_that_is_gone_is_not_asked_again_until_its_configuration_changes(store: Store) -> None:
    asked: list[httpx.Request] = []
    found = run(store, remote("far"), answer=httpx.Response(410), asked=asked)
    assert "for good" in found["far"].error
    assert "for good" in run(store, remote("far"), answer=answer_feed(), asked=asked)["far"].error
    assert len(asked) == 1
    assert (
        run(store, replace(remote("far"), address="https://example.org/b.xml"), answer=answer_feed())[
            "far"
        ].new
        == 1
    )


def test_a_check_of_the_browser_is_named_as_such(store: Store) -> None:
    answer = httpx.Response(403, headers={"cf-mitigated": "challenge"})
    assert "checks the browser" in run(store, remote("far"), answer=answer)["far"].error


def test_a_source_that_falls_silent_is_logged(store: Store, logged: list[EventDict]) -> None:
    dates = [NOON - timedelta(days=day) for day in range(9, 16)]
    rows = "".join(
        f"<item><title>t{n}</title><guid>{n}</guid><pubDate>{date:%Y-%m-%dT%H:%M:%SZ}</pubDate></item>"
        for n, date in enumerate(dates)
    )
    text = f"<rss version='2.0'><channel><title>t</title>{rows}</channel></rss>"
    run(store, remote("far"), answer=httpx.Response(200, text=text))
    assert [(line["days"], line["usual_days"]) for line in logged if line["event"] == "nothing new"] == [
        (9, 1.0)
    ]
    run(store, remote("far"), answer=httpx.Response(304))
    assert store.sources.load_state("far").usual_gap_days == 1.0, "an unchanged feed keeps its habits"


def test_a_first_reading_of_undated_items_is_not_all_news(store: Store) -> None:
    assert run(store, remote("far"), answer=answer_feed(items=30))["far"].new == 5
    assert len(store.articles.load_articles_since(NOON - timedelta(days=7), ["far"])) == 5
    assert run(store, remote("far"), answer=answer_feed(items=31))["far"].new == 1, (
        "later each new one is of today"
    )


def collect_through(store: Store, source: Source, respond: Callable[[httpx.Request], httpx.Response]) -> None:
    async def work() -> None:
        settings = Settings(file=Path("zhaibao.toml"), sources=(source,), digests=())
        async with Fetcher(contact="", transport=httpx.MockTransport(respond)) as fetcher:
            await collect_sources(settings, store, fetcher, run_here, NOON)

    asyncio.run(work())


def test_new_articles_with_doubtful_boundaries_are_named_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.txt"
    path.write_text(f"水库蓄水\n\n本报讯 {BODY}\n\n{BODY}\n", encoding="utf-8")
    paper = Source(kind="page", name="paper", address=str(path))
    monkeypatch.setattr("bot.models._LEAST_CERTAINTY", 1.0)  # no page is that certain
    outcome = run(store, paper)["paper"]
    assert [article.title for article in outcome.uncertain] == ["水库蓄水"]
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert run(store, paper)["paper"].uncertain == (), "it was read before"
