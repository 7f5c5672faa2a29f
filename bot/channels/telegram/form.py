"""Edition → messages in Telegram's HTML: whole stories, packed into as few messages as fit.

With `rich`, also as Rich Messages (Bot API 10.1), which hold eight times as much: each stands for whole plain
ones and says the same, so that a delivery may go on in either form.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path

from bot.channels.telegram.live_text import quiet_text
from bot.models import Article, Edition, Message, MessagePart, Story
from bot.render.plaintext import clean_line, clip_text, measure_utf16
from bot.render.themes import FALLBACK_THEME, fill_template
from bot.render.view import EditionView, StoryView, build_story_view, build_view, shorten_story
from bot.render.wording import find_wording
from summarizer import Summary

# Of a message; python-telegram-bot has the first two as MessageLimit, which takes half a second to import.
MAX_TEXT_UNITS = 4096
MAX_ENTITIES = 100
_MAX_RAW_BYTES = 32_768  # the Bot API server refuses longer text before it parses it
_TAG = re.compile(r"<(/?)[^>]*>")
# Telegram knows four names and all numbers; `&nbsp;` would stay as it is written. "&" comes last, to be read
# once.
_NAMED_REFERENCES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))
_NUMBERED_REFERENCE = re.compile(r"&#(?:\d+|x[0-9a-fA-F]+);")
_BLANK_LINES = re.compile(r"\n{3,}")

# Of a Rich Message (https://core.telegram.org/bots/api#rich-message-limits). The text may have 32,768
# characters; that its markup may have as many bytes is our own, stricter reading. Every tag that opens is
# counted as a block.
_RICH_TEMPLATE = "telegram.rich.html"
_MAX_RICH_BYTES = 32_768
_MAX_RICH_BLOCKS = 500

_LONGEST_PLACE = "99/99"  # takes the room of a message's number while it is not known

_PartRenderer = Callable[[Sequence[StoryView]], MessagePart]


@dataclass(frozen=True, kw_only=True, slots=True)
class _StoryRun:
    """A message, and which of the edition's stories it holds: those from `start` up to `end`.

    One that holds the edition's last line too ends one after the last story.
    """

    part: MessagePart
    start: int
    end: int


def render_notice(title: str, text: str) -> Message:
    """Return one message to the operator that says `text`, cut where it is too long."""
    room = MAX_TEXT_UNITS - measure_utf16(title) - 2
    shown = clip_text(text, room)
    part = MessagePart(
        html=f"<b>{html.escape(title, quote=False)}</b>\n{html.escape(shown, quote=False)}",
        text=f"{title}\n{shown}",
    )
    return Message(subject=title, parts=(part,))


def render_telegram(
    edition: Edition, *, archive_url: str = "", themes: Path | None = None, rich: bool = False
) -> Message:
    """Return the edition as Telegram messages; `archive_url` is the address of the edition's page.

    A story that is too long for a message is shortened and marked, with a link to the full text if there is
    one.
    """
    page = build_view(edition, archive_url)
    galleys = page, edition.theme, themes
    whole = build_part_renderer(*galleys, first=True, last=True, place="")(page.stories)
    stories: Sequence[StoryView] = page.stories
    if is_within_limits(whole):  # then every story fits too
        runs: Sequence[_StoryRun] = [_StoryRun(part=whole, start=0, end=_count_places(stories, page))]
    else:
        alone = build_part_renderer(replace(page, more=()), *galleys[1:], first=True, last=True)
        stories = [fit_story(story, alone) for story in stories]
        packed = tuple(_pack_messages(stories, *galleys))
        runs = tuple(_number_runs(packed, stories, *galleys))
    parts = tuple(run.part for run in runs)
    return Message(
        subject=page.head,
        parts=parts,
        rich=tuple(_pack_rich_messages(stories, runs, *galleys)) if rich else (),
    )


def render_summary(
    article: Article,
    summary: Summary,
    keywords: Sequence[str] = (),
    *,
    language: str = "",
    zone: tzinfo = UTC,
    extent: str = "",
    theme: str = FALLBACK_THEME,
    themes: Path | None = None,
) -> MessagePart:
    """Return the answer to a request: title, key sentences, keywords and source, in one message.

    Its labels are in `language`, the subscriber's; where that is "" in the article's. `extent` says how long
    the article is.
    """
    words = find_wording(language or article.language or summary.language)
    story = build_story_view(Story(article=article, summary=summary), words, zone)
    terms = words.join_names(
        [clip_text(clean_line(keyword), 40) for keyword in keywords if clean_line(keyword)], 12
    )
    line = words.format_keywords(terms) if terms else ""

    def one(stories: Sequence[StoryView]) -> MessagePart:
        return build_part(
            fill_template(
                theme,
                "telegram.summary.html",
                themes,
                story=stories[0],
                keywords=line,
                extent=extent,
                words=words,
            )
        )

    return one([fit_story(story, one)])


def build_part_renderer(
    page: EditionView,
    theme: str,
    themes: Path | None,
    *,
    first: bool,
    last: bool,
    place: str = _LONGEST_PLACE,
    template: str = "telegram.html",
) -> _PartRenderer:
    """What sets a run of stories as one message.

    `first` and `last` say where in the edition it stands, `place` which message of how many it is.
    """
    values = {"edition": page, "words": page.words, "first": first, "last": last, "place": place}
    set_as_one = _build_rich_part if template == _RICH_TEMPLATE else build_part
    return lambda run: set_as_one(fill_template(theme, template, themes, **values, stories=run))


def _pack_messages(
    stories: Sequence[StoryView], page: EditionView, theme: str, themes: Path | None
) -> Iterator[_StoryRun]:
    """Yield messages, each the longest run of stories that fits: that makes the fewest.

    The line of stories without room is one more of them, the last, so that a story that leaves it no room is
    not shortened for it. A run that fits also fits without its last story, so its end is found by halving.
    """
    whole = _count_places(stories, page)

    def run(start: int, end: int) -> _StoryRun:
        set_as_one = build_part_renderer(page, theme, themes, first=start == 0, last=end == whole)
        return _StoryRun(part=set_as_one(stories[start:end]), start=start, end=end)

    start = 0
    while start < whole:
        longest, too_long = run(start, start + 1), whole + 1
        while too_long - longest.end > 1:
            longer = run(start, (longest.end + too_long) // 2)
            if is_within_limits(longer.part):
                longest = longer
            else:
                too_long = longer.end
        yield longest
        start = longest.end


def _number_runs(
    runs: Sequence[_StoryRun],
    stories: Sequence[StoryView],
    page: EditionView,
    theme: str,
    themes: Path | None,
) -> Iterator[_StoryRun]:
    """Yield the runs again with the number of each message; a single one has none."""
    for number, run in enumerate(runs, 1):
        set_as_one = build_part_renderer(
            page,
            theme,
            themes,
            first=number == 1,
            last=number == len(runs),
            place=f"{number}/{len(runs)}" if len(runs) > 1 else "",
        )
        yield replace(run, part=set_as_one(stories[run.start : run.end]))


def _count_places(stories: Sequence[StoryView], page: EditionView) -> int:
    """Return how many places the messages have: one for each story, and one for the last line if any."""
    return max(1, len(stories) + bool(page.more))


def _pack_rich_messages(
    stories: Sequence[StoryView],
    runs: Sequence[_StoryRun],
    page: EditionView,
    theme: str,
    themes: Path | None,
) -> Iterator[MessagePart | None]:
    """Yield for each plain message the rich one that begins with it, if any, as long as the limit allows."""

    def rich(first: int, end: int) -> MessagePart:
        stories_of_run = stories[runs[first].start : runs[end - 1].end]
        set_as_one = build_part_renderer(
            page, theme, themes, first=first == 0, last=end == len(runs), template=_RICH_TEMPLATE
        )
        return replace(set_as_one(stories_of_run), stands_for=end - first)

    first = 0
    while first < len(runs):
        longest, end = None, first + 1
        while end <= len(runs) and _is_within_rich_limits(longer := rich(first, end)):
            longest, end = longer, end + 1
        yield longest
        stands_for = longest.stands_for if longest else 1
        yield from [None] * (stands_for - 1)
        first += stands_for


def fit_story(story: StoryView, setting: _PartRenderer) -> StoryView:
    """Return the longest form of the story that fits one message."""
    shortest = story
    for shortest in shorten_story(story):
        if is_within_limits(setting([shortest])):
            break
    return shortest


def build_part(markup: str) -> MessagePart:
    """Return the message with the text that a subscriber sees. No word in it becomes a link by itself."""
    return _build_rich_part(quiet_text(markup))


def _build_rich_part(markup: str) -> MessagePart:
    """Return a message in which Telegram is told to look for no links."""
    tidy = _BLANK_LINES.sub("\n\n", markup).strip()
    return MessagePart(html=tidy, text=_extract_visible_text(tidy))


def _extract_visible_text(markup: str) -> str:
    text = _NUMBERED_REFERENCE.sub(lambda match: html.unescape(match[0]), _TAG.sub("", markup))
    for reference, character in _NAMED_REFERENCES:
        text = text.replace(reference, character)
    return text.strip()


def _is_within_rich_limits(part: MessagePart) -> bool:
    """True when Telegram takes the Rich Message whole."""
    blocks = sum(not found[1] for found in _TAG.finditer(part.html))
    return len(part.html.encode()) <= _MAX_RICH_BYTES and blocks <= _MAX_RICH_BLOCKS


def is_within_limits(part: MessagePart) -> bool:
    """True when Telegram takes the message whole and shows all its markup."""
    return (
        measure_utf16(part.text) <= MAX_TEXT_UNITS
        and len(part.html.encode()) <= _MAX_RAW_BYTES
        and sum(not found[1] for found in _TAG.finditer(part.html)) <= MAX_ENTITIES
    )
