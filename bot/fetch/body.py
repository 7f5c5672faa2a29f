"""A response's stream → its bytes, decompressed, within a limit.

Decompression stops at the limit instead of after it: 10 kB of gzip can hold 10 MB, 10 kB of brotli gigabytes.
"""

import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # ships no types

STEP = 65_536  # bytes taken out of a decompressor at a time


class TooMuch(Exception):
    """The content is longer than the limit."""


class Damaged(Exception):
    """The content is not compressed as it says."""


class Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...


class Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class Zlib:
    """gzip (also several members after each other) and deflate, with zlib's header or, as some servers do, without."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._inner = zlib.decompressobj(window)
        self._is_fresh = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            yield self._step(data)
            data = self._inner.unconsumed_tail
            if self._inner.eof:
                data = self._inner.unused_data
                self._inner = zlib.decompressobj(self._window)

    def _step(self, data: bytes) -> bytes:
        try:
            piece = self._inner.decompress(data, STEP)
        except zlib.error:
            if not (self._is_fresh and self._window == zlib.MAX_WBITS):
                raise
            self._window = -zlib.MAX_WBITS
            self._inner = zlib.decompressobj(self._window)
            piece = self._inner.decompress(data, STEP)
        self._is_fresh = False
        return piece


class Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        piece = self._inner.process(data, output_buffer_limit=STEP)
        yield piece
        while piece and not self._inner.can_accept_more_data():
            piece = self._inner.process(b"", output_buffer_limit=STEP)
            yield piece


DECODERS: dict[str, Callable[[], Decoder]] = {
    "": Plain,
    "identity": Plain,
    "gzip": lambda: Zlib(zlib.MAX_WBITS | 16),
    "x-gzip": lambda: Zlib(zlib.MAX_WBITS | 16),
    "deflate": lambda: Zlib(zlib.MAX_WBITS),
    "br": Brotli,
}
ACCEPTED = "gzip, deflate, br"


async def read(stream: AsyncIterator[bytes], encoding: str, max_bytes: int) -> bytes:
    """Return the whole of `stream`, decompressed as the header Content-Encoding says.

    Raises TooMuch beyond `max_bytes`, which are counted after decompression, and Damaged.
    """
    if encoding not in DECODERS:
        raise Damaged(f"is compressed as '{encoding[:40]}', which was not asked for")
    decoder = DECODERS[encoding]()
    content = bytearray()
    async for data in stream:
        try:
            for piece in decoder.feed(data):
                content += piece
                if len(content) > max_bytes:
                    raise TooMuch
        except (zlib.error, brotli.error) as error:
            raise Damaged("the compressed content is damaged") from error
    return bytes(content)
