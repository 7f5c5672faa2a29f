"""An article that a site cut into pages becomes one again."""

import pytest

from bot.models import Article
from bot.sources.html.paging import find_next_page, join_pages

URL = "https://linxi.example/2026/1120/1142.html"


def page(*links: tuple[str, str]) -> bytes:
    return (
        "<html><body><p>文。</p>"
        + "".join(f"<a href='{href}'>{text}</a>" for href, text in links)
        + "</body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("url", "links", "expected"),
    [
        (URL, [("1142_2.html", "下一页")], "https://linxi.example/2026/1120/1142_2.html"),
        (
            URL,
            [("1142_2.html", "2"), ("1142_2.html#top", "下一页 >>")],
            "https://linxi.example/2026/1120/1142_2.html",
        ),
        (URL, [("/2026/1120/1142-2.html", "Next page »")], "https://linxi.example/2026/1120/1142-2.html"),
        (
            URL.replace("1142", "1142_2"),
            [("1142_3.html", "【下一页】")],
            "https://linxi.example/2026/1120/1142_3.html",
        ),
        (URL + "?page=1", [("?page=2", "下页")], URL + "?page=2"),
        ("https://linxi.example/a/story", [("/a/story/2", "Next")], "https://linxi.example/a/story/2"),
        (URL, [("1143.html", "下一页")], ""),
        (URL, [("1143.html", "下一篇")], ""),
        (URL, [("1142.html", "下一页")], ""),
        (URL, [("https://other.example/2026/1120/1142_2.html", "下一页")], ""),
        (URL, [("javascript:next()", "下一页")], ""),
        (URL, [], ""),
    ],
)
def test_the_next_page_is_a_link_that_says_so_to_the_same_article(url, links, expected):
    assert find_next_page(page(*links), url) == expected


def test_an_empty_page_has_no_next():
    assert find_next_page(b"", URL) == ""


def test_pages_become_one_article_and_what_they_repeat_is_told_once():
    first = Article(title="急救中心启用", text="导语。\n一\n甲。", subheadings=(1,), byline="何雨桐", url=URL)
    second = Article(title="急救中心启用（2）", text="导语。\n二\n乙。\n乙。", subheadings=(1,), url="x")
    found = join_pages((first, second))
    assert found.paragraphs == ("导语。", "一", "甲。", "二", "乙。", "乙。")
    assert (found.subheadings, found.title, found.byline, found.url) == (
        (1, 3),
        "急救中心启用",
        "何雨桐",
        URL,
    )


def test_one_page_stays_as_it_is():
    only = Article(title="t", text="一\n一")
    assert join_pages((only,)) == only
