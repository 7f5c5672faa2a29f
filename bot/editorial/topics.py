"""Decides by the topics of a digest which articles are wanted.

A topic is a list of terms. Each term is a line in zhaibao.toml:

    急救            a word or phrase, matched at the ends of words: 北京 does not match in 东北京剧团
    +临溪           … that must occur
    !广告           … that must not occur
    /第[一二三]批/   a regular expression
    source:NAME     a source of the configuration         section:要闻    a section

An article is wanted if no ! term matches, every + term matches and, if there are other terms, one of these
matches. Width, case and traditional characters make no difference. The caller provides the word boundaries.
"""

import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate

import numpy as np
import regex

from bot.models import Article, TopicTerm
from bot.phrases import Phrase
from bot.text.folding import fold_text

WordSpans = Callable[
    [str], Iterable[tuple[int, int]]
]  # text → (start, end) of its words, overlapping ones included

_Matches = np.ndarray[tuple[int], np.dtype[np.bool_]]  # for each article
_MAX_TERM_CHARACTERS = 200
_SEPARATOR = "\0"  # between texts: no term contains it
_REGEX_TOTAL_SECONDS = 2.0  # for all texts; what is left over then counts as no match
_REGEX_TIMEOUT_SECONDS = 0.05  # for one text; after that, an expression counts as not matching


@dataclass(frozen=True, kw_only=True, slots=True)
class _TopicVerdict:
    """Whether an article is wanted, and the terms that decided it."""

    is_wanted: bool
    terms: tuple[str, ...] = ()


def parse_term(written: str) -> TopicTerm:
    """Parse one term. Raises ValueError with a description of the fault.

    >>> parse_term("!section:广告").field
    'section'
    """
    sign, rest = (written[0], written[1:].strip()) if written[:1] in ("+", "!") else ("", written.strip())
    if not rest or len(rest) > _MAX_TERM_CHARACTERS:
        raise ValueError(
            Phrase(
                "{written!r} is not a term: a word, a phrase or /an expression/ of up to {number} characters",
                written=written,
                number=_MAX_TERM_CHARACTERS,
            )
        )
    if len(rest) > 2 and rest.startswith("/") and rest.endswith("/"):
        _compile_expression(rest[1:-1])
        return TopicTerm(written=written, sign=sign, field="regex", sought=rest[1:-1])
    field, colon, value = rest.partition(":")
    if colon and field in ("source", "section") and value.strip():
        return TopicTerm(written=written, sign=sign, field=field, sought=fold_text(value.strip()))
    return TopicTerm(written=written, sign=sign, field="text", sought=fold_text(rest))


class TopicMatcher:
    """Matches terms with many articles. Each text is folded once; each term is sought once in all of them."""

    def __init__(self, articles: Sequence[Article], spans: WordSpans) -> None:
        self.articles, self._spans = articles, spans
        self._edges: dict[int, bytearray] = {}
        self._matches: dict[TopicTerm, _Matches] = {}

    @cached_property
    def _texts(self) -> list[str]:
        return [
            fold_text(f"{article.title}\n{article.kicker}\n{article.deck}\n{article.text}")
            for article in self.articles
        ]

    @cached_property
    def _joined(self) -> str:
        return _SEPARATOR.join(self._texts)

    @cached_property
    def _starts(self) -> list[int]:
        """Return where each text begins in the joined one, and where the next one would."""
        return list(accumulate((len(text) + len(_SEPARATOR) for text in self._texts), initial=0))

    def match_term(self, term: TopicTerm) -> _Matches:
        """Return for each article whether the term matches."""
        if term not in self._matches:
            self._matches[term] = self._match(term)
        return self._matches[term]

    def find_wanted(self, terms: Sequence[TopicTerm]) -> _Matches:
        """Return for each article whether it is wanted."""
        wanted = np.ones(len(self.articles), dtype=bool)
        plain = [self.match_term(term) for term in terms if not term.sign]
        if plain:
            wanted &= np.logical_or.reduce(plain)
        for term in terms:
            if term.sign:
                wanted &= self.match_term(term) if term.sign == "+" else ~self.match_term(term)
        return wanted

    def count_terms(self, terms: Sequence[TopicTerm]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """Return for each article how many of the terms without a sign it meets."""
        counts = np.zeros(len(self.articles), dtype=np.int64)
        for term in terms:
            if not term.sign:
                counts += self.match_term(term)
        return counts

    def judge(self, terms: Sequence[TopicTerm], place: int) -> _TopicVerdict:
        """Return whether the article at that place is wanted, and the terms that decided."""
        matches = {term: bool(self.match_term(term)[place]) for term in terms}
        unwanted = tuple(term.written for term in terms if term.sign == "!" and matches[term])
        lacking = tuple(term.written for term in terms if term.sign == "+" and not matches[term])
        if unwanted or lacking:
            return _TopicVerdict(is_wanted=False, terms=unwanted or lacking)
        plain = [term for term in terms if not term.sign]
        met = tuple(term.written for term in plain if matches[term])
        return _TopicVerdict(is_wanted=bool(met) or not plain, terms=met)

    def _match(self, term: TopicTerm) -> _Matches:
        matches = np.zeros(len(self.articles), dtype=bool)
        match term.field:
            case "source":
                matches[:] = [
                    term.sought in (fold_text(article.source), fold_text(article.publisher))
                    for article in self.articles
                ]
            case "section":
                matches[:] = [term.sought == fold_text(article.section) for article in self.articles]
            case "regex":
                end = time.monotonic() + _REGEX_TOTAL_SECONDS
                for place, text in enumerate(self._texts):
                    if time.monotonic() > end:
                        break
                    matches[place] = _match_expression(term.sought, text)
            case _:
                for place in self._find_texts(term.sought):
                    matches[place] = True
        return matches

    def _find_texts(self, sought: str) -> Iterator[int]:
        """Yield the places of the articles that contain the text between the ends of words."""
        start = self._joined.find(sought)
        while start >= 0:
            place = bisect_right(self._starts, start) - 1
            first = start - self._starts[place]
            edges, last = self._get_edges(place), first + len(sought)
            if last < len(edges) and edges[first] and edges[last]:
                yield place
                start = self._starts[place + 1] - 1
            start = self._joined.find(sought, start + 1)

    def _get_edges(self, place: int) -> bytearray:
        """Return for each character of the text, and for its end, whether a word begins or ends there."""
        if place not in self._edges:
            edges = bytearray(len(self._texts[place]) + 1)
            for first, last in self._spans(self._texts[place]):
                edges[first] = edges[last] = 1
            self._edges[place] = edges
        return self._edges[place]


def judge_article(terms: Sequence[TopicTerm], article: Article, spans: WordSpans) -> _TopicVerdict:
    """Return whether the article is wanted, and the terms that decided."""
    if not terms:
        return _TopicVerdict(is_wanted=True)
    return TopicMatcher([article], spans).judge(terms, 0)


def _match_expression(expression: str, text: str) -> bool:
    try:
        return _compile_expression(expression).search(text, timeout=_REGEX_TIMEOUT_SECONDS) is not None
    except TimeoutError:
        return False


@cache
def _compile_expression(expression: str) -> "regex.Pattern[str]":
    """Compile a regular expression. Raises ValueError."""
    try:
        return regex.compile(expression, regex.IGNORECASE)
    except regex.error as error:
        raise ValueError(
            Phrase("/{expression}/ is not a regular expression: {error}", expression=expression, error=error)
        ) from error
