"""A PDF's bytes → the lines of its pages as printed: text, place and size. Only this module calls the C
library.

A page with a picture and hardly any text is a scan: it is rendered and read like other pictures.
"""

import ctypes
import itertools
import math
import sys
import threading
import unicodedata
from collections.abc import Iterator
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from bot.errors import SourceError
from bot.newspaper.boxes import Box, Sheet, Way
from bot.phrases import Phrase
from bot.sources import scan
from bot.sources.pdf_lines import Character, build_lines
from bot.text.folding import ODD_FORMS

_MAX_PAGES = 200
_MAX_CHARACTERS = 200_000  # of one page; a full page of a broadsheet has some 15,000
_MAX_LINES = 10_000  # of one page; a broadsheet has some 2,000
_MAX_BOXES = 20_000  # of one page: pictures and frames are looked for among the first
_MAX_OBJECTS = 200_000  # of one page (text, pictures, drawn lines), and the limit of its characters
_PDFIUM_LOCK = threading.Lock()  # PDFium may not be used by two threads
_MIN_TEXT_CHARACTERS = 60  # characters: what a scanner prints on a page beside its picture
_LOOKED_AT_CHARACTERS = 1_000  # of a page, to see whether it holds text
_MIN_PICTURE_SHARE = 0.5  # of a page's area: what a scan's pictures cover at least
_MAX_SCANS = 32  # of one file; each takes some ten seconds
_SCAN_DPI, _SCAN_LONGEST = 300, 5_000  # how a scan is drawn: pixels an inch, and at most on the longer edge
_LEAST_SIZE = 0.5  # points; smaller text is invisible, an artefact of the printing program
_HYPHENS = (0x02, 0xFFFE)  # what PDFium gives for a hyphen at a line's end

_WHOLE_PAGE = 0.7  # of the page's area: a picture or frame that covers more is its ground


def read_sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Return the pages of a PDF, the first MAX_PAGES of them; one without text is a sheet without lines.

    Scanned pages are read where the extra `ocr` is installed; without it a PDF of nothing else is refused.
    Raises SourceError: damaged, locked, without any text, a page of more than MAX_CHARACTERS or MAX_LINES,
    more than MAX_SCANS scanned pages.
    """
    try:
        with _PDFIUM_LOCK:
            document = pypdfium2.PdfDocument(data)
        try:
            with _PDFIUM_LOCK:
                sheets = [
                    _read_sheet(document[i], _name_page(name, i))
                    for i in range(min(len(document), _MAX_PAGES))
                ]
                scans = [i for i, page in enumerate(sheets) if _is_scan(document[i], page)]
            for i in _choose_scans(scans, sheets, name):
                with _PDFIUM_LOCK:
                    grey = _draw_page(document[i], _name_page(name, i))
                sheets[i] = scan.recognize_sheet(grey, _name_page(name, i))  # meanwhile others may use PDFium
        finally:
            with _PDFIUM_LOCK:
                document.close()
    except pypdfium2.PdfiumError as error:
        raise SourceError(
            Phrase("{name}: the PDF cannot be read ({error})", name=name, error=error)
        ) from error
    if not any(page.lines for page in sheets):
        raise SourceError(Phrase("{name}: the PDF holds no text and no picture of text", name=name))
    return tuple(sheets)


def count_scanned_pages(data: bytes, name: str) -> int:
    """Return how many of a PDF's pages are pictures of pages, which take long to be read.

    Raises SourceError.
    """
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            return sum(
                _looks_scanned(document[i], _name_page(name, i))
                for i in range(min(len(document), _MAX_PAGES))
            )
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise SourceError(
            Phrase("{name}: the PDF cannot be read ({error})", name=name, error=error)
        ) from error


def _looks_scanned(page: Any, name: str) -> bool:
    _check_objects(page, name)
    text = page.get_textpage()
    try:
        start = text.get_text_range(0, min(text.count_chars(), _LOOKED_AT_CHARACTERS))
    finally:
        text.close()
    return len("".join(start.split())) < _MIN_TEXT_CHARACTERS and _is_pictured(page)


def _check_objects(page: Any, name: str) -> None:
    """Raise SourceError for a page with more drawing operations than any newspaper page."""
    if (count := pdfium.FPDFPage_CountObjects(page)) > _MAX_OBJECTS:
        raise SourceError(
            Phrase(
                "{name}: holds {count} objects; no newspaper page has more than {most}",
                name=name,
                count=count,
                most=_MAX_OBJECTS,
            )
        )


def _name_page(name: str, i: int) -> str:
    return f"{name}, page {i + 1}"


def _is_scan(page: Any, read: Sheet) -> bool:
    """Return whether a page is a picture of a page, or several pictures that make up one."""
    if sum(len(line.text) for line in read.lines) >= _MIN_TEXT_CHARACTERS:
        return False
    return _is_pictured(page)


def _is_pictured(page: Any) -> bool:
    width, height = page.get_size()
    bounds = [image.get_bounds() for image in _iterate_first_objects(page, pdfium.FPDF_PAGEOBJ_IMAGE)]
    covered: float = sum((right - left) * (high - low) for left, low, right, high in bounds)
    return covered >= _MIN_PICTURE_SHARE * float(width * height)


def _choose_scans(scans: list[int], sheets: list[Sheet], name: str) -> list[int]:
    """Return the scanned pages to read.

    These are all of them, or none when OCR is missing and other pages have text.
    """
    if len(scans) > _MAX_SCANS:
        raise SourceError(
            Phrase(
                "{name}: holds {number} scanned pages; at most {most} are read, split the file",
                name=name,
                number=len(scans),
                most=_MAX_SCANS,
            )
        )
    try:
        if scans:
            scan.check_installed(name)
    except SourceError:
        if not any(page.lines for page in sheets):
            raise
        return []
    return scans


def _draw_page(page: Any, name: str) -> Any:
    """Return the page in shades of grey, as a scanner renders it.

    Raises SourceError for pictures that are too large to decode.
    """
    from bot.sources.scan import page_image

    for image in _iterate_first_objects(page, pdfium.FPDF_PAGEOBJ_IMAGE):
        page_image.check_size(image.get_px_size(), name)
    scale = min(_SCAN_DPI / 72, _SCAN_LONGEST / max(page.get_size()))
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    return page_image.level_page(bitmap.to_numpy().squeeze().copy())


def _read_sheet(page: Any, name: str) -> Sheet:
    width, height = page.get_size()
    _check_objects(page, name)
    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > _MAX_CHARACTERS:
            raise SourceError(
                Phrase(
                    "{name}: holds {count} characters; no newspaper page has more than {most}",
                    name=name,
                    count=count,
                    most=_MAX_CHARACTERS,
                )
            )
        lines = tuple(build_lines(_iterate_characters(text.raw, count), height))
    finally:
        text.close()
    if len(lines) > _MAX_LINES:
        raise SourceError(
            Phrase(
                "{name}: holds {number} lines; no newspaper page has more than {most}",
                name=name,
                number=len(lines),
                most=_MAX_LINES,
            )
        )
    return Sheet(
        width=width,
        height=height,
        lines=lines,
        pictures=_find_boxes(page, pdfium.FPDF_PAGEOBJ_IMAGE, width, height),
        frames=_find_boxes(page, pdfium.FPDF_PAGEOBJ_PATH, width, height),
    )


def _iterate_characters(text: Any, count: int) -> Iterator[Character]:
    """Yield each character of a text page with its place and size, in points, and the way its line runs."""
    rect, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(text, i)
        letter = "-" if code in _HYPHENS else ODD_FORMS.get(code) or chr(min(code, sys.maxunicode))
        blank = letter.isspace() or unicodedata.category(letter[0]) in ("Cc", "Cs", "Cn")
        if blank and pdfium.FPDFText_IsGenerated(text, i) == 1:
            yield Character(" ", 0.0, 0.0, 0.0, 1.0, blank=True, generated=True)
            continue
        pdfium.FPDFText_GetLooseCharBox(text, i, rect)
        pdfium.FPDFText_GetCharOrigin(text, i, x, y)
        pdfium.FPDFText_GetMatrix(text, i, matrix)
        size = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
        size = size or rect.top - rect.bottom
        if not (size > _LEAST_SIZE and math.isfinite(rect.left + rect.right + x.value + y.value + size)):
            continue
        if abs(matrix.b) <= abs(matrix.a):
            yield Character(letter, rect.left, rect.right, y.value, size, blank=blank)
        elif matrix.b > 0:
            yield Character(letter, rect.bottom, rect.top, -x.value, size, Way.UPWARD, blank)
        else:
            yield Character(letter, -rect.top, -rect.bottom, x.value, size, Way.DOWNWARD, blank)


def _find_boxes(page: Any, kind: int, width: float, height: float) -> tuple[Box, ...]:
    """Return the boxes of the page's pictures or drawn shapes."""
    boxes = []
    for item in _iterate_first_objects(page, kind):
        left, low, right, high = item.get_bounds()
        if (right - left) * (high - low) < _WHOLE_PAGE * width * height:
            boxes.append(Box(left=left, top=height - high, right=right, bottom=height - low))
    return tuple(boxes)


def _iterate_first_objects(page: Any, kind: int) -> Iterator[Any]:
    """Yield the first _MAX_BOXES of a page's pictures or drawn shapes."""
    return itertools.islice(page.get_objects(filter=[kind], max_depth=3), _MAX_BOXES)
