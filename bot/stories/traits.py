"""What of an article is compared: its character pairs and words, and the numbers it tells, as numbers themselves."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.folding import folded
from bot.models import Article
from bot.stories.quantities import quantities
from summarizer.languages import LANGUAGES

MAX_CHARACTERS = 3000  # read of an article, headings first: news says early what happened
BUCKETS = 1 << 22  # traits are hashed into so many numbers: at 10,000 articles two share .1 trait by accident
MIXER, SHIFT = 0x9E3779B97F4A7C15, 64 - 22  # Fibonacci hashing: the upper 22 bits of the product (Knuth, 6.4)

# Scripts written without spaces are compared by pairs of characters, the others by words.
WIDE = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{WIDE}]+")
IS_WIDE = np.zeros(0x110000, dtype=bool)  # by code point, the same as a table
for first, last in re.findall("(.)-(.)", WIDE):
    IS_WIDE[ord(first) : ord(last) + 1] = True
WORD = re.compile(rf"[^\W\d_{WIDE}]+")
FIRST_SENTENCE = re.compile(r"[^\n]*?[。！？!?]|[^\n]{1,80}")
STOP = LANGUAGES["en"].stop
Numbers = np.ndarray[tuple[int], np.dtype[np.int32]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """What of an article is compared. Arrays hold each trait once, in rising order."""

    body: Numbers  # of headings and text
    heading: Numbers  # of headings, or of the first sentence where there is none
    numbers: Numbers  # the body's numbers with their units
    published_at: datetime | None


def traits(article: Article) -> Traits:
    headings = "\n".join(filter(None, (article.kicker, article.title, article.deck)))
    first = FIRST_SENTENCE.match(article.text)
    heading = folded(headings or (first.group() if first else ""))
    whole = folded(f"{headings}\n{article.text}"[:MAX_CHARACTERS])
    numbers = list(quantities(whole))
    return Traits(
        body=hashed(whole, numbers),
        heading=hashed(heading, list(quantities(heading))),
        numbers=np.array(sorted(set(map(number, numbers))), dtype=np.int32),
        published_at=article.published_at,
    )


def hashed(text: str, numbers: Sequence[str]) -> Numbers:
    """The character pairs and words of a folded text, and the given numbers, as numbers below BUCKETS."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    wide = IS_WIDE[codes]
    starts = np.flatnonzero(wide[:-1] & wide[1:])
    pairs = codes[starts].astype(np.uint64) << np.uint64(21) | codes[starts + 1]
    pairs *= np.uint64(MIXER)
    pairs >>= np.uint64(SHIFT)
    words = [number(word) for word in WORD.findall(text) if word not in STOP]
    words += map(number, numbers)
    found = np.concatenate([pairs.astype(np.int32), np.array(words, dtype=np.int32)])
    found.sort()
    is_first = np.empty(len(found), dtype=bool)
    is_first[:1] = True
    np.not_equal(found[1:], found[:-1], out=is_first[1:])
    return found[is_first]


def number(word: str) -> int:
    return (zlib.crc32(word.encode("utf-8", "surrogatepass")) * MIXER & (1 << 64) - 1) >> SHIFT


def common(one: Numbers, other: Numbers) -> Numbers:
    """What two rising arrays have in common."""
    few, many = sorted((one, other), key=len)
    return few[many[np.searchsorted(many[:-1], few)] == few] if len(few) else few
