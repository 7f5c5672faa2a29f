"""Kind `page`: the text of a newspaper page → its articles, with what the page says about itself."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from bot.encoding import decode
from bot.models import Article, Page, Source
from bot.newspaper import split
from bot.sources.dates import day_in, day_noon
from summarizer import detect_language

DAY = re.compile(r"\d{4}[-_.]?\d{2}[-_.]?\d{2}")
PAGE_NUMBER = re.compile(r"(?:^|[-_.])([A-Za-z]?\d{1,3})$")


def articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:  # noqa: ARG001  (the kinds' signature)
    """Return the articles of a newspaper page. `name` is its path: the stem stands for what the page does not say.

    Raises InputError when the bytes are neither UTF-8 nor GB18030.
    """
    page = split(decode(data, name))
    stem = PurePath(name).stem
    return tuple(
        replace(
            article,
            source=source.name,
            page=shown_number(page, stem),
            published_at=article.published_at or noon(page, stem),
            section=article.section or page.section or source.section,
            language=source.language or article.language or detect_language(f"{article.title}\n{article.text}"),
        )
        for article in page.articles
    )


def shown_number(page: Page, stem: str) -> str:
    """Return the page's number, "1" or "A3"; what the page does not say its file's name may.

    >>> shown_number(Page(articles=()), "2026-11-20-03"), shown_number(Page(articles=()), "2026-11-20")
    ('3', '')
    """
    named = PAGE_NUMBER.search(DAY.sub("", stem))
    number = page.number or (named[1] if named else "")
    return str(int(number)) if number.isdecimal() else number


def noon(page: Page, stem: str) -> datetime | None:
    day = page.day or day_in(stem)
    return day_noon(day) if day else None
