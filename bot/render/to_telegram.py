"""Edition → messages in Telegram's HTML: whole stories, packed into as few messages as fit."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, tzinfo
from pathlib import Path

from telegram.constants import MessageLimit

from bot.models import Article, Edition, Message, Part, Story
from bot.render.galley import Galley, SetStory, galley, set_story, tellings
from bot.render.plaintext import clean, clip, utf16_length
from bot.render.themes import FALLBACK, fill
from bot.render.wording import wording
from summarizer import Summary

# The Bot API server refuses longer text before it parses it; python-telegram-bot has no name for this limit.
MAX_RAW_BYTES = 32_768
TAG = re.compile(r"<(/?)[^>]*>")
# Telegram knows four names and all numbers; `&nbsp;` would stay as it is written. "&" comes last, to be read once.
NAMED = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))
NUMBERED = re.compile(r"&#(?:\d+|x[0-9a-fA-F]+);")
BLANK_LINES = re.compile(r"\n{3,}")

Setting = Callable[[Sequence[SetStory]], Part]


def telegram(edition: Edition, *, archive_url: str = "", themes: Path | None = None) -> Message:
    """Return the edition as Telegram messages; `archive_url` is the address of the edition's page.

    A story too long for a message is told shorter and says so, with a link to the whole where there is one.
    """
    page = galley(edition, archive_url)
    parts = tuple(packed(page, edition.theme, themes))
    return Message(subject=page.head, parts=parts)


def summary(
    article: Article,
    summary: Summary,
    keywords: Sequence[str] = (),
    *,
    zone: tzinfo = UTC,
    theme: str = FALLBACK,
    themes: Path | None = None,
) -> Part:
    """Return the answer to /summary: title, key sentences, keywords and source, in one message."""
    words = wording(article.language or summary.language)
    story = set_story(Story(article=article, summary=summary), words, zone)
    terms = words.names([clip(clean(keyword), 40) for keyword in keywords if clean(keyword)], 12)
    line = words.keywords.format(names=terms) if terms else ""

    def one(stories: Sequence[SetStory]) -> Part:
        return part(fill(theme, "telegram.summary.html", themes, story=stories[0], keywords=line, words=words))

    return one([fitted(story, one)])


def packed(page: Galley, theme: str, themes: Path | None) -> Iterator[Part]:
    """Yield messages, each the longest run of stories that fits: that makes the fewest."""

    def setting(first: bool, last: bool) -> Setting:
        return lambda run: part(
            fill(theme, "telegram.html", themes, edition=page, words=page.words, stories=run, first=first, last=last)
        )

    stories = [fitted(story, setting(first=True, last=True)) for story in page.stories]
    if not stories:
        yield setting(first=True, last=True)([])
    start = 0
    while start < len(stories):
        end, message = longest_run(stories, start, setting)
        yield message
        start = end


def longest_run(stories: Sequence[SetStory], start: int, setting: Callable[[bool, bool], Setting]) -> tuple[int, Part]:
    """Return where the longest run of stories from `start` that fits one message ends, and that message.

    A run that fits also fits without its last story, so the first that does not ends the search.
    """
    end = start + 1
    message = setting(start == 0, end == len(stories))(stories[start:end])
    while end < len(stories):
        longer = setting(start == 0, end + 1 == len(stories))(stories[start : end + 1])
        if not fits(longer):
            break
        end, message = end + 1, longer
    return end, message


def fitted(story: SetStory, setting: Setting) -> SetStory:
    """Return the longest telling of the story that fits a message of its own."""
    shortest = story
    for shortest in tellings(story):
        if fits(setting([shortest])):
            break
    return shortest


def part(markup: str) -> Part:
    """Return the message with the text a reader sees."""
    tidy = BLANK_LINES.sub("\n\n", markup).strip()
    return Part(html=tidy, text=visible(tidy))


def visible(markup: str) -> str:
    text = NUMBERED.sub(lambda found: html.unescape(found[0]), TAG.sub("", markup))
    for reference, character in NAMED:
        text = text.replace(reference, character)
    return text.strip()


def fits(part: Part) -> bool:
    """True when Telegram takes the message whole and shows all its markup."""
    return (
        utf16_length(part.text) <= MessageLimit.MAX_TEXT_LENGTH
        and len(part.html.encode()) <= MAX_RAW_BYTES
        and sum(not found[1] for found in TAG.finditer(part.html)) <= MessageLimit.MESSAGE_ENTITIES
    )
