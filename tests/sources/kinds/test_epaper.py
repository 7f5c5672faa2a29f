"""An electronic newspaper's pages and articles are found by structure, in three systems' layouts."""

from datetime import UTC, date, datetime

import pytest

from bot.errors import SourceError
from bot.models import Source
from bot.sources.discovery import discover_sources
from bot.sources.kinds import epaper
from bot.sources.kinds.epaper import (
    IssuePage,
    _parse_page_name,
    find_frames,
    format_address,
    guess_template,
    parse_entries,
    parse_pages,
)
from tests.sources.papers import DAY, LAYOUTS, NAMES, Paper, titles

HOST = "https://paper.example"


def source(**more: str) -> Source:
    return Source(kind="epaper", name="临溪日报", address=f"{HOST}/", **more)  # type: ignore[arg-type]


@pytest.fixture(params=LAYOUTS)
def paper(request: pytest.FixtureRequest) -> tuple[Paper, str]:
    """A paper's pages, and the path of its first."""
    make, where = LAYOUTS[request.param]
    return make(), format_address(where, DAY)


def test_the_pages_are_found_with_their_numbers_and_names(paper: tuple[Paper, str]) -> None:
    made, first = paper
    found = parse_pages(made[first], HOST + first, source())
    assert [page.number.lstrip("A") for page in found] == ["1", "2", "3"]
    assert [page.name for page in found] == list(NAMES)
    assert found[0].url == HOST + first


def test_a_pages_articles_are_found_in_its_order_and_nothing_else(paper: tuple[Paper, str]) -> None:
    made, first = paper
    for number, page in enumerate(parse_pages(made[first], HOST + first, source()), 1):
        found = parse_entries(made[page.url.removeprefix(HOST)], page.url, page, DAY, source())
        assert [entry.title for entry in found] == titles(number)
        assert {entry.page.lstrip("A") for entry in found} == {str(number)}
        assert {entry.section for entry in found} == {NAMES[number - 1]}
        assert {entry.published_at for entry in found} == {datetime(2026, 11, 20, 12, tzinfo=UTC)}
        assert all(entry.url.removeprefix(HOST) in made for entry in found)


def test_an_article_on_a_page_of_its_own_is_found_where_it_stands_alone() -> None:
    listed = "<ul><li><a href='node_1.htm'>01版</a></ul>"
    html = f"{listed}<map><area href='content_7.htm' title='头条'></map>".encode()
    page = IssuePage(url=f"{HOST}/2026-11/20/node_1.htm", number="1")
    assert [entry.title for entry in parse_entries(html, page.url, page, DAY, source())] == ["头条"]


def test_selectors_go_before_what_is_found() -> None:
    html = (
        "<div id=p><a href=/a/1.htm>头版</a><a href=/a/2.htm>第02版：综合</a></div>"
        "<div id=n><a href=/x/9.htm>一篇文章的标题在这里</a></div>"
    ).encode()
    chosen = source(pages="#p a", articles="#n")
    found = parse_pages(html, f"{HOST}/", chosen)
    assert [(page.url, page.number, page.name) for page in found] == [
        (f"{HOST}/a/1.htm", "1", ""),
        (f"{HOST}/a/2.htm", "2", "综合"),
    ]
    assert [e.url for e in parse_entries(html, f"{HOST}/", found[0], None, chosen)] == [f"{HOST}/x/9.htm"]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [({"pages": ".none"}, "no link to a page fits pages = '.none'"), ({"pages": "a["}, "is no CSS selector")],
)
def test_a_wrong_selector_is_told(chosen: dict[str, str], message: str) -> None:
    with pytest.raises(SourceError, match=message.replace("[", r"\[").replace(".", r"\.")):
        parse_pages(b"<a href=/1.htm>x</a>", f"{HOST}/", source(**chosen))


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        ("第01版：要闻", "1", "要闻"),
        ("01版 要闻", "1", "要闻"),
        ("A12:文体", "A12", "文体"),
        ("第A03版", "A3", ""),
        ("第10版", "10", ""),
        ("第十二版 副刊", "12", "副刊"),
        ("第二十版：广告", "20", "广告"),
        ("A股大涨", "", ""),
        ("3月20日开幕", "", ""),
        ("县急救中心今日启用", "", ""),
        ("", "", ""),
    ],
)
def test_what_names_a_page(text: str, number: str, name: str) -> None:
    assert _parse_page_name(text) == (number, name)


@pytest.mark.parametrize(
    "where",
    [
        "/html/{day:%Y-%m/%d}/node_1.htm",
        "/{day:%Y%m%d}/A01.htm",
        "/paper/{day:%Y/%m/%d}/1",
        "/{day:%Y-%m-%d}/",
        "/p?date={day:%Y-%m-%d}",
    ],
)
def test_the_day_in_an_address_becomes_a_field_and_back(where: str) -> None:
    assert guess_template(HOST + format_address(where, DAY)) == HOST + where
    assert format_address(where, date(2026, 1, 2)) != format_address(where, DAY)


def test_an_address_without_a_day_has_no_field() -> None:
    assert guess_template(f"{HOST}/node_1.htm") == ""


def test_frames_and_the_page_a_reader_is_sent_to_are_named_on_the_same_host_alone() -> None:
    html = (
        b"<html><head><meta http-equiv='Refresh' content='0; URL=html/2026-11/20/node_1.htm'></head>"
        b"<frameset><frame src='list.htm'><frame src='https://ads.example/x.htm'><frame "
        b"src='list.htm'></frameset>"
    )
    assert find_frames(html, f"{HOST}/index.htm") == (
        f"{HOST}/list.htm",
        f"{HOST}/html/2026-11/20/node_1.htm",
    )


def test_a_paper_is_recognized_from_any_of_its_pages(paper: tuple[Paper, str]) -> None:
    made, first = paper
    (found,) = discover_sources(made[first], HOST + first)
    assert found.kind == "epaper"
    assert format_address(found.url.removeprefix(HOST), DAY) == first
    assert found.title.startswith("临溪")


def test_a_page_from_a_file_gives_its_entries() -> None:
    made, where = LAYOUTS["founder"][0](), format_address(LAYOUTS["founder"][1], DAY)
    found = epaper.parse_listing(made[where], HOST + where, source())
    assert [(entry.title, entry.page) for entry in found.entries] == [(title, "1") for title in titles(1)]


def test_a_page_that_leads_nowhere_is_told() -> None:
    with pytest.raises(SourceError, match="name them with articles = "):
        epaper.parse_listing(b"<p>Nothing.</p>", f"{HOST}/", source())


def test_hostile_pages_end() -> None:
    many = "".join(f"<a href='node_{n}.htm'>第{n % 999}版：要闻</a>" for n in range(50_000)).encode()
    assert len(parse_pages(many, f"{HOST}/", source())) == epaper._MAX_PAGES
    links = "".join(
        f"<a href='content_{n}.htm'>第一条标题写得很长很长{n}</a>" for n in range(50_000)
    ).encode()
    page = IssuePage(url=f"{HOST}/", number="1")
    assert len(parse_entries(links, f"{HOST}/", page, DAY, source())) == epaper._MAX_ARTICLES
    deep = b"<div>" * 100_000 + b"<a href='content_1.htm'>x</a>"
    assert isinstance(parse_entries(deep, f"{HOST}/", page, DAY, source()), list)
