"""Readers named in a file, one a line: an address, with or without a name, and where that one reader unsubscribes.

    reader@example.org
    李明 <liming@example.org>
    "Müller, Jo" <jo@example.org>  https://example.org/leave?reader=7f3a

Empty lines and lines that begin with # are passed over. Takes lines and gives readers, one at a time, however many.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.models import Destination
from bot.phrases import Phrase
from bot.settings import AddressFile

MAX_LINE_BYTES = 1000  # of a line
MAX_NAME_CHARACTERS = 100  # characters
_MAILBOX = re.compile(r"[^@\s<>,;:\"\\\x00-\x1f]{1,64}@[^@\s<>,;:\"\\\x00-\x1f]{1,255}")
_LINE = re.compile(r'(?:"?(?P<name>[^<>"]*?)"?\s*<(?P<named>[^<>]*)>|(?P<bare>\S+))(?:\s+(?P<url>\S+))?')
_UNSUBSCRIBE_URL = re.compile(r"https://[!-;=?-~]{1,500}")  # ASCII without < and >: it stands in a header


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressFault:
    """A line that names no reader, counted from 1, and what is wrong with it."""

    line: int
    reason: Phrase


def read_address_lines(lines: Iterable[bytes], readers: AddressFile) -> Iterator[Destination | AddressFault]:
    """Yield the reader of each line, or what is wrong with it; lines end in any way."""
    for number, data in enumerate(lines, 1):
        try:
            text = (data.removeprefix(b"\xef\xbb\xbf") if number == 1 else data).decode().strip()
        except UnicodeDecodeError:
            yield AddressFault(
                line=number, reason=Phrase("is not in UTF-8") if len(data) <= MAX_LINE_BYTES else _TOO_LONG
            )
            continue
        if text and not text.startswith("#"):
            found = _parse_address_line(text, readers) if len(data) <= MAX_LINE_BYTES else _TOO_LONG
            yield AddressFault(line=number, reason=found) if isinstance(found, Phrase) else found


_TOO_LONG = Phrase("has over {number} bytes; write one subscriber a line", number=MAX_LINE_BYTES)


def _parse_address_line(text: str, readers: AddressFile) -> Destination | Phrase:
    """The reader of a line, or what is wrong with it."""
    match = _LINE.fullmatch(text)
    address = (match["named"] or match["bare"] or "").strip() if match else ""
    local, _, domain = address.rpartition("@")
    if match is None or not is_mailbox(address):
        return Phrase("names no mail address; it takes reader@example.org or 李明 <liming@example.org>")
    if not local.isascii():
        return Phrase("{address}: SMTP takes only ASCII letters before the @", address=address)
    name, url = match["name"] or "", match["url"] or ""
    if not name.isprintable() or len(name) > MAX_NAME_CHARACTERS:
        return Phrase(
            "{address}: the name has over {number} characters, or some that cannot be printed",
            address=address,
            number=MAX_NAME_CHARACTERS,
        )
    if url and not _UNSUBSCRIBE_URL.fullmatch(url):
        return Phrase(
            "{address}: only the https:// address where this subscriber unsubscribes may follow the address",
            address=address,
        )
    return Destination(
        digest=readers.digest,
        channel=readers.channel,
        address=f"{local}@{domain.lower()}",
        name=name,
        unsubscribe=url,
    )


def is_mailbox(text: str) -> bool:
    return bool(_MAILBOX.fullmatch(text)) and ".." not in text
