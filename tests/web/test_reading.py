"""Reading on the web: editions, marked articles, search, feeds, and what every answer carries."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from structlog.typing import EventDict

from bot.web.guard import MAX_BODY_BYTES
from tests.web.conftest import ADDRESS, TEXT, Pages

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_front_page_is_the_newest_edition_of_the_first_digest_whole(pages: Pages) -> None:
    page = pages.browser.get("/")
    assert page.status_code == 200
    assert "临溪摘报" in page.text
    assert page.text.count("<article id=") == 2
    assert 'href="/d/world/"' in page.text
    assert "总投资1.26亿元" in page.text


def test_a_site_without_an_edition_says_that_one_comes(make_pages: Callable[..., Pages]) -> None:
    page = make_pages().browser.get("/")
    assert page.status_code == 200
    assert "No edition has come out yet" in page.text


def test_editions_lead_to_the_ones_before_and_after(pages: Pages) -> None:
    listing = pages.browser.get("/d/daily/").text
    newest, oldest = re.findall(r'<li><a href="(/d/daily/[^"]+)"', listing)
    first = pages.browser.get(oldest).text
    assert f'rel="next" href="{newest}"' in first
    assert 'rel="prev"' not in first
    assert f'rel="prev" href="{oldest}"' in pages.browser.get(newest).text


def test_an_edition_of_eight_stories_begins_with_its_contents(pages: Pages) -> None:
    (path,) = re.findall(r'<li><a href="(/d/world/[^"]+)"', pages.browser.get("/d/world/").text)
    assert pages.browser.get(path).text.count('<a href="#s') == 9
    assert 'class="contents"' not in pages.browser.get("/").text


def test_the_name_of_an_archives_file_leads_to_the_page(pages: Pages) -> None:
    (path, _) = re.findall(r'<li><a href="(/d/daily/[^"]+)"', pages.browser.get("/d/daily/").text)
    answer = pages.browser.get(f"{path}.html")
    assert (answer.status_code, answer.headers["location"]) == (308, path)


def find_article_path(pages: Pages) -> str:
    return str(re.findall(r'href="(/a/daily/[^"]+/1)"', pages.browser.get("/").text)[0])


def test_an_article_shows_the_digests_sentences_marked_in_place_with_reasons(
    pages: Pages, make_pages: Callable[..., Pages]
) -> None:
    whole = make_pages(articles="whole").browser.get(find_article_path(pages)).text
    marked = re.findall(r"<mark>(.*?)</mark>", whole)
    assert marked
    assert all(sentence in TEXT for sentence in marked)
    assert whole.count('class="reasons"') == len(marked)
    plain = re.sub(r'<span class="reasons".*?</span>|<[^>]+>', "", whole)
    assert all(paragraph in plain for paragraph in TEXT.split("\n"))
    assert 'href="https://paper.example/1?a=1&amp;b=2"' in whole


def test_by_default_only_what_stands_around_the_sentences_is_shown(pages: Pages) -> None:
    page = pages.browser.get(find_article_path(pages)).text
    assert "<mark>" in page
    assert 'class="gap"' in page
    assert page.count("三名调度员正在接听电话") < TEXT.count("三名调度员正在接听电话")


def test_articles_may_be_shown_nowhere(pages: Pages, make_pages: Callable[..., Pages]) -> None:
    path = find_article_path(pages)
    closed = make_pages(articles="none").browser
    assert closed.get(path).status_code == 404
    assert "/a/daily" not in closed.get("/").text


def test_search_finds_what_editions_printed(pages: Pages) -> None:
    page = pages.browser.get("/search", params={"q": "急救中心"})
    assert 'href="/d/daily/' in page.text
    assert "No edition has printed this" in pages.browser.get("/search", params={"q": "鲸鱼"}).text
    assert pages.browser.get("/search", params={"q": "“" * 500 + "<script>"}).status_code == 200


def test_feeds_hold_whole_stories_and_keep_their_ids_when_title_and_address_change(
    pages: Pages, make_pages: Callable[..., Pages]
) -> None:
    feed = etree.fromstring(pages.browser.get("/d/daily/feed.xml").content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2
    assert "总投资1.26亿元" in entries[0].findtext(f"{ATOM}content", "")
    moved = make_pages(address="https://elsewhere.example")
    moved.browser.base_url = "https://elsewhere.example"
    other = etree.fromstring(moved.browser.get("/d/daily/feed.xml").content)
    assert [entry.findtext(f"{ATOM}id") for entry in other.findall(f"{ATOM}entry")] == [
        entry.findtext(f"{ATOM}id") for entry in entries
    ]
    items = json.loads(pages.browser.get("/d/daily/feed.json").text)["items"]
    assert [item["id"] for item in items] == [entry.findtext(f"{ATOM}id") for entry in entries]


def test_the_sitemap_names_every_edition(pages: Pages) -> None:
    places = re.findall(r"<loc>(.*?)</loc>", pages.browser.get("/sitemap.xml").text)
    assert len(places) == 4
    assert all(place.startswith(ADDRESS) for place in places)


def test_a_page_that_is_known_is_not_sent_again(pages: Pages) -> None:
    etag = pages.browser.get("/").headers["etag"]
    again = pages.browser.get("/", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/d/daily/", "/subscribe", "/p/nobody", "/nothing", "/style.css"])
def test_every_answer_carries_the_headers_that_protect_it(pages: Pages, path: str) -> None:
    headers = pages.browser.get(path).headers
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"]
    assert headers["referrer-policy"] == "no-referrer"


def test_no_page_needs_a_style_or_a_script_of_its_own(pages: Pages) -> None:
    for path in ("/", "/d/daily/", "/search", "/subscribe", find_article_path(pages)):
        page = pages.browser.get(path).text
        assert not re.search(r"<style|<script|\sstyle=|\son\w+=", page)
    assert len(pages.browser.get("/style.css").content) < 20_000


def test_a_faulty_theme_is_logged_and_the_plain_one_stands_in(
    pages: Pages, make_pages: Callable[..., Pages], tmp_path: Path, logged: list[EventDict]
) -> None:
    assert pages.browser.get("/").status_code == 200
    theme = tmp_path / "themes" / "plain" / "web" / "site"
    theme.mkdir(parents=True)
    for name in ("layout.html", "site.css", "feed.xml", "sitemap.xml"):
        (theme / name).write_text("{{ nothing.at.all }}{% endfor %}", "utf-8")
    (theme.parent / "style.css").write_text("{% if %}", "utf-8")
    browser = make_pages(themes=tmp_path / "themes").browser
    for path in (
        "/",
        "/d/daily/",
        "/d/daily/feed.xml",
        "/sitemap.xml",
        "/style.css",
        "/subscribe",
        "/nothing",
    ):
        assert browser.get(path).status_code == (404 if path == "/nothing" else 200), path
    assert "theme 'plain'" in next(line["error"] for line in logged if line["event"] == "theme")


def test_a_page_in_the_browsers_language_says_that_others_get_another(pages: Pages) -> None:
    for headers in ({}, {"if-none-match": pages.browser.get("/search").headers["etag"]}):
        assert pages.browser.get("/search", headers=headers).headers["vary"] == "Accept-Language"


def test_another_host_is_refused(pages: Pages) -> None:
    assert pages.browser.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/d/nothing/", "/d/daily/2099-01-01", "/d/daily/..%2f..%2fetc", "/a/daily/x/99999999999999999999",
        "/a/daily/x/0", "/c/short", "/u/" + "a" * 3000, "/p/%00", "/p/%ff%fe", "/d/%E2%80%AE/",
    ],
)  # fmt: skip
def test_a_strange_address_gets_a_kind_page(pages: Pages, path: str) -> None:
    answer = pages.browser.get(path)
    assert answer.status_code in (307, 308, 400, 404)
    assert "Traceback" not in answer.text


def test_a_body_that_is_too_large_is_refused(pages: Pages) -> None:
    answer = pages.browser.post("/subscribe", content=b"a" * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
