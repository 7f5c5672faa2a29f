"""What stands at an address is found out from what the address gives."""

from bot.sources.discovery import (
    SourceCandidate,
    _build_preview_address,
    _find_named_feeds,
    discover_sources,
    list_usual_places,
)

URL = "https://linxi.example/news/"
FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
LINKS = """<html><head><base href='/rss/'>
<link rel="alternate" type="application/rss+xml" title="要闻" href="top.xml">
<link rel='ALTERNATE' type='application/atom+xml' href='https://other.example/atom'>
<link rel="alternate" type="application/feed+json" href="feed.json">
<link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" href="a.css">
<link rel="alternate" type="application/rss+xml" href="javascript:x()">
</head><body></body></html>""".encode()
ARTICLE = (
    "<html><head><title>急救中心启用</title></head><body><h1>急救中心启用</h1>"
    + "<p>总投资1.26亿元的县急救中心20日启用，配备12辆救护车，全县设了六个急救站。</p>" * 6
    + "</body></html>"
).encode()
SECTION = (
    "<html><body>"
    + "".join(f"<li><a href='/2026/{n}.html'>第{n}个急救站今天开始接诊</a></li>" for n in range(9))
    + "</body></html>"
).encode()


def test_a_feed_is_a_feed():
    assert discover_sources(FEED, URL) == (SourceCandidate(kind="feed", url=URL, title="t"),)


def test_a_page_names_its_feeds():
    assert _find_named_feeds(LINKS, URL) == (
        SourceCandidate(kind="feed", url="https://linxi.example/rss/top.xml", title="要闻"),
        SourceCandidate(kind="feed", url="https://other.example/atom"),
        SourceCandidate(kind="feed", url="https://linxi.example/rss/feed.json"),
    )
    assert discover_sources(LINKS, URL)[0].kind == "feed"


def test_an_article_and_a_section_page_are_told_apart():
    assert discover_sources(ARTICLE, URL) == (SourceCandidate(kind="webpage", url=URL, title="急救中心启用"),)
    assert discover_sources(SECTION, URL) == (SourceCandidate(kind="site", url=URL),)


def test_a_channel_is_read_by_its_preview():
    assert discover_sources(b"", "https://t.me/linxi") == (
        SourceCandidate(kind="telegram", url="https://t.me/s/linxi"),
    )
    assert _build_preview_address("https://t.me/s/linxi?before=20") == "https://t.me/s/linxi"


def test_nothing_is_found_where_nothing_is():
    assert discover_sources(b"", URL) == ()
    assert discover_sources(b"<html><body>hello</body></html>", URL) == ()


def test_usual_places_are_beside_the_page_and_at_the_root():
    places = list_usual_places(URL)
    assert places[0] == "https://linxi.example/news/feed"
    assert "https://linxi.example/feed" in places
    assert len(places) == len(set(places))
