"""Kind `page`: the text of a newspaper page → its articles, with what the page says about itself."""

import re
from dataclasses import replace
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
    page = named(split(decode(data, name)), PurePath(name).stem)
    published_at = day_noon(page.day) if page.day else None
    return tuple(
        replace(
            article,
            source=source.name,
            page=page.number,
            published_at=article.published_at or published_at,
            section=article.section or page.section or source.section,
            language=source.language or article.language or detect_language(f"{article.title}\n{article.text}"),
        )
        for article in page.articles
    )


def named(page: Page, stem: str) -> Page:
    """The page with the number and day that its file's name tells, where it does not tell them itself.

    >>> named(Page(articles=()), "2026-11-20-03").number, named(Page(articles=()), "2026-11-20").number
    ('3', '')
    """
    found = PAGE_NUMBER.search(DAY.sub("", stem))
    number = page.number or (found[1] if found else "")
    return replace(page, number=str(int(number)) if number.isdecimal() else number, day=page.day or day_in(stem))
