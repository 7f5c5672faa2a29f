"""An issue is walked page by page, politely, once; served on loopback in three systems' layouts."""

import asyncio
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.cli.checks import CheckResult, check_source
from bot.errors import SourceError
from bot.fetch import Fetcher
from bot.models import Article, Source
from bot.pipeline.collect import CollectOutcome, collect_sources
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.reader_table import read_source
from bot.pipeline.source_readers.reading import SourceReading
from bot.settings import Settings
from bot.store import Store
from tests.fakes import run_here
from tests.sources.papers import BODY, DAY, LAYOUTS, NAMES, Paper, content, founder, titles

MORNING = datetime(2026, 11, 20, 1, tzinfo=UTC)  # nine o'clock in Shanghai


@dataclass
class Press:
    """A paper's server: what it holds, what it was asked for."""

    pages: Paper = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    status: dict[str, int] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    port: int = 0

    def source(self, where: str, **more: object) -> Source:
        given = {"kind": "epaper", "name": "paper", "address": f"http://127.0.0.1:{self.port}{where}"} | more
        return Source(**given)  # type: ignore[arg-type]


@pytest.fixture
def press() -> Iterator[Press]:
    held = Press()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            etag = f'"{len(held.pages)}"'
            status = held.status.get(self.path, 200 if self.path in held.pages else 404)
            if self.path in held.moved:
                status = 302
            elif status == 200 and self.headers["If-None-Match"] == etag:
                status = 304
            self.send_response(status)
            self.send_header("ETag", etag)
            if self.path in held.moved:
                self.send_header("Location", held.moved[self.path])
            self.end_headers()
            if status == 200:
                self.wfile.write(held.pages[self.path])

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        held.port = server.server_port
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield held
        server.shutdown()
        thread.join()


async def still(_: float) -> None:
    return


def collected(store: Store, press: Press, source: Source, now: datetime = MORNING) -> CollectOutcome:
    async def work() -> tuple[CollectOutcome, ...]:
        settings = Settings(file=Path("zhaibao.toml"), sources=(source,), digests=())
        async with Fetcher(contact="", allow_private=(f"127.0.0.1:{press.port}",), sleep=still) as fetcher:
            return await collect_sources(settings, store, fetcher, run_here, now)

    press.asked.clear()
    return asyncio.run(work())[0]


def looked_at(press: Press, source: Source, now: datetime = MORNING) -> SourceReading:
    async def work() -> SourceReading:
        async with Fetcher(contact="", allow_private=(f"127.0.0.1:{press.port}",), sleep=still) as fetcher:
            return await read_source(source, ReadingContext(fetcher=fetcher, workers=run_here, now=now))

    press.asked.clear()
    return asyncio.run(work())


def kept(store: Store) -> list[Article]:
    return sorted(
        store.articles.load_articles_since(MORNING.replace(year=2000), ["paper"]),
        key=lambda a: (a.page, a.url),
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_issue_becomes_its_articles_with_page_section_and_day(
    store: Store, press: Press, layout: str
) -> None:
    make, where = LAYOUTS[layout]
    press.pages = make()
    source = press.source(where)
    found = collected(store, press, source)
    assert (found.new, found.error) == (9, "")
    assert len(press.asked) == len(set(press.asked)), "nothing is asked for twice"
    assert "/robots.txt" in press.asked
    articles = kept(store)
    assert sorted(a.title for a in articles) == sorted(title for page in (1, 2, 3) for title in titles(page))
    assert [a.section for a in articles] == [name for name in NAMES for _ in range(3)]
    assert {a.page.lstrip("A") for a in articles} == {"1", "2", "3"}
    assert {a.published_at for a in articles} == {datetime(2026, 11, 20, 12, tzinfo=UTC)}
    assert all(len(a.paragraphs) == BODY.count("<p>") for a in articles)


def test_halves_on_two_pages_are_one_article(store: Store, press: Press) -> None:
    press.pages = founder()
    head, rest = "/html/2026-11/20/content_100.htm", "/html/2026-11/20/content_200.htm"
    torn = BODY.replace("<p>", "<p>（上接第一版）", 1)
    press.pages[head] = press.pages[head].replace(
        b"</div>", "<p>明年起，下游（下转第二版）</p></div>".encode()
    )
    press.pages[rest] = press.pages[rest].replace(BODY.encode(), torn.encode())
    collected(store, press, press.source(LAYOUTS["founder"][1]))
    assert [a.title for a in kept(store)] == [*titles(1), *titles(2)[1:], *titles(3)]
    whole = kept(store)[0]
    assert "明年起，下游青溪水库扩建工程" in whole.text
    assert len(whole.paragraphs) == 2 * BODY.count("<p>")
    assert (whole.page, whole.cut_tail, "版）" in whole.text) == ("1", False, False)


def test_what_was_read_is_not_asked_for_again(store: Store, press: Press) -> None:
    press.pages = founder()
    source = press.source(LAYOUTS["founder"][1])
    collected(store, press, source)
    assert collected(store, press, source).new == 0
    assert press.asked == ["/html/2026-11/20/node_1.htm"], "the issue has not changed"
    press.pages |= {"/html/2026-11/20/content_900.htm": content("最后一刻赶上的消息").encode()}
    changed = press.pages["/html/2026-11/20/node_2.htm"]
    press.pages["/html/2026-11/20/node_2.htm"] = changed.replace(
        b"<ul>", "<ul><li><a href='content_900.htm'>最后一刻赶上的消息</a></li>".encode(), 1
    )
    assert collected(store, press, source).new == 1
    assert [path for path in press.asked if "content" in path] == ["/html/2026-11/20/content_900.htm"]


def test_a_page_all_of_whose_articles_are_known_is_left_alone(store: Store, press: Press) -> None:
    press.pages = founder()
    source = press.source(LAYOUTS["founder"][1])
    for change in (b"", b"!", b"!!"):  # the front page changes each time
        press.pages[f"/changed{change!r}"] = change
        collected(store, press, source)
    assert press.asked == ["/html/2026-11/20/node_1.htm"]


def test_before_todays_issue_is_out_yesterdays_is_read_and_nobody_complains(
    store: Store, press: Press
) -> None:
    press.pages = founder(date(2026, 11, 19))
    source = press.source(LAYOUTS["founder"][1])
    assert collected(store, press, source).error == ""
    assert {a.published_at for a in kept(store)} == {datetime(2026, 11, 19, 12, tzinfo=UTC)}
    press.pages |= founder()
    assert collected(store, press, source).new == 0, "the same articles are the same whatever their address"
    assert "/html/2026-11/20/node_1.htm" in press.asked


def test_the_day_begins_in_the_papers_zone(press: Press) -> None:
    press.pages = founder()
    late = datetime(2026, 11, 19, 17, tzinfo=UTC)  # one o'clock of the 20th in Shanghai
    assert (
        looked_at(press, press.source(LAYOUTS["founder"][1]), late).description
        == "the issue of 2026-11-20, 3 pages"
    )


def test_a_day_that_leads_elsewhere_has_no_issue(press: Press) -> None:
    press.pages = founder(date(2026, 11, 18)) | {"/": b"<p>home</p>"}
    press.moved = {
        "/html/2026-11/20/node_1.htm": "/",
        "/html/2026-11/19/node_1.htm": "/html/2026-11/18/node_1.htm",
    }
    assert (
        looked_at(press, press.source(LAYOUTS["founder"][1])).description
        == "the issue of 2026-11-18, 3 pages"
    )


def test_no_issue_in_a_week_is_told_with_its_address(press: Press) -> None:
    with pytest.raises(
        SourceError, match=r"node_1.htm: there is no issue of 2026-11-20 or the 7 days before"
    ):
        looked_at(press, press.source(LAYOUTS["founder"][1]))
    assert len(press.asked) == 8


def test_another_failure_is_no_missing_issue(store: Store, press: Press) -> None:
    press.status["/html/2026-11/20/node_1.htm"] = 503
    assert "the server answered 503" in collected(store, press, press.source(LAYOUTS["founder"][1])).error


def test_a_page_that_fails_costs_its_own_articles_and_is_asked_for_again(store: Store, press: Press) -> None:
    press.pages = founder()
    press.status["/html/2026-11/20/node_2.htm"] = 503
    source = press.source(LAYOUTS["founder"][1])
    assert collected(store, press, source).new == 6
    (trouble,) = looked_at(press, source).troubles
    assert trouble.startswith("page 2: ")
    assert "503" in trouble
    press.status.clear()
    assert collected(store, press, source).new == 3


def test_check_tells_the_issue_and_what_could_not_be_read(press: Press) -> None:
    press.pages = founder()
    press.status["/html/2026-11/20/node_2.htm"] = 500

    async def work() -> CheckResult:
        async with Fetcher(contact="", allow_private=(f"127.0.0.1:{press.port}",), sleep=still) as fetcher:
            context = ReadingContext(fetcher=fetcher, workers=run_here, now=MORNING)
            return await check_source(press.source("/html/2026-11/20/node_1.htm"), context)

    found = asyncio.run(work())
    assert found.message.startswith("paper: 6 articles in the issue of 2026-11-20, 3 pages at http://")
    assert found.message.endswith("node_2.htm: the server answered 500")
    assert found.status != 0


def test_where_no_page_can_be_read_the_source_fails(press: Press) -> None:
    press.pages = founder()
    source = press.source(LAYOUTS["founder"][1], articles="a[")
    with pytest.raises(SourceError, match=r"page 1: .* is no CSS selector"):
        looked_at(press, source)


def test_an_address_without_a_day_is_the_newest_issue(press: Press) -> None:
    press.pages = founder() | {"/": b"<meta http-equiv=refresh content='0;url=/html/2026-11/20/node_1.htm'>"}
    got = looked_at(press, press.source("/"))
    assert (len(got.entries), got.description) == (9, "the issue of 2026-11-20, 3 pages")


def test_frames_are_looked_into(press: Press) -> None:
    made = founder()
    root = "/html/2026-11/20"
    press.pages = {path: page for path, page in made.items() if "content" in path}
    for n in (1, 2, 3):
        press.pages[f"{root}/node_{n}.htm"] = (
            f"<frameset><frame src=list.htm><frame src=page_{n}.htm></frameset>".encode()
        )
        press.pages[f"{root}/page_{n}.htm"] = made[f"{root}/node_{n}.htm"].split(b"<map")[1]
    press.pages[f"{root}/list.htm"] = made[f"{root}/node_1.htm"].split(b"<map")[0]
    got = looked_at(press, press.source(LAYOUTS["founder"][1]))
    assert len(got.entries) == 9


def test_robots_txt_is_obeyed(store: Store, press: Press) -> None:
    press.pages = founder() | {"/robots.txt": b"User-agent: *\nDisallow: /html/2026-11/20/content_2"}
    assert collected(store, press, press.source(LAYOUTS["founder"][1])).new == 6
    assert not [path for path in press.asked if "content_2" in path]


def test_an_address_that_holds_no_paper_is_told(press: Press) -> None:
    press.pages = {"/": b"<p>Nothing here.</p>"}
    with pytest.raises(SourceError, match=r"no links to pages or articles were recognized; set pages = "):
        looked_at(press, press.source("/"))


def test_the_day_of_the_sample_is_the_mornings() -> None:
    assert MORNING.date() == DAY
