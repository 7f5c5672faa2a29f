"""Word documents (.docx) and books (.epub): zip archives of XML → paragraphs, some of them headings.

Read here and not by a library: it takes a few lines each to get paragraphs and headings; ebooklib is AGPL.
An archive from outside may unpack to anything, so what is unpacked is counted.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree, html

from bot.errors import LimitExceeded, SourceError
from bot.phrases import Phrase

_MAX_UNPACKED_BYTES = 100_000_000
_MAX_FILES = 10_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_PACKAGE = "{http://www.idpf.org/2007/opf}"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = (*sorted(_HEADINGS), "p", "li", "blockquote", "pre", "dt", "dd", "td")
_READABLE = ("application/xhtml+xml", "text/html")

Row = tuple[str, bool]  # a paragraph, and whether it is a heading


class _Archive:
    """A zip archive whose files are unpacked within a limit."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._room = _MAX_UNPACKED_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SourceError(Phrase("{name}: is damaged", name=name)) from error
        if len(self._zip.infolist()) > _MAX_FILES:
            raise LimitExceeded(name, Phrase("holds too many files"))

    def read(self, path: str) -> bytes:
        """Raises SourceError where there is no such file or it is damaged, LimitExceeded."""
        try:
            with self._zip.open(path) as file:
                content = file.read(self._room + 1)
        except (KeyError, zipfile.BadZipFile, RuntimeError, ValueError, OSError, EOFError) as error:
            raise SourceError(Phrase("{name}: is damaged", name=self.name)) from error
        self._room -= len(content)
        if self._room < 0:
            raise LimitExceeded(self.name, Phrase("unpacks to too much"))
        return content

    def parse(self, path: str) -> "etree._Element":
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(self.read(path), parser)
        if root is None:
            raise SourceError(Phrase("{name}: is damaged", name=self.name))
        return root


def read_word_document(data: bytes, name: str) -> list[Row]:
    """Return the paragraphs of a .docx, those of tables too. Raises SourceError, LimitExceeded."""
    body = _Archive(data, name).parse("word/document.xml")
    rows = ((_join_runs(paragraph), _is_heading(paragraph)) for paragraph in body.iter(f"{_WORD}p"))
    return [(text, is_heading) for text, is_heading in rows if text]


def _join_runs(paragraph: "etree._Element") -> str:
    pieces = [
        (element.text or "") if element.tag == f"{_WORD}t" else " "
        for element in paragraph.iter(f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br")
    ]
    return " ".join("".join(pieces).split())


def _is_heading(paragraph: "etree._Element") -> bool:
    """Return whether the paragraph's style is a heading's or the title's, or it has an outline level."""
    style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
    value = (style.get(f"{_WORD}val") or "").lower() if style is not None else ""
    outline = paragraph.find(f"{_WORD}pPr/{_WORD}outlineLvl")
    return value.startswith(("heading", "title", "标题")) or value in tuple("123456") or outline is not None


def read_book(data: bytes, name: str) -> list[Row]:
    """Return the paragraphs of an .epub in the order of its spine. Raises SourceError, LimitExceeded."""
    archive = _Archive(data, name)
    container = archive.parse("META-INF/container.xml")
    root_file = container.find(f".//{_CONTAINER}rootfile")
    path = root_file.get("full-path") if root_file is not None else None
    if not path:
        raise SourceError(Phrase("{name}: is damaged", name=name))
    package = archive.parse(path)
    rows: list[Row] = []
    for chapter in _list_chapters(package, path):
        rows += _read_chapter(archive.read(chapter))
    return rows


def _list_chapters(package: "etree._Element", path: str) -> Iterator[str]:
    """Yield the files of the spine that hold text."""
    items = {
        item.get("id"): (item.get("href") or "", item.get("media-type") or "")
        for item in package.iter(f"{_PACKAGE}item")
    }
    for reference in package.iter(f"{_PACKAGE}itemref"):
        href, media = items.get(reference.get("idref"), ("", ""))
        if href and media in _READABLE:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(href)))


def _read_chapter(content: bytes) -> Iterator[Row]:
    if not content.strip():
        return
    tree = html.fromstring(content, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    for block in tree.iter(*_BLOCKS):
        if any(parent.tag in _BLOCKS for parent in block.iterancestors()):
            continue
        text = " ".join(block.text_content().split())
        if text:
            yield text, block.tag in _HEADINGS
