"""Bytes of the operator's files → text, strictly. What strangers publish is read by markup_encoding.py.

Files must be UTF-8 or GB18030 (which contains GB2312 and GBK), with or without a byte order mark.
"""

import codecs
import re

from bot.errors import InputError
from bot.phrases import Phrase
from bot.text.folding import fold_odd_forms

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (b"\x84\x31\x95\x33", "gb18030"))
# Some PDF readers leave these in texts; no newspaper prints them, and no channel accepts them. NUL is not
# among them: a text with NULs is UTF-16 or not text at all.
_STRAY_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f]+")
# GB18030 has a character for nearly any bytes, so the text must look like Chinese. These characters are about
# 15 % of Chinese prose in either script, and under 1 % of Big5, Shift-JIS or broken UTF-8 read as GB18030.
_EVERYDAY_CHARACTERS = frozenset("，。、：；“”（）的一是在不了有和人大中上年月日")
_MIN_EVERYDAY_SHARE = 0.03
_MIN_CHARACTERS = 40  # of a text that are not ASCII; fewer prove nothing


def decode_text(data: bytes, name: str) -> str:
    """Return the text of `data`, line ends made "\\n", stray control characters left out.

    `name` is what the error calls it. Raises InputError when it is neither UTF-8 nor GB18030.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _build_unreadable_error(name, "it is UTF-16")
    if b"\0" in data:
        raise _build_unreadable_error(name, "it contains NUL bytes, like UTF-16 or a file that is not text")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _clean_text(_decode_strictly(data.removeprefix(mark), encoding, name))
    try:
        return _clean_text(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        text = _decode_strictly(data, "gb18030", name)
        if not _is_chinese(text):
            raise _build_unreadable_error(
                name, f"byte {error.start} is not UTF-8, and as GB18030 it is no Chinese"
            ) from error
        return _clean_text(text)


def _decode_strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _build_unreadable_error(name, f"byte {error.start} fits neither") from error


def _is_chinese(text: str) -> bool:
    """Say whether `text`, read as GB18030, looks like Chinese that somebody wrote.

    >>> _is_chinese("急救中心今日启用。"), _is_chinese("\\ue5e5")
    (True, False)
    """
    signs = [character for character in text if character > "\x7f"]
    if any("\ue000" <= character <= "\uf8ff" for character in signs):
        return False  # private use: an encoding's unused corners
    return len(signs) < _MIN_CHARACTERS or _measure_everyday_share(text) >= _MIN_EVERYDAY_SHARE


def _measure_everyday_share(text: str) -> float:
    signs = [character for character in text if character > "\x7f"]
    return sum(character in _EVERYDAY_CHARACTERS for character in signs) / len(signs) if signs else 0.0


def _build_unreadable_error(name: str, why: str) -> InputError:
    return InputError(
        Phrase(
            "{name}: cannot be read as UTF-8 or GB18030 ({reason}); convert it with: iconv -f "
            "ENCODING -t UTF-8",
            name=name,
            reason=why,
        )
    )


def _clean_text(text: str) -> str:
    return fold_odd_forms(_STRAY_CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
