"""Reads files of the operator's disk: newspaper pages and feeds. Their content is read elsewhere."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.errors import InputError
from bot.phrases import Phrase

MAX_BYTES = 16 * 1024 * 1024  # of one file; a newspaper page has about 20 kB
_LARGE_SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg")  # a page's picture has 2 to 20 MB, an issue in PDF more
_MAX_LARGE_BYTES = 64 * 1024 * 1024
_DIGITS = re.compile(r"(\d+)")


def read_files(path: str | Path, suffixes: tuple[str, ...] = (".txt",)) -> tuple[tuple[str, bytes], ...]:
    """Return (name, content) of the file at `path`, or of each file in that folder in the order of their
    numbers.

    A folder stands for its own files with one of `suffixes`, without subfolders. The name is the path as
    given. Raises InputError: missing, a folder without pages, empty, too large, unreadable.
    """
    return tuple((str(file), read_file(file)) for file in list_files(path, suffixes))


def list_files(path: str | Path, suffixes: tuple[str, ...] = (".txt",)) -> tuple[Path, ...]:
    """Return the paths of those files, for a caller that reads them one by one. Raises InputError."""
    path = Path(path)
    try:
        if not path.exists():
            raise InputError(Phrase("{path}: there is no such file or folder", path=path))
        if not path.is_dir():
            return (path,)
        matches = [
            file for file in path.iterdir() if file.suffix.lower() in suffixes and _is_visible_file(file)
        ]
    except OSError as error:
        raise InputError(
            Phrase("{path}: cannot be opened ({reason})", path=path, reason=error.strerror)
        ) from error
    if not matches:
        *others, last = (f"*{suffix}" for suffix in suffixes)
        named = f"{', '.join(others)} or {last}" if others else last
        raise InputError(Phrase("{path}: the folder contains no {kinds} file", path=path, kinds=named))
    return tuple(sorted(matches, key=_by_number))


def _is_visible_file(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def read_file(path: str | Path) -> bytes:
    """Return the content of the file at `path`. Raises InputError: missing, empty, too large, unreadable."""
    path = Path(path)
    most = _MAX_LARGE_BYTES if path.suffix.lower() in _LARGE_SUFFIXES else MAX_BYTES
    try:
        if path.is_dir():
            raise InputError(Phrase("{path}: is a folder; name a file in it", path=path))
        # reading a pipe or device might never end
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(Phrase("{path}: is not a regular file", path=path))
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError as error:
        raise InputError(Phrase("{path}: there is no such file", path=path)) from error
    except OSError as error:
        raise InputError(
            Phrase("{path}: cannot be read ({reason})", path=path, reason=error.strerror)
        ) from error
    if len(data) > most:
        raise InputError(
            Phrase(
                "{path}: is larger than {size} MB; split it into pages", path=path, size=most // 1024 // 1024
            )
        )
    if not data.strip().removeprefix(b"\xef\xbb\xbf"):
        raise InputError(Phrase("{path}: is empty", path=path))
    return data


def read_lines(path: str | Path, most_bytes: int) -> Iterator[bytes]:
    """Yield the lines of the file at `path`; of a longer line only its first `most_bytes` + 1 bytes.

    Raises InputError: missing, not a regular file, unreadable.
    """
    path = Path(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(Phrase("{path}: is not a regular file", path=path))
        with path.open("rb") as file:
            while line := file.readline(most_bytes + 1):
                yield line
                while len(line) > most_bytes and not line.endswith(b"\n"):
                    line = file.readline(most_bytes + 1)
    except FileNotFoundError as error:
        raise InputError(Phrase("{path}: there is no such file", path=path)) from error
    except OSError as error:
        raise InputError(
            Phrase("{path}: cannot be read ({reason})", path=path, reason=error.strerror)
        ) from error


def _by_number(path: Path) -> tuple[tuple[int, int | str], ...]:
    """Sort key that puts page 2 before page 10.

    >>> sorted([Path("p10"), Path("p2"), Path("p1b")], key=_by_number)[0].name
    'p1b'
    """
    return tuple(
        (0, int(part)) if part.isdecimal() else (1, part.casefold())
        for part in _DIGITS.split(path.name)
        if part
    )
