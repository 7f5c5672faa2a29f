"""Which language a text is in, by script and, where the script is Latin, by function words."""

import re

SAMPLE = 4_000  # characters looked at, from the start: a newspaper article's first half

# (script, characters, tag). Kana and hangul come before Han: Japanese and Korean texts hold Han characters too.
SCRIPTS = (
    ("hangul", re.compile(r"[\uac00-\ud7a3]"), "ko"),
    ("kana", re.compile(r"[\u3041-\u3096\u30a1-\u30fa]"), "ja"),
    ("han", re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]"), "zh"),
    ("cyrillic", re.compile(r"[\u0400-\u04ff]"), "ru"),
    ("arabic", re.compile(r"[\u0600-\u06ff]"), "ar"),
    ("hebrew", re.compile(r"[\u0590-\u05ff]"), "he"),
    ("thai", re.compile(r"[\u0e00-\u0e7f]"), "th"),
    ("devanagari", re.compile(r"[\u0900-\u097f]"), "hi"),
    ("greek", re.compile(r"[\u0370-\u03ff]"), "el"),
)
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
_WORDS = {tag: frozenset(words.split()) for tag, words in FUNCTION_WORDS.items()}
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
    counts = {tag: len(pattern.findall(sample)) for _, pattern, tag in SCRIPTS}
    words = LATIN.findall(sample)
    letters = sum(map(len, words))
    if counts["ja"] > KANA_SHARE * (counts["ja"] + counts["zh"]):
        counts["ja"] += counts["zh"]
        counts["zh"] = 0
    tag = max(counts, key=lambda tag: counts[tag])
    if counts[tag] and counts[tag] >= letters * (CJK_SHARE if tag in {"zh", "ja", "ko"} else 1):
        return tag
    hits = {tag: sum(word in known for word in words) for tag, known in _WORDS.items()}
    best = max(hits, key=lambda tag: hits[tag])
    return best if hits[best] else ""
