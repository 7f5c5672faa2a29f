"""A mail as somebody sent it (EML) → an article: newsletters, and mails dropped into a folder."""

import email
import re
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any  # the library's own type for a header's value

from bot.errors import SourceError
from bot.models import Article, Source
from bot.phrases import Phrase
from bot.sources.dates import parse_moment
from bot.sources.html.prose import Prose, clean_line, parse_prose
from bot.sources.kinds.feed import sanitize_html
from bot.sources.slimming import slim_listing
from bot.text.markup_encoding import decode_markup
from bot.text.unwrapping import unwrap_text
from summarizer import detect_language

_MAX_TITLE_CHARACTERS = 200
# What honest mails do not reach, and the library's parsers would need minutes for: measured with
# tests/benchmarks/feeds/hostile.py.
_MAX_HEADER_CHARACTERS = 1_000  # of one header; the rest of a longer one is not read
_MAX_NESTED = 50  # parts inside of parts, and mails inside of mails
_MAX_PARTS = 2_000
_MAX_LINES = 300_000  # 10 MB of attachments are 130,000
_MAX_TEXT_CHARACTERS = 300_000  # of a part, the first ones
_NESTED = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_PART = re.compile(rb"^--", re.MULTILINE)


def parse_articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the mail as one article: its subject and the text of its HTML or plain part. `charset` is for
    parts that declare none.

    Raises SourceError when it holds no text.
    """
    message = parse_mail(data, name)
    title = clean_line(get_header(message, "subject"))[:_MAX_TITLE_CHARACTERS]
    prose = _choose_text(message, charset, title)
    if not prose.paragraphs:
        raise SourceError(Phrase("{name}: the mail holds no text", name=name))
    sender, _ = parseaddr(get_header(message, "from"))
    return (
        Article(
            title=title or prose.paragraphs[0][:40],
            text=prose.text,
            subheadings=prose.subheadings,
            byline=clean_line(sender),
            section=source.section,
            language=source.language or detect_language(f"{title}\n{prose.text}"),
            published_at=parse_moment(get_header(message, "date")),
            source=source.name,
        ),
    )


class _BoundedPolicy(EmailPolicy):
    """The library's way to read a mail, of long headers the beginning alone."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return super().header_fetch_parse(name, value[:_MAX_HEADER_CHARACTERS])


def parse_mail(data: bytes, name: str = "") -> EmailMessage:
    """Return the mail taken apart. Raises SourceError when it is built to be too much."""
    if data.count(b"\n") > _MAX_LINES:
        raise SourceError(
            Phrase(
                "{name}: the mail is too long to be read (over {number:,} lines)",
                name=name,
                number=_MAX_LINES,
            )
        )
    if len(_NESTED.findall(data)) > _MAX_NESTED or len(_PART.findall(data)) > _MAX_PARTS:
        raise SourceError(Phrase("{name}: the mail is of too many parts to be read", name=name))
    try:
        message = email.message_from_bytes(data, policy=_BoundedPolicy())
    except RecursionError as error:  # of the reader of a header with a thousand brackets
        raise SourceError(Phrase("{name}: the mail is too damaged to be read", name=name)) from error
    assert isinstance(message, EmailMessage)  # noqa: S101  (this policy makes no other)
    return message


def get_header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (
        ValueError,
        IndexError,
        AttributeError,
        LookupError,
        RecursionError,
    ):  # the library's own readers of damaged headers fail so
        return ""


def _choose_text(message: EmailMessage, charset: str, title: str) -> Prose:
    """Return the HTML part's paragraphs, or the plain part's where that says more."""
    rich = parse_prose(get_html(message, charset), title)
    plain = parse_prose(_unwrap_paragraphs(_get_part(message, "plain", charset)), title)
    return plain if len(plain.text) > len(rich.text) * (2 if rich.paragraphs else 1) else rich


def get_html(message: EmailMessage, charset: str) -> str:
    """Return the HTML part, sanitized; "" if there is none."""
    return sanitize_html(slim_listing(_get_part(message, "html", charset)), "")


def _get_part(message: EmailMessage, subtype: str, charset: str) -> str:
    """Return the text of the first part of that type which is no attachment; "" if there is none."""
    for part in message.walk():
        if isinstance(part, EmailMessage) and _is_text(part, subtype):
            raw = part.get_payload(decode=True)
            return decode_markup(
                raw if isinstance(raw, bytes) else b"", part.get_content_charset() or charset
            )
    return ""


def _is_text(part: EmailMessage, subtype: str) -> bool:
    try:
        return part.get_content_type() == f"text/{subtype}" and part.get_content_disposition() != "attachment"
    except RecursionError:
        return False


def _unwrap_paragraphs(text: str) -> str:
    """Return plain text with each paragraph on one line: mails break lines at 70-odd characters."""
    return unwrap_text(text[:_MAX_TEXT_CHARACTERS].replace("\r", "")).replace("<", "&lt;")
