# ruff: noqa: E501  (samples on one line each)
"""Pages of a site that is misread, read by the operator's rule; what a rule does not say is found as without
it.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import SourceError
from bot.models import Article, SiteRule
from bot.sources.html.article_page import parse_article
from bot.sources.html.paging import find_next_page
from bot.sources.html.rules import choose_rule, validate_selector

URL = "https://news.linxi.example/2026/1142.html"
SAYS = "县图书馆新馆将于本周六上午九时开门，藏书二十二万册，开放到晚上九时。"
PAGE = f"""<html lang="zh"><head><title>首页</title><meta name="when" content="2026-11-19 07:00"></head><body>
<div class="menu"><p>{SAYS}</p><p>{SAYS}</p></div>
<div class="hat">图书馆新馆周六开门</div><span class="who">本报记者 林晓溪</span><time datetime="2026-11-20T08:30:00+08:00">昨天</time>
<div class="part"><h2>藏书</h2><p>新馆不大。</p><div class="part"><p>里面的话。</p></div><div class="ad">买一送一，今天截止。</div></div>
<div class="part"><p>周一闭馆。</p></div>
<p><a class="on" href="/2026/follow">接着看</a></p></body></html>"""
RULE = SiteRule(
    host="*.linxi.example",
    title=".hat",
    body=".part",
    author=".who",
    date="time",
    next_page="a.on",
    remove=(".ad", ".menu"),
)


def read(rule: SiteRule, page: str = PAGE) -> Article:
    return parse_article(page.encode(), URL, rules=(rule,))


def test_a_rule_names_every_part_of_the_article() -> None:
    found = read(RULE)
    assert found.title == "图书馆新馆周六开门"
    assert found.paragraphs == ("藏书", "新馆不大。", "里面的话。", "周一闭馆。")
    assert found.subheadings == (0,)
    assert found.byline == "本报记者 林晓溪"
    assert found.published_at == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    assert find_next_page(PAGE.encode(), URL, rules=(RULE,)) == "https://news.linxi.example/2026/follow"


def test_a_body_that_is_named_may_be_as_short_as_it_is() -> None:
    with pytest.raises(SourceError, match="no article"):
        read(SiteRule(host="news.linxi.example", remove=(".menu",)))
    assert read(SiteRule(host="news.linxi.example", body="div.part:last-of-type")).text.endswith("周一闭馆。")


def test_a_meta_tag_may_hold_the_date() -> None:
    assert read(replace(RULE, date="meta[name=when]")).published_at == datetime(2026, 11, 18, 23, tzinfo=UTC)


def test_what_a_rule_names_and_the_page_has_not_is_found_as_without_it() -> None:
    paragraphs = "".join(f"<p>{SAYS}第{n}次。</p>" for n in range(6))
    page = (
        f"<html><head><title>新馆周六开门</title></head><body><h1>新馆周六开门</h1><p>2026-11-20 "
        f"09:00</p>{paragraphs}</body></html>"
    )
    lost = SiteRule(
        host="*.linxi.example",
        title=".no",
        body=".no",
        author=".no",
        date=".no",
        next_page=".no",
        remove=(".no",),
    )
    assert read(lost, page) == parse_article(page.encode(), URL)
    assert find_next_page(page.encode(), URL, rules=(lost,)) == ""


@pytest.mark.parametrize("href", ["https://other.example/2", "javascript:go(2)", URL, "#p2", "http://[bad"])
def test_a_next_page_is_another_page_of_the_same_site(href: str) -> None:
    page = f'<html><body><a class="on" href="{href}">下一页</a></body></html>'
    assert find_next_page(page.encode(), URL, rules=(RULE,)) == ""


@pytest.mark.parametrize(
    ("host", "url", "fits"),
    [
        ("linxi.example", "https://linxi.example/1", True),
        ("linxi.example", "https://LINXI.example:8080/1", True),
        ("linxi.example", "https://m.linxi.example/1", False),
        ("*.linxi.example", "https://linxi.example/1", True),
        ("*.linxi.example", "https://a.m.linxi.example/1", True),
        ("*.linxi.example", "https://evil-linxi.example/1", False),
        ("linxi.example", "/a/file.html", False),
    ],
)
def test_a_rule_is_for_its_host(host: str, url: str, fits: bool) -> None:
    assert (choose_rule(url, (SiteRule(host=host),)) is not None) is fits


def test_the_first_rule_that_fits_counts() -> None:
    first, second = (
        SiteRule(host="*.linxi.example", title="h1"),
        SiteRule(host="news.linxi.example", title="h2"),
    )
    assert choose_rule(URL, (first, second)) is first


@pytest.mark.parametrize("selector", ["", "div..a", "p:nope", "[", "a >", "::text", ".a:last-of-type"])
def test_what_is_no_selector_is_refused(selector: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        validate_selector(selector)
