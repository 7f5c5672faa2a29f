"""Edition → messages in Telegram's HTML: whole stories, packed into as few messages as fit.

With `rich`, also as Rich Messages (Bot API 10.1), which hold eight times as much: each stands for whole plain ones and
tells the same, so that a delivery may go on in either form.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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

# Of a Rich Message (https://core.telegram.org/bots/api#rich-message-limits). The text may have 32,768 characters; that
# its markup may have as many bytes is our own, stricter reading. Every tag that opens is counted as a block.
MAX_RICH_BYTES = 32_768
MAX_RICH_BLOCKS = 500

Setting = Callable[[Sequence[SetStory]], Part]


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A message, and which of the edition's stories it tells: those from `start` up to `end`.

    One that tells the edition's last line too ends one after the last story.
    """

    part: Part
    start: int
    end: int


def telegram(edition: Edition, *, archive_url: str = "", themes: Path | None = None, rich: bool = False) -> Message:
    """Return the edition as Telegram messages; `archive_url` is the address of the edition's page.

    A story too long for a message is told shorter and says so, with a link to the whole where there is one.
    """
    page = galley(edition, archive_url)
    galleys = page, edition.theme, themes
    alone = setting(replace(page, more=()), *galleys[1:], first=True, last=True)
    stories = tuple(fitted(story, alone) for story in page.stories)
    runs = tuple(packed(stories, *galleys))
    parts = tuple(run.part for run in runs)
    return Message(subject=page.head, parts=parts, rich=tuple(enriched(stories, runs, *galleys)) if rich else ())


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


def setting(
    page: Galley, theme: str, themes: Path | None, *, first: bool, last: bool, template: str = "telegram.html"
) -> Setting:
    """What sets a run of stories as one message; `first` and `last` say where in the edition it stands."""
    values = {"edition": page, "words": page.words, "first": first, "last": last}
    return lambda run: part(fill(theme, template, themes, **values, stories=run))


def packed(stories: Sequence[SetStory], page: Galley, theme: str, themes: Path | None) -> Iterator[Run]:
    """Yield messages, each the longest run of stories that fits: that makes the fewest.

    The line of stories without room is one more of them, the last, so that a story that leaves it no room is not told
    shorter for it. A run that fits also fits without its last story, so the first that does not ends the search.
    """
    whole = max(1, len(stories) + bool(page.more))

    def run(start: int, end: int) -> Run:
        set_as_one = setting(page, theme, themes, first=start == 0, last=end == whole)
        return Run(part=set_as_one(stories[start:end]), start=start, end=end)

    start = 0
    while start < whole:
        longest = run(start, start + 1)
        while longest.end < whole and fits((longer := run(start, longest.end + 1)).part):
            longest = longer
        yield longest
        start = longest.end


def enriched(
    stories: Sequence[SetStory], runs: Sequence[Run], page: Galley, theme: str, themes: Path | None
) -> Iterator[Part | None]:
    """Yield for each plain message the rich one that begins with it, if one does; each as long a run as fits."""

    def rich(first: int, end: int) -> Part:
        told = stories[runs[first].start : runs[end - 1].end]
        place = {"first": first == 0, "last": end == len(runs)}
        set_as_one = setting(page, theme, themes, **place, template="telegram.rich.html")
        return replace(set_as_one(told), stands_for=end - first)

    first = 0
    while first < len(runs):
        longest, end = None, first + 1
        while end <= len(runs) and fits_rich(longer := rich(first, end)):
            longest, end = longer, end + 1
        yield longest
        stands_for = longest.stands_for if longest else 1
        yield from [None] * (stands_for - 1)
        first += stands_for


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


def fits_rich(part: Part) -> bool:
    """True when Telegram takes the Rich Message whole."""
    blocks = sum(not found[1] for found in TAG.finditer(part.html))
    return len(part.html.encode()) <= MAX_RICH_BYTES and blocks <= MAX_RICH_BLOCKS


def fits(part: Part) -> bool:
    """True when Telegram takes the message whole and shows all its markup."""
    return (
        utf16_length(part.text) <= MessageLimit.MAX_TEXT_LENGTH
        and len(part.html.encode()) <= MAX_RAW_BYTES
        and sum(not found[1] for found in TAG.finditer(part.html)) <= MessageLimit.MESSAGE_ENTITIES
    )
