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

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from bot.models import Article, TopicTerm
from bot.phrases import Phrase
from bot.text.folding import fold_text

WordSpans = Callable[
    [str], Iterable[tuple[int, int]]
]  # text → (start, end) of its words, overlapping ones included

_MAX_TERM_CHARACTERS = 200
_REGEX_TIMEOUT_SECONDS = 0.05  # for one text; after that, an expression counts as not matching


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicVerdict:
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


def judge_article(terms: Sequence[TopicTerm], article: Article, spans: WordSpans) -> TopicVerdict:
    """Return whether the article is wanted, and the terms that decided it."""
    if not terms:
        return TopicVerdict(is_wanted=True)
    text = fold_text(f"{article.title}\n{article.kicker}\n{article.deck}\n{article.text}")
    edges = _collect_boundaries(text, spans)
    matches = {term: _is_match(term, article, text, edges) for term in terms}
    unwanted = tuple(term.written for term in terms if term.sign == "!" and matches[term])
    lacking = tuple(term.written for term in terms if term.sign == "+" and not matches[term])
    if unwanted or lacking:
        return TopicVerdict(is_wanted=False, terms=unwanted or lacking)
    plain = [term for term in terms if not term.sign]
    met = tuple(term.written for term in plain if matches[term])
    return TopicVerdict(is_wanted=bool(met) or not plain, terms=met)


def _is_match(term: TopicTerm, article: Article, text: str, edges: frozenset[int]) -> bool:
    match term.field:
        case "source":
            return term.sought in (fold_text(article.source), fold_text(article.publisher))
        case "section":
            return term.sought == fold_text(article.section)
        case "regex":
            return _match_expression(term.sought, text)
        case _:
            return any(
                start in edges and start + len(term.sought) in edges
                for start in _find_places(term.sought, text)
            )


def _find_places(sought: str, text: str) -> Iterable[int]:
    start = text.find(sought)
    while start >= 0:
        yield start
        start = text.find(sought, start + 1)


def _collect_boundaries(text: str, spans: WordSpans) -> frozenset[int]:
    return frozenset(edge for span in spans(text) for edge in span)


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
