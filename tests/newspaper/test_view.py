"""The marked page shows every block, what it was taken for and why, and nothing of its own."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from bot.models import Article, Block, BlockKind, Page
from bot.newspaper import render_html

PAGE = Page(
    articles=(
        Article(
            title="修路 <一期>",
            text="本报讯 县里修路。\n全长二十公里，其中",
            cut_tail=True,
            continues_on="第三版",
        ),
        Article(title="", text="山区路段占六成。", cut_head=True),
    ),
    blocks=(
        Block(text="第1版 要闻", kind=BlockKind.FURNITURE, why="holds a page number"),
        Block(text="修路 <一期>", kind=BlockKind.TITLE, article=0, why="short without an end mark"),
        Block(text="本报讯 县里", kind=BlockKind.PARAGRAPH, article=0, why="begins with a dateline"),
        Block(text="修路。", kind=BlockKind.PARAGRAPH, article=0, joined=True, why="after a torn piece"),
        Block(text="全长二十公里，其中", kind=BlockKind.PARAGRAPH, article=0),
        Block(text="（下转第三版）", kind=BlockKind.JUMP, article=0, why="leads to another page"),
        Block(text="山区路段占六成。", kind=BlockKind.PARAGRAPH, article=1),
    ),
    day=date(2026, 11, 20),
    number="1",
    section="要闻",
)


class Reader(HTMLParser):
    """What a reader sees, and the tags that were left open."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.places: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        self.places += [value or "" for name, value in attrs if name == "id" and tag == "article"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def test_every_block_is_shown_once_in_order() -> None:
    shown = "\n".join(read(render_html([("page", PAGE)])).texts)

    places = [shown.find(f"{block.text}") for block in PAGE.blocks]
    assert -1 not in places
    assert places == sorted(places)


def test_reasons_and_cuts_are_told() -> None:
    shown = " ".join(read(render_html([("", PAGE)])).texts)

    assert "begins with a dateline" in shown
    assert "goes on on 第三版" in shown
    assert "its beginning is lost" in shown


def test_articles_are_numbered_and_joins_named() -> None:
    shown = read(render_html([("", PAGE)])).texts

    assert [text for text in shown if " of 2 articles" in text] == ["1 of 2 articles", "2 of 2 articles"]
    assert "paragraph, joined" in shown


def test_document_is_closed_and_fetches_nothing() -> None:
    reader = read(render_html([("<script>", PAGE)]))

    assert reader.open == []
    assert reader.addresses == []


def test_empty_page_is_a_document_too() -> None:
    assert read(render_html([("", Page(articles=()))])).open == []


def test_several_pages_are_one_document_with_a_list_of_them() -> None:
    reader = read(
        render_html(
            [("01.txt", PAGE), ("<02>.txt", replace(PAGE, number="2")), ("03.txt", Page(articles=()))]
        )
    )
    shown = " ".join(" ".join(reader.texts).split())

    assert reader.addresses == ["#page-1", "#page-2", "#page-3"]
    assert reader.places == ["page-1", "page-2", "page-3"]
    assert (
        "3 pages · 4 articles 01.txt · 2026-11-20 · 1 · 要闻 2 articles <02>.txt · 2026-11-20 · 2 · 要闻"
        in shown
    )
    assert shown.count("全长二十公里") == 2
    assert reader.open == []
