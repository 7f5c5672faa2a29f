"""Lines with places and sizes → the page: columns, headings over several, boxes, captions."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import BlockKind
from bot.newspaper import split_sheet
from bot.newspaper.boxes import Box, PageLine, Sheet
from bot.newspaper.evidence import PlaceOnPage, observe_page
from bot.newspaper.layout import Piece
from bot.newspaper.sheet import read_sheet_pieces

WIDTH, GUTTER, LEADING = 200.0, 20.0, 15.0  # of a column, between two, of its lines
FIRST = "县图书馆从本月二十日起延长开放时间，每晚十点闭馆，周一照常休息，读者凭身份证入馆，不收费用。"
SECOND = "馆长说，新开的自习室有八十个座位，插座和台灯都已装好，考试前后还会再加二十个。"
OTHER = "白鹿冲水库的新闸门昨天吊装到位，赶在汛期之前，下游三个村的灌溉用水有了保证，费用由省里承担。"


def line(text: str, x: float, y: float, size: float = 10.0) -> PageLine:
    return PageLine(text=text, left=x, right=x + len(text) * size, top=y, bottom=y + size, size=size)


def column(number: int, y: float, *paragraphs: str) -> list[PageLine]:
    """Paragraphs set in a column from `y` down, their first lines indented."""
    x = number * (WIDTH + GUTTER)
    lines = []
    for paragraph in paragraphs:
        rest, indent = paragraph, 20.0
        while rest:
            count = int((WIDTH - indent) // 10)
            lines.append(line(rest[:count], x + indent, y))
            rest, indent, y = rest[count:], 0.0, y + LEADING
    return lines


def sheet(*lines: PageLine, pictures: tuple[Box, ...] = (), frames: tuple[Box, ...] = ()) -> Sheet:
    return Sheet(width=800, height=1000, lines=lines, pictures=pictures, frames=frames)


def texts(page: Sheet) -> list[str]:
    return [piece.text for piece in read_sheet_pieces(page)]


def test_a_column_is_read_to_its_end_before_the_next() -> None:
    page = sheet(*column(1, 150, SECOND), *column(0, 150, FIRST), line("图书馆晚上不关门", 0, 110, 24))
    assert texts(page) == ["图书馆晚上不关门", FIRST, SECOND]


def test_a_heading_shorter_than_its_columns_is_still_read_before_the_first() -> None:
    heading = line("夜读", 320 - 24, 110, 24)  # in the middle of three columns, over the second alone
    page = sheet(heading, *column(0, 150, FIRST), *column(1, 150, SECOND), *column(2, 150, FIRST))
    assert texts(page) == ["夜读", FIRST, SECOND, FIRST]


def test_two_articles_side_by_side_are_not_read_across() -> None:
    page = sheet(
        line("图书馆晚上不关门", 0, 110, 20),
        line("水库换上新闸门", 220, 110, 20),
        *column(0, 150, FIRST, SECOND),
        *column(1, 150, OTHER),
    )
    assert texts(page) == ["图书馆晚上不关门", FIRST, SECOND, "水库换上新闸门", OTHER]
    assert [(a.title, a.paragraphs) for a in split_sheet(page).articles] == [
        ("图书馆晚上不关门", (FIRST, SECOND)),
        ("水库换上新闸门", (OTHER,)),
    ]


def test_a_boxed_article_does_not_tear_the_one_around_it() -> None:
    page = sheet(
        line("图书馆晚上不关门欢迎夜读", 0, 110, 24),
        *column(0, 150, FIRST),
        line("水库换闸门", 30, 260, 14),
        *column(0, 290, OTHER),
        *column(1, 150, SECOND, FIRST),
        frames=(Box(left=-5, top=250, right=205, bottom=380),),
    )
    assert texts(page) == ["图书馆晚上不关门欢迎夜读", FIRST, SECOND, FIRST, "水库换闸门", OTHER]


def test_a_headline_of_two_lines_is_one_and_its_size_tells_it_from_kicker_and_deck() -> None:
    page = sheet(
        line("办实事 解民忧", 0, 60, 14),
        line("县图书馆晚上", 0, 80, 24),
        line("不再早早关门", 0, 110, 24),
        line("自习室增加八十个座位", 0, 140, 13),
        *column(0, 170, FIRST, SECOND),
    )
    (article,) = split_sheet(page).articles
    assert (article.kicker, article.title, article.deck) == (
        "办实事 解民忧",
        "县图书馆晚上不再早早关门",
        "自习室增加八十个座位",
    )


def test_a_paragraph_torn_at_a_column_end_is_joined() -> None:
    at = FIRST.index("每晚十")
    page = sheet(
        line("图书馆晚上不关门欢迎夜读", 0, 110, 24),
        *column(0, 150, SECOND, FIRST[:at]),
        *[line(text, 220, 150 + 15 * i) for i, text in enumerate((FIRST[at : at + 20], FIRST[at + 20 :]))],
        *column(1, 190, SECOND),
    )
    (article,) = split_sheet(page).articles
    assert article.paragraphs == (SECOND, FIRST, SECOND)


def test_a_small_line_beside_a_picture_is_no_text_of_an_article() -> None:
    caption = line("图为夜里的阅览室。周禾 摄", 220, 252, 8)
    page = sheet(
        line("图书馆晚上不关门欢迎夜读", 0, 110, 24),
        *column(0, 150, FIRST, SECOND),
        caption,
        *column(1, 280, OTHER),
        pictures=(Box(left=220, top=150, right=420, bottom=250),),
    )
    found = split_sheet(page)
    assert [block.text for block in found.blocks if block.kind == BlockKind.FURNITURE] == [caption.text]
    assert found.articles[0].paragraphs == (FIRST, SECOND, OTHER)


def test_the_pages_head_and_foot_stand_apart() -> None:
    page = sheet(
        line("03 综合", 0, 20, 14),
        line("2026年11月22日 星期日", 500, 22, 9),
        line("图书馆晚上不关门", 0, 110, 24),
        *column(0, 150, FIRST),
        line("责任编辑：周禾", 0, 970, 9),
    )
    found = split_sheet(page)
    assert (found.number, found.section, str(found.day)) == ("3", "综合", "2026-11-22")
    assert found.articles[0].paragraphs == (FIRST,)


def test_the_indent_of_a_line_tells_nothing_where_it_is_set_as_a_heading() -> None:
    def indents(size: float) -> set[str]:
        texts = [Piece(text=text, indented=True, size=1.0) for text in (FIRST, SECOND, OTHER)]
        texts.insert(2, Piece(text="每晚十点才关灯", size=size))
        return {name for name, _ in observe_page(texts, [PlaceOnPage()] * 4)[2] if "indent" in name}

    assert indents(1.0) == {"not indented where the page indents"}
    assert indents(1.2) == set()


PLACE = st.floats(min_value=0, max_value=900)
LINES = st.lists(
    st.builds(
        line,
        st.text("县图书馆开门。，A1 ", min_size=1, max_size=30),
        PLACE,
        PLACE,
        st.sampled_from([8, 10, 12, 24]),
    )
)


@settings(max_examples=60, deadline=None)
@given(LINES, st.lists(st.builds(Box, left=PLACE, top=PLACE, right=PLACE, bottom=PLACE), max_size=3))
def test_whatever_stands_where_no_character_is_lost_or_invented(
    lines: list[PageLine], boxes: list[Box]
) -> None:
    page = Sheet(
        width=900, height=900, lines=tuple(lines), pictures=tuple(boxes[:1]), frames=tuple(boxes[1:])
    )
    printed = Counter("".join(line.text for line in lines))
    read = Counter("".join(block.text for block in split_sheet(page).blocks))
    del printed[" "], read[" "]
    assert read == printed


def test_sizes_that_a_scan_got_wrong_make_no_headings_of_text() -> None:
    """A line of text 1.2 times as large as the others goes on the one above; capitals head however small they
    are.
    """
    lines = [
        "LE THEATRE",
        "Le grand homme est mort presque sur la",
        "scene. Malade, il a fait ce que sa foi lui",
        "commandait.",
    ]
    sheet = Sheet(
        width=300,
        height=400,
        lines=tuple(
            PageLine(
                text=text,
                left=50,
                right=250,
                top=100 + 14 * i,
                bottom=110 + 14 * i,
                size=12 if i == 2 else 10,
            )
            for i, text in enumerate(lines)
        ),
    )
    page = split_sheet(sheet)
    assert [article.title for article in page.articles] == ["LE THEATRE"]
    assert page.articles[0].paragraphs == (" ".join(lines[1:]),)
