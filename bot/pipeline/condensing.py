"""Articles → their key sentences and key terms, for the chat and the command line."""

from collections.abc import Sequence

from bot.models import Article
from summarizer import Summary, extract_keywords, summarize


def condense_article(
    article: Article, *, sentences: int | None = None, characters: int | None = None
) -> tuple[Summary, tuple[str, ...]]:
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
    articles: Sequence[Article], sentences: int | None
) -> list[tuple[Summary, tuple[str, ...]]]:
    """Return the key sentences and key terms of each article.

    Raises ValueError for a text that is too long.
    """
    return [condense_article(article, sentences=sentences) for article in articles]
