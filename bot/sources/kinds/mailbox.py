"""Kind `mailbox`: a newsletter from a mail → its items, one article each; a mail without items is one
article.

A newsletter of items repeats a pattern: a heading, some text under it, and a link to the whole article,
which is the heading itself or says so (阅读全文). Headings without links are the parts of one article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from html import escape
from itertools import pairwise

from bot.models import Article, Entry, Source
from bot.sources import mail_reader
from bot.sources.dates import parse_moment
from bot.sources.html.junk_lines import is_junk_line
from bot.sources.html.prose import HAN, clean_line, is_heading_line, parse_fragment, walk_lines
from bot.sources.kinds import feed
from bot.sources.links import resolve_link
from bot.sources.listing import Listing
from bot.sources.teasers import split_teasers

_MIN_ITEMS = 3  # of a newsletter; fewer are an article with links in it
_MAX_ITEMS = 100
_MIN_TITLE_HAN, _MIN_TITLE_CHARACTERS = 5, 12  # shorter links are names of sections, and buttons
_MAX_TITLE_CHARACTERS = 150
_MIN_TEXT_HAN, _MIN_TEXT_CHARACTERS = 20, 60  # under a heading that is an item's
_MAX_FOOT_CHARACTERS = 80  # of a line about the mail itself; a longer one with such words is an article's
_LINKED_SHARE = 0.8  # of a line's characters that are the link's, where the line is the link
_MORE = re.compile(
    r"[\[【(（]?\s*(?:阅读|查看|点击)?(?:全文|原文|更多|详情|阅读)\s*[\])】）>»›…→]*"
    r"|(?:read|see|learn|full)\s+(?:more|on|story|the\s+\w+(?:\s+\w+)?|article)?.{0,20}|"
    r"continue\s+reading.{0,40}",
    re.IGNORECASE,
)
# Links that a digest must not show to its readers: they act for the recipient of the mail.
_PERSONAL = re.compile(
    r"unsubscribe|opt.?out|preferences|manage.{0,20}subscription|退订|取消订阅|管理订阅|邮件设置",
    re.IGNORECASE,
)


def parse_articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the articles of a mail; none of a mail that is not from the source's list.

    Raises SourceError.
    """
    return tuple(feed.build_article(entry, source) for entry in _parse_entries(data, name, source, charset))


def parse_listing(data: bytes, name: str, source: Source, charset: str = "") -> Listing:
    """Return what `parse_articles` does, except items that full_text = true requires to be read on their
    pages.
    """
    return split_teasers(
        tuple(
            (entry, feed.build_article(entry, source))
            for entry in _parse_entries(data, name, source, charset)
        ),
        source,
    )


def _parse_entries(data: bytes, name: str, source: Source, charset: str) -> tuple[Entry, ...]:
    message = mail_reader.parse_mail(data, name)
    if (
        source.mailbox
        and source.mailbox.list_id.lower() not in mail_reader.get_header(message, "list-id").lower()
    ):
        return ()
    sent_at = parse_moment(mail_reader.get_header(message, "date"))
    author = clean_line(parseaddr(mail_reader.get_header(message, "from"))[0])
    items = _split_items(mail_reader.get_html(message, charset))
    if not items:
        return (_build_whole_entry(data, name, source, charset),)
    key = mail_reader.get_header(message, "message-id") or name
    return tuple(
        item.to_entry(f"{key} {number}", author, sent_at) for number, item in enumerate(items[:_MAX_ITEMS])
    )


def _build_whole_entry(data: bytes, name: str, source: Source, charset: str) -> Entry:
    (article,) = mail_reader.parse_articles(data, name, source, charset)
    headings = set(article.subheadings)
    return Entry(
        key=name,
        title=escape(article.title),
        html="".join(
            _wrap_in_tag(text, is_heading=n in headings) for n, text in enumerate(article.paragraphs)
        ),
        author=escape(article.byline),
        published_at=article.published_at,
    )


def _wrap_in_tag(text: str, *, is_heading: bool = False) -> str:
    return f"<h3>{escape(text)}</h3>" if is_heading else f"<p>{escape(text)}</p>"


@dataclass(frozen=True, kw_only=True, slots=True)
class _MailRow:
    """A line of the mail with the link it is, or holds."""

    text: str
    url: str = ""  # of the longest link in it
    linked: str = ""  # that link's text
    is_heading: bool = False
    is_foot: bool = False  # what the mail says about itself begins here

    @property
    def is_link(self) -> bool:
        return bool(self.url) and len(self.linked) >= _LINKED_SHARE * len(self.text)

    @property
    def is_more(self) -> bool:
        return self.is_link and _MORE.fullmatch(self.linked) is not None

    @property
    def is_title(self) -> bool:
        is_long = len(HAN.findall(self.text)) >= _MIN_TITLE_HAN or len(self.text) >= _MIN_TITLE_CHARACTERS
        return is_long and len(self.text) <= _MAX_TITLE_CHARACTERS and not self.is_more


@dataclass(slots=True)
class _NewsletterItem:
    """A heading, what stands under it, and where it leads."""

    title: str
    url: str = ""
    paragraphs: list[str] = field(default_factory=list)

    @property
    def has_text(self) -> bool:
        text = "".join(self.paragraphs)
        return len(HAN.findall(text)) >= _MIN_TEXT_HAN or len(text) >= _MIN_TEXT_CHARACTERS

    def to_entry(self, key: str, author: str, sent_at: datetime | None) -> Entry:
        return Entry(
            key=key,
            url=self.url,
            title=escape(self.title),
            html="".join(map(_wrap_in_tag, self.paragraphs)),
            author=escape(author),
            published_at=sent_at,
        )


def _split_items(html: str) -> list[_NewsletterItem]:
    """Return the items of a newsletter in its order; none where it is a single article.

    Headings that are headings are tried before lines that are nothing but a link.
    """
    rows = list(_iterate_rows(html))
    for is_head in (_find_headings, _find_linked_headings):
        split = _split_at(rows, is_head(rows))
        if len(split) >= _MIN_ITEMS:
            return split
    return []


def _find_headings(rows: list[_MailRow]) -> list[int]:
    return [index for index, row in enumerate(rows) if row.is_heading and row.is_title]


def _find_linked_headings(rows: list[_MailRow]) -> list[int]:
    return [index for index, row in enumerate(rows) if row.is_link and row.is_title]


def _split_at(rows: list[_MailRow], starts: list[int]) -> list[_NewsletterItem]:
    """Return the items that begin at `starts`; those without a link or without text are none."""
    split = []
    for start, end in pairwise([*starts, len(rows)]):
        item = _NewsletterItem(title=rows[start].text, url=rows[start].url if rows[start].is_link else "")
        for row in rows[start + 1 : end]:
            if row.is_foot:
                break
            if row.is_more:
                item.url = item.url or row.url
            elif not row.is_heading:
                item.paragraphs.append(row.text)
                item.url = item.url or (row.url if _MORE.fullmatch(row.linked) else "")
        split.append(item)
    titled = [item for item in split if item.url and item.has_text]
    return titled if 2 * len(titled) > len(split) else []


def _iterate_rows(html: str) -> Iterator[_MailRow]:
    """Yield the lines of a mail's HTML with their links."""
    if "<" not in html:
        return
    for line in walk_lines(parse_fragment(html)):
        text = clean_line("".join(line.pieces))
        if not text or (is_junk_line(text) and not line.links):
            continue
        url, linked = max(line.links.items(), key=lambda link: len(link[1]), default=("", ""))
        is_personal = _PERSONAL.search(linked) is not None or _PERSONAL.search(url) is not None
        yield _MailRow(
            text=text,
            url="" if is_personal else resolve_link(url, ""),
            linked=clean_line(linked),
            is_heading=is_heading_line(line),
            is_foot=is_personal or (len(text) <= _MAX_FOOT_CHARACTERS and _PERSONAL.search(text) is not None),
        )
