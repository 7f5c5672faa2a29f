"""Kind `telegram`: the web preview of a public channel (t.me/s/NAME) → its messages as articles."""

import re
from typing import Any  # lxml ships no types

from bot.encoding import decode_markup
from bot.errors import SourceError
from bot.models import Article, Source
from bot.sources.dates import moment
from bot.sources.feed import title_from
from bot.sources.prose import clean, of_element
from bot.sources.site import parsed
from summarizer import detect_language

MAX_MESSAGES = 100  # the last ones; a preview shows 20
MIN_CHARACTERS = 30  # shorter messages are captions and greetings
HASHTAGS = re.compile(r"(?:#\w+\s*)+")


def articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the messages with text, oldest first as on the page. Raises SourceError when it is no preview."""
    tree = parsed(decode_markup(data, charset), name)
    messages = tree.xpath("//*[contains(concat(' ', @class, ' '), ' tgme_widget_message ')][@data-post]")
    if not messages:
        raise SourceError(f"{name}: shows no messages of a public channel; its address looks like https://t.me/s/NAME")
    found = (article(message, source) for message in messages[-MAX_MESSAGES:])
    return tuple(each for each in found if each is not None)


def article(message: Any, source: Source) -> Article | None:
    """Return a message as an article under its first line; None when it says too little."""
    bodies = message.xpath(".//*[contains(concat(' ', @class, ' '), ' js-message_text ')]")
    if not bodies:
        return None
    rows = [row for row in of_element(bodies[-1]).paragraphs if not HASHTAGS.fullmatch(row)]
    if sum(map(len, rows)) < MIN_CHARACTERS:
        return None
    text = "\n".join(rows[1:] if len(rows) > 1 else rows)
    stated = message.xpath("string(.//time/@datetime)")
    return Article(
        title=title_from(rows[0]),
        text=text,
        byline=clean(message.xpath("string(.//*[contains(@class, 'tgme_widget_message_from_author')])")),
        section=source.section,
        language=source.language or detect_language("\n".join(rows)),
        published_at=moment(str(stated)),
        url=f"https://t.me/{message.get('data-post')}",
        source=source.name,
    )
