"""Teaser or whole article, and the two made one: an entry and the web page it leads to → the article."""

import re
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlsplit

from bot.models import Article, Entry, Source
from bot.sources.html.body_lines import make_key
from bot.sources.listing import Listing

# A Han character says about as much as three letters. Shorter texts are teasers, or briefs whose page does no
# harm.
_WHOLE_HAN, _WHOLE_CHARACTERS = 200, 600
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_\u3400-\u9fff]+")
# Shares of a teaser's words that its article has: titles are shortened, teasers rewritten.
_MIN_TITLE_SHARE, _MIN_TEXT_SHARE = 0.6, 0.6
_TITLE_PARAGRAPHS = 2  # of a page, which may repeat the title
_BEGINNING_LETTERS = 24  # of a teaser; an article that has them in a row is the teaser's
_MAX_COMPARED = 400  # characters of a teaser
_GOES_ON = re.compile(
    r"(?:…|\.\.\.|(?:阅读|查看)(?:全文|原文|更多)|read more|continue reading)[\s\]）)»>.]*$", re.IGNORECASE
)
_GOES_ON_CHARACTERS = 60  # of a text's end, which are searched


def split_teasers(rows: tuple[tuple[Entry, Article], ...], source: Source) -> Listing:
    """Return which articles of a feed are whole and which entries have to be read on their pages.

    The configuration's full_text decides: true all, false none, left out the entries that bring a teaser.
    """
    wanted = {entry.key for entry, article in rows if entry.url and _is_wanted(article, source.full_text)}
    return Listing(
        articles=tuple(article for entry, article in rows if entry.key not in wanted),
        entries=tuple(entry for entry, _ in rows if entry.key in wanted),
    )


def _is_wanted(article: Article, full_text: bool | None) -> bool:
    return is_teaser(article.text) if full_text is None else full_text


def is_teaser(text: str) -> bool:
    """Return whether `text` reads like the beginning of an article rather than the whole.

    >>> is_teaser("总投资1.26亿元的急救中心20日启用……阅读全文")
    True
    """
    is_short = len(text) < _WHOLE_CHARACTERS and len(_HAN.findall(text)) < _WHOLE_HAN
    return is_short or _GOES_ON.search(text[-_GOES_ON_CHARACTERS:]) is not None


def complete_teaser(teaser: Article, page: Article) -> Article:
    """Return the article of `page` with the title, date and author of the feed, which are more reliable.

    When the page has less text than the feed, or another story, the feed's text stays.
    """
    if not _has_article_of(page, teaser):
        return teaser
    page = _drop_repeated_title(page, teaser.title)
    if len(page.text) <= len(teaser.text):
        return teaser
    return replace(
        teaser,
        text=page.text,
        subheadings=page.subheadings,
        title=teaser.title or page.title,
        byline=teaser.byline or page.byline,
        language=page.language or teaser.language,
        published_at=teaser.published_at or page.published_at,
        image=teaser.image or page.image,
    )


def _has_article_of(page: Article, teaser: Article) -> bool:
    """Return whether a page holds the article that a teaser announces, rather than a form, a front page or
    another story.

    It does where it bears the teaser's title, or where its text has the words of title and teaser.
    """
    if _is_front_page(page.url) and not _is_front_page(teaser.url):
        return False
    if not teaser.text and not _is_front_page(teaser.url):
        return True  # a link of a section page or an issue: its page may show the title outside the article
    title, words = _list_words(teaser.title), _list_words(f"{teaser.title}\n{teaser.text[:_MAX_COMPARED]}")
    beginning = make_key(teaser.text)[:_BEGINNING_LETTERS]
    shown = (page.title, *page.paragraphs[:_TITLE_PARAGRAPHS])
    if title and any(_share_words(title, _list_words(line)) >= _MIN_TITLE_SHARE for line in shown):
        return True
    if len(beginning) == _BEGINNING_LETTERS and beginning in make_key(page.text):
        return True
    return _share_words(words, _list_words(f"{page.title}\n{page.text}")) >= _MIN_TEXT_SHARE


def _list_words(text: str) -> frozenset[str]:
    """Return what a text is compared by: words of four letters and more and figures, and pairs of Han
    characters.
    """
    words = (word for word in _WORD.findall(text.casefold()) if len(word) > 3 or word.isdecimal())
    return frozenset(words) | {
        first + second for first, second in pairwise(text) if _HAN.match(first) and _HAN.match(second)
    }


def _share_words(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / len(words) if words else 1.0


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.netloc != "" and parts.path in ("", "/") and not parts.query


def _drop_repeated_title(article: Article, title: str) -> Article:
    """Return the article without a first paragraph that repeats `title`, as where the page is named after the
    paper.
    """
    first, _, rest = article.text.partition("\n")
    if not rest or first.split() != title.split():
        return article
    return replace(article, text=rest, subheadings=tuple(index - 1 for index in article.subheadings if index))
