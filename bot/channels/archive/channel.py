"""A folder of pages and a feed: every file is written beside its place and moved there whole."""

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


class ArchiveChannel:
    async def ensure_ready(self) -> None:
        pass

    def measure_rest(self, delivery: Delivery) -> float:  # noqa: ARG002 - a folder needs none
        return 0.0

    def reserve_turn(self, delivery: Delivery) -> float:  # noqa: ARG002 - a folder has no pace
        return 0.0

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        file = message.parts[part]
        path = await asyncio.to_thread(write_file, Path(delivery.address), file.name, file.html)
        return f"wrote {path}"

    def release_delivery(self, delivery: Delivery) -> None: ...

    async def find_arrival(self, delivery: Delivery, message: Message, since: datetime) -> Arrival:  # noqa: ARG002
        return Arrival()  # what is in doubt is sent again

    async def check_destination(self, destination: Destination) -> Phrase:
        folder = Path(destination.address)
        place = next((path for path in (folder, *folder.parents) if path.exists()), folder)
        if not place.is_dir() or not os.access(place, os.W_OK):
            raise Rejected(
                Phrase(
                    "{folder} cannot be written to: give this user the right to, or name another [archive] folder",
                    folder=folder,
                )
            )
        return Phrase("{folder} can be written to", folder=folder)

    async def close(self) -> None:
        pass


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
