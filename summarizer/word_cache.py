"""Stores the prepared dictionary of jieba in the user's cache folder.

Reading it takes a quarter of the time of building it. Without a trusted folder, nothing is stored: another
local user must not be able to place a file that we would load, or to block us with a file.
"""

import marshal
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

_Frequencies = tuple[dict[str, int], int]  # of every word and every prefix of a word; their sum


def find_cache_folder() -> Path | None:
    """Return the folder of our caches, or None if no folder is writable only by this user."""
    try:
        named = Path(os.environ.get("XDG_CACHE_HOME", ""))
        folder = (named if named.is_absolute() else Path.home() / ".cache") / "zhaibao"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()  # a link is not accepted as our folder
    except (OSError, RuntimeError):  # no writable folder, or no home
        return None
    is_private = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022
    return folder if is_private else None


def read_cache(file: Path) -> _Frequencies | None:
    """Return the content of the file, or None if it is missing or damaged."""
    try:
        # only this user can write the file
        frequencies, total = marshal.loads(file.read_bytes())  # noqa: S302
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return (frequencies, total) if isinstance(frequencies, dict) and isinstance(total, int) else None


def write_cache(file: Path, frequencies: _Frequencies) -> None:
    """Write the complete file, or no file if the disk refuses it."""
    partial = ""
    try:
        handle, partial = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
        with os.fdopen(handle, "wb") as opened:
            marshal.dump(frequencies, opened)
        os.replace(partial, file)
    except OSError:
        with suppress(OSError):
            os.unlink(partial)
