"""Which language a text is in, by script and, where the script is Latin, by function words."""

import re
from collections import Counter

import numpy as np

SAMPLE = 2_000  # characters looked at, from the start: a newspaper article's first third

# (first code point, last, language). Kana and hangul are told from Han: Japanese and Korean texts hold both.
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
# The place of each code point in SCRIPTS, counted from 1; 0 is any other script. The last entry serves all above it.
_PLACE = np.zeros(SCRIPTS[-1][1] + 2, dtype=np.uint8)
for _number, (_first, _last, _) in enumerate(SCRIPTS, start=1):
    _PLACE[_first : _last + 1] = _number
LATIN = re.compile(r"[a-zà-öø-ÿāăđĩũơưạ-ỹœß']+")
# The commonest words of each language that the others lack or rarely use.
FUNCTION_WORDS = {
    "en": "the of and to in is that for it was with as his on be at by this had are but from they which you were",
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
CJK_SHARE = (
    0.25  # a Chinese text full of English names is still Chinese: one Han character weighs as four Latin letters
)
KANA_SHARE = 0.1  # of kana and Han together, from which on a text is Japanese and not Chinese quoting some


def detect_language(text: str) -> str:
    """Return the tag of the language most of the text is in ("zh", "en", …), or "" when it can't be told.

    >>> detect_language("今天天气很好。"), detect_language("The weather is fine in London."), detect_language("12345")
    ('zh', 'en', '')
    """
    sample = text[:SAMPLE].lower()
    words = LATIN.findall(sample)
    counts = _scripts(sample)
    letters = sum(map(len, words))
    if counts["ja"] > KANA_SHARE * (counts["ja"] + counts["zh"]):
        counts["ja"] += counts["zh"]
        counts["zh"] = 0
    tag = max(counts, key=lambda tag: counts[tag])
    if counts[tag] and counts[tag] >= letters * (CJK_SHARE if tag in {"zh", "ja", "ko"} else 1):
        return tag
    hits = dict.fromkeys(FUNCTION_WORDS, 0)
    times = Counter(words)
    for word in times.keys() & _SPEAKERS.keys():
        for speaker in _SPEAKERS[word]:
            hits[speaker] += times[word]
    best = max(hits, key=lambda tag: hits[tag])
    return best if hits[best] else ""


def _scripts(sample: str) -> dict[str, int]:
    """Return how many characters of the sample are of the script of each language of SCRIPTS."""
    codes = np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    places = np.bincount(_PLACE.take(codes, mode="clip"), minlength=len(SCRIPTS) + 1)
    counts = dict.fromkeys((tag for _, _, tag in SCRIPTS), 0)
    for number, (_, _, tag) in enumerate(SCRIPTS, start=1):
        counts[tag] += int(places[number])
    return counts
