"""Bytes → text. Reads UTF-8 and GB18030 (which holds GB2312 and GBK), with and without a byte order mark."""

import codecs

from bot.errors import InputError

MARKS = ((codecs.BOM_UTF8, "utf-8"), (b"\x84\x31\x95\x33", "gb18030"))
# What some PDF readers leave behind; no newspaper prints them, and no channel takes them. NUL is not among them: a text
# with NULs is UTF-16 or no text at all.
STRAY = dict.fromkeys([*range(1, 9), 0x0B, *range(0x0E, 0x20), 0x7F])
# GB18030 gives nearly any bytes some character, so what it gives has to look like Chinese. These make up some 15 % of
# Chinese prose in either script and under 1 % of Big5, Shift-JIS or broken UTF-8 read as GB18030.
EVERYDAY = frozenset("，。、：；“”（）的一是在不了有和人大中上年月日")
EVERYDAY_SHARE = 0.03
ENOUGH_CHARACTERS = 40  # of a text that are not ASCII; fewer prove nothing


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
    everyday = sum(character in EVERYDAY for character in signs)
    return len(signs) < ENOUGH_CHARACTERS or everyday >= EVERYDAY_SHARE * len(signs)


def unreadable(name: str, why: str) -> InputError:
    return InputError(
        f"{name}: cannot be read as UTF-8 or GB18030 ({why}); convert it with: iconv -f ENCODING -t UTF-8"
    )


def mended(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(STRAY)
