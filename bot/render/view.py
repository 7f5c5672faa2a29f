"""The view model: what every form of an edition shows, cleaned and worded, for the channels' forms."""

import html
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from itertools import pairwise

from bot.locales import match_language
from bot.models import Addition, Article, Edition, LeftOutReason, Story, StoryReference
from bot.render.plaintext import (
    CHINESE_CHARACTER,
    clean_line,
    clean_paragraphs,
    clip_text,
    estimate_minutes,
    measure_utf16,
    validate_web_address,
)
from bot.render.wording import Wording, find_wording
from summarizer import Summary

_MAX_OTHERS = 3  # other sources of a story that are named; a line of eight sources is longer than the story
_MAX_NAMES = 6  # names in a list
_MAX_NAME_UNITS = 80  # UTF-16 units of a source, page, dateline or signature; printed ones are under 40
_MAX_HEAD_UNITS = 200  # of a digest's title
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_SIGNED_NAMES = re.compile(r"(?!记者|通讯员|融媒体|記者|通訊員)[^\s()（）]{2,}")
_MAX_TITLE_UNITS = 300  # of a story's; the longest printed headline with its deck is half of that
# Of a story that is only named: a headline without its deck, in Chinese characters or in letters.
_MAX_NAMED_UNITS = 40
_MAX_NAMED_LETTERS = 100
# What the addresses of those may take together in a message, so that they fit one with its head and foot
# whatever they hold (32,768 bytes on Telegram) and leave mail its room. Eight of Google News take half of it.
_MAX_ADDRESS_BYTES = 12_000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Link:
    text: str
    href: str = ""  # http(s), or "" for none


@dataclass(frozen=True, kw_only=True, slots=True)
class _AdditionView:
    """What another source adds, as subscribers see it: `before`, the source's name with its link, `after`,
    the text.
    """

    before: str
    source: _Link
    after: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryView:
    """A story as subscribers see it.

    `summary` is what `paragraphs` print, kept so that it can be shortened.
    """

    number: int  # from 1, in the edition
    title: str
    href: str
    paragraphs: tuple[str, ...]
    summary: Summary
    notes: tuple[
        str, ...
    ]  # where it stands, the weakest line: source, page, dateline or date, signature, what is missing
    others: tuple[_Link, ...] = ()  # sources without an addition
    other_count: int = 0  # others that are not named
    additions: tuple[_AdditionView, ...] = ()
    update: str = ""  # the mark of an update, "" where it is none
    before: _Link | None = None  # when an update's story was printed first
    kicker: str = ""
    image: str = ""  # https address of its main picture on another server, which sees who loads it
    heading: str = ""  # the section, where one begins
    language: str = ""  # "" where it is the edition's own
    is_shortened: bool = False

    @property
    def opening(self) -> tuple[str, ...]:
        """The first sentence; all of it where the paragraphs are cut."""
        return self._split_paragraphs()[0]

    @property
    def continuation(self) -> tuple[str, ...]:
        """What follows the first sentence."""
        return self._split_paragraphs()[1]

    def _split_paragraphs(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        sentences = self.summary.sentences
        if not sentences or self.paragraphs != clean_paragraphs(self.summary.display):
            return self.paragraphs, ()
        first = sentences[0].number
        parts = (
            tuple(sentence for sentence in sentences if (sentence.number == first) is is_first)
            for is_first in (True, False)
        )
        opening, continuation = (
            clean_paragraphs(replace(self.summary, sentences=part).display) for part in parts
        )
        return opening, continuation

    @property
    def anchor(self) -> str:
        return f"s{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionView:
    """An edition as subscribers see it."""

    title: str
    day: str  # "11月22日 星期日", with the hour where there are several editions a day
    long_day: str
    iso_day: str
    count: str  # "4 篇 · 约 1 分钟读完"; of an empty edition ""
    empty: str  # why there are no stories, in one line; of others ""
    unread: str  # names the sources that could not be read, or ""
    left_out: str  # why the edition is empty or short, or ""
    stories: tuple[StoryView, ...]
    words: Wording
    archive_url: str
    more: tuple[_Link, ...] = ()  # stories that there was no room for
    more_others: str = ""  # ends the line of those: " 等 11 篇" where not all are named, or ""

    @property
    def head(self) -> str:
        return f"{self.title} · {self.day}"


def build_view(edition: Edition, archive_url: str = "", pages: str | None = None) -> EditionView:
    """Return what the forms of `edition` show. Stories without an address of their own lead to the archive's
    page.

    `pages` is where earlier editions' pages lie, "" beside this one; None: where `archive_url` is, if
    anywhere.
    """
    words = find_wording(edition.language)
    address = validate_web_address(archive_url)
    if pages is None and address:
        pages = address.rpartition("/")[0] + "/"
    stories = tuple(_build_story_views(edition, words, address, pages))
    texts = (text for story in stories for text in (story.title, *story.paragraphs))
    count = (
        f"{words.format_story_count(len(stories))} · {words.format_minutes(estimate_minutes(texts))}"
        if stories
        else ""
    )
    hour = f" {edition.slot_at.astimezone(edition.zone):%H:%M}" if edition.shares_day else ""
    unread = [clip_text(clean_line(name), _MAX_NAME_UNITS) for name in edition.empty_sources]
    return EditionView(
        title=clip_text(clean_line(edition.title) or clean_line(edition.digest), _MAX_HEAD_UNITS),
        day=words.format_with_weekday(edition.day) + hour,
        long_day=words.format_with_weekday(edition.day, year=True) + hour,
        iso_day=edition.day.isoformat(),
        count=count,
        empty=_explain_empty(edition, words),
        unread=words.format_unread(words.join_names(unread, _MAX_NAMES)) if unread else "",
        left_out=_explain_left_out(edition, words),
        stories=stories,
        words=words,
        archive_url=address,
        more=tuple(_link_references(edition.more, words)),
        more_others=words.format_others(len(edition.more), edition.more_count),
    )


def _explain_empty(edition: Edition, words: Wording) -> str:
    """Return why an edition has no stories; what it left out says the line of that."""
    if edition.stories:
        return ""
    is_silent = edition.until_at is not None and not edition.left_out  # older editions did not say
    return words.silent_sources if is_silent else words.empty


def _explain_left_out(edition: Edition, words: Wording) -> str:
    """Return what was left out of an edition that is empty, or of one that leaves out more than it prints.

    What does not meet a subscriber's topics is no news to them, unless nothing else is left.
    """
    reasons = {
        reason: number
        for reason, number in edition.left_out.items()
        if reason is not LeftOutReason.OFF_TOPIC or not edition.stories
    }
    if sum(reasons.values()) <= len(edition.stories):
        return ""
    return words.format_left_out([words.format_left_out_reason(each, n) for each, n in reasons.items()])


def _link_references(named: Sequence[StoryReference], words: Wording) -> Iterator[_Link]:
    """Yield a link for each, without an address if it has none or if earlier links used all the room."""
    room = _MAX_ADDRESS_BYTES
    for reference in named:
        title = clean_line(reference.title)
        shown = clip_text(title, _MAX_NAMED_UNITS if CHINESE_CHARACTER.search(title) else _MAX_NAMED_LETTERS)
        href = validate_web_address(reference.url)
        if len(html.escape(href).encode()) > room:
            href = ""
        room -= len(html.escape(href).encode())
        yield _Link(text=shown or words.untitled, href=href)


def _build_story_views(
    edition: Edition, words: Wording, archive_url: str, pages: str | None
) -> Iterator[StoryView]:
    """Set the stories, with a heading where the section changes."""
    before = [None, *edition.stories]
    for number, (previous, story) in enumerate(pairwise(before), start=1):
        assert story is not None  # noqa: S101 -- only the first of `before` is None
        section = clip_text(clean_line(story.section), _MAX_NAME_UNITS)
        changed = clean_line(previous.section if previous else "") != clean_line(story.section)
        address = f"{archive_url}#s{number}" if archive_url else ""
        placed = build_story_view(story, words, edition.zone, number=number, fallback=address)
        first = _link_first_printing(story, words, pages)
        own = _normalize_language_tag(story.article.language) or words.tag
        heading = (section or words.other_section) if changed else ""
        yield replace(placed, heading=heading, before=first, language="" if own == words.tag else own)


def _link_first_printing(story: Story, words: Wording, pages: str | None) -> _Link | None:
    """Return when an update's story was printed first, with a link to it where `pages` are."""
    printing = story.first_printing
    if not printing:
        return None
    href = f"{pages}{printing.edition}.html#s{printing.number}" if pages is not None else ""
    return _Link(text=words.format_first_printing(printing.day), href=href)


def _normalize_language_tag(language: str) -> str:
    """Return the tag for a lang attribute, "" where it is none: "zh" selects no font, its row's tag does."""
    tag = language.replace("_", "-")
    if not _LANGUAGE_TAG.fullmatch(tag):
        return ""
    return match_language(tag) or tag


def build_story_view(
    story: Story, words: Wording, zone: tzinfo = UTC, *, number: int = 1, fallback: str = ""
) -> StoryView:
    """Return the story as subscribers see it; `fallback` is where it leads if its article has no address."""
    article = story.article
    additions = tuple(
        _build_addition_view(addition, words)
        for addition in story.additions
        if clean_line(_get_source_name(addition.article))
    )
    adding = {addition.source.text for addition in additions}
    named = {clip_text(clean_line(_get_source_name(article)), _MAX_NAME_UNITS), *adding}
    others = list(_link_sources(story.others, named))
    return StoryView(
        number=number,
        title=clip_text(clean_line(article.title), _MAX_TITLE_UNITS) or words.untitled,
        href=validate_web_address(article.url) or fallback,
        paragraphs=clean_paragraphs(story.summary.display),
        summary=story.summary,
        notes=tuple(_collect_notes(article, words, zone)),
        others=tuple(others[:_MAX_OTHERS]),
        other_count=max(0, len(others) - _MAX_OTHERS),
        additions=additions,
        update=words.update if story.first_printing else "",
        kicker=clip_text(clean_line(article.kicker), _MAX_NAME_UNITS),
        image=validate_web_address(article.image),
    )


def _get_source_name(article: Article) -> str:
    return article.publisher or article.source


def _build_addition_view(addition: Addition, words: Wording) -> _AdditionView:
    before, after = words.split_addition()
    text = " ".join(clean_paragraphs(addition.summary.display))
    return _AdditionView(before=before, source=_link_source(addition.article), after=after, text=text)


def _collect_notes(article: Article, words: Wording, zone: tzinfo) -> Iterator[str]:
    """Yield what the line under a story says: source, page, dateline or date, signature, what is missing."""
    date = (
        words.format_short_date(article.published_at.astimezone(zone).date()) if article.published_at else ""
    )
    signature = clean_line(article.byline).strip("()（）")
    dateline = _remove_signature(clean_line(article.dateline), signature)
    page = words.format_page(int(article.page)) if article.page.isdecimal() else article.page
    for printed in (_get_source_name(article), page, dateline or date, signature):
        if shown := clip_text(clean_line(printed), _MAX_NAME_UNITS):
            yield shown
    if article.cut_head:
        yield clean_line(words.format_missing_head(_clip_page(article.continued_from)))
    if article.cut_tail:
        yield clean_line(words.format_missing_tail(_clip_page(article.continues_on)))


def _remove_signature(dateline: str, signature: str) -> str:
    """Return the dateline without a signature inside it: "本报讯（记者 韩松）" becomes "本报讯"."""
    dateline = dateline.rstrip(" -–—")
    before, bracket, inside = dateline.replace("（", "(").partition("(")
    named = [name for name in _SIGNED_NAMES.findall(inside) if name in signature]
    return before.strip() if bracket and named else dateline


def _clip_page(page: str) -> str:
    """Return the page as it was printed, set off from Chinese words around it: "转 page 7" but "转第三版"."""
    shown = clip_text(clean_line(page), _MAX_NAME_UNITS)
    return f" {shown}" if shown.isascii() and shown else shown


def _link_sources(articles: Sequence[Article], named: Collection[str]) -> Iterator[_Link]:
    """Yield a link for each source that is not named yet: several articles of one are one name."""
    names = set(named)
    for link in map(_link_source, articles):
        if link.text and link.text not in names:
            names.add(link.text)
            yield link


def _link_source(article: Article) -> _Link:
    return _Link(
        text=clip_text(clean_line(_get_source_name(article)), _MAX_NAME_UNITS),
        href=validate_web_address(article.url),
    )


def shorten_story(story: StoryView) -> Iterator[StoryView]:
    """Yield the story ever shorter: whole, without what others add, with fewer sentences, with its only one
    cut, bare.

    The least important sentence goes first, at last the links. Each but the first says that it is shortened.
    """
    yield story
    while story.additions:
        *additions, gone = story.additions
        others = (gone.source, *story.others)[:_MAX_OTHERS]
        count = story.other_count + max(0, len(story.others) + 1 - _MAX_OTHERS)
        story = replace(
            story, additions=tuple(additions), others=others, other_count=count, is_shortened=True
        )
        yield story
    summary = story.summary
    while len(summary.sentences) > 1:
        least = min(summary.sentences, key=lambda sentence: (sentence.score, -sentence.start))
        summary = replace(
            summary, sentences=tuple(sentence for sentence in summary.sentences if sentence is not least)
        )
        story = replace(
            story, paragraphs=clean_paragraphs(summary.display), summary=summary, is_shortened=True
        )
        yield story
    text = " ".join(story.paragraphs)
    for most in (3000, 2000, 1000, 500, 200, 100):
        if measure_utf16(text) > most:
            yield replace(story, paragraphs=(clip_text(text, most),), is_shortened=True)
    final = replace(story, paragraphs=(clip_text(text, 100),) if text else (), is_shortened=True)
    yield final
    yield replace(
        final,
        href="",
        before=_Link(text=story.before.text) if story.before else None,
        others=tuple(_Link(text=other.text) for other in story.others),
    )
