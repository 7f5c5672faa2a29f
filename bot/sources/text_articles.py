"""A plain text → its article, or the articles of a newspaper page."""

from collections.abc import Sequence

from bot.models import Article, BlockKind, Page
from bot.newspaper import split_page
from bot.text.folding import fold_odd_forms
from bot.text.plain_text import parse_plain_text

# A page has two articles of at least this number of characters. Found on one half of some 400 pages and 1,200
# articles; tests/benchmarks/texts/measure_pages.py measures the other half.
_MIN_BODY_CHARACTERS = 100
_SECTION_SHARES = (0.75, 1.4)  # of the length of an article's sections: what its next section has
_MIN_PAGE_LINES = 4
_MAX_PAGE_CHARACTERS = 200_000  # a full page of a broadsheet has some 15,000


def parse_text_articles(text: str, title: str = "") -> tuple[Article, ...]:
    """Return the articles of a text: those of a newspaper page, else the one it is; none of a blank text.

    A text with a `title` is one article.
    """
    plain = parse_plain_text(text, title)
    if not plain.text.strip():
        return ()
    if not title and _is_newspaper_page(
        text, [*([plain.title] if plain.title else []), *plain.text.split("\n")]
    ):
        return split_page(fold_odd_forms(text)).articles
    return (Article(title=plain.title, text=plain.text),)


def _is_newspaper_page(text: str, paragraphs: Sequence[str]) -> bool:
    """Return whether a text holds several articles, both with its own lines and with unwrapped ones."""
    if text.count("\n") < _MIN_PAGE_LINES or not 2 * _MIN_BODY_CHARACTERS < len(text) <= _MAX_PAGE_CHARACTERS:
        return False
    pages = [split_page("\n\n".join(paragraphs)), split_page(text)]
    return all(len(_list_full_articles(page)) > 1 for page in pages) and not all(map(_is_one_article, pages))


def has_several_articles(text: str) -> bool:
    """Return whether a newspaper page's text splits into two or more articles with a title and a body."""
    page = split_page(text)
    return len(_list_full_articles(page)) > 1 and not _is_one_article(page)


def _list_full_articles(page: Page) -> list[Article]:
    return [
        article
        for article in page.articles
        if article.title and sum(map(len, article.paragraphs)) >= _MIN_BODY_CHARACTERS
    ]


def _is_one_article(page: Page) -> bool:
    """Return whether the two articles may be one whose subheading looks like a title."""
    articles = _list_full_articles(page)
    has_furniture = any(block.kind is BlockKind.FURNITURE for block in page.blocks)
    return len(articles) == 2 and not has_furniture and _is_section(*articles)


def _is_section(article: Article, other: Article) -> bool:
    """Return whether the other of two articles is as plain and as long as a section of the first."""
    has_head = other.kicker or other.deck or other.dateline or "（" in other.title
    if has_head or other.subheadings or len(article.subheadings) < 2:
        return False
    section_length = len(article.text) / (len(article.subheadings) + 1)
    return _SECTION_SHARES[0] <= len(other.text) / section_length <= _SECTION_SHARES[1]
