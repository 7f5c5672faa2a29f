"""Pages set vertically or lying on their side, large first letters, and what a browser prints in the
margins.
"""

from dataclasses import replace

from bot.models import BlockKind
from bot.newspaper import split_sheet
from bot.newspaper.boxes import PageLine, Sheet, Way
from bot.newspaper.sheet import read_sheet_pieces

FIRST = "县图书馆从本月二十日起延长开放时间，每晚十点闭馆，周一照常休息，读者凭身份证入馆，不收费用。"
SECOND = "馆长说，新开的自习室有八十个座位，插座和台灯都已装好，考试前后还会再加二十个。"
WIDTH, HEIGHT, PITCH = 400.0, 300.0, 16.0


def read_texts(page: Sheet) -> list[str]:
    return [piece.text for piece in read_sheet_pieces(page)]


def set_level(*texts: tuple[str, float], indent: float = 20.0, width: int = 18) -> tuple[PageLine, ...]:
    """Lines of a level page: headings by their size, paragraphs wrapped after `width` characters."""
    lines: list[PageLine] = []
    y = 20.0
    for text, size in texts:
        start, at = (indent if size == 10 else 0.0), 0
        while at < len(text):
            count = width - round(start / 10) if size == 10 else len(text)
            part = text[at : at + count]
            lines.append(
                PageLine(
                    text=part,
                    left=40 + start,
                    right=40 + start + len(part) * size,
                    top=y,
                    bottom=y + size,
                    size=size,
                )
            )
            at, start, y = at + count, 0.0, y + max(PITCH, size * 1.6)
    return tuple(lines)


def turn(line: PageLine, way: Way) -> PageLine:
    """The line where it stands on a page that is turned so that level text runs the other `way`."""
    if way == Way.UPWARD:  # the page's left edge is the level page's head
        return replace(
            line, left=line.top, right=line.bottom, top=WIDTH - line.right, bottom=WIDTH - line.left, way=way
        )
    return replace(
        line, left=HEIGHT - line.bottom, right=HEIGHT - line.top, top=line.left, bottom=line.right, way=way
    )


LEVEL = set_level(("图书馆晚上不关门", 20.0), (FIRST, 10.0), (SECOND, 10.0))


def test_a_page_set_vertically_is_read_from_right_to_left() -> None:
    page = Sheet(width=HEIGHT, height=WIDTH, lines=tuple(turn(line, Way.VERTICAL) for line in LEVEL))
    assert read_texts(page) == ["图书馆晚上不关门", FIRST, SECOND]


def test_a_page_on_its_side_is_read_whichever_way_it_lies() -> None:
    for way in (Way.UPWARD, Way.DOWNWARD):
        page = Sheet(width=HEIGHT, height=WIDTH, lines=tuple(turn(line, way) for line in LEVEL))
        assert read_texts(page) == ["图书馆晚上不关门", FIRST, SECOND], way


def test_a_line_set_sideways_on_a_level_page_is_no_text() -> None:
    credit = PageLine(text="摄影 周禾", left=5, right=13, top=60, bottom=100, size=8, way=Way.UPWARD)
    page = split_sheet(Sheet(width=WIDTH, height=HEIGHT, lines=(*LEVEL, credit)))
    block = next(block for block in page.blocks if block.text == "摄影 周禾")
    assert (block.kind, block.why) == (BlockKind.FURNITURE, "set sideways")
    assert [article.paragraphs for article in page.articles] == [(FIRST, SECOND)]


def test_a_large_first_letter_begins_its_paragraph() -> None:
    words = (
        "he library opens its doors until ten from Monday on,|the county said; readers need their card and|"
        "no fee is due, as before the works on the roof began."
    )
    beside = [
        PageLine(text=text, left=70 if n < 2 else 40, right=320, top=60 + 15 * n, bottom=70 + 15 * n, size=10)
        for n, text in enumerate(words.split("|"))
    ]
    cap = PageLine(text="T", left=40, right=66, top=58, bottom=88, size=32)
    heading = PageLine(text="Library stays open", left=40, right=300, top=20, bottom=40, size=20)
    texts = read_texts(Sheet(width=WIDTH, height=HEIGHT, lines=(heading, cap, *beside)))
    assert texts == ["Library stays open", "T" + words.replace("|", " ")]


def test_a_large_letter_alone_stays_what_it_is() -> None:
    letter = PageLine(text="A", left=40, right=66, top=200, bottom=230, size=32)
    assert "A" in read_texts(Sheet(width=WIDTH, height=HEIGHT, lines=(*LEVEL, letter)))


def test_what_a_browser_prints_in_the_margins_is_furniture() -> None:
    def margin(text: str, x: float, y: float) -> PageLine:
        return PageLine(text=text, left=x, right=x + 8 * len(text), top=y, bottom=y + 8, size=8)

    margins = (
        margin("2026/11/30 10:23", 10, 1),
        margin("图书馆晚上不关门 - 县报", 160, 1),
        margin("https://paper.example/2026/11/30/a.html", 10, 290),
        margin("1/3", 370, 290),
    )
    page = split_sheet(Sheet(width=WIDTH, height=HEIGHT, lines=(*LEVEL, *margins)))
    assert [(a.title, a.paragraphs) for a in page.articles] == [("图书馆晚上不关门", (FIRST, SECOND))]
