"""The destinations in the present configuration. One that was removed since gets nothing more."""

import hashlib
import time
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot import files
from bot.errors import InputError
from bot.models import Delivery, Destination
from bot.settings import AddressFile, Settings
from bot.subscribers.address_file import MAX_LINE_BYTES, read_address_lines

# a file that changed within this time may be incomplete: a missing line proves nothing
_SETTLED_SECONDS = 1.0
_HASH_BYTES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class _FileContent:
    """The destinations of an address file as sorted hashes of 8 bytes, so that a long file needs little
    memory.
    """

    version: tuple[int, int, int]  # inode, size and time of change
    hashes: "array[int]"

    def has(self, key: str) -> bool:
        wanted = _hash_key(key)
        place = bisect_left(self.hashes, wanted)
        return place < len(self.hashes) and self.hashes[place] == wanted


class CurrentDestinations:
    """Several threads use this, one after another."""

    def __init__(self, settings: Settings) -> None:
        self._digests = frozenset(digest.name for digest in settings.digests)
        self._named = frozenset(
            (destination.digest, destination.key) for destination in settings.destinations
        )
        self._files = settings.address_files
        self._contents: dict[Path, _FileContent] = {}
        self.channels = settings.channels

    def find_removed(self, deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
        """Return the deliveries whose destination is no longer in the configuration."""
        return tuple(delivery for delivery in deliveries if not self._is_current(delivery))

    def _is_current(self, delivery: Delivery) -> bool:
        """Return whether the destination is named.

        A digest that was renamed or removed matches those of any digest.
        """
        if delivery.subscription_id is not None or delivery.edition_id is None:
            return True  # the database says who is subscribed
        key, digest = delivery.destination, delivery.digest
        names = {digest} if digest in self._digests else self._digests
        if any((name, key) in self._named for name in names):
            return True
        return any(self._may_hold(file, key) for file in self._files if file.digest in names)

    def _may_hold(self, file: AddressFile, key: str) -> bool:
        """Return whether the file names the destination; True also if the file cannot be read now."""
        content = self._read(file)
        return content is None or content.has(key)

    def _read(self, file: AddressFile) -> _FileContent | None:
        """Return the file's present destinations, or the previous ones while the file cannot be read."""
        previous = self._contents.get(file.file)
        try:
            status = file.file.stat()
            version = (status.st_ino, status.st_size, status.st_mtime_ns)
            if previous and previous.version == version:
                return previous
            if 0 <= time.time() - status.st_mtime < _SETTLED_SECONDS:
                time.sleep(_SETTLED_SECONDS)
                return self._read(file)
            lines = read_address_lines(files.read_lines(file.file, MAX_LINE_BYTES), file)
            hashes = sorted(_hash_key(line.key) for line in lines if isinstance(line, Destination))
        except (OSError, InputError):
            return previous
        self._contents[file.file] = _FileContent(version=version, hashes=array("Q", hashes))
        return self._contents[file.file]


def _hash_key(key: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).digest()
    )
