"""A picture of a page → its lines with places and sizes, in the form that PDF pages have.

page_image     PNG, JPEG → a page in grey, measured before it is decoded, upright and level
box_detection  where its lines, pictures and frames are
recognition    what each line says
text_lines     both → lines with sizes
networks       the models, loaded once for each process

All of it needs the extra `ocr`. This module imports it only when there is a picture to read.
"""

import threading
from typing import TYPE_CHECKING

from bot.errors import SourceError
from bot.newspaper.boxes import Sheet
from bot.phrases import Phrase

if TYPE_CHECKING:
    from bot.sources.scan.page_image import Grey

_MAX_LINES = 5_000  # of one page; a broadsheet has some 2,000
_SCAN_LOCK = threading.Lock()  # a page takes both cores and some 600 MB


def read_sheet(data: bytes, name: str) -> Sheet:
    """Return the layout of a page from a PNG or JPEG. A page without text has no lines.

    Raises SourceError: no picture, damaged, too large, more than MAX_LINES, or the extra `ocr` is not
    installed.
    """
    check_installed(name)
    from bot.sources.scan import page_image

    with _SCAN_LOCK:
        return recognize_sheet(page_image.read_page(data, name), name)


def recognize_sheet(page: "Grey", name: str) -> Sheet:
    """Return a page in grey as it is printed. Raises the errors of `read_sheet`."""
    from bot.sources.scan import box_detection, networks, recognition, text_lines

    boxes = box_detection.detect_boxes(page)
    if len(boxes.lines) > _MAX_LINES:
        raise SourceError(
            Phrase(
                "{name}: holds {number} lines; no newspaper page has more than {most}",
                name=name,
                number=len(boxes.lines),
                most=_MAX_LINES,
            )
        )
    read = text_lines.build_lines(page, boxes.lines, recognition.recognize_lines(page, boxes.lines))
    networks.return_memory()
    return Sheet(
        width=float(page.shape[1]),
        height=float(page.shape[0]),
        lines=read,
        pictures=boxes.pictures,
        frames=boxes.frames,
        is_scan=True,
    )


def check_installed(name: str) -> None:
    """Raise SourceError where what reads pictures is missing, with the remedy."""
    try:
        from bot.sources.scan import networks, page_image  # noqa: F401

        networks.find_network_file(networks.DETECTION)
    except ImportError as error:
        raise SourceError(
            Phrase(
                "{name}: is a picture, and reading it needs OCR: pip install 'zhaibao[ocr]' "
                "(missing: {error})",
                name=name,
                error=error,
            )
        ) from error
