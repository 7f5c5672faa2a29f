"""Compressed streams, whole, in pieces, damaged and much too long."""

import asyncio
import gzip
import tracemalloc
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetch.decompression import ContentTooLarge, DamagedContent, read_body


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
}


async def pieces(data: bytes, size: int):
    for start in range(0, len(data), size):
        yield data[start : start + size]


def read_all(data: bytes, encoding: str, *, size: int = 1000, limit: int = 10_000_000) -> bytes:
    return asyncio.run(read_body(pieces(data, size), encoding, limit))


@pytest.mark.parametrize("encoding", PACKERS)
@given(data=st.binary(max_size=3000), size=st.integers(1, 500), fold=st.integers(1, 200))
def test_what_was_packed_comes_out_however_it_is_cut(encoding, data, size, fold):
    assert read_all(PACKERS[encoding](data * fold), encoding, size=size) == data * fold


def test_deflate_without_its_header_is_read_as_browsers_do():
    assert read_all(bare_deflate(b"hello" * 99), "deflate") == b"hello" * 99


def test_gzip_members_after_each_other_are_one_content():
    assert read_all(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", size=3) == b"one two"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_bomb_stops_at_the_limit_in_little_memory(encoding):
    bomb = (
        brotli.compress(bytes(200_000_000), quality=1)
        if encoding == "br"
        else PACKERS[encoding](bytes(50_000_000))
    )
    tracemalloc.start()
    with pytest.raises(ContentTooLarge):
        read_all(bomb, encoding, size=65_536)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_content_that_is_not_packed_as_it_says_is_damaged(encoding):
    with pytest.raises(DamagedContent):
        read_all(b"this is plain text, whatever the header says", encoding)


@pytest.mark.parametrize("encoding", ["zstd", "gzip, gzip", "compress", "x" * 999])
def test_a_packing_that_was_not_asked_for_is_refused(encoding):
    with pytest.raises(DamagedContent, match="not requested"):
        read_all(b"", encoding)


def test_a_gzip_file_that_is_sent_as_it_is_is_unpacked_within_the_limit():
    assert read_all(gzip.compress(b"<rss/>"), "") == b"<rss/>"
    with pytest.raises(ContentTooLarge):
        read_all(gzip.compress(bytes(50_000_000)), "", limit=1_000_000)
    damaged = b"\x1f\x8b\x08\x00" + b"x" * 30
    assert read_all(damaged, "") == damaged
