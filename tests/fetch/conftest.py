"""A server on loopback that does as told, and a network that goes nowhere."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpcore
import pytest

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class NowhereNetwork(httpcore.AsyncNetworkBackend):
    """Remembers where a connection was wanted, and refuses it."""

    def __init__(self) -> None:
        self.wanted: list[tuple[str, int]] = []

    async def connect_tcp(self, host, port, *_how):
        self.wanted.append((host, port))
        raise httpcore.ConnectError("nothing leaves this test")


@asynccontextmanager
async def served(answer: Answer, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Serve every request by `answer(request head, writer)`; yields "host:port"."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            await answer(head, writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the fetcher hung up, as it should on a hostile answer
        finally:
            writer.close()

    server = await asyncio.start_server(serve, host, 0)
    try:
        yield f"{host}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def nowhere() -> NowhereNetwork:
    return NowhereNetwork()


@pytest.fixture
def serve() -> Callable[[Answer], object]:
    return served
