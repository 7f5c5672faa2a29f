"""A folder of pages and a feed: every file is written beside its place and moved there whole.

What was not written by Zhaibao is never replaced: each file ends with a comment that says who wrote it.
"""

import asyncio
import os
import tempfile
from datetime import datetime
from pathlib import Path, PurePosixPath

from bot.channels.protocol import Arrival
from bot.errors import Rejected, TryLater
from bot.models import Delivery, Destination, Message
from bot.phrases import Phrase
from bot.settings import Settings

_SIGNATURE = "<!-- written by Zhaibao -->"
# What files of versions before 0.3.0 hold, which wrote no signature: a feed, the list of editions, an
# edition.
_UNSIGNED = (
    (b"<generator>Zhaibao</generator>",),
    (b'href="feed.xml"', b'class="editions"'),
    (b'feed.xml"', b'<p class="day"><time datetime='),
)


class ArchiveChannel:
    async def ensure_ready(self) -> None:
        pass

    def measure_rest(self, delivery: Delivery) -> float:  # noqa: ARG002 - a folder needs none
        return 0.0

    def reserve_turn(self, delivery: Delivery) -> float:  # noqa: ARG002 - a folder has no pace
        return 0.0

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        file = message.parts[part]
        path = await asyncio.to_thread(_replace_file, Path(delivery.address), file.name, file.html)
        return f"wrote {path}"

    def release_delivery(self, delivery: Delivery, *, is_recorded: bool) -> None: ...

    async def find_arrival(self, delivery: Delivery, message: Message, since: datetime) -> Arrival:  # noqa: ARG002
        return Arrival()  # what is in doubt is sent again

    async def check_destination(self, destination: Destination) -> Phrase:
        folder = Path(destination.address)
        place = next((path for path in (folder, *folder.parents) if path.exists()), folder)
        if not place.is_dir() or not os.access(place, os.W_OK):
            raise Rejected(
                Phrase(
                    "{folder} cannot be written to: give this user the right to, or name another "
                    "[archive] folder",
                    folder=folder,
                )
            )
        for name in ("index.html", "feed.xml"):
            _refuse_foreign_file(folder / name)
        return Phrase("{folder} can be written to", folder=folder)

    async def close(self) -> None:
        pass


def _replace_file(folder: Path, name: str, content: str) -> Path:
    """Write a file of the archive.

    Raises TryLater, and Rejected where another program's file stands there.
    """
    _refuse_foreign_file(folder / name)
    return write_file(folder, name, f"{content.rstrip()}\n{_SIGNATURE}\n")


def _refuse_foreign_file(path: Path) -> None:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise TryLater(
            Phrase("{path} cannot be read: {reason}", path=path, reason=error.strerror or error)
        ) from error
    if _SIGNATURE.encode() not in content and not any(
        all(mark in content for mark in marks) for marks in _UNSIGNED
    ):
        raise Rejected(
            Phrase(
                "{path} was not written by Zhaibao and stays as it is: move it away, or name another "
                "[archive] folder",
                path=path,
            )
        )


def write_file(folder: Path, name: str, content: str) -> Path:
    """Write folder/name, whole or not at all. Raises TryLater, and Rejected for a name outside the folder."""
    place = PurePosixPath(name)
    if not place.parts or place.is_absolute() or ".." in place.parts:
        raise Rejected(Phrase("{name!r} is no place in the archive", name=name))
    path = folder / place
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise TryLater(
            Phrase("{path} cannot be written: {reason}", path=path, reason=error.strerror or error)
        ) from error
    return path


def open_channel(settings: Settings) -> ArchiveChannel:  # noqa: ARG001 - the folder is the delivery's address
    return ArchiveChannel()
