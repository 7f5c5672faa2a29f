"""A mail as somebody sent it (EML) → an article: newsletters, and mails dropped into a folder."""

import email
import email.policy
from email.message import EmailMessage
from email.utils import parseaddr

from bot.encoding import decode_markup
from bot.errors import SourceError
from bot.models import Article, Source
from bot.sources.dates import moment
from bot.sources.feed import sanitized
from bot.sources.prose import Prose, clean, prose
from summarizer import detect_language

MAX_TITLE_CHARACTERS = 200


def articles(data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
    """Return the mail as one article: its subject and the text of its HTML or plain part. `charset` is for parts
    that declare none.

    Raises SourceError when it holds no text.
    """
    message = read(data)
    title = clean(header(message, "subject"))[:MAX_TITLE_CHARACTERS]
    found = text_of(message, charset, title)
    if not found.paragraphs:
        raise SourceError(f"{name}: the mail holds no text")
    sender, _ = parseaddr(header(message, "from"))
    return (
        Article(
            title=title or found.paragraphs[0][:40],
            text=found.text,
            subheadings=found.subheadings,
            byline=clean(sender),
            section=source.section,
            language=source.language or detect_language(f"{title}\n{found.text}"),
            published_at=moment(header(message, "date")),
            source=source.name,
        ),
    )


def read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  (the default policy makes no other)
    return message


def header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (
        ValueError,
        IndexError,
        AttributeError,
        LookupError,
    ):  # the library's own readers of damaged headers fail so
        return ""


def text_of(message: EmailMessage, charset: str, title: str) -> Prose:
    """Return the HTML part's paragraphs, or the plain part's where that says more."""
    found = Prose(paragraphs=())
    for subtype in ("html", "plain"):
        part = body(message, subtype)
        if part is None:
            continue
        raw = part.get_payload(decode=True)
        text = decode_markup(raw if isinstance(raw, bytes) else b"", part.get_content_charset() or charset)
        said = prose(sanitized(text, ""), title) if subtype == "html" else prose(unwrapped(text), title)
        found = said if len(said.text) > len(found.text) * (1 if subtype == "html" else 2) else found
    return found


def body(message: EmailMessage, subtype: str) -> EmailMessage | None:
    for part in message.walk():
        is_wanted = part.get_content_type() == f"text/{subtype}" and part.get_content_disposition() != "attachment"
        if is_wanted and isinstance(part, EmailMessage):
            return part
    return None


def unwrapped(text: str) -> str:
    """Return plain text with each paragraph on one line: mails break lines at 70-odd characters."""
    paragraphs = (" ".join(row.strip() for row in block.split("\n")) for block in text.replace("\r", "").split("\n\n"))
    return "\n".join(paragraph.replace("<", "&lt;") for paragraph in paragraphs)
