"""What bytes are, by how they begin; what a server calls them is often wrong."""

import json
import re

# Beginnings of what is no text, with what it is called in messages.
_BEGINNINGS = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"\0\0\1\0", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"PK\3\4", "an archive or office document"),
    (b"PK\5\6", "an archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "an office document"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\xfd7zXZ", "an archive"),
    (b"BZh", "an archive"),
    (b"\x28\xb5\x2f\xfd", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"ID3", "a sound recording"),
    (b"OggS", "a sound recording"),
    (b"fLaC", "a sound recording"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"FLV", "a video"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\0asm", "a program"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"SQLite format 3", "a database"),
)
JSON = "JSON data"
_DOCUMENTS = ((b"%PDF-", ".pdf"), (b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"))
_NAMED_INSIDE = (
    (b"RIFF", b"WEBP", "a picture"),
    (b"RIFF", b"WAVE", "a sound recording"),
    (b"RIFF", b"AVI ", "a video"),
)
_FILE_TYPE = re.compile(rb"^....ftyp(?P<brand>....)", re.DOTALL)
_MPEG_SOUND = re.compile(rb"^\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]")
_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0\xfe\xff")  # UTF-16 and UTF-32
_LOOKED_AT = 4_096  # bytes in which binary data shows
_MAX_CONTROL_SHARE = 0.02  # of those; text in any encoding has nearly none
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


def find_document_suffix(data: bytes) -> str:
    """Return the suffix of the documents that we read and that `data` is one of: ".pdf", ".png", ".jpg"; else
    "".
    """
    return next((suffix for beginning, suffix in _DOCUMENTS if data.startswith(beginning)), "")


def identify_media(data: bytes) -> str:
    """Return what `data` is where it is no text: "a picture", "a PDF"; "" for text. JSON is no text either.

    >>> identify_media(b"%PDF-1.4 ..."), identify_media(b"<html>")
    ('a PDF', '')
    """
    for beginning, name in _BEGINNINGS:
        if data.startswith(beginning) and not _is_short_word(beginning, data):
            return name
    for beginning, inside, name in _NAMED_INSIDE:
        if data.startswith(beginning) and data[8:12] == inside:
            return name
    if match := _FILE_TYPE.match(data):
        return "a picture" if match["brand"][:3] in (b"avi", b"hei", b"mif") else "a video"
    if _MPEG_SOUND.match(data) and not data.startswith(_WIDE_TEXT):
        return "a sound recording"
    if _has_controls(data):
        return "binary data"
    return JSON if _is_json(data) else ""


def _is_short_word(beginning: bytes, data: bytes) -> bool:
    """Return whether a beginning of letters alone is the beginning of a text, such as "MZ" or "BM"."""
    return len(beginning) < 4 and beginning.isalpha() and not _has_controls(data)


def _has_controls(data: bytes) -> bool:
    head = data[:_LOOKED_AT]
    if head.startswith(_WIDE_TEXT):
        return False
    return len(head) - len(head.translate(None, _CONTROL)) > _MAX_CONTROL_SHARE * len(head)


def _is_json(data: bytes) -> bool:
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith((b"{", b"[")):
        return False
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return head[:1] == b"{" and re.match(rb'\{\s*"[^"]*"\s*:', head) is not None
    return True
