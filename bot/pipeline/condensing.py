"""Articles → their key sentences and key terms, for the chat and the command line."""

from collections.abc import Sequence
from itertools import zip_longest

from bot.models import Article
from summarizer import Summary, detect_language, extract_keywords, summarize
from summarizer.languages import get_language
from summarizer.summary import ANSWER_CHARACTERS

_TERMS_PER_TEXT = 3
CondensedArticle = tuple[Summary, tuple[str, ...]]  # key sentences, key terms


def condense_article(
    article: Article, *, sentences: int | None = None, characters: int | None = None
) -> CondensedArticle:
    """Return the key sentences and the key terms; without a budget as many sentences as an answer takes.

    Raises ValueError for a text that is too long.
    """
    summary = summarize(
        article.text,
        title=article.title,
        language=article.language or None,
        sentences=sentences,
        characters=characters,
        subheadings=article.subheadings,
        cut_head=article.cut_head,
        cut_tail=article.cut_tail,
    )
    terms = extract_keywords(article.text, title=article.title, language=summary.language)
    return summary, tuple(term.term for term in terms)


def condense_articles(
    articles: Sequence[Article], sentences: int | None, share: float = 1.0
) -> list[CondensedArticle]:
    """Return the key sentences and key terms of each article.

    Where `sentences` is None an article gets `share` of an answer's usual length. Raises ValueError for a
    text that is too long.
    """
    return [
        condense_article(
            article, sentences=sentences, characters=None if sentences else _measure_room(article, share)
        )
        for article in articles
    ]


def list_shared_terms(texts: Sequence[str], limit: int) -> tuple[str, ...]:
    """Return at most `limit` key terms of several texts: the best of each first, then the second best."""
    ranked = [[term.term for term in extract_keywords(text, limit=_TERMS_PER_TEXT)] for text in texts]
    rows = zip_longest(*ranked)
    return tuple(dict.fromkeys(term for row in rows for term in row if term))[:limit]


def _measure_room(article: Article, share: float) -> int:
    language = get_language(article.language or detect_language(article.text))
    return round(ANSWER_CHARACTERS[language.units] * share)
