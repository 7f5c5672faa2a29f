"""Detects the language of a text by its script and, for the Latin script, by function words."""

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

_SAMPLE = 2_000  # characters read from the start: about a third of a newspaper article

# (first code point, last, language). Kana and hangul are separate from Han, because Japanese and Korean texts
# contain both.
SCRIPTS = (
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x04FF, "ru"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x06FF, "ar"),
    (0x0900, 0x097F, "hi"),
    (0x0E00, 0x0E7F, "th"),
    (0x3041, 0x3096, "ja"),
    (0x30A1, 0x30FA, "ja"),
    (0x3400, 0x9FFF, "zh"),
    (0xAC00, 0xD7A3, "ko"),
    (0x20000, 0x3FFFF, "zh"),
)
_LATIN_PLACE = len(SCRIPTS) + 1  # SCRIPTS are counted from 1; 0 is any other script
_CASED = 0x2200  # higher code points have no capitals of these scripts
_LATIN = re.compile(r"[a-zà-öø-ÿāăđĩũơưạ-ỹœß']+")
# The most common words of each language that the other languages rarely use.
FUNCTION_WORDS = {
    "en": "the of and to in is that for it was with as his on be at by this had are but from they which "
    "you were",
    "vi": "và của là có được cho không trong với một các những người đã này để ở khi đến từ theo cũng",
    "fr": "le les des et une dans est que qui pour pas sur au avec par il ne sont aux cette ce plus du",
    "de": "der die und das den nicht von mit sich des auf für ist dem ein eine als auch es an werden wird",
    "es": "el los las y en un por con una su para es al lo como más pero sus le ha este del",
    "pt": "o os e do da em um para com não uma no na por mais dos como mas foi ao das são",
    "it": "il di che gli per non una sono con del della si nel alla dei anche le lo ha più è",
    "id": "yang dan di dari dengan untuk ini itu tidak dalam akan pada juga ke adalah oleh",
}
_SPEAKERS: dict[str, list[str]] = {}  # word → the languages that have it
for _tag, _listed in FUNCTION_WORDS.items():
    for _word in set(_listed.split()):
        _SPEAKERS.setdefault(_word, []).append(_tag)
# A Chinese text full of English names is still Chinese: one Han character counts as four Latin letters.
_CJK_SHARE = 0.25
_KANA_SHARE = 0.1  # share of kana in kana and Han from which a text is Japanese, not Chinese


def detect_language(text: str) -> str:
    """Return the tag of the main language of the text ("zh", "en", …), or "" if it is unknown.

    >>> detect_language("今天天气很好。"), detect_language("The weather is fine in London.")
    ('zh', 'en')
    >>> detect_language("12345")
    ''
    """
    sample = text[:_SAMPLE]
    counts, letters = _count_scripts(sample)
    if counts["ja"] > _KANA_SHARE * (counts["ja"] + counts["zh"]):
        counts["ja"] += counts["zh"]
        counts["zh"] = 0
    tag = max(counts, key=lambda tag: counts[tag])
    if counts[tag] and counts[tag] >= letters * (_CJK_SHARE if tag in {"zh", "ja", "ko"} else 1):
        return tag
    hits = dict.fromkeys(FUNCTION_WORDS, 0)
    for word, times in Counter(filter(_SPEAKERS.__contains__, _LATIN.findall(sample.lower()))).items():
        for speaker in _SPEAKERS[word]:
            hits[speaker] += times
    best = max(hits, key=lambda tag: hits[tag])
    return best if hits[best] else ""


def _count_scripts(sample: str) -> tuple[dict[str, int], int]:
    """Return the number of characters in each language's script from SCRIPTS, and the number of Latin
    letters.
    """
    import numpy as np

    codes = np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    places = np.bincount(_build_places().take(codes, mode="clip"), minlength=_LATIN_PLACE + 1).tolist()
    counts: dict[str, int] = {}
    for (_, _, tag), count in zip(SCRIPTS, places[1:], strict=False):
        counts[tag] = counts.get(tag, 0) + count
    return counts, places[_LATIN_PLACE]


@cache
def _build_places() -> "NDArray[uint8]":
    """Return the place in SCRIPTS of each code point. Capitals count as small letters. The last entry is for
    all above.
    """
    import numpy as np

    place = np.zeros(SCRIPTS[-1][1] + 2, dtype=np.uint8)
    for number, (first, last, _) in enumerate(SCRIPTS, start=1):
        place[first : last + 1] = number
    small = [chr(code).lower()[0] for code in range(_CASED)]
    place[:_CASED] = [_LATIN_PLACE if _LATIN.match(letter) else place[ord(letter)] for letter in small]
    return place
