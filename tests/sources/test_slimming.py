"""Feeds and pages lose what no honest one holds, and nothing else."""

from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.sources.slimming import (
    MAX_ITEMS,
    MAX_PAGE_TAGS,
    flatten_html,
    keep_first_items,
    measure_depth,
    slim_feed,
    slim_page,
)

FEEDS = Path(__file__).parents[2] / "seeds" / "feeds"


@pytest.mark.parametrize("name", ["linxi-news.xml", "frontier-notes.atom"])
def test_an_honest_feed_stays_as_it_is(name):
    text = (FEEDS / name).read_text("utf-8")
    assert slim_feed(text, "x") == text


def test_the_first_items_of_an_endless_feed_are_kept_with_what_closes_it():
    items = "".join(f"<item><title>{n}</title></item>" for n in range(MAX_ITEMS + 5))
    text = keep_first_items(f"<rss><channel>{items}</channel></rss>")
    assert text.count("<item>") == MAX_ITEMS
    assert text.endswith(f"<title>{MAX_ITEMS - 1}</title></item></channel></rss>")


def test_monstrous_tags_go_and_their_text_stays():
    assert slim_feed(f"<a>1</a><b x='{'y' * 5000}'>2</b>", "x") == "<a>1</a> 2</b>"


@pytest.mark.parametrize("bomb", ["<a/>" * 100_001, "&" * 1_000_001, "<item>" + "<div>" * 300])
def test_bombs_are_refused(bomb):
    with pytest.raises(SourceError, match="too"):
        slim_feed(bomb, "x")


def test_what_stands_in_cdata_is_not_counted():
    text = f"<item><![CDATA[{'<b>x</b>' * 60_000}]]></item>"
    assert slim_feed(text, "x") == text


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
