"""Section pages give the links to their articles and no others."""

from datetime import UTC, datetime

import pytest

from bot.errors import SourceError
from bot.models import Source
from bot.sources.kinds.site import parse_listing
from bot.sources.kinds.table import KINDS

URL = "https://linxi.example/news/"
TITLES = [
    "临溪县急救中心今日启用",
    "青溪水库扩建工程下闸蓄水",
    "县城老旧小区加装电梯",
    "两万亩冬小麦用上北斗",
]
ROWS = "".join(
    f"<li><a href='/2026/1120/114{n}.html'>{title}</a><span>2026-11-20</span></li>"
    for n, title in enumerate(TITLES)
)
MENU = "".join(f"<li><a href='/c{n}/'>栏目{n}</a></li>" for n in range(9))
PAGE = (
    f"<html><body><nav><ul>{MENU}<li><a href='/2026/1120/9.html'>导航里的一篇长标题文章"
    f"</a></li></ul></nav><ul "
    f"class='list'>{ROWS}</ul><ul>{MENU}</ul><a "
    f"href='/about/this-paper'>关于本报的一些说明文字</a><footer><a "
    f"href='/x/1.html'>版权所有临溪县融媒体中心</a></footer></body></html>"
)


def source(selector: str = "") -> Source:
    return Source(kind="site", name="临溪", address=URL, selector=selector)


def test_the_largest_family_of_alike_links_are_the_articles():
    found = parse_listing(PAGE.encode(), URL, source()).entries
    assert [entry.title for entry in found] == TITLES
    assert found[0].url == found[0].key == "https://linxi.example/2026/1120/1140.html"


def test_the_day_beside_a_link_is_taken():
    assert parse_listing(PAGE.encode(), URL, source()).entries[0].published_at == datetime(
        2026, 11, 20, 12, tzinfo=UTC
    )


def test_a_selector_names_the_links_or_what_holds_them():
    for selector in ("ul.list a", "ul.list", ".list li"):
        assert [
            entry.title for entry in parse_listing(PAGE.encode(), URL, source(selector)).entries
        ] == TITLES


def test_an_article_linked_twice_is_one_entry():
    twice = PAGE.replace("</ul><ul>", f"</ul><ul>{ROWS}</ul><ul>")
    assert len(parse_listing(twice.encode(), URL, source()).entries) == len(TITLES)


def test_english_pages_with_named_addresses_are_read():
    rows = "".join(
        f"<h3><a href='/news/emergency-centre-opens-{n}'>The emergency centre opens, part {n}</a></h3>"
        for n in range(4)
    )
    found = parse_listing(
        f"<body>{rows}<a href='/contact'>Contact the editors of this paper</a></body>".encode(), URL, source()
    )
    assert len(found.entries) == 4


@pytest.mark.parametrize(
    ("html", "selector", "message"),
    [
        ("<body><p>No links at all.</p></body>", "", "selector = "),
        (f"<body>{MENU}</body>", "", "no links to articles"),
        (PAGE, ".nothing", "no link matches selector '.nothing'"),
        (PAGE, "a[", "is no CSS selector"),
        ("", "", "empty"),
    ],
)
def test_a_page_that_leads_to_no_articles_is_told(html, selector, message):
    with pytest.raises(SourceError) as refusal:
        parse_listing(html.encode(), URL, source(selector))
    assert message in str(refusal.value)


def test_the_kind_gives_entries_and_no_articles():
    found = KINDS["site"].parse_listing(PAGE.encode(), URL, source())
    assert (found.articles, len(found.entries)) == ((), len(TITLES))
