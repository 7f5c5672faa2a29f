"""Kind `webpage`: an article's web page → the article."""

from dataclasses import replace

from bot.models import Article, Source
from bot.sources.html.article_page import parse_article
from bot.sources.listing import Listing


def parse_articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the one article of a web page. Raises SourceError when it holds none."""
    article = parse_article(data, name, charset=charset, language=source.language, rules=source.rules)
    return (replace(article, source=source.name, section=source.section),)


def parse_listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return the article as `parse_articles` does."""
    return Listing(articles=parse_articles(data, name, source, charset))
