"""A file of subscribers, one a line: an address, a name if there is one, and an unsubscribe address if there
is one.

    li@example.org
    李明 <liming@example.org>
    "Müller, Jo" <jo@example.org>  https://example.org/leave?id=7f3a

Empty lines and lines that begin with # are skipped. The lines are read one at a time, so a file may be long.
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
_UNSUBSCRIBE_URL = re.compile(
    r"https://[!-;=?-~]{1,500}"
)  # ASCII without < and >: it is written into a header


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressFault:
    """A line that names no subscriber (its number counts from 1), and what is wrong with it."""

    line: int
    reason: Phrase


def read_address_lines(
    lines: Iterable[bytes], address_file: AddressFile
) -> Iterator[Destination | AddressFault]:
    """Yield the subscriber of each line, or what is wrong with it. Any kind of line end is accepted."""
    for number, data in enumerate(lines, 1):
        try:
            text = (data.removeprefix(b"\xef\xbb\xbf") if number == 1 else data).decode().strip()
        except UnicodeDecodeError:
            yield AddressFault(
                line=number, reason=Phrase("is not in UTF-8") if len(data) <= MAX_LINE_BYTES else _TOO_LONG
            )
            continue
        if text and not text.startswith("#"):
            result = _parse_address_line(text, address_file) if len(data) <= MAX_LINE_BYTES else _TOO_LONG
            yield AddressFault(line=number, reason=result) if isinstance(result, Phrase) else result


_TOO_LONG = Phrase("has over {number} bytes; write one subscriber a line", number=MAX_LINE_BYTES)


def _parse_address_line(text: str, address_file: AddressFile) -> Destination | Phrase:
    """Return the subscriber of a line, or what is wrong with it."""
    match = _LINE.fullmatch(text)
    address = (match["named"] or match["bare"] or "").strip() if match else ""
    local, _, domain = address.rpartition("@")
    if match is None or not is_mailbox(address):
        return Phrase("contains no mail address; write li@example.org or 李明 <liming@example.org>")
    if not local.isascii():
        return Phrase("{address}: SMTP accepts only ASCII letters before the @", address=address)
    name, url = match["name"] or "", match["url"] or ""
    if not name.isprintable() or len(name) > MAX_NAME_CHARACTERS:
        return Phrase(
            "{address}: the name has over {number} characters, or contains a character that cannot "
            "be printed",
            address=address,
            number=MAX_NAME_CHARACTERS,
        )
    if url and not _UNSUBSCRIBE_URL.fullmatch(url):
        return Phrase(
            "{address}: only the https:// address where this subscriber unsubscribes may follow the address",
            address=address,
        )
    return Destination(
        digest=address_file.digest,
        channel=address_file.channel,
        address=f"{local}@{domain.lower()}",
        name=name,
        unsubscribe=url,
    )


def is_mailbox(text: str) -> bool:
    return bool(_MAILBOX.fullmatch(text)) and ".." not in text
