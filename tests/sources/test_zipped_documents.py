"""Word documents and books, as zip archives."""

import io
import zipfile

import pytest

from bot.errors import LimitExceeded, SourceError
from bot.models import Source
from bot.sources import zipped_documents
from bot.sources.kinds.folder import parse_articles

SOURCE = Source(kind="folder", name="", address="")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "停工十二年的船台上又响起了锤声，三家本地企业合股修复，一共投资四千万元。"


def pack(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def pack_word(*paragraphs: tuple[str, str]) -> bytes:
    """Pack paragraphs (style, text) as Word does, each text in two runs."""
    rows = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f"<w:r><w:t>{text[:3]}</w:t></w:r><w:r><w:t>{text[3:]}</w:t></w:r></w:p>"
        for style, text in paragraphs
    )
    return pack(**{"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{rows}</w:body></w:document>'})


def pack_book(*chapters: str, media: str = "application/xhtml+xml") -> bytes:
    items = "".join(
        f'<item id="c{n}" href="t/c%20{n}.xhtml" media-type="{media}"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in reversed(range(len(chapters))))
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest>'
        f"<spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    files = {"META-INF/container.xml": container, "OEBPS/book.opf": package}
    files |= {f"OEBPS/t/c {n}.xhtml": f"<html><body>{text}</body></html>" for n, text in enumerate(chapters)}
    return pack(**files)


def test_a_word_document_has_its_title_its_headings_and_its_text() -> None:
    title, heading, body = ("Title", "老船厂重新开工"), ("Heading1", "招工"), ("", SENTENCE)
    data = pack_word(title, body, heading, body, ("", ""))
    (article,) = parse_articles(data, "a.docx", SOURCE)
    assert article.title == "老船厂重新开工"
    assert article.paragraphs == (SENTENCE, "招工", SENTENCE)
    assert article.subheadings == (1,)


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    data = pack_book(f"<h2>第二章</h2><p>{SENTENCE}</p>", f"<h1>老船厂</h1><div><p>{SENTENCE}</p></div>")
    (article,) = parse_articles(data, "a.epub", SOURCE)
    assert article.title == "老船厂"
    assert article.paragraphs == (SENTENCE, "第二章", SENTENCE)


@pytest.mark.parametrize("name", ["a.docx", "a.epub"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", pack(**{"other.xml": "<a/>"})])
def test_what_is_damaged_is_said_to_be(name: str, data: bytes) -> None:
    with pytest.raises(SourceError):
        parse_articles(data, name, SOURCE)


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped_documents, "_MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(LimitExceeded):
        parse_articles(pack_word(("", "长" * 100_000)), "a.docx", SOURCE)


def test_entities_and_outside_files_are_not_followed() -> None:
    document = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    document += f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r>'
    document += f"<w:t>{SENTENCE}&x;</w:t></w:r></w:p></w:body></w:document>"
    (article,) = parse_articles(pack(**{"word/document.xml": document}), "a.docx", SOURCE)
    assert "root" not in article.text
    assert SENTENCE in article.text + article.title


def test_a_book_without_text_holds_none() -> None:
    with pytest.raises(SourceError):
        parse_articles(pack_book("", media="image/png"), "a.epub", SOURCE)
