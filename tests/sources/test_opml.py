"""Lists of feeds come in from other readers and go out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.models import Source
from bot.sources.opml import export_opml, parse_opml

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>mine</title></head><body>
  <outline text="科技" title="科技">
    <outline type="rss" text="前沿札记" title="前沿札记" xmlUrl="https://frontier.example/feed.atom" htmlUrl="https://frontier.example/"/>
    <outline type="rss" text="Linxi News!" xmlUrl="https://linxi.example/feed"/>
  </outline>
  <outline type="rss" text="Linxi News!" xmlUrl="https://other.example/feed" category="/a/本地,/b"/>
  <outline type="rss" text="again" xmlUrl="https://linxi.example/feed"/>
  <outline text="a link" type="link" url="https://linxi.example/"/>
  <outline type="rss" text="bad" xmlUrl="file:///etc/passwd"/>
</body></opml>""".encode()


def test_feeds_are_read_in_order_once_with_their_folder_as_section():
    found = parse_opml(OPML, "feeds.opml")
    assert [(row.name, row.title, row.section) for row in found] == [
        ("前沿札记", "前沿札记", "科技"),
        ("linxi-news", "Linxi News!", "科技"),
        ("linxi-news-2", "Linxi News!", "本地"),
    ]
    assert found[0].address == "https://frontier.example/feed.atom"
    assert {row.kind for row in found} == {"feed"}


TITLES = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"], max_codepoint=0xFFFD), min_size=1
)


@given(st.lists(st.tuples(TITLES, st.sampled_from(["", "科技", "News"])), max_size=6))
def test_what_goes_out_comes_in_again(rows):
    mine = tuple(
        Source(
            kind="feed",
            name=f"n{n}",
            title=title,
            section=section,
            address=f"https://s{n}.example/feed?a=1&b=2",
        )
        for n, (title, section) in enumerate(rows)
    )
    back = parse_opml(export_opml(mine), "x")
    assert {(row.address, row.section) for row in back} == {(row.address, row.section) for row in mine}


def test_only_feeds_with_an_address_go_out():
    mine = (
        Source(kind="page", name="p", address="/pages"),
        Source(kind="feed", name="f", address="/feeds/a.xml"),
        Source(kind="feed", name="w", address="https://linxi.example/feed"),
    )
    assert [row.address for row in parse_opml(export_opml(mine), "x")] == ["https://linxi.example/feed"]


@pytest.mark.parametrize("data", [b"", b"hello", b"<html><body/></html>", b"{}", b"<rss/>", b"\x00"])
def test_what_is_no_opml_is_told(data):
    with pytest.raises(SourceError, match="OPML"):
        parse_opml(data, "feeds.opml")


def test_entities_are_not_expanded():
    bomb = (
        b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;" '
        b'xmlUrl="https://l.example/f"/></body></opml>'
    )
    assert all("root" not in row.title for row in parse_opml(bomb, "x"))
