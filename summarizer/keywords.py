"""Text → key terms, by TextRank over a window of words (Mihalcea & Tarau 2004).

Chinese words come from jieba with their parts of speech; other languages are cut at what is no letter.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from summarizer.languages import Language, detect_language, language_of
from summarizer.words import tagger

WINDOW = 5  # words; two that stand no further apart are linked
DAMPING = 0.85
STEPS = 30
TITLE_COUNTS = 3  # times a title's words are read: a title is what somebody else took for the key terms
MAX_CHARACTERS = 10_000  # read for keywords, from the start of the text
WORD = re.compile(r"[^\W\d_][\w’'-]+")
# Parts of speech (jieba's) of words that can be a subject: nouns, names of people, places and bodies, verbs and
# adjectives used as nouns, idioms, abbreviations, English.
CHINESE_SUBJECTS = frozenset(["n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "vn", "an", "l", "j", "eng"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyword:
    """A term and its share of the walk over the text's words, the best term's being 1."""

    term: str
    score: float

    def __str__(self) -> str:
        return self.term


def keywords(text: str, *, title: str = "", language: str | None = None, limit: int = 5) -> tuple[Keyword, ...]:
    """Return at most `limit` key terms, best first. Raises ValueError for a limit below 1.

    >>> [keyword.term for keyword in keywords("Solar power is cheap. Solar power is clean.", limit=2)]
    ['solar', 'power']
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    row = language_of(language or detect_language(text))
    read = "\n".join([title] * TITLE_COUNTS + [text[:MAX_CHARACTERS]])
    words = _chinese_words(read) if row.tag == "zh" else _words(read, row)
    scores = _walk(words)
    order = {word: place for place, word in reversed(list(enumerate(words)))}
    best = sorted(scores, key=lambda word: (-scores[word], order[word]))[:limit]
    return tuple(Keyword(term=word, score=scores[word] / scores[best[0]]) for word in best)


def _words(text: str, language: Language) -> list[str]:
    """Return the words in reading order, "" for one that can't be a key term: it keeps its place in the window."""
    return [word if word not in language.stop and len(word) > 2 else "" for word in WORD.findall(text.lower())]


def _chinese_words(text: str) -> list[str]:
    return [word if tag in CHINESE_SUBJECTS and len(word) > 1 else "" for word, tag in tagger()(text)]


def _walk(words: list[str]) -> dict[str, float]:
    """Return the share of each word in a random walk over words that stand within WINDOW of each other."""
    links: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for place, word in enumerate(words):
        for other in words[place + 1 : place + WINDOW]:
            if word and other and word != other:
                links[word][other] += 1.0
                links[other][word] += 1.0
    known = dict.fromkeys(word for word in words if word)
    degree = {word: sum(links[word].values()) for word in known}
    share = dict.fromkeys(known, 1.0)
    for _ in range(STEPS):
        share = {
            word: 1
            - DAMPING
            + DAMPING * sum(share[other] * weight / degree[other] for other, weight in links[word].items())
            for word in known
        }
    return share
