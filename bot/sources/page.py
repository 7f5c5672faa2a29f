"""Kind `page`: the text of a newspaper page → its articles, with what the page says about itself."""

from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from bot.encoding import decode
from bot.models import Article, Page, Source
from bot.newspaper import split
from bot.sources.dates import day_in, day_noon
from summarizer import detect_language


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
    """Return the page's number as readers see it: "第1版", "A3", or the file's stem."""
    return f"第{page.number}版" if page.number.isdecimal() else page.number or stem


def noon(page: Page, stem: str) -> datetime | None:
    day = page.day or day_in(stem)
    return day_noon(day) if day else None
