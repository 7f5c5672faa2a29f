"""The closed list of what is removed from the text of others: characters that show nothing and belong to no
word.

Each row names the characters and where they are removed. Everything else of a text stays as it was published.
"""

import re

# Scripts in which ZWNJ and ZWJ shape words: Arabic, Syriac, N'Ko, those of India, Sinhala, Myanmar, Khmer,
# Mongolian.
_SHAPING = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\ua840-\ua87f\ufb50-\ufdff\ufe70-\ufefe"
)
# Scripts without blanks, in which ZWSP marks the end of a word: Thai, Lao, Tibetan, Myanmar, Khmer.
_UNSPACED = "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
# What ZWJ joins to one picture, with the selectors and skin tones that stand between.
_PICTURES = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"

_REMOVALS = {
    "control characters, anywhere": r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]",
    "halves of surrogate pairs and noncharacters, anywhere": r"[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]",
    "soft hyphen, anywhere": r"\u00ad",
    "word joiner and byte order mark, anywhere": r"[\u2060\ufeff]",
    "object replacement character, anywhere": r"\ufffc",
    "zero width space, but between letters of scripts without blanks": (
        rf"\u200b(?![{_UNSPACED}])|(?<![{_UNSPACED}])\u200b"
    ),
    "zero width non-joiner, but between letters of scripts that it shapes": (
        rf"\u200c(?![{_SHAPING}])|(?<![{_SHAPING}])\u200c"
    ),
    "zero width joiner, but between such letters or pictures": (
        rf"\u200d(?![{_SHAPING}{_PICTURES}])|(?<![{_SHAPING}{_PICTURES}])\u200d"
    ),
}
_REMOVED = re.compile("|".join(f"(?:{pattern})" for pattern in _REMOVALS.values()))


def drop_invisible(text: str) -> str:
    """Return `text` without the characters of _REMOVALS.

    >>> drop_invisible("急\\u200b救\\xad中心\\x08")
    '急救中心'
    """
    if text.isprintable() and "\ufffc" not in text:  # the usual case, in a tenth of the time
        return text
    return _REMOVED.sub("", text)
