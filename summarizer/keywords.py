"""Text → key terms, by TextRank over a window of words (Mihalcea & Tarau 2004).

Chinese words come from jieba with their parts of speech; other languages are cut at characters that are
not letters. Words that are often adjacent form one term (§ 3 of the paper): 养老 服务 is 养老服务. Unlike
in the paper, a sequence must occur twice and make up half of the occurrences of one of its words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.languages import Language, detect_language, get_language
from summarizer.scripts import HAN
from summarizer.word_cutting import load_dictionary, load_word_tagger

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

WINDOW = 5  # words; two words within this distance are linked
DAMPING = 0.85
STEPS = 30
_TITLE_COUNTS = 3  # times that a title's words count, because a title contains key terms
MAX_CHARACTERS = 10_000  # read for keywords, from the start of the text
LONGEST = 3  # words in a term
_OWNED = 0.5  # share of a word's places in a longer term from which the term replaces it
WORD = re.compile(r"[^\W\d_](?:[\w-]|[’'](?!s\b))+|[^\w\s]+|\d+")
# Parts of speech (from jieba) of words that can be a subject: nouns, names of people, places and
# organizations, verbs and adjectives used as nouns, idioms, abbreviations, English.
_GUESSED_SUBJECTS = frozenset(
    ["n", "ns", "nt", "nz", "vn", "an", "l", "j"]
)  # jieba guesses names of people well
_MAGNITUDES = frozenset("万亿千百余多")  # after a number: 12万人 is about people, not about 万人
_DIVISIONS = frozenset("省市县区镇乡村縣區鎮鄉")  # an unknown word with this beginning continues a place name
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_CHINESE_SUBJECTS = frozenset(["n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "vn", "an", "l", "j", "eng"])

_Term = tuple[str, ...]  # adjacent words


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyword:
    """A term and its share of the walk over the text's words. The best term has 1."""

    term: str
    score: float

    def __str__(self) -> str:
        return self.term


def extract_keywords(
    text: str, *, title: str = "", language: str | None = None, limit: int = 5
) -> tuple[Keyword, ...]:
    """Return at most `limit` key terms, best first. Raises ValueError for a limit below 1.

    >>> [keyword.term for keyword in extract_keywords("Solar power is cheap. Solar power is clean.", limit=1)]
    ['solar power']
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    row = get_language(language or detect_language(text))
    head, body = (_tag_words(piece, row) for piece in (title, text[:MAX_CHARACTERS]))
    vocabulary = list(dict.fromkeys(word for word in head + body if word))
    if not vocabulary:
        return ()
    shares = dict(zip(vocabulary, _walk_words(head * _TITLE_COUNTS + body, vocabulary).tolist(), strict=True))
    scores = _collapse_terms([*head, "", *body], shares)
    best = sorted(scores, key=lambda term: -scores[term])[:limit]
    top = scores[best[0]]
    return tuple(Keyword(term=row.joiner.join(term), score=scores[term] / top) for term in best)


def _tag_words(text: str, language: Language) -> list[str]:
    """Return the words in reading order. Words that cannot be key terms are "" to keep the distances."""
    if language.tag == "zh":
        return _tag_chinese_words(text)
    return [
        word if word not in language.stop and len(word) > 2 and word[0].isalpha() else ""
        for word in WORD.findall(text.lower())
    ]


def _tag_chinese_words(text: str) -> list[str]:
    has_word = load_dictionary()
    tagged = [("", "x"), *load_word_tagger()(text), ("", "x")]
    guessed = {
        word for word in {word for word, tag in tagged if tag in _GUESSED_SUBJECTS} if not has_word(word)
    }
    return [
        word
        if tag in _CHINESE_SUBJECTS
        and len(word) > 1
        and not (word[0] in _MAGNITUDES and _is_number(*before))
        and not (word in guessed and _is_torn(before[0], word, after[0]))
        else ""
        for before, (word, tag), after in zip(tagged, tagged[1:], tagged[2:], strict=False)
    ]


def _is_number(word: str, tag: str) -> bool:
    return tag == "m" or word[-1:].isdigit()


def _is_torn(before: str, word: str, after: str) -> bool:
    """Return whether a guessed word is part of other words: 县水 of 县水投集团, 源村 of 果源村."""
    if word[0] in _DIVISIONS and len(word) == 2:
        return True
    has_word = load_dictionary()
    return any(
        len(beside) == 1 and bool(_HAN_CHARACTER.match(beside)) and has_word(both)
        for beside, both in ((before, before + word[0]), (after, word[-1] + after))
    )


def _walk_words(words: list[str], vocabulary: list[str]) -> "NDArray[float64]":
    """Return the share of each known word in a random walk over words within WINDOW of each other."""
    import numpy as np

    number = {word: place for place, word in enumerate(vocabulary)}
    places = np.array([number.get(word, -1) for word in words], dtype=np.int64)
    pairs = [(places[:-gap], places[gap:]) for gap in range(1, WINDOW)]
    left, right = (np.concatenate(side) for side in zip(*pairs, strict=True))
    linked = (left >= 0) & (right >= 0) & (left != right)
    left, right = np.concatenate([left[linked], right[linked]]), np.concatenate([right[linked], left[linked]])
    degree = np.maximum(np.bincount(left, minlength=len(vocabulary)), 1)
    share: NDArray[np.float64] = np.ones(len(vocabulary))
    for _ in range(STEPS):
        reached = np.bincount(left, weights=(share / degree)[right], minlength=len(vocabulary))
        share = 1 - DAMPING + DAMPING * reached.astype(np.float64)
    return share


def _collapse_terms(words: list[str], shares: dict[str, float]) -> dict[_Term, float]:
    """Return the share of each term: the words, and the sequences that replace some words.

    A sequence has the share and the rank of the best word that it replaces.
    """
    top_words = set(
        sorted(shares, key=lambda word: -shares[word])[: -(-len(shares) // 3)]
    )  # a third, as in the paper
    counts = Counter(words)
    sequences = Counter(_find_sequences(words, top_words))
    stands_for: dict[str, _Term] = {}
    for sequence, times in sorted(sequences.items(), key=lambda item: -item[1]):
        for word in sequence:
            if times > 1 and times >= _OWNED * counts[word] and word not in stands_for:
                stands_for[word] = sequence
    scores: dict[_Term, float] = {}
    for word, share in shares.items():
        term = stands_for.get(word, (word,))
        scores[term] = max(share, scores.get(term, 0.0))
    return scores


def _find_sequences(words: list[str], top_words: set[str]) -> Iterator[_Term]:
    """Yield every sequence of 2 to LONGEST different kept words that is not adjacent to another kept word."""
    row: list[str] = []
    for word in [*words, ""]:
        if word in top_words:
            row.append(word)
            continue
        if 1 < len(row) <= LONGEST and len(set(row)) == len(row):
            yield tuple(row)
        row = []
