"""Addresses that must never be asked.

Nothing leaves: names are resolved by a table, connections go nowhere.
"""

import asyncio
import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchError, ForbiddenAddress
from bot.fetch import Fetcher, FetchLimits
from bot.fetch.addresses import classify_closed_address, is_listed, validate_url

NAMES = {
    "public.example": ("93.184.216.34", "2606:2800:220:1::1"),
    "localhost": ("127.0.0.1", "::1"),
    "localhost.": ("127.0.0.1",),
    "mixed.example": ("93.184.216.34", "10.0.0.7"),
    "intranet.example": ("192.168.1.20",),
    "metadata.google.internal": ("169.254.169.254",),
    "nat64.example": ("64:ff9b::a00:1",),
    "mapped.example": ("::ffff:169.254.169.254",),
    "sixtofour.example": ("2002:7f00:1::1",),
    "router.example": ("100.64.0.1",),
    "[::1]": ("::1",),
}


async def table_resolve(host: str, port: int):
    if host in NAMES:
        return tuple(map(ip_address, NAMES[host]))
    try:  # every odd spelling of a number that the system's resolver takes, without asking any name server
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError) as error:
        raise OSError("unknown name") from error
    return tuple(ip_address(row[4][0]) for row in rows)


BAD = (
    "http://127.0.0.1/",
    "http://127.0.0.1:80/",
    "http://127.255.255.254/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://168.63.129.16/machine",
    "http://169.254.169.254/latest/meta-data/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.0.0.8/",
    "http://192.0.0.192/opc/v1/instance/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://192.168.0.1/",
    "http://198.18.0.1/",
    "http://198.51.100.5/",
    "http://203.0.113.5/",
    "http://224.0.0.1/",
    "http://239.255.255.250:80/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::1]/",
    "http://[100::1]/",
    "http://[2001::1]/",
    "http://[2001:db8::1]/",
    "http://[2002:7f00:1::]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://mixed.example/",
    "http://intranet.example/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://nat64.example/",
    "http://mapped.example/",
    "http://sixtofour.example/",
    "http://router.example/",
    "http://public.example:22/",
    "http://public.example:8080/",
    "https://public.example:6379/",
    "http://user@public.example/",
    "http://user:secret@public.example/",
    "http://public.example@127.0.0.1/",
    "ftp://public.example/",
    "file:///etc/passwd",
    "gopher://public.example/",
    "javascript:alert(1)",
    "//public.example/",
    "public.example",
    "",
    "http://",
    "http:///path",
    "http://./",
    "http://.public.example/",
    "http://public..example/",
    "http://public.example:99999/",
    "http://[::1/",
    "http://pub\nlic.example/",
    "http://①②⑦.⓪.⓪.①/",
    "http://" + "a" * 64 + ".example/",
    "http://public.example/" + "a" * 5000,
)


def asked(fetcher: Fetcher, url: str, **how: bool) -> None:
    asyncio.run(fetcher.fetch_url(url, **how))


@pytest.mark.parametrize("url", BAD)
def test_a_bad_address_is_refused_and_nothing_leaves(url, nowhere):
    listed = frozenset({"127.0.0.1", "localhost", "10.1.2.3", "public.example:8080", "[::1]"})
    fetcher = Fetcher(contact="t@linxi.example", allow_private=listed, network=nowhere, resolve=table_resolve)
    with pytest.raises(ForbiddenAddress) as refusal:
        asked(fetcher, url)
    assert nowhere.wanted == []
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["http://public.example/feed", "https://public.example/", "HTTP://PUBLIC.example:80/a b"]
)
def test_a_public_address_is_asked_at_the_address_that_was_checked(url, nowhere):
    fetcher = Fetcher(contact="t@linxi.example", network=nowhere, resolve=table_resolve)
    with pytest.raises(FetchError, match="cannot be reached"):
        asked(fetcher, url)
    assert [host for host, _ in nowhere.wanted] == ["93.184.216.34", "2606:2800:220:1::1"]


def test_a_name_that_answers_differently_the_second_time_is_connected_to_the_checked_address(nowhere):
    answers = iter([("93.184.216.34",), ("127.0.0.1",)])

    async def rebinding(_host, _port):
        return tuple(map(ip_address, next(answers)))

    fetcher = Fetcher(contact="t@linxi.example", network=nowhere, resolve=rebinding)
    with pytest.raises(FetchError):
        asked(fetcher, "http://rebind.example/")
    assert nowhere.wanted == [("93.184.216.34", 80)]


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("http://127.0.0.1:8080/feed", "127.0.0.1:8080"),
        ("http://localhost/feed", "localhost"),
        ("http://intranet.example:8000/", "intranet.example:8000"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://[::1]/", "::1"),
        ("http://public.example:8443/", "public.example:8443"),
    ],
)
def test_a_listed_host_is_asked_for_the_operator_and_never_for_a_user(url, listed, nowhere):
    fetcher = Fetcher(
        contact="t@linxi.example",
        allow_private=frozenset({listed}),
        network=nowhere,
        resolve=table_resolve,
        limits=FetchLimits(pause_seconds=0.0),
    )
    with pytest.raises(ForbiddenAddress):
        asked(fetcher, url)
    assert nowhere.wanted == []
    with pytest.raises(FetchError, match="cannot be reached"):
        asked(fetcher, url, trusted=True)
    assert nowhere.wanted != []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.2/", "http://127.0.0.1:8081/", "http://10.0.0.1/", "ftp://127.0.0.1/"]
)
def test_listing_one_host_opens_no_other(url, nowhere):
    fetcher = Fetcher(
        contact="t@linxi.example",
        allow_private=frozenset({"127.0.0.1"}),
        network=nowhere,
        resolve=table_resolve,
    )
    with pytest.raises(ForbiddenAddress):
        asked(fetcher, url, trusted=True)
    assert nowhere.wanted == []


@given(st.ip_addresses())
def test_an_open_address_is_one_that_python_calls_global_too(address):
    assert classify_closed_address(address) or (address.is_global and not address.is_multicast)


def test_a_listing_without_a_port_means_the_two_web_ports():
    assert is_listed("NAS.lan", 80, {"nas.lan"})
    assert not is_listed("nas.lan", 8080, {"nas.lan"})


def test_a_url_keeps_its_query_and_loses_its_fragment():
    assert str(validate_url("https://public.example/a?b=1#top")) == "https://public.example/a?b=1"
