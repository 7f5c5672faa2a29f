# ruff: noqa: E501  (samples on one line each)
"""The main picture's address, as feeds and pages name it; never one that is no plain https address."""

import json

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Article, Source
from bot.sources.html.structured_data import read_structured_data
from bot.sources.kinds import feed
from bot.sources.picture import MAX_ADDRESS_CHARACTERS, find_page_picture, resolve_picture
from bot.sources.teasers import complete_teaser

URL = "https://linxi.example/2026/1142.html"
A = "https://img.example/a.jpg"
SOURCE = Source(kind="feed", name="n", address="https://linxi.example/feed")


def find_picture(html: str) -> str:
    tree = lxml.html.document_fromstring(html)
    return find_page_picture(tree, read_structured_data(html, tree), URL)


@pytest.mark.parametrize(
    "html",
    [
        f'<meta property="og:image" content="{A}"><meta name="twitter:image" ' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'' f'content="https://img.example/b.jpg">',
        f'<meta property="og:image" content="http://img.example/b.jpg"><meta property="og:image:secure_url" content="{A}">',
        f'<meta name="twitter:image" content=" {A}\n">',
        f'<link rel="image_src" href="{A}">',
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "image": A})}</script>',
        f'<script type="application/ld+json">{json.dumps({"@graph": [{"x": 1}, {"image": {"url": A}}]})}</script>',
        f'<script type="application/ld+json">{{broken</script><script type="application/ld+json">{json.dumps([{"image": [A]}])}</script>',
        f'<img src="/pixel.gif" width="1"><img src="/icon.png" width="32"><img src="{A}" width="640">',
        f'<img src="/no-size.png"><img src="{A}" data-w="1080">',
    ],
    ids=["og", "secure", "twitter", "link", "data", "graph", "list in data", "large", "wide"],
)  # fmt: skip
def test_a_page_names_its_picture(html: str) -> None:
    assert find_picture(f"<html><body>{html}</body></html>") == A


def test_a_relative_picture_is_of_the_page() -> None:
    html = '<html><head><meta property="og:image" content="../a.jpg"></head><body>x</body></html>'
    assert find_picture(html) == "https://linxi.example/a.jpg"


@pytest.mark.parametrize(
    "html",
    [
        "x",
        '<img src="/a.jpg">',
        '<img src="/a.jpg" width="100%">',
        '<meta property="og:image" content="">',
        "<script type='application/ld+json'>" + "[" * 90_000 + "</script>",
    ],
)
def test_a_page_without_one_has_none(html: str) -> None:
    assert find_picture(f"<html><body>{html}</body></html>") == ""


@pytest.mark.parametrize(
    "link",
    [
        "http://img.example/a.jpg", "data:image/png;base64,AAAA", "javascript:alert(1)", "//", "https://", "https:///a.jpg",
        "https://u:p@img.example/a.jpg", "https://img.example/a b.jpg", 'https://img.example/"onload=', "https://img.example/<x>",
        "https://[::1/a", "https://img.example/\u202ea.jpg", "https://img.example/" + "a" * MAX_ADDRESS_CHARACTERS,
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_left_out(link: str) -> None:
    assert resolve_picture(link, "http://a.example/") == ""


@given(st.text(max_size=60))
def test_whatever_is_written_gives_an_address_or_nothing(link: str) -> None:
    found = resolve_picture(link, URL)
    assert found == "" or found.startswith("https://")


def entry_with(inside: str) -> Article:
    data = f'<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>t</title><item><title>蓄水</title><guid>1</guid><description>今天蓄水。</description>{inside}</item></channel></rss>'
    return feed.parse_articles(data.encode(), SOURCE.address, SOURCE)[0]


@pytest.mark.parametrize(
    "inside",
    [
        f'<enclosure url="{A}" type="image/jpeg" length="1"/>',
        f'<media:content url="{A}" medium="image"/>',
        f'<media:content url="https://img.example/film.mp4" type="video/mp4"/><media:thumbnail url="{A}"/>',
        f'<media:group><media:content url="{A}" type="image/webp"/></media:group>',
        f'<enclosure url="https://img.example/a.mp3" type="audio/mpeg" length="1"/><itunes:image href="{A}"/>',
    ],
)
def test_an_item_encloses_its_picture(inside: str) -> None:
    assert entry_with(inside).image == A


def test_an_item_without_one_has_none() -> None:
    assert entry_with('<enclosure url="https://img.example/a.mp3" type="audio/mpeg" length="1"/>').image == ""


@pytest.mark.parametrize(
    "inside",
    [
        "<image>https://img.example/a.jpg</image>",
        "<image><url>x</url></image>",
        "<media:thumbnail/>",
        "<enclosure/>",
    ],
)
def test_a_picture_that_is_named_in_no_known_way_is_none(inside: str) -> None:
    assert entry_with(inside).image == ""


def test_a_json_feed_names_it_too() -> None:
    data = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [{"id": "1", "content_text": "x", "image": None, "banner_image": A}],
        }
    )
    assert feed.parse_articles(data.encode(), SOURCE.address, SOURCE)[0].image == A


def test_a_teasers_own_picture_goes_before_its_pages() -> None:
    page = Article(title="t", text="long " * 9, image="https://img.example/page.jpg")
    assert complete_teaser(Article(title="t", text="x", image=A), page).image == A
    assert complete_teaser(Article(title="t", text="x"), page).image == page.image
