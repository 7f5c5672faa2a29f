"""A plain text → its article, or the articles of a newspaper page."""

from collections.abc import Sequence

from bot.models import Article
from bot.newspaper import split_page
from bot.text.folding import fold_odd_forms
from bot.text.plain_text import parse_plain_text

# Two articles of at least so many characters make a page. Found on 133 pages and 330 articles, of which one each is
# taken for the other; of 145 and 330 others one and four are (tests/benchmarks/texts/measure_pages.py).
_MIN_BODY_CHARACTERS = 100
_MIN_PAGE_LINES = 4
_MAX_PAGE_CHARACTERS = 200_000  # a full page of a broadsheet has some 15,000


def parse_text_articles(text: str, title: str = "") -> tuple[Article, ...]:
    """Return the articles of a text: those of a newspaper page, else the one it is; none of a blank text.

    A text with a `title` is one article.
    """
    plain = parse_plain_text(text, title)
    if not plain.text.strip():
        return ()
    if not title and is_newspaper_page(text, [*([plain.title] if plain.title else []), *plain.text.split("\n")]):
        return split_page(fold_odd_forms(text)).articles
    return (Article(title=plain.title, text=plain.text),)


def is_newspaper_page(text: str, paragraphs: Sequence[str]) -> bool:
    """Return whether a text holds several articles, as its lines stand and with wrapped lines put together."""
    if text.count("\n") < _MIN_PAGE_LINES or not 2 * _MIN_BODY_CHARACTERS < len(text) <= _MAX_PAGE_CHARACTERS:
        return False
    return has_several_articles("\n\n".join(paragraphs)) and has_several_articles(text)


def has_several_articles(text: str) -> bool:
    """Return whether a newspaper page's text comes apart into two articles or more with a title and a body."""
    bodies = [sum(map(len, article.paragraphs)) for article in split_page(text).articles if article.title]
    return sum(length >= _MIN_BODY_CHARACTERS for length in bodies) > 1
