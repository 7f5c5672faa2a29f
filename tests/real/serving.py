"""An ASGI application served on loopback from a thread of its own, whose connections a test may cut."""

import asyncio
import socket
import threading
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

STARTUP_SECONDS = 10.0
IDLE_SECONDS = 75  # as nginx: a server that hangs up early would add faults no test asked for


class Severable(H11Protocol):
    """Remembers transports by client address, so that an application can hang up without an answer."""

    # shared on purpose: ports differ
    transports: dict[tuple[str, int], asyncio.Transport] = {}  # noqa: RUF012

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client is not None:
            self.transports[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.client is not None:
            self.transports.pop(self.client, None)


def hang_up(request: Request) -> None:
    """Close the client's connection at once, with whatever was not answered."""
    assert request.client is not None
    transport = Severable.transports.get((request.client.host, request.client.port))
    if transport is not None:
        transport.abort()


class Serving:
    """Serves `app` on 127.0.0.1 between start() and stop(); the port stays the same when started again."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.port = 0
        self.loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        # asyncio switches Nagle's algorithm off only where the protocol is named; with it each answer takes
        # 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(1024)
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self.app,
            http=Severable,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=IDLE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listener, ready), daemon=True)
        self._thread.start()
        if not ready.wait(STARTUP_SECONDS):
            raise RuntimeError(f"no server on {self.url} after {STARTUP_SECONDS:.0f} s")

    def _run(self, listener: socket.socket, ready: threading.Event) -> None:
        with asyncio.Runner() as runner, listener:
            self.loop = runner.get_loop()
            self.loop.call_soon(ready.set)
            assert self._server is not None
            runner.run(self._server.serve(sockets=[listener]))

    def stop(self) -> None:
        """Stop listening and cut every connection; requests under way get no answer."""
        if self._server is None or self._thread is None or self.loop is None:
            return
        self._server.should_exit = True
        self._server.force_exit = True
        with suppress(RuntimeError):  # the loop may be closed already
            self.loop.call_soon_threadsafe(self._cut)
        self._thread.join(STARTUP_SECONDS)
        self._server = self._thread = self.loop = None

    def _cut(self) -> None:
        assert self._server is not None
        for connection in list(self._server.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()
