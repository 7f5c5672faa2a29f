"""Builds the MIME form of a message, with what every provider's rules for bulk mail ask for."""

import hashlib
import re
from datetime import datetime
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

import idna

from bot.channels.mail.settings import MailSettings
from bot.errors import Rejected
from bot.models import Delivery, Message
from bot.phrases import Phrase


class _BulkMailPolicy(EmailPolicy):
    """SMTP's line ends; headers that programs read stay in one line, for Python would encode a long word in
    them.
    """

    UNFOLDED = frozenset({"list-id"})

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in self.UNFOLDED:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_CRLF = "\r\n"
# As nearly all are written; reading the others takes a tenth of the time that a mail does.
_PLAIN_MAILBOX = re.compile(r"[\w+-]+(?:\.[\w+-]+)*@[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63})*", re.ASCII)
_MAX_PLAIN_HEADER = 60  # characters: one line with its name, which needs no folding
_MAX_WORD_LINE = 60  # RFC 2047 allows 76; the header's name stands before the first
_POLICY = _BulkMailPolicy(linesep=_CRLF)


def build_mail(
    message: Message, settings: MailSettings, *, to: str, digest: str, message_id: str, at: datetime,
    name: str = "", unsubscribe: str = "",
) -> bytes:  # fmt: skip
    """The message as a mail that every provider's rules for bulk mail accept, as far as its content can see
    to that.

    `name`: the subscriber's. `unsubscribe`: the https address of RFC 8058 where this one leaves, "" for the
    mailbox that is the same for all. Raises Rejected where `to` is no mailbox that SMTP can name.
    """
    leave = unsubscribe or settings.build_unsubscribe_url(digest)
    sender = parse_mailbox(settings.sender)
    own = (
        f"To: {_write_mailbox(name, parse_mailbox(to).addr_spec)}\r\n"
        f"From: {_write_mailbox(sender.display_name, sender.addr_spec)}\r\n"
        f"Subject: {_encode_words(message.subject)}\r\n"
        f"Date: {format_datetime(at)}\r\n"
        f"Message-ID: {message_id}\r\n"
        f"List-Unsubscribe: <{leave}>\r\n"
        f"{'List-Unsubscribe-Post: List-Unsubscribe=One-Click' + _CRLF if unsubscribe else ''}"
    )
    return own.encode("ascii") + _build_shared_part(message, settings, digest)


@lru_cache(maxsize=8)
def _build_shared_part(message: Message, settings: MailSettings, digest: str) -> bytes:
    """Return what is the same for every subscriber. It is made once: that takes longer than sending it."""
    (part,) = message.parts
    sender = parse_mailbox(settings.sender)
    mail = EmailMessage(policy=_POLICY)
    mail["List-Id"] = f"<{digest}.{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(part.text, cte="base64")
    mail.add_alternative(part.html, subtype="html", cte="base64")
    # The same mail has the same bytes, however often it is made.
    mail.set_boundary(f"=_{hashlib.sha256(f'{part.text}{part.html}'.encode()).hexdigest()[:32]}")
    return mail.as_bytes()


def _write_mailbox(name: str, address: str) -> str:
    """Return the mailbox with its name as a header has it."""
    if not name:
        return address
    encoded = _encode_words(name)
    return formataddr((name, address)) if encoded == name else f"{encoded} <{address}>"


def _encode_words(text: str) -> str:
    """Return a header's text: as it is where it is short ASCII, else in encoded words of whole characters.

    Python's own folding of headers puts blanks between some words that mail programs show.
    """
    if text.isascii() and text.isprintable() and len(text) <= _MAX_PLAIN_HEADER and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=_MAX_WORD_LINE).encode(linesep=_CRLF)


def build_message_id(delivery: Delivery, settings: MailSettings) -> str:
    """Return the Message-ID of a delivery: the same at every attempt."""
    key = f"{delivery.digest} {delivery.edition_name} {delivery.edition_id} {delivery.id} {delivery.address}"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{parse_mailbox(settings.sender).domain}>"


@lru_cache(maxsize=1024)
def parse_mailbox(text: str) -> Address:
    """Return `name <mailbox>` or a bare mailbox with its domain in ASCII, by IDNA 2008. Raises Rejected.

    IDNA 2003, which Python's own codec follows, makes another domain of some: fass.example of faß.example.

    >>> parse_mailbox("摘报 <digest@例子.example>").addr_spec, parse_mailbox("x@faß.example").addr_spec
    ('digest@xn--fsqu00a.example', 'x@xn--fa-hia.example')
    """
    if _PLAIN_MAILBOX.fullmatch(text):
        local, _, domain = text.partition("@")
        return Address(username=local, domain=domain)
    name, address = parseaddr(text)
    if address not in text:  # parseaddr leaves out blanks and comments: that would be another mailbox
        address = text
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
        return Address(display_name=name, addr_spec=f"{local}@{ascii_domain}")
    except (ValueError, HeaderParseError) as error:
        raise Rejected(
            Phrase(
                "{address} is no mailbox that SMTP can name: use one of ASCII letters before the @",
                address=text,
            )
        ) from error
