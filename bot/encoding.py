"""Bytes → text. Reads UTF-8 and GB18030 (which holds GB2312 and GBK), with and without a byte order mark."""

import codecs

from bot.errors import InputError

# A wrongly decoded text shows itself by characters that no newspaper prints.
UNPRINTABLE = frozenset(map(chr, [*range(9), 11, 12, *range(14, 32), 0x7F])) - {"\x0c"}
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (b"\x84\x31\x95\x33", "gb18030"))


def decode(data: bytes, name: str) -> str:
    """Return the text of `data`, line ends made "\\n". `name` is what the error calls it.

    Raises InputError when it is neither UTF-8 nor GB18030.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return lines_mended(strictly(data, encoding, name).removeprefix("\ufeff"))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise unreadable(name, "it is UTF-16")
    try:
        return lines_mended(data.decode("utf-8"))
    except UnicodeDecodeError:
        return lines_mended(strictly(data, "gb18030", name))


def strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable(name, f"byte {error.start} fits neither") from error
    if any("\ue000" <= character <= "\uf8ff" or character in UNPRINTABLE for character in text[:4096]):
        raise unreadable(name, "it holds characters no page prints")
    return text


def unreadable(name: str, why: str) -> InputError:
    return InputError(
        f"{name}: cannot be read as UTF-8 or GB18030 ({why}); convert it with: iconv -f ENCODING -t UTF-8"
    )


def lines_mended(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
