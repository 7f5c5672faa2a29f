"""The guard at the connection: resolve a name, check every address, connect to the address that was checked.

A check before the request is not enough: a name can resolve differently the second time (DNS rebinding). So
the check is here, below HTTP and TLS. The certificate is still checked against the name.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpcore
import httpx

from bot.errors import ForbiddenAddress
from bot.fetch.addresses import classify_closed_address, describe_remedy, is_listed
from bot.phrases import Phrase

_Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[tuple[_Address, ...]]]
_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

_CONNECT_SECONDS = 8.0  # for each address of a host, so that a dead IPv6 route leaves time for IPv4


async def resolve_by_system(host: str, port: int) -> tuple[_Address, ...]:
    """Return the addresses to which this machine resolves `host`, each once. Raises OSError."""
    try:
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # an empty label, or one that is too long
        raise OSError(f"{host} is no host name") from error
    return tuple(dict.fromkeys(ip_address(row[4][0]) for row in rows))


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connects only to public addresses and to the hosts in `listed`."""

    def __init__(
        self, listed: Collection[str], resolve: Resolve, network: httpcore.AsyncNetworkBackend
    ) -> None:
        self._listed = listed
        self._resolve = resolve
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        seconds = min(timeout or _CONNECT_SECONDS, _CONNECT_SECONDS)
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in await self._resolve_checked(host, port):
            try:
                return await self._network.connect_tcp(
                    str(address), port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _resolve_checked(self, host: str, port: int) -> tuple[_Address, ...]:
        try:
            addresses = await self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError("the name is unknown") from error
        if not is_listed(host, port, self._listed):
            for address in addresses:
                # One private address is enough to refuse: no honest name has both public and private
                # addresses.
                if classify_closed_address(address):
                    raise ForbiddenAddress(
                        host, Phrase("is not on the public internet{hint}", hint=describe_remedy(host, port))
                    )
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  (httpcore's signature)
        socket_options: Iterable[_SocketOption] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        raise ForbiddenAddress(path, Phrase("sockets on this machine are not read"))

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over a guarded network.

    A proxy is not used: it would resolve and connect unguarded.
    """

    def __init__(self, network: GuardedNetwork, certificates: ssl.SSLContext, connections: int) -> None:
        super().__init__(verify=certificates, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=certificates,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=5.0,
            network_backend=network,
        )
