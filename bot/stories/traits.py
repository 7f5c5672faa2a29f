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

# Scripts written without spaces are compared by pairs of characters, the others by words.
WIDE = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{WIDE}]+")
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
        numbers=hashed("", numbers),
        published_at=article.published_at,
    )


def hashed(text: str, numbers: Sequence[str]) -> Numbers:
    """The character pairs and words of a folded text, and the given numbers, as numbers below BUCKETS."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    wide = np.zeros(len(codes), dtype=bool)
    for run in RUN.finditer(text):
        wide[run.start() : run.end()] = True
    pairs = (codes[:-1] << np.uint64(21) | codes[1:])[wide[:-1] & wide[1:]]
    words = [word for word in WORD.findall(text) if word not in STOP]
    sums = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in (*words, *numbers)]
    mixed = np.concatenate([pairs, np.array(sums, dtype=np.uint64)]) * np.uint64(0x9E3779B97F4A7C15)
    numbered = np.sort((mixed >> np.uint64(64 - BUCKETS.bit_length() + 1)).astype(np.int32))
    is_first = np.ones(len(numbered), dtype=bool)
    np.not_equal(numbered[1:], numbered[:-1], out=is_first[1:])
    return numbered[is_first]


def common(one: Numbers, other: Numbers) -> Numbers:
    """What two rising arrays have in common."""
    few, many = sorted((one, other), key=len)
    return few[many[np.searchsorted(many[:-1], few)] == few] if len(few) else few
