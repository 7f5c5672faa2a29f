"""The galley: what every form of an edition shows, cleaned and worded, before it is set for a channel."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from itertools import pairwise

from bot.models import Addition, Article, Edition, Reference, Story
from bot.render.plaintext import (
    CHINESE_CHARACTER,
    clean,
    clean_paragraphs,
    clip,
    minutes,
    utf16_length,
    web_address,
)
from bot.render.wording import WORDINGS, Wording, counted, wording
from summarizer import Summary

MOST_OTHERS = 3  # other tellings of a story that are named; a line of eight sources is longer than the story
MOST_NAMES = 6  # names in a list
LONGEST_NAME = 80  # UTF-16 units of a source, page, dateline or signature; printed ones are under 40
LONGEST_HEAD = 200  # of a digest's title
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
NAMES = re.compile(r"(?!记者|通讯员|融媒体|記者|通訊員)[^\s()（）]{2,}")
LONGEST_TITLE = 300  # of a story's; the longest printed headline with its deck is half of that
# Of a story that is only named: a headline without its deck, in Chinese characters or in letters.
LONGEST_NAMED = 40
LONGEST_NAMED_IN_LETTERS = 100
# What the addresses of those may take together in a message, so that they fit one with its head and foot whatever they
# hold (32,768 bytes on Telegram) and leave mail its room. Eight of Google News take half of it.
MOST_ADDRESS_BYTES = 12_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    text: str
    href: str = ""  # http(s), or "" for none


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAddition:
    """What another source adds, as readers see it: `before`, the source's name with its link, `after`, the text."""

    before: str
    source: Link
    after: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SetStory:
    """A story as readers see it. `summary` is what `paragraphs` print, kept so that it can be told shorter."""

    number: int  # from 1, in the edition
    title: str
    href: str
    paragraphs: tuple[str, ...]
    summary: Summary
    notes: tuple[
        str, ...
    ]  # where it stands, the weakest line: source, page, dateline or date, signature, what is missing
    others: tuple[Link, ...] = ()  # those that add nothing of their own
    other_count: int = 0  # others that are not named
    additions: tuple[SetAddition, ...] = ()
    update: str = ""  # the mark of an update, "" where it is none
    before: Link | None = None  # when an update was told first
    kicker: str = ""
    image: str = ""  # https address of its main picture, elsewhere: whoever loads it is seen there
    heading: str = ""  # the section, where one begins
    language: str = ""  # "" where it is the edition's own
    is_shortened: bool = False

    @property
    def anchor(self) -> str:
        return f"s{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Galley:
    """An edition as readers see it."""

    title: str
    day: str  # "11月22日 星期日"
    long_day: str
    iso_day: str
    count: str  # "4 篇 · 约 1 分钟读完"; of an empty edition ""
    unread: str  # names the sources that could not be read, or ""
    stories: tuple[SetStory, ...]
    words: Wording
    archive_url: str
    more: tuple[Link, ...] = ()  # stories that there was no room for
    more_others: str = ""  # ends the line of those: " 等 11 篇" where not all are named, or ""

    @property
    def head(self) -> str:
        return f"{self.title} · {self.day}"


def galley(edition: Edition, archive_url: str = "", pages: str | None = None) -> Galley:
    """Return what the forms of `edition` show. Stories without an address of their own lead to the archive's page.

    `pages` is where earlier editions' pages lie, "" beside this one; None: where `archive_url` is, if anywhere.
    """
    words = wording(edition.language)
    address = web_address(archive_url)
    if pages is None and address:
        pages = address.rpartition("/")[0] + "/"
    stories = tuple(headed(edition, words, address, pages))
    texts = (text for story in stories for text in (story.title, *story.paragraphs))
    count = f"{counted(words.stories, len(stories))} · {counted(words.minutes, minutes(texts))}" if stories else ""
    unread = [clip(clean(name), LONGEST_NAME) for name in edition.empty_sources]
    return Galley(
        title=clip(clean(edition.title) or clean(edition.digest), LONGEST_HEAD),
        day=words.with_weekday(edition.slot),
        long_day=words.with_weekday(edition.slot, year=True),
        iso_day=edition.slot.isoformat(),
        count=count,
        unread=words.unread.format(names=words.names(unread, MOST_NAMES)) if unread else "",
        stories=stories,
        words=words,
        archive_url=address,
        more=tuple(references(edition.more, words)),
        more_others=words.others_than(len(edition.more), edition.more_count),
    )


def references(named: Sequence[Reference], words: Wording) -> Iterator[Link]:
    """Yield a link for each; without an address where it has none, or those before it took the room of all."""
    room = MOST_ADDRESS_BYTES
    for reference in named:
        title = clean(reference.title)
        shown = clip(title, LONGEST_NAMED if CHINESE_CHARACTER.search(title) else LONGEST_NAMED_IN_LETTERS)
        href = web_address(reference.url)
        if len(html.escape(href).encode()) > room:
            href = ""
        room -= len(html.escape(href).encode())
        yield Link(text=shown or words.untitled, href=href)


def headed(edition: Edition, words: Wording, archive_url: str, pages: str | None) -> Iterator[SetStory]:
    """Set the stories, a heading wherever the section changes."""
    before = [None, *edition.stories]
    for number, (previous, story) in enumerate(pairwise(before), start=1):
        assert story is not None  # noqa: S101 -- only the first of `before` is None
        section = clip(clean(story.section), LONGEST_NAME)
        changed = clean(previous.section if previous else "") != clean(story.section)
        address = f"{archive_url}#s{number}" if archive_url else ""
        placed = set_story(story, words, edition.zone, number=number, fallback=address)
        first = told_before(story, words, pages)
        own = language_tag(story.article.language) or words.tag
        heading = (section or words.other_section) if changed else ""
        yield replace(placed, heading=heading, before=first, language="" if own == words.tag else own)


def told_before(story: Story, words: Wording, pages: str | None) -> Link | None:
    """Return when an update was told first, with a link to it where `pages` are."""
    if not story.told:
        return None
    href = f"{pages}{story.told.slot.isoformat()}.html#s{story.told.number}" if pages is not None else ""
    return Link(text=words.before.format(date=words.short(story.told.slot)), href=href)


def language_tag(language: str) -> str:
    """Return the tag for a lang attribute, "" where it is none: "zh" tells no fonts apart, its row's tag does."""
    tag = language.replace("_", "-")
    if not LANGUAGE_TAG.fullmatch(tag):
        return ""
    return WORDINGS[tag.lower()].tag if tag.lower() in WORDINGS else tag


def set_story(story: Story, words: Wording, zone: tzinfo = UTC, *, number: int = 1, fallback: str = "") -> SetStory:
    """Return the story as readers see it; `fallback` is where it leads if its article has no address."""
    article = story.article
    additions = tuple(added(addition, words) for addition in story.additions if clean(name_of(addition.article)))
    adding = {addition.source.text for addition in additions}
    others = [link for link in map(other_link, story.others) if link.text and link.text not in adding]
    return SetStory(
        number=number,
        title=clip(clean(article.title), LONGEST_TITLE) or words.untitled,
        href=web_address(article.url) or fallback,
        paragraphs=clean_paragraphs(story.summary.display),
        summary=story.summary,
        notes=tuple(notes(article, words, zone)),
        others=tuple(others[:MOST_OTHERS]),
        other_count=max(0, len(others) - MOST_OTHERS),
        additions=additions,
        update=words.update if story.told else "",
        kicker=clip(clean(article.kicker), LONGEST_NAME),
        image=web_address(article.image),
    )


def name_of(article: Article) -> str:
    return article.publisher or article.source


def added(addition: Addition, words: Wording) -> SetAddition:
    before, after = words.around_source()
    text = " ".join(clean_paragraphs(addition.summary.display))
    return SetAddition(before=before, source=other_link(addition.article), after=after, text=text)


def notes(article: Article, words: Wording, zone: tzinfo) -> Iterator[str]:
    """Yield what the line under a story says: source, page, dateline or date, signature, what is missing."""
    date = words.short(article.published_at.astimezone(zone).date()) if article.published_at else ""
    signature = clean(article.byline).strip("()（）")
    dateline = unsigned(clean(article.dateline), signature)
    page = words.page.format(n=int(article.page)) if article.page.isdecimal() else article.page
    for printed in (name_of(article), page, dateline or date, signature):
        if shown := clip(clean(printed), LONGEST_NAME):
            yield shown
    if article.cut_head:
        yield missing(words.head_missing, words.head_missing_from, article.continued_from)
    if article.cut_tail:
        yield missing(words.tail_missing, words.tail_missing_to, article.continues_on)


def unsigned(dateline: str, signature: str) -> str:
    """Return the dateline without the signature some newspapers print in it: "本报讯（记者 韩松）" is "本报讯"."""
    dateline = dateline.rstrip(" -–—")
    before, bracket, inside = dateline.replace("（", "(").partition("(")
    named = [name for name in NAMES.findall(inside) if name in signature]
    return before.strip() if bracket and named else dateline


def missing(plain: str, with_page: str, page: str) -> str:
    shown = clip(clean(page), LONGEST_NAME)
    if not shown:
        return plain
    return clean(with_page.format(page=f" {shown}" if shown.isascii() else shown))  # "转 page 7" but "转第三版"


def other_link(article: Article) -> Link:
    return Link(text=clip(clean(name_of(article)), LONGEST_NAME), href=web_address(article.url))


def tellings(story: SetStory) -> Iterator[SetStory]:
    """Yield the story ever shorter: whole, without what others add, with fewer sentences, with its only one cut, bare.

    The least important sentence goes first, at last the links. Each but the first says that it is shortened.
    """
    yield story
    while story.additions:
        *additions, gone = story.additions
        others = (gone.source, *story.others)[:MOST_OTHERS]
        count = story.other_count + max(0, len(story.others) + 1 - MOST_OTHERS)
        story = replace(story, additions=tuple(additions), others=others, other_count=count, is_shortened=True)
        yield story
    summary = story.summary
    while len(summary.sentences) > 1:
        least = min(summary.sentences, key=lambda sentence: (sentence.score, -sentence.start))
        summary = replace(summary, sentences=tuple(kept for kept in summary.sentences if kept is not least))
        story = replace(story, paragraphs=clean_paragraphs(summary.display), summary=summary, is_shortened=True)
        yield story
    text = " ".join(story.paragraphs)
    for most in (3000, 2000, 1000, 500, 200, 100):
        if utf16_length(text) > most:
            yield replace(story, paragraphs=(clip(text, most),), is_shortened=True)
    final = replace(story, paragraphs=(clip(text, 100),) if text else (), is_shortened=True)
    yield final
    yield replace(
        final,
        href="",
        before=Link(text=story.before.text) if story.before else None,
        others=tuple(Link(text=other.text) for other in story.others),
    )
