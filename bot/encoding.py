"""Bytes → text: strictly for the operator's files, leniently for what strangers publish.

Files are UTF-8 or GB18030 (which holds GB2312 and GBK), with or without a byte order mark, or they are an error.
Feeds and web pages are whatever they are; their declarations are often wrong, so what the bytes look like comes first.
"""

import codecs
import re

from bot.errors import InputError

MARKS = ((codecs.BOM_UTF8, "utf-8"), (b"\x84\x31\x95\x33", "gb18030"))
# What some PDF readers leave behind; no newspaper prints them, and no channel takes them. NUL is not among them: a text
# with NULs is UTF-16 or no text at all.
STRAY = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f]+")
# GB18030 gives nearly any bytes some character, so what it gives has to look like Chinese. These make up some 15 % of
# Chinese prose in either script and under 1 % of Big5, Shift-JIS or broken UTF-8 read as GB18030.
EVERYDAY = frozenset("，。、：；“”（）的一是在不了有和人大中上年月日")
EVERYDAY_SHARE = 0.03
ENOUGH_CHARACTERS = 40  # of a text that are not ASCII; fewer prove nothing

WIDE_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
    (b"<\0!\0", "utf-16-le"),
    (b"\0<\0!", "utf-16-be"),
)
DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
DECLARED_WITHIN = 2048  # bytes from the beginning; browsers look at 1024
# What the name is taken for: the larger set that pages with the smaller name use all the same.
LARGER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}


def decode(data: bytes, name: str) -> str:
    """Return the text of `data`, line ends made "\\n", stray control characters left out.

    `name` is what the error calls it. Raises InputError when it is neither UTF-8 nor GB18030.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise unreadable(name, "it is UTF-16")
    if b"\0" in data:
        raise unreadable(name, "it holds NUL bytes, as UTF-16 and files that are no text do")
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return mended(strictly(data.removeprefix(mark), encoding, name))
    try:
        return mended(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        text = strictly(data, "gb18030", name)
        if not is_chinese(text):
            raise unreadable(name, f"byte {error.start} is not UTF-8, and as GB18030 it is no Chinese") from error
        return mended(text)


def strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable(name, f"byte {error.start} fits neither") from error


def is_chinese(text: str) -> bool:
    """Say whether `text`, read as GB18030, looks like Chinese that somebody wrote.

    >>> is_chinese("急救中心今日启用。"), is_chinese("\\ue5e5")
    (True, False)
    """
    signs = [character for character in text if character > "\x7f"]
    if any("\ue000" <= character <= "\uf8ff" for character in signs):
        return False  # private use: an encoding's unused corners
    return len(signs) < ENOUGH_CHARACTERS or everyday_share(text) >= EVERYDAY_SHARE


def everyday_share(text: str) -> float:
    signs = [character for character in text if character > "\x7f"]
    return sum(character in EVERYDAY for character in signs) / len(signs) if signs else 0.0


def unreadable(name: str, why: str) -> InputError:
    return InputError(
        f"{name}: cannot be read as UTF-8 or GB18030 ({why}); convert it with: iconv -f ENCODING -t UTF-8"
    )


def mended(text: str) -> str:
    return STRAY.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def decode_markup(data: bytes, charset: str = "") -> str:
    """Return the text of a feed or web page. `charset` is what the HTTP header declares.

    Never fails: where nothing fits, what cannot be read becomes "\ufffd".
    """
    for mark, encoding in WIDE_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    declared = [name for name in (known(charset), known(declared_inside(data))) if name]
    if data.isascii() and not any(name.startswith(("iso2022", "hz", "utf-7")) for name in declared):
        return data.decode("ascii")
    for encoding in ("utf-8", *declared, "gb18030", "big5hkscs"):
        text = fitting(data, encoding, is_declared=encoding in declared)
        if text is not None:
            return text
    return data.decode(declared[0] if declared else "utf-8", "replace")


def fitting(data: bytes, encoding: str, *, is_declared: bool) -> str | None:
    """Return `data` in `encoding` when nothing speaks against it, else None."""
    try:
        text = data.decode(encoding)
    except UnicodeError:
        return None
    if encoding == "utf-8":
        return text  # other encodings' bytes are next to never UTF-8 by accident
    if encoding in ("gb18030", "big5hkscs"):
        return text if (is_chinese(text) if is_declared else everyday_share(text) >= EVERYDAY_SHARE) else None
    if encoding == "cp1252" and any(
        everyday_share(data.decode(chinese, "replace")) >= EVERYDAY_SHARE for chinese in ("gb18030", "big5hkscs")
    ):
        return None  # one byte a character takes all bytes, so a wrong declaration would go unnoticed
    return text


def declared_inside(data: bytes) -> str:
    found = DECLARED.search(data, 0, DECLARED_WITHIN)
    return found[1].decode("ascii") if found else ""


def known(name: str) -> str:
    """Return Python's name for an encoding of text, the larger one where sets are nested; "" for an unknown name.

    >>> known("GB2312"), known("latin1"), known("klingon")
    ('gb18030', 'cp1252', '')
    """
    try:
        found = codecs.lookup(name.strip())
        "".encode(found.name)  # refuses codecs that are no encodings of text, such as base64
    except (LookupError, ValueError, TypeError):
        return ""
    return LARGER.get(found.name, found.name)
