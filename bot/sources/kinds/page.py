"""Kind `page`: a newspaper page, as text, PDF or picture → its articles, with what the page says about
itself.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from bot.errors import InputError, SourceError
from bot.models import Article, Page, Source
from bot.newspaper import join_halves, split_page, split_sheet
from bot.newspaper.boxes import Sheet
from bot.newspaper.doubt import find_doubt
from bot.phrases import Phrase
from bot.sources import scan
from bot.sources.dates import find_day, get_day_noon
from bot.sources.listing import Listing
from bot.sources.suffixes import PAGES_WITH_PLACES, PICTURES
from bot.text.encoding import decode_text

_DAY = re.compile(r"\d{4}[-_.]?\d{2}[-_.]?\d{2}")
_PAGE_NUMBER = re.compile(r"(?:^|[-_.])([A-Za-z]?\d{1,3})$")
_MAX_ARTICLES = 1_000  # of a text; 25,000 take 80 ms to be received from a worker process


# (the kinds' signature)
def parse_articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:  # noqa: ARG001
    """Return the articles of a newspaper page, or of a PDF's pages. `name` is its path, for what the page
    does not say.

    Raises InputError when a text is neither UTF-8 nor GB18030 or has too many lines or
    articles, SourceError when a PDF or picture cannot be read.
    """
    return join_pages([page for _, page in parse_pages(data, name)], source)


# (the kinds' signature)
def parse_listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:  # noqa: ARG001
    """Return the pages of a file without their blocks; `join_pages` joins articles with those of other files.

    Raises the errors of `parse_articles`.
    """
    pages, notices = _parse_file(data, name)
    return Listing(pages=tuple(replace(page, blocks=()) for _, page in pages), notices=notices)


def join_pages(pages: Sequence[Page], source: Source) -> tuple[Article, ...]:
    """Return the articles of a paper's pages, with the halves of an article on two pages joined."""
    return tuple(
        _place_article(article, page, source) for page in join_halves(pages) for article in page.articles
    )


def parse_pages(data: bytes, name: str) -> tuple[tuple[str, Page], ...]:
    """Return each page with its name: the stem of the file's name, numbered in a PDF of several pages.

    Scanned pages that could not be read are left out. Raises the errors of `parse_articles`.
    """
    return _parse_file(data, name)[0]


def _parse_file(data: bytes, name: str) -> tuple[tuple[tuple[str, Page], ...], tuple[str, ...]]:
    """Return the pages with their names, and why some were left out. Raises SourceError where all were."""
    stem = PurePath(name).stem
    if PurePath(name).suffix.lower() not in PAGES_WITH_PLACES:
        return ((stem, _complete_from_name(_split_text(decode_text(data, name), name), stem)),), ()
    sheets = read_sheets(data, name)
    stems = [f"{stem}-{number}" for number in range(1, len(sheets) + 1)] if len(sheets) > 1 else [stem]
    pages, doubts = [], []
    for own, sheet in zip(stems, sheets, strict=True):
        page = split_sheet(sheet)
        if doubt := find_doubt(sheet, page):
            doubts.append(Phrase("{name}: {error}", name=own, error=doubt))
        else:
            pages.append((own, _complete_from_name(page, own)))
    if doubts and not any(page.articles for _, page in pages):
        raise SourceError(doubts[0])
    return tuple(pages), tuple(map(str, doubts))


def _split_text(text: str, name: str) -> Page:
    try:
        page = split_page(text)
        if (count := len(page.articles)) > _MAX_ARTICLES:
            raise ValueError(f"has {count:,} articles, a page at most {_MAX_ARTICLES:,}")
    except ValueError as error:
        raise InputError(Phrase("{name}: {error}; split it into pages", name=name, error=error)) from error
    return page


def read_sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Return the pages of a PDF, or the one of a picture, as they are set. Raises SourceError."""
    if PurePath(name).suffix.lower() in PICTURES:
        return (scan.read_sheet(data, name),)
    from bot.sources import pdf  # its library is large, and most runs read none

    return pdf.read_sheets(data, name)


def _place_article(article: Article, page: Page, source: Source) -> Article:
    """Return an article with the metadata of its page and source."""
    from summarizer import detect_language  # its libraries are large, and a page is taken apart without them

    return replace(
        article,
        source=source.name,
        page=page.number,
        published_at=article.published_at or (get_day_noon(page.day) if page.day else None),
        section=article.section or page.section or source.section,
        language=source.language or article.language or detect_language(f"{article.title}\n{article.text}"),
    )


def _complete_from_name(page: Page, stem: str) -> Page:
    """Return the page with the number and day from its file's name when the page does not state them
    itself.

    >>> [_complete_from_name(Page(articles=()), name).number for name in ("2026-11-20-03", "2026-11-20")]
    ['3', '']
    """
    match = _PAGE_NUMBER.search(_DAY.sub("", stem))
    number = page.number or (match[1] if match else "")
    return replace(
        page, number=str(int(number)) if number.isdecimal() else number, day=page.day or find_day(stem)
    )
