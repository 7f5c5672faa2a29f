"""The command for operators with a real paper, on a small paper printed for the test and served on
loopback.
"""

import asyncio
import http.server
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from bot.fetch import Fetcher
from bot.models import Article, Source
from bot.settings import Settings

TOOLS = Path(__file__).parents[1] / "benchmarks" / "pages"
DAY = date(2026, 11, 20)


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType]:
    monkeypatch.syspath_prepend(str(TOOLS))
    import epaper
    import pdf_pages

    return epaper, pdf_pages


def print_paper(printer: ModuleType) -> dict[str, bytes]:
    """Two pages with their PDF, each article a page of the site too."""
    root = f"/html/{DAY:%Y-%m/%d}"
    printed = list(printer.made(printer.own_pages(), 2, 3))
    nodes = "".join(
        f"<a href='node_{n}.htm'>第0{n}版：要闻</a><a href='../../page/{n}.pdf'>PDF</a>"
        for n in range(1, len(printed) + 1)
    )
    paper: dict[str, bytes] = {"/robots.txt": b"User-agent: *\nAllow: /\n"}
    for n, (_, data, articles) in enumerate(printed, 1):
        paper[f"/html/page/{n}.pdf"] = data
        links = "".join(
            f"<li><a href='content_{n}{i:02d}.htm'>{article['title']}</a></li>"
            for i, article in enumerate(articles)
        )
        paper[f"{root}/node_{n}.htm"] = f"<html><body>{nodes}<ul>{links}</ul></body></html>".encode()
        for i, article in enumerate(articles):
            body = "".join(f"<p>{text}</p>" for text in article["paragraphs"])
            paper[f"{root}/content_{n}{i:02d}.htm"] = (
                f"<html lang='zh'><head><title>县报</title></head><body><h2>{article['title']}</h2>"
                f"<div id='ozoom'>{body}</div></body></html>"
            ).encode()
    return paper


@pytest.fixture
def press(tools: tuple[ModuleType, ModuleType]) -> Iterator[tuple[int, list[str]]]:
    paper, asked = print_paper(tools[1]), []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if self.path in paper else 404)
            self.end_headers()
            self.wfile.write(paper.get(self.path, b""))

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, asked
        server.shutdown()
        thread.join()


def test_a_papers_pdf_is_scored_against_its_sites_articles_and_fetched_once(
    tools: tuple[ModuleType, ModuleType], press: tuple[int, list[str]], tmp_path: Path
) -> None:
    port, asked = press
    address = f"http://127.0.0.1:{port}/html/{{day:%Y-%m/%d}}/node_1.htm"
    settings = Settings(
        file=tmp_path / "zhaibao.toml",
        sources=(Source(kind="epaper", name="县报", address=address),),
        digests=(),
    )

    async def still(_: float) -> None:
        return

    async def measure() -> list[str]:
        async with Fetcher(contact="", allow_private=(f"127.0.0.1:{port}",), sleep=still) as fetcher:
            figures: list[str] = await tools[0].measure_papers(settings, fetcher, [DAY], tmp_path)
            return figures

    (figures,) = asyncio.run(measure())
    assert figures.startswith("县报: 2 pages, ")
    assert "article F1 1.000, boundary F1 1.000, title 1.000" in figures
    assert "县报 2026-11-20 01, boundary F1 1.00" in (tmp_path / "worst.html").read_text(encoding="utf-8")
    assert len(asked) == len(set(asked)) + 1, "the first page is asked for as the issue and as a page"
    asked.clear()
    assert asyncio.run(measure()) == [figures]
    assert asked == []


def test_a_merged_article_and_a_wrong_title_lower_the_figures(tools: tuple[ModuleType, ModuleType]) -> None:
    epaper = tools[0]
    first, second = (
        "水库的新闸门昨天吊装到位，三个村的灌溉用水有了保证。",
        "图书馆延长开放时间，读者凭身份证入馆，不收费用。",
    )
    printed = [
        epaper.PrintedArticle(title=title, text=text) for title, text in (("换闸门", first), ("夜读", second))
    ]
    apart = [Article(title="换闸门", text=first), Article(title="晨读", kicker="图书馆", text=second)]
    score = epaper.score_page(printed, apart)
    assert (score.article_f1, score.boundary_f1, score.title_share) == (0.5, 1.0, 0.5)
    merged = epaper.score_page(printed, [Article(title="换闸门", text=f"{first}\n{second}")])
    assert (merged.article_f1, merged.boundary_f1) == (0.0, 0.0)
