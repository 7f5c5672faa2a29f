# ruff: noqa: E501  (a printed paragraph is one line)
"""A newspaper page's text becomes its articles, with what page, file name and configuration say about them."""

from datetime import UTC, date, datetime

import pytest

from bot.errors import InputError, SourceError
from bot.models import Page, Source
from bot.newspaper.boxes import PageLine, Sheet
from bot.sources.kinds import page
from bot.sources.kinds.page import _complete_from_name, parse_articles, parse_listing
from bot.sources.kinds.table import KINDS

SOURCE = Source(kind="page", name="临溪日报", address="/pages", section="要闻")
TEXT = """县图书馆新馆周六开门

本报临溪11月20日讯 县图书馆新馆将于本周六上午九时开门。新馆建筑面积6200平方米，藏书22万册，设阅览座位860个，比老馆多了将近三倍。

新馆的开放时间由原来的下午六时延长到晚上九时，周一闭馆。读者凭身份证可以一次借书十册，三十天归还。

（融媒体 何雨桐）
"""


def test_articles_carry_their_source_page_day_and_language():
    found = parse_articles(TEXT.encode(), "/pages/lx-20261121-03.txt", SOURCE)
    assert [each.title for each in found] == ["县图书馆新馆周六开门"]
    (each,) = found
    assert (each.source, each.page, each.section, each.language) == ("临溪日报", "3", "要闻", "zh")
    assert each.published_at == datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_gb18030_pages_are_read():
    assert (
        parse_articles(TEXT.encode("gb18030"), "p.txt", SOURCE)[0].text
        == parse_articles(TEXT.encode(), "p.txt", SOURCE)[0].text
    )


def test_a_page_in_another_encoding_is_told_by_its_name():
    with pytest.raises(InputError, match=r"p3\.txt"):
        parse_articles(TEXT.encode("utf-16"), "p3.txt", SOURCE)


@pytest.mark.parametrize(
    ("number", "stem", "shown"),
    [
        ("1", "scan", "1"),
        ("A3", "2026-11-20-01", "A3"),
        ("", "2026-11-20-01", "1"),
        ("", "20261120_B2", "B2"),
        ("", "2026-11-20", ""),
        ("", "000_61d246b8", ""),
    ],
)
def test_a_page_is_shown_by_its_number_or_the_one_in_its_files_name(number, stem, shown):
    assert _complete_from_name(Page(articles=(), number=number), stem).number == shown


def test_the_printed_day_goes_before_the_file_names():
    assert _complete_from_name(Page(articles=(), day=date(2026, 11, 20)), "lx-20261121").day == date(
        2026, 11, 20
    )
    assert _complete_from_name(Page(articles=()), "lx-20261121").day == date(2026, 11, 21)
    assert _complete_from_name(Page(articles=()), "page1").day is None


def test_every_kind_is_called_by_its_name():
    assert all(name == kind.name for name, kind in KINDS.items())


def test_a_text_that_is_no_page_is_refused_by_its_name():
    with pytest.raises(InputError, match=r"roll\.txt: has 60,001 lines .*; split it into pages"):
        parse_articles("县\n".encode() * 60_001, "roll.txt", SOURCE)


def test_a_text_of_more_articles_than_any_page_is_refused_by_its_name():
    with pytest.raises(InputError, match=r"roll\.txt: has [0-9,]+ articles, a page at most 1,000; split it"):
        parse_articles("水库开闸\n\n本报讯 今天放水。\n\n".encode() * 1_200, "roll.txt", SOURCE)


def test_collecting_gets_pages_without_their_blocks():
    (page,) = parse_listing(
        "县城新开两条公交线路\n\n县交通局昨天宣布，下周一起新开两条公交线路。".encode(), "1.txt", SOURCE
    ).pages
    assert page.articles
    assert page.blocks == ()


def test_a_scanned_page_read_in_fragments_is_refused_and_others_of_its_file_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fragments = tuple(
        PageLine(text="水库", left=20, right=40, top=20 * n, bottom=20 * n + 12, size=12) for n in range(60)
    )
    bad = Sheet(width=800, height=1400, lines=fragments, is_scan=True)
    text = "县图书馆从本月二十日起延长开放时间，每晚十点闭馆。"
    good = Sheet(
        width=800,
        height=1400,
        lines=(
            PageLine(text="图书馆夜间开放", left=20, right=300, top=20, bottom=60, size=40),
            PageLine(text=text, left=20, right=500, top=80, bottom=100, size=20),
        ),
    )
    monkeypatch.setattr(page, "read_sheets", lambda *_: (bad, good))
    listing = page.parse_listing(b"", "paper.pdf", SOURCE)
    assert [article.title for own in listing.pages for article in own.articles] == ["图书馆夜间开放"]
    assert listing.notices == (
        "paper-1: the type is too small to be read (12 pixels high); scan the page at 300 dpi",
    )
    monkeypatch.setattr(page, "read_sheets", lambda *_: (bad,))
    with pytest.raises(SourceError, match="scan the page at 300 dpi"):
        page.parse_articles(b"", "paper.pdf", SOURCE)
