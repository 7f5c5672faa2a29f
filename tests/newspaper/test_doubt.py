"""A scanned page that was read in fragments is refused with the remedy; a good page is not."""

from dataclasses import replace

from bot.models import Article, Page
from bot.newspaper import split_sheet
from bot.newspaper.boxes import PageLine, Sheet, Way
from bot.newspaper.doubt import find_doubt

TEXT = "县图书馆从本月二十日起延长开放时间，每晚十点闭馆，周一照常休息，读者凭身份证入馆，不收费用。"


def scan(count: int, characters: int, size: float, way: Way = Way.LEVEL) -> Sheet:
    """A scan of `count` lines of so many characters each, two columns of them."""
    lines = tuple(
        PageLine(
            text=(TEXT * 2)[n : n + characters],
            left=100 + 900 * (n % 2),
            right=100 + 900 * (n % 2) + characters * size,
            top=100 + 2 * size * (n // 2),
            bottom=100 + 2 * size * (n // 2) + size,
            size=size,
            way=way,
        )
        for n in range(count)
    )
    return Sheet(width=2000, height=3000, lines=lines, is_scan=True)


def explain(sheet: Sheet) -> str:
    return str(find_doubt(sheet, split_sheet(sheet)) or "")


def test_a_page_of_whole_lines_is_trusted() -> None:
    assert explain(scan(80, 18, 32)) == ""


def test_tiny_type_read_in_fragments_names_the_resolution() -> None:
    assert explain(scan(80, 2, 12)) == (
        "the type is too small to be read (12 pixels high); scan the page at 300 dpi"
    )


def test_small_type_that_was_read_all_the_same_is_trusted() -> None:
    assert explain(scan(80, 18, 16)) == ""


def test_vertical_text_read_in_fragments_is_named_as_the_cause() -> None:
    assert explain(scan(80, 2, 32, Way.VERTICAL)) == "the page is set vertically and could not be read"


def test_headings_longer_than_their_texts_throughout_are_no_articles() -> None:
    hollow = Page(articles=tuple(Article(title=TEXT[:12], text=TEXT[n : n + 5]) for n in range(8)))
    sheet = scan(20, 18, 32)
    assert str(find_doubt(sheet, hollow)).startswith("the page was read in fragments; scan it straight")
    brief = Page(articles=hollow.articles[:3])
    assert find_doubt(sheet, brief) is None, "three articles say nothing about the page"


def test_the_text_of_a_pdf_is_never_doubted() -> None:
    sheet = replace(scan(80, 2, 12), is_scan=False)
    assert find_doubt(sheet, split_sheet(sheet)) is None


def test_a_vertical_page_of_a_scan_is_turned_and_read() -> None:
    columns = tuple(
        PageLine(
            text=TEXT[start : start + 12],
            left=800 - 50 * n,
            right=832 - 50 * n,
            top=100,
            bottom=100 + 32 * 12,
            size=32,
            way=Way.VERTICAL,
        )
        for n, start in enumerate(range(0, len(TEXT), 12))
    )
    sheet = Sheet(width=1000, height=900, lines=columns, is_scan=True)
    page = split_sheet(sheet)
    assert "".join(article.title + article.text for article in page.articles) == TEXT
    assert find_doubt(sheet, page) is None
