"""Pages printed on the fly are read back from their pictures; what is no page is refused before it is
decoded.
"""

import io
import struct
import sys
import zlib

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bot.errors import SourceError
from bot.models import Source
from bot.newspaper.boxes import Box, PageLine
from bot.sources import pdf, scan
from bot.sources.kinds import folder, page
from bot.sources.scan import box_detection, networks, page_image, recognition, text_lines
from tests.sources.printing import Paper, saved

SOURCE = Source(kind="page", name="县报", address="/pages")
DAM = (
    "青溪水库扩建工程今天下闸蓄水，总库容由两千一百万立方米增加到五千八百万立方米。",
    "县水利局负责人说，下游十二个村的灌溉用水从此有了保证，明年春天就能用上。",
    "工程总投资三亿元，前后用了四年，比原定的工期提前了两个月。",
)
LIBRARY = (
    "县图书馆新馆周六上午九点开馆，藏书二十二万册，阅览座位八百六十个。",
    "读者凭身份证一次可以借书十册，三十天归还，逾期不再收费。",
    "新馆每天开放到晚上九点，周一闭馆整理。",
)


@pytest.fixture(scope="module")
def printed() -> Paper:
    """Two articles side by side under headlines of their own, a column each."""
    paper = Paper(columns=2, units=16, height=860)
    paper.line("临溪日报", paper.left(0), 20)
    paper.line("水库扩建工程下闸蓄水", paper.left(0), 90, 48)
    paper.line("图书馆新馆周六开馆", paper.left(1), 90, 48)
    paper.paragraphs(DAM, 0, 180)
    paper.paragraphs(LIBRARY, 1, 180)
    return paper


def told(found: tuple[object, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(article.title, article.paragraphs) for article in found]  # type: ignore[attr-defined]


EXPECTED = [("水库扩建工程下闸蓄水", DAM), ("图书馆新馆周六开馆", LIBRARY)]


def test_a_page_of_columns_gives_back_its_articles(printed: Paper) -> None:
    assert told(page.parse_articles(printed.png(), "20261121-03.png", SOURCE)) == EXPECTED


def test_a_page_that_lay_askew_under_grey_dust_gives_them_too(printed: Paper) -> None:
    askew = printed.image.rotate(1.3, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    grain = np.random.default_rng(1).normal(215, 8, (askew.height, askew.width))
    dusty = Image.fromarray(np.minimum(np.asarray(askew) * 0.85 + 30, grain).clip(0, 255).astype(np.uint8))
    assert told(page.parse_articles(saved(dusty, "JPEG", quality=85), "p.jpg", SOURCE)) == EXPECTED


def test_a_headline_set_vertically_is_read_downwards_and_stands_over_the_text_beside_it() -> None:
    paper = Paper(columns=2, units=16, height=760)
    paper.vertical("水库今日蓄水", 480.0, 60, 64)
    paper.paragraphs(DAM, 1, 60)
    (found,) = page.parse_articles(paper.png(), "p.png", SOURCE)
    assert (found.title, found.paragraphs) == ("水库今日蓄水", DAM)


def test_english_lines_keep_their_spaces() -> None:
    paper = Paper(columns=1, units=20, height=160)
    paper.line("The old ferry sails again", paper.left(0), 50)
    (line,) = scan.read_sheet(paper.png(), "p.png").lines
    assert line.text == "The old ferry sails again"


def test_an_empty_page_has_no_articles_and_a_photo_in_a_folder_is_none() -> None:
    white = saved(Image.new("L", (600, 800), 255))
    assert page.parse_articles(white, "p.png", SOURCE) == ()
    assert folder.parse_articles(white, "p.png", SOURCE) == ()


def test_a_picture_of_text_in_a_folder_is_an_article(printed: Paper) -> None:
    half = printed.image.crop((0, 80, printed.left(1) - 10, printed.image.height))
    (found,) = folder.parse_articles(saved(half), "2026-11-21.png", SOURCE)
    assert (found.title, found.paragraphs) == EXPECTED[0]


def scanned_pdf(*pages: bytes | str) -> bytes:
    """A PDF whose pages are pictures, or a line of text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 240))
    for each in pages:
        if isinstance(each, str):
            canvas.drawString(20, 200, each)
        else:
            canvas.drawImage(ImageReader(io.BytesIO(each)), 0, 0, 300, 240)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_each_page_of_a_pdf_is_read_in_its_own_way(printed: Paper) -> None:
    text = "The library opens its doors on Saturday at nine in the morning, said the mayor."
    first, second = pdf.read_sheets(scanned_pdf(text, printed.png()), "paper.pdf")
    assert [line.text for line in first.lines] == [text]
    assert "水库扩建工程下闸蓄水" in {line.text for line in second.lines}


def test_a_pdf_of_more_scans_than_are_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MAX_SCANS", 1)
    white = saved(Image.new("L", (60, 80), 255))
    with pytest.raises(
        SourceError, match=r"p.pdf: holds 2 scanned pages; at most 1 are read, split the file"
    ):
        pdf.read_sheets(scanned_pdf(white, white), "p.pdf")


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bot.sources.scan.networks")
    monkeypatch.delattr(scan, "networks")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)


@pytest.mark.usefixtures("without_extra")
def test_without_the_extra_the_remedy_is_told() -> None:
    white = saved(Image.new("L", (60, 80), 255))
    for name, data in (("p.png", white), ("p.pdf", scanned_pdf(white))):
        with pytest.raises(SourceError, match=rf"{name}.*reading it needs OCR: pip install 'zhaibao\[ocr\]'"):
            page.parse_articles(data, name, SOURCE)


@pytest.mark.usefixtures("without_extra")
def test_without_the_extra_the_pages_with_text_are_read_all_the_same() -> None:
    white = saved(Image.new("L", (60, 80), 255))
    found = pdf.read_sheets(scanned_pdf(white, "The library opens its doors on Saturday."), "p.pdf")
    assert [len(sheet.lines) for sheet in found] == [0, 1]


# Pictures


def half_black(mode: str) -> Image.Image:
    grey = Image.new("L", (64, 40), 255)
    grey.paste(0, (0, 0, 32, 40))
    return grey.convert(mode)


def transparent() -> Image.Image:
    image = Image.new("RGBA", (64, 40), (0, 0, 0, 0))  # black that nobody sees
    image.paste((0, 0, 0, 255), (0, 0, 32, 40))
    return image


def deep() -> Image.Image:
    values = np.full((40, 64), 65_535, dtype=np.uint16)
    values[:, :32] = 0
    return Image.fromarray(values)


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        *((half_black(mode), "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA")),
        *((half_black(mode), "JPEG") for mode in ("L", "RGB", "CMYK")),
        (transparent(), "PNG"),
        (deep(), "PNG"),
    ],
)
def test_a_picture_of_any_colours_is_the_same_page_in_grey(image: Image.Image, kind: str) -> None:
    grey = page_image._decode_picture(saved(image, kind), "p")
    assert grey.shape == (40, 64)
    assert grey.dtype == np.uint8
    assert grey[:, :24].max() < 20
    assert grey[:, 40:].min() > 235


def test_a_picture_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # its right side was up
    grey = page_image._decode_picture(saved(half_black("L"), "JPEG", exif=exif), "p.jpg")
    assert grey.shape == (64, 40)
    assert grey[:24].max() < 20 < 235 < grey[40:].min()


def test_a_page_larger_than_is_worth_reading_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_image, "_LONGEST", 32)
    assert page_image._fit_size(np.asarray(half_black("L"))).shape == (20, 32)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it has so many pixels and holds none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            png_of(100_000, 100_000),
            "has far more pixels than a page; at most 80 million are read, make it smaller",
        ),
        (png_of(9_000, 9_000), "has 9000 × 9000 pixels"),
        (png_of(4_000, 3), "is 3 pixels wide or high; no page is that small"),
        (saved(half_black("L"))[:60], "the picture cannot be read"),
        (saved(half_black("L"), "JPEG")[:200], "the picture cannot be read"),
        (saved(half_black("L"), "GIF"), "a page is a PNG or JPEG"),
        (b"no picture at all", "is no picture"),
        (b"", "is no picture"),
    ],
)
def test_what_is_no_page_is_told(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=r"^p\.png: ") as refusal:
        scan.read_sheet(data, "p.png")
    assert message in str(refusal.value)


def test_a_page_of_more_lines_than_any_newspaper_is_refused(
    printed: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "_MAX_LINES", 3)
    with pytest.raises(SourceError, match=r"p\.png: holds \d+ lines; no newspaper page has more than 3"):
        scan.read_sheet(printed.png(), "p.png")


def test_lines_askew_by_a_degree_are_found_to_be(printed: Paper) -> None:
    askew = np.asarray(printed.image.rotate(-1.0, fillcolor=255, resample=Image.Resampling.BICUBIC))
    assert abs(page_image._measure_skew(askew) - 1.0) <= 0.2
    assert abs(page_image._measure_skew(np.asarray(printed.image))) < page_image._LEAST_SKEW


# Lines


def box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left=left, top=top, right=right, bottom=bottom)


NO_EDGES = box_detection._collect_edges([])


def text_of_columns(*columns: tuple[int, int], rows: int = 8) -> np.ndarray:
    """Ink of lines 20 high, 30 apart, in columns of these edges."""
    ink = np.zeros((rows * 30, 400), dtype=bool)
    for row in range(rows):
        for left, right in columns:
            ink[row * 30 : row * 30 + 20, left:right] = True
    return ink


def test_a_box_over_two_columns_is_parted_at_the_white_that_runs_on_below() -> None:
    ink = text_of_columns((20, 180), (210, 380))
    parts = list(box_detection._split_at_columns(box(20, 0, 380, 20), ink, NO_EDGES))
    assert [(part.left, part.right) for part in parts] == [(20, 182), (208, 380)]


def test_white_that_ends_at_the_next_line_parts_nothing() -> None:
    ink = text_of_columns((20, 380))
    ink[90:110, 180:210] = False
    assert len(list(box_detection._split_at_columns(box(20, 90, 380, 110), ink, NO_EDGES))) == 1


def test_white_with_text_on_one_side_alone_parts_nothing() -> None:
    ink = text_of_columns((20, 180))
    ink[:20, 210:380] = True
    assert len(list(box_detection._split_at_columns(box(20, 0, 380, 20), ink, NO_EDGES))) == 1


def test_white_where_other_lines_begin_parts_a_line_at_a_columns_end() -> None:
    ink = np.zeros((100, 400), dtype=bool)
    ink[80:100, 20:180] = ink[80:100, 210:380] = True
    line = box(20, 80, 380, 100)
    above = [box(208, 20, 380, 40), box(208, 50, 380, 70), box(20, 50, 182, 70)]
    assert len(list(box_detection._split_at_columns(line, ink, box_detection._collect_edges(above)))) == 2
    assert (
        len(list(box_detection._split_at_columns(line, ink, box_detection._collect_edges(above[:2])))) == 1
    ), "they may be indented"
    assert (
        len(list(box_detection._split_at_columns(line, ink, box_detection._collect_edges(above[1:])))) == 1
    ), "one may be a coincidence"


def test_pieces_of_one_row_are_made_one_and_columns_and_rows_are_not() -> None:
    pieces = [box(0, 0, 100, 20), box(104, 1, 200, 21), box(230, 0, 300, 20), box(0, 30, 100, 50)]
    joined = [box(0, 0, 200, 21), box(0, 30, 100, 50), box(230, 0, 300, 20)]
    assert box_detection._rejoin_lines(pieces, box_detection._collect_edges(pieces)) == joined
    column = [box(104, 30, 200, 50), box(104, 60, 200, 80)]
    assert (
        len(box_detection._rejoin_lines([*pieces, *column], box_detection._collect_edges([*pieces, *column])))
        == 6
    )


def test_the_network_sees_tiles_of_one_size_however_large_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, ...]] = []

    def answer(_: str, batch: np.ndarray) -> np.ndarray:
        seen.append(batch.shape)
        return batch[:, :1] / 2

    monkeypatch.setattr(networks, "run_network", answer)
    grey = np.arange(2_000 * 1_000, dtype=np.uint32).reshape(2_000, 1_000).astype(np.uint8)
    likely = box_detection._compute_chances(grey)
    assert set(seen) == {(1, 3, box_detection._TILE, box_detection._TILE)}
    assert len(seen) == 6
    assert np.allclose(likely, (grey.astype(np.float32) / 127.5 - 1) / 2), "every point is its own tile's"


def test_a_line_longer_than_the_network_takes_is_read_in_pieces() -> None:
    strips = list(recognition._split_strips(0, box(0, 0, 5_000, 20)))
    assert [(strip.start, strip.length) for strip in strips][:2] == [(0, 714), (714, 714)]
    assert sum(strip.length for strip in strips) == 5_000
    assert max(strip.ratio for strip in strips) <= recognition._LONGEST
    assert list(recognition._split_strips(0, box(5, 5, 5, 9))) == []


def test_characters_are_read_out_once_where_they_stand() -> None:
    listed = networks.load_characters()
    chances = np.zeros((10, len(listed)), dtype=np.float32)
    for step, letter in enumerate(["", "水", "水", "", "水", "库", "", "", "", ""]):
        chances[step, listed.index(letter)] = 0.8
    strip = recognition._Strip(line=0, start=100, length=200, across=24)
    found = recognition._decode_chances(chances, strip, 400)
    assert found.text == "水水库"
    assert found.places == (130.0, 190.0, 210.0)
    assert found.sure == pytest.approx(0.8)


def line(
    text: str, left: float, top: float, size: float, width: float | None = None, height: float = 0
) -> PageLine:
    right = left + (len(text) * size if width is None else width)
    return PageLine(text=text, left=left, right=right, top=top, bottom=top + (height or size), size=size)


def test_sizes_that_differ_by_a_pixel_are_one() -> None:
    sizes = [40.0, 41, 39.5, 40.2, 42, 44, 60, 62, 90, 30]
    found = text_lines._snap_sizes([line("一行正文", 0, n * 60, size) for n, size in enumerate(sizes)])
    assert sorted(round(each.size, 1) for each in found) == [30, 40.2, 40.2, 40.2, 40.2, 40.2, 44, 61, 61, 90]


def test_a_headlines_last_character_has_its_headlines_size() -> None:
    found = [line("四项群众体育赛事标准发", 0, 0, 90), line("布", 0, 120, 80), line("正文的一行", 0, 220, 40)]
    assert {each.text: each.size for each in text_lines._snap_sizes(found)}["布"] == 90
    assert text_lines._snap_sizes([line("布", 0, 0, 80)])[0].size == 80


@pytest.mark.parametrize(
    ("read", "shown"),
    [
        ("展现风采(体坛观澜)", "展现风采（体坛观澜）"),
        ("走近工程・一线", "走近工程·一线"),
        ("印发意见—一", "印发意见——"),
        ("—一来自一线的报告", "——来自一线的报告"),
        ("第3(4)期和f(x)", "第3(4)期和f(x)"),
        ("(The mayor) said", "(The mayor) said"),
        ("一一列举", "一一列举"),
        ("\u3000二〇一九—二〇二〇", "二〇一九—二〇二〇"),
    ],
)
def test_marks_that_look_alike_are_those_of_a_chinese_line(read: str, shown: str) -> None:
    assert text_lines._widen_marks(read) == shown


def test_a_vertical_heading_is_laid_above_the_text_on_its_side() -> None:
    text = [line("正文的一行", 100, 50 + 30 * n, 20) for n in range(5)]
    heading = [
        line("大标题", 40, 50, 40, width=40, height=120),
        line("引题", 85, 50, 12, width=12, height=60),
    ]
    found = list(text_lines._lay_lines(heading, text))
    assert [each.text for each in found] == ["引题", "大标题"], "from the right to the left"
    assert found[0].top < found[0].bottom <= found[1].top < found[1].bottom <= 50
    assert all((each.left, each.right) == (100, 200) for each in found)
