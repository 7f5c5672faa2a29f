"""Real answers of a hostile server on loopback: everything ends within the limits, as a FetchError."""

import asyncio
import gzip
import time
import tracemalloc

import pytest

from bot.errors import FetchError, ForbiddenAddress, TooLarge
from bot.fetch import Fetcher, FetchLimits

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
BRISK = FetchLimits(pause_seconds=0.0, max_seconds=0.4)


def ask(serve, answer, path: str = "/", limits: FetchLimits = BRISK, allowed: bool = True):
    async def run():
        async with (
            serve(answer) as address,
            Fetcher(contact="t", allow_private=frozenset({address}), limits=limits) as fetcher,
        ):
            return await fetcher.fetch_url(f"http://{address}{path}", trusted=allowed)

    return asyncio.run(run())


def saying(*pieces: bytes):
    async def answer(_head, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return answer


def test_an_honest_answer_is_read_and_the_request_is_honest(serve):
    heads = []

    async def answer(head, writer):
        heads.append(head)
        packed = gzip.compress("临溪县".encode())
        writer.write(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)

    assert ask(serve, answer).content.decode() == "临溪县"
    assert b"Zhaibao/" in heads[0]
    assert b"gzip" in heads[0]


def test_a_user_cannot_reach_what_the_operator_listed(serve):
    async def answer(_head, _writer):
        pytest.fail("was asked")

    with pytest.raises(ForbiddenAddress):
        ask(serve, answer, allowed=False)


def test_a_gzip_bomb_ends_at_the_limit(serve):
    bomb = gzip.compress(bytes(100_000_000), 1)
    tracemalloc.start()
    with pytest.raises(TooLarge, match="larger than 10 MB"):
        ask(
            serve, saying(OK + b"Content-Encoding: gzip\r\n\r\n", bomb), limits=FetchLimits(pause_seconds=0.0)
        )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000


def test_an_endless_stream_ends_at_the_limit(serve):
    async def answer(_head, writer):
        writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"10000\r\n" + bytes(65_536) + b"\r\n")
            await writer.drain()

    with pytest.raises(TooLarge, match="larger than 10 MB"):
        ask(serve, answer, limits=FetchLimits(pause_seconds=0.0))


def drip(first: bytes):
    async def answer(_head, writer):
        writer.write(first)
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "first", [OK + b"Content-Length: 1000\r\n\r\n", OK + b"X-Slow: ", b"HTTP/1.1 200 ", b""]
)
def test_a_byte_now_and_then_does_not_hold_the_line(serve, first):
    began = time.monotonic()
    with pytest.raises(TooLarge, match=r"longer than 0\.4 s"):
        ask(serve, drip(first))
    assert time.monotonic() - began < 2


def test_the_time_is_counted_over_all_redirects_together(serve):
    async def answer(_head, writer):
        await asyncio.sleep(0.15)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")

    with pytest.raises(TooLarge, match="took longer"):
        ask(serve, answer)


def test_a_redirect_loop_ends(serve):
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        ask(
            serve,
            saying(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
            limits=FetchLimits(pause_seconds=0),
        )


@pytest.mark.parametrize(
    "where", [b"http://127.0.0.1:1/", b"http://localhost/", b"http://127.1/", b"http://[::1]/"]
)
def test_a_redirect_to_a_private_address_is_refused(serve, where):
    with pytest.raises(ForbiddenAddress):
        ask(serve, saying(b"HTTP/1.1 302 Found\r\nLocation: " + where + b"\r\nContent-Length: 0\r\n\r\n"))


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"X-Long: " + b"a" * 1_000_000 + b"\r\n\r\n",
        OK + b"".join(b"X-%d: a\r\n" % number for number in range(20_000)) + b"\r\n",
        b"HTTP/1.1 200 " + b"a" * 1_000_000,
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00" * 1000,
        OK + b"Content-Length: 100\r\n\r\nshort",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
        b"",
    ],
    ids=lambda answer: answer[:60].decode("latin-1").replace("\x00", "0"),
)
def test_bad_http_is_a_fetch_error(serve, answer):
    with pytest.raises(FetchError) as refusal:
        ask(serve, saying(answer), limits=FetchLimits(pause_seconds=0.0, max_seconds=3.0))
    assert len(str(refusal.value)) < 300


def test_a_closed_port_is_told_as_such(serve):
    async def run():
        async with serve(saying()) as address:
            pass
        async with Fetcher(contact="t", allow_private=frozenset({address}), limits=BRISK) as fetcher:
            await fetcher.fetch_url(f"http://{address}/", trusted=True)

    with pytest.raises(FetchError, match="cannot be reached"):
        asyncio.run(run())
