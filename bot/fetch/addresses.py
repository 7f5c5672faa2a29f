"""Which URLs and which IP addresses may be requested (pure).

Python's `is_global` is not enough: 3.11 calls 192.0.0.8, 64:ff9b::/96 and 2002::/16 global. NAT64 and 6to4
addresses contain a private IPv4 address. So the ranges are listed here, from the IANA special-purpose
registries: https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry.
"""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from bot.errors import ForbiddenAddress
from bot.phrases import Phrase

_MAX_URL_CHARACTERS = 4096
OPEN_PORTS = {"http": 80, "https": 443}

_CLOSED_RANGES = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "a carrier's private network"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's host agent"),  # Azure: public by its number, private by its use
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "reserved"),
        ("192.52.193.0/24", "reserved"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "reserved"),
        ("198.18.0.0/15", "a test network"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/127", "loopback"),
        ("::ffff:0:0/96", "IPv4 inside IPv6"),
        ("64:ff9b::/96", "IPv4 inside IPv6"),
        ("64:ff9b:1::/48", "IPv4 inside IPv6"),
        ("2001::/23", "reserved"),  # Teredo, benchmarking, ORCHID …
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "IPv4 inside IPv6"),
        ("2620:4f:8000::/48", "reserved"),
        ("3ffe::/16", "reserved"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_IPV6 = ip_network("2000::/3")  # all addresses that were ever assigned; everything else is refused


def classify_closed_address(address: IPv4Address | IPv6Address) -> str:
    """Return why `address` is not on the public internet, in a word or two; "" if it is."""
    for network, what in _CLOSED_RANGES:
        if address in network:
            return what
    return "reserved" if address.version == 6 and address not in _GLOBAL_IPV6 else ""


def is_listed(host: str, port: int, listed: Collection[str]) -> bool:
    """Say whether the operator lists this host and port.

    `listed` is in lower case. "host:port" lists that port, "host" the ports 80 and 443. An IPv6 address
    before a port is in brackets.

    >>> is_listed("::1", 8080, {"[::1]:8080"}), is_listed("nas.lan", 8080, {"nas.lan"})
    (True, False)
    """
    host = host.lower()
    bracketed = f"[{host}]" if ":" in host else host
    return f"{bracketed}:{port}" in listed or (
        port in OPEN_PORTS.values() and (host in listed or bracketed in listed)
    )


def validate_url(url: str, listed: Collection[str] = ()) -> httpx.URL:
    """Return the parts of `url`, without its fragment. Raises ForbiddenAddress if the URL may not be
    requested.

    Names are not resolved here; the guard at the connection does that (see network).
    """
    if len(url) > _MAX_URL_CHARACTERS:
        raise ForbiddenAddress(
            url[:80] + "…", Phrase("longer than {number} characters", number=_MAX_URL_CHARACTERS)
        )
    try:
        target = httpx.URL(url.strip()).copy_with(fragment=None)
        host, port = target.host, get_port(target)
    except (httpx.InvalidURL, ValueError) as error:
        raise ForbiddenAddress(url, Phrase("is not a web address")) from error
    if target.scheme not in OPEN_PORTS:
        raise ForbiddenAddress(url, Phrase("only http:// and https:// addresses are read"))
    if not host or any(not 0 < len(label) < 64 for label in host.removesuffix(".").split(".")):
        raise ForbiddenAddress(url, Phrase("names no host"))
    if target.userinfo:
        raise ForbiddenAddress(
            str(target.copy_with(username=None, password=None)), Phrase("contains a user name or password")
        )
    if not is_listed(host, port, listed):
        _refuse_closed(url, host, port)
    return target


def _refuse_closed(url: str, host: str, port: int) -> None:
    if port not in OPEN_PORTS.values():
        raise ForbiddenAddress(
            url,
            Phrase(
                "port {port} is not read, only 80 and 443{hint}", port=port, hint=describe_remedy(host, port)
            ),
        )
    try:
        address = ip_address(host)
    except ValueError:
        return
    if classify_closed_address(address):
        raise ForbiddenAddress(
            url, Phrase("is not on the public internet{hint}", hint=describe_remedy(host, port))
        )


def describe_remedy(host: str, port: int) -> Phrase:
    """Return the end of a sentence that names the setting which allows a refused private host.

    >>> str(describe_remedy("::1", 8080))
    '; if it is your own host, set [fetch] allow_private = ["[::1]:8080"]'
    """
    name = f"[{host}]" if ":" in host else host
    listed = name if port in OPEN_PORTS.values() else f"{name}:{port}"
    return Phrase('; if it is your own host, set [fetch] allow_private = ["{host}"]', host=listed)


def get_port(url: httpx.URL) -> int:
    return url.port or OPEN_PORTS.get(url.scheme, 0)
