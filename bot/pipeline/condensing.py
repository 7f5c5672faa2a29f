"""An article → its key sentences and key terms: what the chat and the command line show."""

from bot.models import Article
from summarizer import Summary, extract_keywords, summarize


def condense_article(
    article: Article, *, language: str = "", sentences: int | None = None, characters: int | None = None
) -> tuple[Summary, tuple[str, ...]]:
    """Return the key sentences and the key terms. Raises ValueError for a text that is too long."""
    summary = summarize(
        article.text,
        title=article.title,
        language=language or article.language or None,
        sentences=sentences,
        characters=characters,
        subheadings=article.subheadings,
    )
    terms = extract_keywords(article.text, title=article.title, language=summary.language)
    return summary, tuple(term.term for term in terms)
