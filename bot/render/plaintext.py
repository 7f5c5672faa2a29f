"""Prepares text for printing: removes invisible characters, clips it, measures it in Telegram's units."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

# Control characters, what XML forbids, lone surrogates, and the marks that turn the direction of what follows
# them (a right-to-left override in one title would mirror the rest of the message).
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff]"
)
_UNSEEN_CATEGORIES = (
    "Cf",
    "Cn",
    "Mn",
    "Me",
    "Zs",
)  # nothing to see by themselves: joiners, unassigned, accents, spaces
_WHITE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[。！？!?…][”’」』）)\"']*|\.[”’)\"']*(?=\s|$)")
_CLAUSE_END = re.compile(r"[，；：、,;:](?=\D|$)|\s")
CHINESE_CHARACTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")

# Reading speeds of adults for continuous prose; only the "about N minutes" of a digest's head depends on
# them.
_CHINESE_CHARACTERS_A_MINUTE = 400
_WORDS_A_MINUTE = 230

# A name with a dot, or an own server; anything else is a slip (Telegram would drop such a link in silence).
_HOST = re.compile(
    r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_][\w-]+\.?|(?:\d+\.){3}\d+|[0-9a-f:.]*:[0-9a-f:.]*|localhost"
)
# characters; longer ones are refused by browsers and would fill a message's bytes
_MAX_ADDRESS_CHARACTERS = 2048
_ZERO_WIDTH_JOINER = "\u200d"


def clean_line(text: str) -> str:
    """Return the text on one line, without invisible characters; "" if nothing visible is left."""
    line = _WHITE.sub(" ", _UNPRINTABLE.sub("", text)).strip()
    return (
        line if any(unicodedata.category(character) not in _UNSEEN_CATEGORIES for character in line) else ""
    )


def clean_paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(clean_line, text.split("\n")) if line)


def validate_web_address(url: str) -> str:
    """Return the address if it may be a link (http or https, a plausible host, no white space), else ""."""
    if len(url) > _MAX_ADDRESS_CHARACTERS or clean_line(url).replace(" ", "") != url:
        return ""
    try:
        parts = urlsplit(url)
        usable = (
            parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "") and parts.port != 0
        )
    except ValueError:
        return ""
    return url if usable else ""


def estimate_minutes(texts: Iterator[str]) -> int:
    """Return how long it takes to read, to the nearest minute, at least one."""
    characters = words = 0
    for text in texts:
        characters += len(CHINESE_CHARACTER.findall(text))
        words += len(_WORD.findall(CHINESE_CHARACTER.sub(" ", text)))
    return max(1, round(characters / _CHINESE_CHARACTERS_A_MINUTE + words / _WORDS_A_MINUTE))


def measure_utf16(text: str) -> int:
    """Return the length as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip_text(text: str, most: int) -> str:
    """Return the text cut to at most `most` UTF-16 units: after a sentence, else after a clause or word, else
    anywhere.

    Never inside what a person sees as one character. "…" marks a cut that is not after a sentence.
    """
    if measure_utf16(text) <= most:
        return text
    room = text[: _measure_prefix(text, most - 1)]
    for ends, least in ((_SENTENCE_END, 0.4), (_CLAUSE_END, 0.6)):
        cuts = [match.end() for match in ends.finditer(room) if match.end() >= least * len(room)]
        if cuts:
            shortened = room[: cuts[-1]].rstrip(" ，；：、,;:")
            return shortened if ends is _SENTENCE_END else shortened + "…"
    # a joiner that has nothing before it to cling to is not a character either
    return room[: _find_character_boundary(text, len(room))].rstrip().rstrip("\u200d") + "…"


def _measure_prefix(text: str, units: int) -> int:
    """Return how many characters from the start take at most `units` UTF-16 units."""
    for index, character in enumerate(text):
        units -= 2 if character > "\uffff" else 1
        if units < 0:
            return index
    return len(text)


def _find_character_boundary(text: str, end: int) -> int:
    """Return the last place at or before `end` where no accent, emoji family or flag is cut in two."""
    first = end
    while 0 < end < len(text) and _is_joined_to_previous(text, end):
        end -= 1
    return end or first  # one endless cluster: better cut than lost


def _is_joined_to_previous(text: str, index: int) -> bool:
    """True when the character at `index` belongs to the one before it."""
    before, here = text[index - 1], text[index]
    if here == _ZERO_WIDTH_JOINER or before == _ZERO_WIDTH_JOINER or "\U0001f3fb" <= here <= "\U0001f3ff":
        return True
    if _is_flag_half(here) and _is_flag_half(before):
        run = len(text[:index]) - len(text[:index].rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))
        return run % 2 == 1
    return unicodedata.category(here) in ("Mn", "Me", "Mc")


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
