# ruff: noqa: E501  (markup on one line each, as pages have it)
"""An article's title is told from the site's name and from the titles of others."""

import lxml.html
import pytest

from bot.sources.html.headline import find_title
from bot.sources.html.structured_data import read_structured_data

URL = "https://linxi.example/2026/1130/7.html"


def read_title(head: str, body: str = "", url: str = URL) -> str:
    html = f"<html><head>{head}</head><body>{body}<p>x</p></body></html>"
    tree = lxml.html.document_fromstring(html)
    return find_title(tree, read_structured_data(html, tree), url)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("急救中心启用_民生_临溪新闻网", "急救中心启用"),
        ("急救中心启用-新闻-临溪在线", "急救中心启用"),
        ("守护生命-记急救中心的十二名医生_临溪新闻网", "守护生命-记急救中心的十二名医生"),
        ("Tea is late | Linxi Times", "Tea is late"),
        ("Harbour - ten years on", "Harbour - ten years on"),
        ("Tea is late", "Tea is late"),
    ],
)
def test_names_of_site_and_section_are_cut(title, expected):
    assert read_title(f"<title>{title}</title>") == expected


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>Centre opens in Linxi | Linxi Times</title>", "<h1><a href='/'>Linxi Times</a></h1><h1>Centre opens in Linxi</h1>"),
        ("<title>Linxi Times - Centre opens in Linxi</title>", "<h1>Linxi Times</h1><h2>Centre opens in Linxi</h2>"),
        ("<title>x</title><meta property='og:title' content='Centre opens in Linxi - Linxi Times'><meta property='og:site_name' content='Linxi Times'>", ""),
        ("<title>Centre opens in Linxi - linxi.example</title>", "<h1><a href='https://linxi.example/'>linxi.example</a></h1>"),
        ("<title>Linxi Times</title><meta property='og:site_name' content='Linxi Times'>", "<h1>Centre opens in Linxi</h1>"),
        ("<title>Linxi Times</title><meta property='og:title' content='Linxi Times'><meta property='og:site_name' content='Linxi Times'>", "<h1>Centre opens in Linxi</h1>"),
    ],
    ids=["logo", "site first", "stated with its name", "host", "title is the site", "all metadata are the site"],
)  # fmt: skip
def test_the_sites_name_is_no_title(head, body):
    assert read_title(head, body) == "Centre opens in Linxi"


def test_what_metadata_state_goes_before_what_the_page_shows():
    ld = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Centre opens after six years"}</script>'
    head = f"<title>Centre opens | Linxi Times</title>{ld}<meta property='og:title' content='Centre opens'>"
    assert read_title(head, "<h1>Centre opens</h1>") == "Centre opens after six years"


def test_metadata_that_are_the_same_on_all_pages_do_not_count():
    head = "<title>Centre opens in Linxi</title><meta property='og:title' content='News, weather and sport'>"
    assert read_title(head, "<h1>Centre opens in Linxi</h1>") == "Centre opens in Linxi"


def test_a_statement_that_a_quotation_mark_broke_off_is_completed():
    title = "多地项目爆雷 集团“暗伤”曝露？"
    head = f"<title>{title}_网</title><meta property='og:title' content='多地项目爆雷 集团'>"
    assert read_title(head, f"<h1>{title}</h1>") == title


def test_a_page_without_any_title_has_none():
    assert read_title("") == ""


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Brücke", "Neue Brücke über die Leine eröffnet", "Neue Brücke über die Leine eröffnet"),
        ("蓄水", "青溪水库今日蓄水", "青溪水库今日蓄水"),
        ("Leuchtturm", "Der Leuchtturm wird neunzig", "Der Leuchtturm wird neunzig"),
        ("Bridge", "Cambridge opens", "Bridge"),  # no word of the heading
        ("Tea is late", "Why tea is late this year", "Tea is late"),  # a title by itself
    ],
)
def test_a_title_of_one_word_gives_way_to_the_heading_that_has_the_word(title, heading, expected):
    assert read_title(f"<title>{title}</title>", f"<h1>{heading}</h1>") == expected
