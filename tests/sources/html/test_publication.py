# ruff: noqa: E501  (markup on one line each, as pages have it)
"""When an article came out is read from its page's data, near its heading or from its address, and nowhere else."""

from datetime import UTC, datetime

import lxml.html
import pytest

from bot.sources.dates import CHINA
from bot.sources.html.prose import walk_lines
from bot.sources.html.publication import find_author, find_publication_time
from bot.sources.html.structured_data import read_structured_data

TITLE = "临溪县急救中心正式启用"
BODY = "<p>临溪县急救中心11月30日正式启用，总投资1.26亿元，服务北部84个村。</p>"
SIDE = "<div class='side'><h3>旧闻</h3><p>桥梁封闭 2024-03-05 10:00</p></div><footer>2019-01-01 12:00 建站</footer>"
RIGHT = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)


def read_time(head: str = "", above: str = "", info: str = "", url: str = "https://linxi.example/x/7.html"):
    html = f"<html><head>{head}</head><body>{above}<h1>{TITLE}</h1>{info}{BODY}{SIDE}</body></html>"
    tree = lxml.html.document_fromstring(html)
    lines = [line for line in walk_lines(tree, is_page=True) if line.text]
    return find_publication_time(tree, read_structured_data(html, tree), lines, TITLE, url, CHINA)


def put_data(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:published_time' content='2026-11-30T08:30:00+08:00'>",
        "<meta name='publish_time' content='2026-11-30 08:30:00'>",
        "<meta property='og:release_date' content='2026-11-30 08:30:00'>",
        "<meta property='bytedance:published_time' content='2026-11-30T08:30:00+08:00'>",
        "<meta name='PubDate' content='2026-11-30 08:30'>",
        put_data('{"@type": "NewsArticle", "datePublished": "2026-11-30T08:30:00+08:00"}'),
        put_data(
            '{"@graph": [{"@type": "Organization"}, {"@type": "WebPage", "datePublished": "2026-11-30T08:30:00+08:00"}]}'
        ),
        put_data('<![CDATA[{"@type": ["NewsArticle"], "datePublished": "2026-11-30T08:30:00+08:00"}]]>'),
    ],
)
def test_metadata_and_structured_data_give_the_date(head):
    assert read_time(head) == RIGHT


@pytest.mark.parametrize(
    "info",
    [
        "<div>2026-11-30 08:30 来源：临溪日报</div>",
        "<p>发布时间：2026年11月30日 08:30</p>",
        "<time datetime='2026-11-30T08:30:00+08:00'>3小时前</time>",
        "<p>2026-11-28</p><p>2026-11-30 08:30</p>",
    ],
)
def test_a_line_near_the_heading_gives_the_date(info):
    assert read_time(info=info) == RIGHT


def test_a_line_above_the_heading_gives_the_date():
    assert read_time(above="<p>2026-11-30 08:30</p>") == RIGHT


@pytest.mark.parametrize("heading", ["急救中心正式启用", "临溪县急救中心"])
def test_a_line_near_a_heading_that_is_part_of_the_title_gives_the_date(heading):
    html = f"<html><body><h1>{heading}</h1><p>2026-11-30 08:30</p>{BODY}{SIDE}</body></html>"
    tree = lxml.html.document_fromstring(html)
    lines = [line for line in walk_lines(tree, is_page=True) if line.text]
    data = read_structured_data(html, tree)
    assert find_publication_time(tree, data, lines, TITLE, "https://linxi.example/x/7.html", CHINA) == RIGHT


def test_the_address_gives_the_day():
    assert read_time(url="https://linxi.example/2026/1130/7.html") == datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_a_sidebar_or_footer_never_gives_it():
    assert read_time() is None
    assert read_time(info="<div>3小时前 来源：临溪日报</div>") is None


def test_what_day_it_is_today_is_no_date_of_an_article():
    assert read_time(above="<p>今天是2026年12月1日</p>") is None


@pytest.mark.parametrize(
    ("head", "body", "name"),
    [
        ("<meta name='author' content='何雨桐'>", "", "何雨桐"),
        (
            put_data('{"@type": "NewsArticle", "author": [{"name": "He Yutong"}, {"name": "Lin Xia"}]}'),
            "",
            "He Yutong, Lin Xia",
        ),
        ("", "<p class='byline'>By <a rel='author'>He Yutong</a></p>", "He Yutong"),
        ("<meta name='author' content='https://linxi.example/he'>", "", ""),
    ],
)
def test_the_author_is_who_the_page_names(head, body, name):
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    tree = lxml.html.document_fromstring(html)
    assert find_author(tree, read_structured_data(html, tree)) == name
