"""The archive's files: names, addresses, order, feed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import feedparser
import pytest

from bot.channels.archive.form import build_page_address, build_page_path, render_archive
from bot.models import Article, Edition, Story
from summarizer import Sentence, Summary
from tests.fakes import slot_on

ATOM = "{http://www.w3.org/2005/Atom}"
PUBLIC = "https://digest.example/linxi/"


def edition(day: int, title: str = "路修好了", digest: str = "daily") -> Edition:
    sentence = Sentence(text="路修好了。", start=0, end=5, score=1)
    told = Story(
        article=Article(title=title, text="路修好了。"), summary=Summary(sentences=(sentence,), language="zh")
    )
    return Edition(
        digest=digest,
        slot_at=slot_on(date(2026, 11, day)),
        title="临溪摘报",
        language="zh",
        zone=ZoneInfo("Asia/Shanghai"),
        theme="plain",
        created_at=datetime(2026, 11, day, tzinfo=UTC),
        stories=(told,),
    )


def files(newest: Edition, history: Sequence[Edition] = (), public_url: str = PUBLIC) -> dict[str, str]:
    return {part.name: part.html for part in render_archive(newest, history, public_url=public_url).parts}


def entries(feed: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(feed.encode()).findall(f"{ATOM}entry")  # noqa: S314 -- our own


def test_feed_lists_each_edition_once_newest_first_whatever_the_order_given() -> None:
    history = [edition(20), edition(22, "旧题"), edition(21)]
    feed = files(edition(22, "新题"), history)["feed.xml"]
    assert [entry.findtext(f"{ATOM}id") for entry in entries(feed)] == [
        f"{PUBLIC}daily/2026-11-{day}.html" for day in (22, 21, 20)
    ]
    assert "新题" in feed
    assert "旧题" not in feed


def test_feed_is_read_by_a_feed_reader_with_whole_digests() -> None:
    parsed = feedparser.parse(files(edition(22), [edition(21)])["feed.xml"])
    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries] == [
        "临溪摘报 · 11月22日 星期日",
        "临溪摘报 · 11月21日 星期六",
    ]
    assert "路修好了。" in parsed.entries[0].content[0].value
    assert parsed.entries[0].link == f"{PUBLIC}daily/2026-11-22.html"
    assert parsed.feed.links[0].href == f"{PUBLIC}feed.xml"


def test_feed_ids_stay_when_an_edition_is_rendered_again_without_an_address() -> None:
    first = entries(files(edition(21), public_url="")["feed.xml"])
    again = entries(files(edition(22), [edition(21)], public_url="")["feed.xml"])
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in [*first, *again]]
    assert ids[0] == ids[2] != ids[1]
    assert all(name.startswith("urn:uuid:") for name in ids)


def test_page_leads_to_the_edition_before_it_of_the_same_digest() -> None:
    history = [edition(19), edition(21, digest="weekly"), edition(20), edition(23)]
    assert 'href="../daily/2026-11-20.html"' in files(edition(22), history)["daily/2026-11-22.html"]
    assert "上一期" not in files(edition(22), [edition(23)])["daily/2026-11-22.html"]


@pytest.mark.parametrize("digest", ["../../etc", "a/b", "", ".", "日报", "a b", "x" * 300, "\ud800"])
def test_page_stays_in_the_folder_whatever_the_digest_is_called(digest: str) -> None:
    name = build_page_path(edition(22, digest=digest))
    assert name.count("/") == 1
    assert not name.startswith((".", "/", "-"))
    assert len(name.encode()) < 255
    assert name != build_page_path(edition(22, digest=digest + " "))


def test_page_address_is_the_folders_address_and_the_pages_name() -> None:
    daily = edition(22)
    assert build_page_address(daily, PUBLIC) == f"{PUBLIC}daily/2026-11-22.html"
    assert build_page_address(daily, PUBLIC.rstrip("/")) == f"{PUBLIC}daily/2026-11-22.html"
    assert build_page_address(daily, "") == ""
    assert build_page_address(replace(daily, digest="日报"), PUBLIC).isascii()
