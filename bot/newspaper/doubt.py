"""Doubt whether a scanned page was read at all: it is then refused, with what to do, and not published.

Text set vertically or far too small comes out as many lines of few characters, and these as many "articles"
whose headings are longer than their texts. No single article shows that; the page as a whole does.
"""

from bot.models import Page
from bot.newspaper.boxes import Sheet, Way
from bot.newspaper.layout import is_spaced
from bot.newspaper.sheet import measure_body_size
from bot.phrases import Phrase

_LEAST_ARTICLES = 6  # fewer say nothing about the page
_HOLLOW_SHARE = 0.5  # of the articles: their headings are longer than their texts
_LEAST_LINES = 40
_SHORT_LINE = {False: 3, True: 5}  # characters of a line that is no line; of text with spaces between words
_SHORT_SHARE = 0.4  # of the lines
_VERTICAL_SHARE = 0.3  # of the characters that makes "set vertically" the cause
_SMALL_TYPE = 20.0  # pixels: characters of newspaper text have 30 at 300 dpi, and 16 are hardly read


def find_doubt(sheet: Sheet, page: Page) -> Phrase | None:
    """Return why a scanned page cannot be trusted, with the remedy; None where it can or is no scan."""
    if not sheet.is_scan or not (_is_hollow(page) or _is_shredded(sheet)):
        return None
    characters = sum(len(line.text) for line in sheet.lines)
    vertical = sum(len(line.text) for line in sheet.lines if line.way == Way.VERTICAL)
    size = measure_body_size(sheet.lines)
    if vertical >= _VERTICAL_SHARE * characters:
        return Phrase("the page is set vertically and could not be read")
    if size < _SMALL_TYPE:
        return Phrase(
            "the type is too small to be read ({size} pixels high); scan the page at 300 dpi",
            size=round(size),
        )
    return Phrase("the page was read in fragments; scan it straight, at 300 dpi, one page at a time")


def _is_hollow(page: Page) -> bool:
    hollow = sum(
        len(article.kicker) + len(article.title) + len(article.deck) > len(article.text)
        for article in page.articles
    )
    return len(page.articles) >= _LEAST_ARTICLES and hollow >= _HOLLOW_SHARE * len(page.articles)


def _is_shredded(sheet: Sheet) -> bool:
    longest = _SHORT_LINE[is_spaced("".join(line.text for line in sheet.lines))]
    short = sum(len(line.text) <= longest for line in sheet.lines)
    return len(sheet.lines) >= _LEAST_LINES and short >= _SHORT_SHARE * len(sheet.lines)
