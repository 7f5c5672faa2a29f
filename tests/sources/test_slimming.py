"""Feeds and pages lose what no honest one holds, and nothing else."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.sources.slimming import (
    MAX_ITEMS,
    MAX_PAGE_TAGS,
    flatten_html,
    keep_newest_items,
    measure_depth,
    slim_feed,
    slim_page,
)

FEEDS = Path(__file__).parents[2] / "seeds" / "feeds"


@pytest.mark.parametrize("name", ["linxi-news.xml", "frontier-notes.atom"])
def test_an_honest_feed_stays_as_it_is(name):
    text = (FEEDS / name).read_text("utf-8")
    assert slim_feed(text, "x").text == text


def test_the_first_items_of_an_endless_feed_are_kept_with_what_closes_it():
    items = "".join(f"<item><title>{n}</title></item>" for n in range(MAX_ITEMS + 5))
    text = keep_newest_items(f"<rss><channel>{items}</channel></rss>").text
    assert text.count("<item>") == MAX_ITEMS
    assert text.endswith(f"<title>{MAX_ITEMS - 1}</title></item></channel></rss>")


def test_monstrous_tags_go_and_their_text_stays():
    assert slim_feed(f"<a>1</a><b x='{'y' * 5000}'>2</b>", "x").text == "<a>1</a> 2</b>"


@pytest.mark.parametrize("bomb", ["<a/>" * 100_001, "&" * 1_000_001, "<item>" + "<div>" * 300])
def test_bombs_are_refused(bomb):
    with pytest.raises(SourceError, match="too"):
        slim_feed(bomb, "x")


def test_what_stands_in_cdata_is_not_counted():
    text = f"<item><![CDATA[{'<b>x</b>' * 60_000}]]></item>"
    assert slim_feed(text, "x").text == text


@pytest.mark.parametrize(
    ("html", "levels"),
    [
        ("", 0),
        ("<p>a<p>b<p>c", 0),
        ("<ul><li>a<li>b</ul>", 1),
        ("<b><i>x</i></b><b>y</b>", 2),
        ("<a/><a/>", 0),
        ("</b></b><b>", 1),
    ],
)
def test_depth_counts_tags_that_nest(html, levels):
    assert measure_depth(html) == levels


def test_html_nested_beyond_reason_keeps_its_paragraphs():
    assert flatten_html("<div>" * 300 + "<p>一</p><br>二").strip() == "<p>一</p><br>二"
    assert flatten_html("<div><p>一</p></div>") == "<div><p>一</p></div>"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("a<script>x<y</script>b", "ab"),
        ("a<SCRIPT src='x'>x</Script >b", "ab"),
        ("a<style>p{}</style>b<svg><path/></svg>c", "abc"),
        ("a<!-- <p> -->b", "ab"),
        ("a<script>never closed", "a"),
        ("a<!-- never closed", "a"),
        ("a<script type='application/ld+json'>{}</script>b", "ab"),
        ("<p>文</p>", "<p>文</p>"),
    ],
)
def test_a_page_loses_scripts_and_comments(html, kept):
    assert slim_page(html) == kept


def test_a_page_of_too_many_tags_is_cut():
    assert slim_page("<br>" * (MAX_PAGE_TAGS + 9)).count("<") == MAX_PAGE_TAGS


def put_items(numbers) -> str:
    days = {n: f"{datetime(2020, 1, 1) + timedelta(days=n):%a, %d %b %Y} 08:00:00 GMT" for n in numbers}
    items = "".join(f"<item><title>{n}</title><pubDate>{day}</pubDate></item>" for n, day in days.items())
    return f"<rss><channel>{items}</channel></rss>"


def test_a_feed_with_its_oldest_item_first_keeps_the_newest():
    slim = keep_newest_items(put_items(range(MAX_ITEMS + 300)))
    assert "<title>300</title>" in slim.text
    assert "<title>299</title>" not in slim.text
    assert slim.left_out == 300


def test_of_more_tags_than_may_be_parsed_the_newest_items_are_read():
    items = "".join(f"<item><title>{n}</title>{'<x/>' * 300}</item>" for n in range(900))
    slim = slim_feed(f"<rss><channel>{items}</channel></rss>", "x")
    assert "<title>0</title>" in slim.text
    assert slim.text.endswith("</item></channel></rss>")
    assert 500 < slim.left_out < 700
