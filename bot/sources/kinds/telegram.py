"""Kind `telegram`: the web preview of a public channel (t.me/s/NAME) → its messages as articles."""

import re
from typing import Any  # lxml ships no types

from bot.errors import SourceError
from bot.models import Article, Source
from bot.phrases import Phrase
from bot.sources.dates import parse_moment
from bot.sources.html.prose import clean_line, extract_prose
from bot.sources.kinds.feed import make_title
from bot.sources.kinds.site import parse_tree
from bot.sources.listing import Listing
from bot.text.markup_encoding import decode_markup
from summarizer import detect_language

_MAX_MESSAGES = 100  # the last ones; a preview shows 20
_MIN_CHARACTERS = 30  # shorter messages are captions and greetings
_HASHTAGS = re.compile(r"(?:#\w+\s*)+")


def parse_articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the messages with text, oldest first as on the page.

    Raises SourceError when it is no preview.
    """
    tree = parse_tree(decode_markup(data, charset), name)
    messages = tree.xpath("//*[contains(concat(' ', @class, ' '), ' tgme_widget_message ')][@data-post]")
    if not messages:
        raise SourceError(
            Phrase(
                "{name}: shows no messages of a public channel; its address looks like https://t.me/s/NAME",
                name=name,
            )
        )
    articles = (_build_article(message, source) for message in messages[-_MAX_MESSAGES:])
    return tuple(each for each in articles if each is not None)


def parse_listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return the messages as `parse_articles` does."""
    return Listing(articles=parse_articles(data, name, source, charset))


def _build_article(message: Any, source: Source) -> Article | None:
    """Return a message as an article under its first line; None when it says too little."""
    bodies = message.xpath(".//*[contains(concat(' ', @class, ' '), ' js-message_text ')]")
    if not bodies:
        return None
    rows = [row for row in extract_prose(bodies[-1]).paragraphs if not _HASHTAGS.fullmatch(row)]
    if sum(map(len, rows)) < _MIN_CHARACTERS:
        return None
    text = "\n".join(rows[1:] if len(rows) > 1 else rows)
    stated = message.xpath("string(.//time/@datetime)")
    return Article(
        title=make_title(rows[0]),
        text=text,
        byline=clean_line(message.xpath("string(.//*[contains(@class, 'tgme_widget_message_from_author')])")),
        section=source.section,
        language=source.language or detect_language("\n".join(rows)),
        published_at=parse_moment(str(stated)),
        url=f"https://t.me/{message.get('data-post')}",
        source=source.name,
    )
