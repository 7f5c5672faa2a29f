"""Extracts the traits of articles for comparison: hashed character pairs, words and numbers."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.editorial.stories.quantities import find_quantities
from bot.models import Article
from bot.text.folding import fold_text
from summarizer.languages import LANGUAGES

_MAX_CHARACTERS = 3000  # read from each article, headings first, because news says early what happened
BUCKETS = 1 << 22  # number of hashes: two of 10,000 articles share 0.1 traits by accident
_MIXER, _SHIFT = (
    0x9E3779B97F4A7C15,
    64 - 22,
)  # Fibonacci hashing: the upper 22 bits of the product (Knuth, 6.4)

# Scripts without spaces are compared by pairs of characters, others by words.
_WIDE = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
WIDE_RUN = re.compile(f"[{_WIDE}]+")
_IS_WIDE = np.zeros(0x110000, dtype=bool)  # the same ranges as a table by code point
for first, last in re.findall("(.)-(.)", _WIDE):
    _IS_WIDE[ord(first) : ord(last) + 1] = True
WORD = re.compile(rf"[^\W\d_{_WIDE}]+")
_FIRST_SENTENCE = re.compile(r"[^\n]*?[。！？!?]|[^\n]{1,80}")
STOP_WORDS = LANGUAGES["en"].stop
TraitArray = np.ndarray[tuple[int], np.dtype[np.int32]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """The traits of an article. Arrays contain each trait once, in ascending order."""

    body: TraitArray  # of headings and text
    heading: TraitArray  # of headings, or of the first sentence if there are none
    numbers: TraitArray  # the body's numbers with their units
    published_at: datetime | None


def extract_traits(article: Article) -> Traits:
    headings = "\n".join(filter(None, (article.kicker, article.title, article.deck)))
    first = _FIRST_SENTENCE.match(article.text)
    heading = fold_text(headings or (first.group() if first else ""))
    whole = fold_text(f"{headings}\n{article.text}"[:_MAX_CHARACTERS])
    numbers = list(find_quantities(whole))
    return Traits(
        body=hash_text(whole, numbers),
        heading=hash_text(heading, list(find_quantities(heading))),
        numbers=np.array(sorted(set(map(_hash_word, numbers))), dtype=np.int32),
        published_at=article.published_at,
    )


def hash_text(text: str, numbers: Sequence[str]) -> TraitArray:
    """Return the hashes below BUCKETS of the character pairs and words of a folded text and of `numbers`."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    wide = _IS_WIDE[codes]
    starts = np.flatnonzero(wide[:-1] & wide[1:])
    pairs = codes[starts].astype(np.uint64) << np.uint64(21) | codes[starts + 1]
    pairs *= np.uint64(_MIXER)
    pairs >>= np.uint64(_SHIFT)
    words = [_hash_word(word) for word in WORD.findall(text) if word not in STOP_WORDS]
    words += map(_hash_word, numbers)
    hashes = np.concatenate([pairs.astype(np.int32), np.array(words, dtype=np.int32)])
    hashes.sort()
    is_first = np.empty(len(hashes), dtype=bool)
    is_first[:1] = True
    np.not_equal(hashes[1:], hashes[:-1], out=is_first[1:])
    return hashes[is_first]


def _hash_word(word: str) -> int:
    return (zlib.crc32(word.encode("utf-8", "surrogatepass")) * _MIXER & (1 << 64) - 1) >> _SHIFT


def intersect_traits(first: TraitArray, second: TraitArray) -> TraitArray:
    """Return the common elements of two ascending arrays."""
    few, many = sorted((first, second), key=len)
    return few[many[np.searchsorted(many[:-1], few)] == few] if len(few) else few
