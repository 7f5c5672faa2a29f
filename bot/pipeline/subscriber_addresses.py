"""Addresses as people type them, `mail:li@example.org` or `telegram:-1001234#7`, and files of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.channels.registry import CHANNELS
from bot.errors import InputError, UnknownName
from bot.models import Destination
from bot.phrases import Phrase
from bot.settings import AddressFile
from bot.store import Store
from bot.subscribers.address_file import AddressFault, read_address_lines
from bot.subscribers.subscriber import Lookup

_MAX_TOPIC = 2**53
_NO_FILE = Path()  # the lines are at hand


def parse_destination(text: str, digest: str) -> Destination:
    """Return the destination of CHANNEL:ADDRESS, for a channel with topics also CHANNEL:ADDRESS#TOPIC.

    Raises InputError.
    """
    channel, colon, rest = text.strip().partition(":")
    row = CHANNELS.get(channel)
    if row is None or not colon:
        raise InputError(
            Phrase(
                "{text}: write a channel and an address, as in mail:li@example.org; the channels are {names}",
                text=text,
                names=", ".join(CHANNELS),
            )
        )
    address, topic = _split_topic(rest) if row.takes_topic else (rest, None)
    return Destination(digest=digest, channel=channel, address=row.parse_address(address), topic=topic)


def _split_topic(text: str) -> tuple[str, int | None]:
    address, sign, topic = text.partition("#")
    if not sign:
        return text, None
    if not (topic.isascii() and topic.isdecimal() and 0 < int(topic) < _MAX_TOPIC):
        raise InputError(Phrase("{text}: a topic is a number, as in telegram:-1001234#7", text=text))
    return address, int(topic)


def find_lookup(store: Store, text: str) -> Lookup:
    """Return whoever has the address, written with its channel or alone. Raises UnknownName."""
    for key in (text.strip(), *(f"{channel}:{text.strip()}" for channel in CHANNELS)):
        lookup = Lookup(address_key=key)
        if store.subscribers.find(lookup):
            return lookup
    raise UnknownName(
        Phrase("no subscriber has the address {address}; `zhaibao subscribers` lists them", address=text)
    )


def read_import_lines(lines: Iterable[bytes], digest: str) -> Iterator[Destination | AddressFault]:
    """Yield the destination of each line: CHANNEL:ADDRESS, or a line of an address file."""
    channel = next(name for name, row in CHANNELS.items() if row.takes_address_file)
    address_file = AddressFile(digest=digest, channel=channel, file=_NO_FILE)
    for number, data in enumerate(lines, 1):
        text = data.decode("utf-8", "replace").strip()
        if text.partition(":")[0] in CHANNELS:
            try:
                yield parse_destination(text, digest)
            except InputError as error:
                yield AddressFault(line=number, reason=Phrase("{reason}", reason=error))
            continue
        for item in read_address_lines([data], address_file):
            yield AddressFault(line=number, reason=item.reason) if isinstance(item, AddressFault) else item
