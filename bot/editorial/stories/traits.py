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
_TOKEN = re.compile(rf"[{_WIDE}]+|[^\W\d_{_WIDE}]+|\d+")
_MAX_LEAD_CHARACTERS = 150  # of a text, behind the headings: there it names what it is about
_MAX_TOKENS = 240
# Tokens: the end of a run of characters, or a number; a word that counts nothing, but may stand within a run.
BREAK, _STOP_WORD = -1, -2
_FIRST_SENTENCE = re.compile(r"[^\n]*?[。！？!?]|[^\n]{1,80}")
STOP_WORDS = LANGUAGES["en"].stop
# Meetings, calls and telegrams: reports of one visit name the guest in the same words, each of another event.
_MEETING = re.compile(
    r"会[见谈晤]|接见|通(?:电)?话|(?:慰问|唁|贺|致)电|[贺复]信|会談|会見|電話|회담|접견|통화"
    r"|\b(?:met|meets?|talks?|phone[ds]?|receive[ds]?|gặp|hội đàm|điện đàm|trifft|empfängt|rencontre|reçoit"
    r"|se reúne|recibe|встретил\w*|провел\w* переговоры)\b"
)
TraitArray = np.ndarray[tuple[int], np.dtype[np.int32]]
_CodeArray = np.ndarray[tuple[int], np.dtype[np.uint32]]
_PlaceArray = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """The traits of an article. Arrays contain each trait once, in ascending order."""

    body: TraitArray  # of headings and text
    heading: TraitArray  # of headings, or of the first sentence if there are none
    numbers: TraitArray  # the body's numbers with their units
    beginning: TraitArray  # character pairs and words of headings and first sentences, in their order
    heading_size: int  # how many of `beginning` are of the heading
    is_meeting: bool  # the heading or the first sentence tells of a meeting, a call or a telegram
    published_at: datetime | None


def extract_traits(article: Article) -> Traits:
    headings = "\n".join(filter(None, (article.kicker, article.title, article.deck)))
    first = _FIRST_SENTENCE.match(article.text)
    heading = fold_text(headings or (first[0] if first else ""))
    whole = fold_text(f"{headings}\n{article.text}"[:_MAX_CHARACTERS])
    numbers = list(find_quantities(whole))
    heading_tokens = _list_tokens(heading)
    lead = fold_text(article.text[:_MAX_LEAD_CHARACTERS])
    tokens = [*heading_tokens, BREAK, *_list_tokens(lead)][:_MAX_TOKENS]
    return Traits(
        body=hash_text(whole, numbers),
        heading=hash_text(heading, list(find_quantities(heading))),
        numbers=np.array(sorted(set(map(_hash_word, numbers))), dtype=np.int32),
        beginning=np.array(tokens, dtype=np.int32),
        heading_size=min(len(heading_tokens), len(tokens)),
        is_meeting=_MEETING.search(f"{heading}\n{fold_text(first[0])}" if first else heading) is not None,
        published_at=article.published_at,
    )


def _list_tokens(text: str) -> list[int]:
    """Return the hashed character pairs and words of a folded text, in their order."""
    tokens: list[int] = []
    for match in _TOKEN.finditer(text):
        if _IS_WIDE[ord(match[0][0])]:
            codes = _read_codes(match[0])
            tokens += [*_hash_pairs(codes, np.arange(len(codes) - 1)).tolist(), BREAK]
        elif match[0].isdecimal():
            tokens.append(BREAK)
        else:
            tokens.append(_STOP_WORD if match[0] in STOP_WORDS else _hash_word(match[0]))
    return tokens


def hash_text(text: str, numbers: Sequence[str]) -> TraitArray:
    """Return the hashes below BUCKETS of the character pairs and words of a folded text and of `numbers`."""
    codes = _read_codes(text)
    wide = _IS_WIDE[codes]
    pairs = _hash_pairs(codes, np.flatnonzero(wide[:-1] & wide[1:]))
    words = [_hash_word(word) for word in WORD.findall(text) if word not in STOP_WORDS]
    words += map(_hash_word, numbers)
    hashes = np.concatenate([pairs, np.array(words, dtype=np.int32)])
    hashes.sort()
    is_first = np.empty(len(hashes), dtype=bool)
    is_first[:1] = True
    np.not_equal(hashes[1:], hashes[:-1], out=is_first[1:])
    return hashes[is_first]


def _read_codes(text: str) -> _CodeArray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _hash_pairs(codes: _CodeArray, starts: _PlaceArray) -> TraitArray:
    """Return the hashes of the code points at `starts` with those that follow them."""
    pairs = codes[starts].astype(np.uint64) << np.uint64(21) | codes[starts + 1]
    pairs *= np.uint64(_MIXER)
    pairs >>= np.uint64(_SHIFT)
    return pairs.astype(np.int32)


def _hash_word(word: str) -> int:
    return (zlib.crc32(word.encode("utf-8", "surrogatepass")) * _MIXER & (1 << 64) - 1) >> _SHIFT


def intersect_traits(first: TraitArray, second: TraitArray) -> TraitArray:
    """Return the common elements of two ascending arrays."""
    few, many = sorted((first, second), key=len)
    return few[many[np.searchsorted(many[:-1], few)] == few] if len(few) else few
