"""PDF pages printed on the fly, read back: what stands on them comes out, and what cannot be read is told."""

import io
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bot.errors import SourceError
from bot.models import Source
from bot.newspaper.boxes import Way
from bot.sources import pdf
from bot.sources.kinds import page

PRINTER = Path(__file__).parents[1] / "benchmarks" / "pages"
SOURCE = Source(kind="page", name="县报", address="/pages")


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(PRINTER))
    import pdf_pages

    return pdf_pages


def english(*pages: str) -> bytes:
    """A PDF with a page a text, one line each."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 300))
    for text in pages:
        canvas.drawString(20, 200, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_pages_of_several_columns_give_back_the_articles_printed_on_them(printer: ModuleType) -> None:
    for name, data, printed in printer.made(printer.own_pages(), 4, 3):
        found = page.parse_articles(data, f"{name}.pdf", SOURCE)
        want = {a["title"].replace(" ", ""): [p.replace(" ", "") for p in a["paragraphs"]] for a in printed}
        got = {a.title.replace(" ", ""): [p.replace(" ", "") for p in a.paragraphs] for a in found}
        assert got == want, name


def test_each_page_of_a_pdf_has_a_name_of_its_own() -> None:
    data = english("The library opens.", "The dam broke.")
    assert [name for name, _ in page.parse_pages(data, "/p/daily.pdf")] == ["daily-1", "daily-2"]
    assert [name for name, _ in page.parse_pages(english("One."), "/p/daily.PDF")] == ["daily"]


def test_only_the_first_pages_of_a_book_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MAX_PAGES", 1)
    assert len(pdf.read_sheets(english("One.", "Two."), "book.pdf")) == 1


def test_a_page_with_more_characters_than_any_newspaper_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MAX_CHARACTERS", 5)
    with pytest.raises(SourceError, match=r"a\.pdf, page 1: holds \d+ characters"):
        pdf.read_sheets(english("More than five."), "a.pdf")


def test_a_picture_of_nothing_is_told() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 300))
    canvas.drawImage(ImageReader(Image.new("RGB", (4, 4), (90, 90, 90))), 0, 0, 300, 300)
    canvas.save()
    with pytest.raises(SourceError, match="holds no text and no picture of text"):
        pdf.read_sheets(out.getvalue(), "scan.pdf")


def test_a_damaged_file_is_told() -> None:
    with pytest.raises(SourceError, match=r"a\.pdf: the PDF cannot be read"):
        pdf.read_sheets(b"%PDF-1.4 broken", "a.pdf")


def test_lines_have_their_place_and_size() -> None:
    (sheet,) = pdf.read_sheets(english("One line."), "a.pdf")
    (line,) = sheet.lines
    assert (line.text, line.size, round(line.left)) == ("One line.", 12, 20)
    assert line.top < 100 < line.bottom  # 200 up from the foot of 300


def test_a_line_turned_on_the_page_is_read_as_one() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 300))
    canvas.saveState()
    canvas.translate(40, 60)
    canvas.rotate(90)
    canvas.drawString(0, 0, "Photo by the harbour")
    canvas.restoreState()
    canvas.drawString(80, 200, "The library opens.")
    canvas.save()
    lines = {line.text: line for line in pdf.read_sheets(out.getvalue(), "page.pdf")[0].lines}
    turned = lines["Photo by the harbour"]
    assert lines["The library opens."].way == Way.LEVEL
    assert turned.way == Way.UPWARD
    assert turned.left < 40 < turned.right + 2
    assert turned.bottom == pytest.approx(240, abs=2)
