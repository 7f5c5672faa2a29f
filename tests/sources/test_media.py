"""Bytes that are no text are told by how they begin, whatever the server calls them."""

import zipfile
from io import BytesIO

import pytest

from bot.errors import SourceError
from bot.sources.html.article_page import parse_article
from bot.sources.media import find_document_suffix, identify_media


def make_archive() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "text")
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"\xff\xd8\xff\xe0" + bytes(range(256)),
        b"GIF89a" + bytes(range(256)),
        b"RIFF\x00\x01\x00\x00WEBPVP8 " + bytes(range(256)),
        b"\x00\x00\x00\x1cftypavif" + bytes(range(256)),
        b"\x00\x00\x00\x1cftypisom" + bytes(range(256)),
        b"ID3\x03\x00" + bytes(range(256)),
        b"\xff\xfb\x90\x00" + bytes(range(256)),
        b"OggS\x00" + bytes(range(256)),
        b"%PDF-1.7\n%\xe2\xe3",
        make_archive(),
        b"\x1f\x8b\x08\x00" + bytes(range(256)),
        b"7z\xbc\xaf\x27\x1c" + bytes(range(256)),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b'{"error": "log in first"}',
        b'[{"id": 1}]',
        bytes(range(256)) * 20,
    ],
)
def test_what_is_no_text_never_becomes_an_article(data):
    assert identify_media(data)
    with pytest.raises(SourceError, match="no web page"):
        parse_article(data, "https://linxi.example/a", accept_short=True)


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body>x</body></html>",
        "<html><p>急救中心</p></html>".encode("utf-16"),
        "<html><p>急救中心</p></html>".encode("gb18030"),
        "<p>Un café très fréquenté</p>".encode("iso-8859-1"),
        b"BMW opens a works in Linxi.",
        b"MZ is what the county is called for short.",
        b"[The council met on Monday] and voted.",
        b"",
    ],
)
def test_text_in_any_encoding_is_text(data):
    assert identify_media(data) == ""


def test_documents_that_are_read_elsewhere_have_a_suffix():
    assert [
        find_document_suffix(data) for data in (b"%PDF-1.4", b"\x89PNG", b"\xff\xd8\xff\xe0", b"GIF8")
    ] == [
        ".pdf",
        ".png",
        ".jpg",
        "",
    ]


def test_a_page_of_replacement_characters_is_no_article():
    with pytest.raises(SourceError, match="any encoding"):
        parse_article(("<p>" + "\ufffd词" * 200 + "</p>").encode(), "https://linxi.example/a")
