"""Feeds of every kind and in every state become entries and articles."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.models import Source
from bot.sources.kinds.feed import build_article, parse_articles, parse_entries

SEEDS = Path(__file__).parents[3] / "seeds" / "feeds"
URL = "https://linxi.example/news/feed.xml"
SOURCE = Source(kind="feed", name="临溪", address=URL)
BODY = (
    "临溪县急救中心20日启用，总投资1.26亿元，配备12辆救护车。"
    "全县的急救电话由新的调度大厅受理，在乡镇设了6个急救站。"
)


def rss(
    items: str, head: str = "", version: str = "2.0", prolog: str = '<?xml version="1.0" encoding="UTF-8"?>'
) -> str:
    return (
        f'{prolog}<rss version="{version}" xmlns:content="http://purl.org/rss/1.0/modules/content/"><chan'
        f"nel><title>t</title>{head}{items}</channel></rss>"
    )


def one(text: str | bytes, charset: str = ""):
    data = text if isinstance(text, bytes) else text.encode()
    (found,) = parse_entries(data, URL, charset)
    return found


def test_rss_2_with_the_whole_content_and_a_teaser_takes_the_whole():
    found = one(
        rss(
            "<item><title>急救中心</title><link>https://linxi.example/1</link><guid "
            'isPermaLink="false">g1</guid><description>短</description>'
            f"<content:encoded><![CDATA[<p>{BODY}</p>]]></content:encoded><category>民生</category><aut"
            f"hor>a@b.example (何雨桐)</author>"
            "<pubDate>Fri, 20 Nov 2026 08:30:00 +0800</pubDate></item>"
        )
    )
    assert (found.key, found.url, found.title) == ("g1", "https://linxi.example/1", "急救中心")
    assert (found.html, found.author, found.section) == (f"<p>{BODY}</p>", "何雨桐", "民生")
    assert found.published_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


def test_a_teaser_alone_is_taken():
    assert one(
        rss("<item><title>t</title><description>A &lt;b&gt;bold&lt;/b&gt; teaser</description></item>")
    ).html == ("A <b>bold</b> teaser")


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94"])
def test_older_rss_is_read(version):
    assert (
        one(rss("<item><title>t</title><link>https://linxi.example/1</link></item>", version=version)).title
        == "t"
    )


def test_rss_1_is_read():
    found = one(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel '
        'rdf:about="https://linxi.example/"><title>c</title></channel>'
        '<item rdf:about="https://linxi.example/1"><title>急救</title><link>https://linxi.example/1</link>'
        "<description>文</description><dc:date>2026-11-20T08:30:00+08:00</dc:date><dc:creator>何雨桐</dc:"
        "creator></item></rdf:RDF>"
    )
    assert (found.title, found.url, found.author) == ("急救", "https://linxi.example/1", "何雨桐")
    assert found.published_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


def test_atom_with_xhtml_and_relative_links_is_read():
    found = one(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://linxi.example/2026/"><title>f</t'
        "itle><id>f</id>"
        '<entry><id>tag:1</id><title type="html">A &amp;amp; B</title><link '
        'href="a.html"/><updated>2026-11-20T00:30:00Z</updated>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>See <a '
        'href="b.html">b</a> &amp; go</p></div></content>'
        "</entry></feed>"
    )
    assert (found.key, found.url, found.title) == ("tag:1", "https://linxi.example/2026/a.html", "A & B")
    assert '<a href="https://linxi.example/2026/b.html">b</a>' in found.html
    assert build_article(found, SOURCE).text == "See b & go"


def test_json_feed_is_read():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": 7,
                "url": "/a",
                "title": "急救",
                "content_html": "<p>文<script>x()</script></p>",
                "date_published": "2026-11-20T08:30:00+08:00",
                "authors": [{"name": "何雨桐"}, {"name": "周牧野"}],
                "tags": ["民生"],
            },
            {"id": "8", "content_text": "1 < 2\nzwei", "author": {"name": "old"}},
        ],
    }
    first, second = parse_entries(json.dumps(feed).encode(), URL)
    assert (first.key, first.url, first.html, first.author) == (
        "7",
        "https://linxi.example/a",
        "<p>文</p>",
        "何雨桐, 周牧野",
    )
    assert first.published_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    assert build_article(second, SOURCE).text == "1 < 2\nzwei"
    assert second.author == "old"


def test_an_item_without_a_guid_is_known_by_its_link_and_without_a_link_by_its_content():
    assert (
        one(rss("<item><title>t</title><link>https://linxi.example/1</link></item>")).key
        == "https://linxi.example/1"
    )
    bare = rss("<item><title>t</title><description>d</description></item>")
    assert one(bare).key == one(bare).key
    assert one(bare).key != one(bare.replace(">d<", ">e<")).key


def test_an_item_without_a_date_has_none():
    assert one(rss("<item><title>t</title></item>")).published_at is None


def test_a_chinese_feed_without_zones_means_china():
    item = (
        "<item><title>急救中心今日启用，全县急救半径缩短</title><pubDate>2026-11-20 08:30:00</pubDate></item>"
    )
    assert one(rss(item)).published_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    english = item.replace(
        "急救中心今日启用，全县急救半径缩短", "An emergency centre opens in the county today"
    )
    assert one(rss(english)).published_at == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def test_an_item_without_a_title_is_called_by_its_first_sentence():
    found = build_article(one(rss(f"<item><description>{BODY}</description></item>")), SOURCE)
    assert found.title == "临溪县急救中心20日启用，总投资1.26亿元，配备12辆救护车。"


def test_a_long_first_sentence_is_cut_for_a_title():
    found = build_article(one(rss(f"<item><description>{'长' * 99}</description></item>")), SOURCE)
    assert found.title == "长" * 39 + "…"


def test_the_same_item_twice_is_one_entry():
    item = "<item><title>t</title><guid>1</guid></item>"
    assert len(parse_entries(rss(item + item).encode(), URL)) == 1


def test_several_categories_are_keywords_and_no_section():
    assert one(rss("<item><title>t</title><category>a</category><category>b</category></item>")).section == ""


def test_the_operators_words_go_before_the_feeds():
    entry = one(
        rss("<item><title>t</title><category>民生</category><description>English words</description></item>")
    )
    source = Source(kind="feed", name="n", address=URL, language="zh", section="要闻")
    found = build_article(entry, source)
    assert (found.section, found.language, found.source) == ("要闻", "zh", "n")
    assert build_article(entry, SOURCE).section == "民生"


@pytest.mark.parametrize("declared", ["GB2312", "gbk", "GB18030", "utf-8", "", "big5", "iso-8859-1"])
@pytest.mark.parametrize("real", ["gb18030", "utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("header", ["", "utf-8", "gb2312", "nonsense"])
def test_encodings_are_read_however_wrongly_they_are_declared(declared, real, header):
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    text = rss(f"<item><title>急救中心启用</title><description>{BODY}</description></item>", prolog=prolog)
    found = one(text.encode(real), header)
    assert (found.title, found.html) == ("急救中心启用", BODY)


def test_big5_is_read_with_and_without_a_declaration():
    body = (
        "臨溪縣的急救中心在二十日啟用，總投資一億元。全縣的急救電話由新的調度大廳受理，鄉鎮也設了六個急救站。"
    )
    for prolog in ('<?xml version="1.0" encoding="Big5"?>', ""):
        assert (
            one(rss(f"<item><description>{body}</description></item>", prolog=prolog).encode("big5")).html
            == body
        )


def test_latin_1_without_a_declaration_is_not_taken_for_chinese():
    text = rss(
        "<item><description>Un café très fréquenté à Orléans, près de l'hôtel.</description></item>",
        prolog="",
    )
    assert "café très fréquenté" in one(text.encode("latin-1"), "iso-8859-1").html


def test_scripts_handlers_and_odd_links_do_not_get_through():
    dirty = (
        "<p onclick='x()'>文<script>alert(1)</script><img src=x onerror=alert(1)><a "
        "href='javascript:x()'>a</a>"
        "<a href='data:text/html,x'>b</a><iframe src='https://x.example'>c</iframe><svg onload=x()></svg></p>"
    )
    html = one(rss(f"<item><description><![CDATA[{dirty}]]></description></item>")).html
    for bad in ("script", "onclick", "onerror", "javascript:", "data:", "iframe", "svg", "alert"):
        assert bad not in html


def test_a_link_that_is_no_web_address_is_dropped():
    assert one(rss("<item><title>t</title><link>javascript:alert(1)</link></item>")).url == ""


def test_characters_that_other_readers_lose_stay():
    found = one(
        rss(
            "<item><description>a &lt;b&gt;x&lt;/b&gt;&amp;nbsp;y &amp;amp;amp; AT&amp;amp;T “引号” 𠮷 "
            "5 &amp;lt; 6</description></item>"
        )
    )
    assert build_article(found, SOURCE).text == "a x y &amp; AT&T “引号” 𠮷 5 < 6"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html><head><title>t</title></head><body><p>no feed</p></body></html>",
        b"{}",
        b"[]",
        b'{"version": 1}',
        b'{"items": [], "version": "other"}',
        b"{" * 100_000,
        b"\x00\x01\x02",
        b"<?xml version='1.0'?><opml/>",
    ],
    ids=lambda data: data[:20].decode(),
)
def test_what_is_no_feed_is_told(data):
    with pytest.raises(SourceError, match="feed"):
        parse_entries(data, URL)


def test_a_web_page_in_place_of_a_feed_is_told_as_such():
    with pytest.raises(SourceError, match="web page"):
        parse_entries(b"<!DOCTYPE html><html><body>hello</body></html>", URL)


def test_a_feed_without_items_is_empty_and_no_error():
    assert parse_entries(rss("").encode(), URL) == ()


def test_broken_xml_gives_what_can_be_read():
    broken = rss(
        "<item><title>一 & 二</title><description>文<br></description></item><item><title>三</title>"
    )
    assert [entry.title for entry in parse_entries(broken.encode(), URL)] == ["一 & 二", "三"]


BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "entities": f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{BILLION}]>'
    + rss("<item><title>&l9;</title></item>", prolog=""),
    "one long entity": f'<!DOCTYPE r [<!ENTITY a "{"x" * 100_000}">]>'
    + rss(f"<item><title>{'&a;' * 10_000}</title></item>", prolog=""),
    "outside entity": '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    + rss("<item><title>&a;</title></item>", prolog=""),
    "a megabyte in an attribute": rss(
        f"<item><title>t</title><link href='{'a' * 1_000_000}'/><description>&lt;a "
        f'href="{"b" * 1_000_000}"&gt;x&lt;/a&gt;</description></item>'
    ),
    "deep": rss("<item><title>t</title><description>" + "<div>" * 20_000 + "</description></item>"),
    "deep and escaped": rss(
        "<item><title>t</title><description>" + "&lt;div&gt;" * 20_000 + "</description></item>"
    ),
    "attributes": rss("<item " + "".join(f'a{n}="" ' for n in range(50_000)) + "><title>t</title></item>"),
    "items in items": rss("<item>" * 50_000),
    "open CDATA": rss("<item><title>" + "<![CDATA[" * 50_000 + "</title></item>"),
    "blanks": rss("<item><description>&lt;p&gt;中" + "\n" + " " * 500_000 + "x</description></item>"),
    "open tags": rss("<item><title>t</title><description>" + "&lt;a " * 50_000 + "</description></item>"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_soon_in_entries_or_an_error(name):
    try:
        found = parse_articles(BOMBS[name].encode(), URL, SOURCE)
    except SourceError:
        return
    assert sum(len(each.text) + len(each.title) for each in found) < 3_000_000
    assert "root:" not in "".join(each.title for each in found)


@given(
    st.binary(max_size=300)
    | st.text(alphabet="<>/rsitemle&;!?[] \"'=", max_size=200).map(lambda text: rss(text).encode())
)
def test_any_bytes_end_in_entries_or_the_one_error(data):
    with suppress(SourceError):
        parse_articles(data, URL, SOURCE)


@pytest.mark.parametrize(("name", "count"), [("linxi-news.xml", 6), ("frontier-notes.atom", 5)])
def test_the_sample_feeds_hold_whole_dated_articles(name, count):
    found = parse_articles((SEEDS / name).read_bytes(), URL, SOURCE)
    assert len(found) == count
    for each in found:
        assert 250 <= len(each.text) <= 700
        assert each.published_at is not None
        assert each.language == "zh"
        assert each.url
        assert each.byline
        assert "编辑：" not in each.text
        assert "分享" not in each.text


def list_titles(text: str) -> list[str]:
    return [entry.title for entry in parse_entries(text.encode(), URL)]


def test_an_identifier_that_other_titles_share_identifies_nothing():
    items = "".join(
        f"<item><title>Story {n}</title><link>https://linxi.example/{n}</link><guid>https://linxi.exa"
        f"mple/</guid></item>"
        for n in range(4)
    )
    entries = parse_entries(rss(items).encode(), URL)
    assert [entry.title for entry in entries] == ["Story 0", "Story 1", "Story 2", "Story 3"]
    assert len({entry.key for entry in entries}) == 4
    assert [entry.key for entry in parse_entries(rss(items).encode(), URL)] == [
        entry.key for entry in entries
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("How &lt;script&gt; tags block rendering", "How <script> tags block rendering"),
        ("C++ vector&lt;int&gt; in the county", "C++ vector<int> in the county"),
        ("<![CDATA[Use of the <video> tag rises]]>", "Use of the <video> tag rises"),
        ("<![CDATA[<b>重磅</b>：急救中心启用]]>", "重磅：急救中心启用"),
        ("<![CDATA[10<sup>6</sup> litres]]>", "10⁶ litres"),
        ("Sales &lt; 5 &amp; rising &gt; 3", "Sales < 5 & rising > 3"),
    ],
)
def test_names_of_tags_in_a_title_stay_and_inline_markup_goes(title, expected):
    assert list_titles(rss(f"<item><title>{title}</title></item>")) == [expected]


def read_dates(*dates: str, language: str = "") -> list[str]:
    items = "".join(
        f"<item><title>{n}</title><pubDate>{date}</pubDate></item>" for n, date in enumerate(dates)
    )
    head = f"<language>{language}</language>" if language else ""
    entries = parse_entries(rss(items, head=head).encode(), URL)
    return [f"{entry.published_at:%Y-%m-%d %H:%M}" if entry.published_at else "" for entry in entries]


def test_the_other_items_decide_between_day_and_month():
    assert read_dates("03/04/2026 08:30", "25/04/2026 08:30") == ["2026-04-03 08:30", "2026-04-25 08:30"]
    assert read_dates("03/04/2026 08:30", "04/25/2026 08:30") == ["2026-03-04 08:30", "2026-04-25 08:30"]


def test_the_feeds_language_decides_where_no_item_does():
    assert read_dates("03/04/2026", language="de") == ["2026-04-03 12:00"]
    assert read_dates("03/04/2026", language="en-US") == ["2026-03-04 12:00"]
    assert read_dates("03/04/2026", language="en") == [""]


def test_a_date_that_cannot_be_read_is_unknown_rather_than_wrong():
    assert read_dates("30-11-2026 08:30", "tomorrow", "31/31/2026") == ["2026-11-30 08:30", "", ""]


def test_a_feed_of_replacement_characters_is_no_feed():
    data = rss(f"<item><title>{'�' * 20}</title></item>")
    with pytest.raises(SourceError, match="any encoding"):
        parse_entries(data.encode(), URL)


def test_what_a_feed_hides_is_left_out_and_what_it_strikes():
    html = "<p>It costs <del>12</del> <ins>15</ins> million.</p><p style='display:none'>Win a car.</p>"
    entry = one(rss(f"<item><title>t</title><description><![CDATA[{html}]]></description></item>"))
    source = Source(kind="feed", name="s", address=URL)
    assert build_article(entry, source).text == "It costs 15 million."


@pytest.mark.parametrize("title", ["", "[No Title]", "无标题", "(untitled)"])
def test_a_title_that_says_there_is_none_is_replaced_by_the_text(title):
    entry = one(rss(f"<item><title>{title}</title><description>{BODY}</description></item>"))
    assert build_article(entry, Source(kind="feed", name="s", address=URL)).title.startswith("临溪县急救中心")


def test_a_json_feed_with_its_oldest_item_first_keeps_the_newest():
    items = [
        {"id": str(n), "date_published": f"2026-{1 + n // 120:02}-01T00:00:{n % 60:02}Z"}
        for n in range(1_200)
    ]
    data = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": items})
    assert [entry.key for entry in parse_entries(data.encode(), URL)][:1] == ["200"]
