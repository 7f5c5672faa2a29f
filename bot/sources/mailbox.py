"""Kind `mailbox`: a newsletter as it came by mail → its items, each an article; a letter of one piece is one.

A newsletter of items is known by what repeats: a heading, some text under it, and a link that leads to the whole, which
is the heading itself or says so (阅读全文). Headings without links are the parts of one article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from html import escape
from itertools import pairwise

from bot.models import Article, Entry, Source
from bot.sources import feed, mail
from bot.sources.dates import moment
from bot.sources.feed import web_address
from bot.sources.fulltext import divided
from bot.sources.listing import Listing
from bot.sources.prose import HAN, clean, is_furniture, lines, reads_as_heading, tree

SUFFIXES = (".eml",)
MIN_ITEMS = 3  # of a newsletter; fewer are an article with links in it
MAX_ITEMS = 100
MIN_TITLE_HAN, MIN_TITLE_CHARACTERS = 5, 12  # shorter links are names of sections, and buttons
MAX_TITLE_CHARACTERS = 150
MIN_TEXT_HAN, MIN_TEXT_CHARACTERS = 20, 60  # under a heading that is an item's
MAX_FOOT_CHARACTERS = 80  # of a line about the mail itself; a longer one with such words is an article's
LINKED_SHARE = 0.8  # of a line's characters that are the link's, where the line is the link
MORE = re.compile(
    r"[\[【(（]?\s*(?:阅读|查看|点击)?(?:全文|原文|更多|详情|阅读)\s*[\])】）>»›…→]*"
    r"|(?:read|see|learn|full)\s+(?:more|on|story|the\s+\w+(?:\s+\w+)?|article)?.{0,20}|continue\s+reading.{0,40}",
    re.IGNORECASE,
)
# Links that no reader of a digest may be led to: they act for the one the mail was sent to.
PERSONAL = re.compile(
    r"unsubscribe|opt.?out|preferences|manage.{0,20}subscription|退订|取消订阅|管理订阅|邮件设置", re.IGNORECASE
)


def articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the articles of a mail; none of a mail that is not from the source's list. Raises SourceError."""
    return tuple(feed.article(entry, source) for entry in entries(data, name, source, charset))


def listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return what `articles` does, but for items that full_text = true says are to be read on their pages."""
    return divided(
        tuple((entry, feed.article(entry, source)) for entry in entries(data, name, source, charset)), source
    )


def entries(data: bytes, name: str, source: Source, charset: str) -> tuple[Entry, ...]:
    message = mail.read(data, name)
    if source.mailbox and source.mailbox.list_id.lower() not in mail.header(message, "list-id").lower():
        return ()
    sent_at = moment(mail.header(message, "date"))
    author = clean(parseaddr(mail.header(message, "from"))[0])
    found = items(mail.html_of(message, charset))
    if not found:
        return (whole(data, name, source, charset),)
    key = mail.header(message, "message-id") or name
    return tuple(item.entry(f"{key} {number}", author, sent_at) for number, item in enumerate(found[:MAX_ITEMS]))


def whole(data: bytes, name: str, source: Source, charset: str) -> Entry:
    (article,) = mail.articles(data, name, source, charset)
    headings = set(article.subheadings)
    return Entry(
        key=name,
        title=escape(article.title),
        html="".join(tagged(text, is_heading=n in headings) for n, text in enumerate(article.paragraphs)),
        author=escape(article.byline),
        published_at=article.published_at,
    )


def tagged(text: str, *, is_heading: bool = False) -> str:
    return f"<h3>{escape(text)}</h3>" if is_heading else f"<p>{escape(text)}</p>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of the mail with the link it is, or holds."""

    text: str
    url: str = ""  # of the longest link in it
    linked: str = ""  # that link's text
    is_heading: bool = False
    is_foot: bool = False  # what the mail says about itself begins here

    @property
    def is_link(self) -> bool:
        return bool(self.url) and len(self.linked) >= LINKED_SHARE * len(self.text)

    @property
    def is_more(self) -> bool:
        return self.is_link and MORE.fullmatch(self.linked) is not None

    @property
    def is_title(self) -> bool:
        is_long = len(HAN.findall(self.text)) >= MIN_TITLE_HAN or len(self.text) >= MIN_TITLE_CHARACTERS
        return is_long and len(self.text) <= MAX_TITLE_CHARACTERS and not self.is_more


@dataclass(slots=True)
class Item:
    """A heading, what stands under it, and where it leads."""

    title: str
    url: str = ""
    paragraphs: list[str] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        text = "".join(self.paragraphs)
        return len(HAN.findall(text)) >= MIN_TEXT_HAN or len(text) >= MIN_TEXT_CHARACTERS

    def entry(self, key: str, author: str, sent_at: datetime | None) -> Entry:
        return Entry(
            key=key,
            url=self.url,
            title=escape(self.title),
            html="".join(map(tagged, self.paragraphs)),
            author=escape(author),
            published_at=sent_at,
        )


def items(html: str) -> list[Item]:
    """Return the items of a newsletter in its order; none where it is a single article.

    Headings that are headings are tried before lines that are nothing but a link.
    """
    found = list(rows(html))
    for is_head in (heads, linked_heads):
        split = items_by(found, is_head(found))
        if len(split) >= MIN_ITEMS:
            return split
    return []


def heads(found: list[Row]) -> list[int]:
    return [index for index, row in enumerate(found) if row.is_heading and row.is_title]


def linked_heads(found: list[Row]) -> list[int]:
    return [index for index, row in enumerate(found) if row.is_link and row.is_title]


def items_by(found: list[Row], starts: list[int]) -> list[Item]:
    """Return the items that begin at `starts`; those without a link or without text are none."""
    split = []
    for start, end in pairwise([*starts, len(found)]):
        item = Item(title=found[start].text, url=found[start].url if found[start].is_link else "")
        for row in found[start + 1 : end]:
            if row.is_foot:
                break
            if row.is_more:
                item.url = item.url or row.url
            elif not row.is_heading:
                item.paragraphs.append(row.text)
                item.url = item.url or (row.url if MORE.fullmatch(row.linked) else "")
        split.append(item)
    told = [item for item in split if item.url and item.is_told]
    return told if 2 * len(told) > len(split) else []


def rows(html: str) -> Iterator[Row]:
    """Yield the lines of a mail's HTML with their links."""
    if "<" not in html:
        return
    for line in lines(tree(html)):
        text = clean("".join(line.pieces))
        if not text or (is_furniture(text) and not line.links):
            continue
        url, linked = max(line.links.items(), key=lambda link: len(link[1]), default=("", ""))
        is_personal = PERSONAL.search(linked) is not None or PERSONAL.search(url) is not None
        yield Row(
            text=text,
            url="" if is_personal else web_address(url, ""),
            linked=clean(linked),
            is_heading=reads_as_heading(line),
            is_foot=is_personal or (len(text) <= MAX_FOOT_CHARACTERS and PERSONAL.search(text) is not None),
        )
