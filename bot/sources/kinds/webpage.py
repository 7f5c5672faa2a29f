"""Kind `webpage`: an article's web page → the article.

A PDF or picture at the address is read as in a folder.
"""

from dataclasses import replace

from bot.errors import SourceError
from bot.models import Article, SiteRule, Source
from bot.phrases import Phrase
from bot.sources.html.article_page import parse_article
from bot.sources.html.paging import find_next_page
from bot.sources.listing import Listing
from bot.sources.media import find_document_suffix


def parse_articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the one article of a web page. Raises SourceError when it holds none."""
    article = parse_linked_article(data, name, charset=charset, language=source.language, rules=source.rules)
    return (replace(article, source=source.name, section=source.section),)


def parse_listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return the article as `parse_articles` does, and the address of its next page."""
    articles = parse_articles(data, name, source, charset)
    return Listing(articles=articles, next_url=find_next_page(data, name, charset, source.rules))


def parse_linked_article(
    data: bytes, url: str, *, charset: str = "", language: str = "", rules: tuple[SiteRule, ...] = ()
) -> Article:
    """Return the article at an address: that of a web page, a PDF or a picture.

    Raises SourceError, InputError.
    """
    suffix = find_document_suffix(data)
    if not suffix:
        return parse_article(data, url, charset=charset, language=language, rules=rules)
    from bot.sources.kinds import folder  # its libraries are large, and most links lead to web pages

    source = Source(kind="folder", name="", address=url, language=language)
    articles = folder.parse_articles(data, url if url.lower().endswith(suffix) else url + suffix, source)
    if not articles:
        raise SourceError(Phrase("{url}: the picture at this address shows no text", url=url))
    return replace(articles[0], url=url)
