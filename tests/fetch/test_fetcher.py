"""What a fetcher asks and brings, with a transport that answers from a table."""

import asyncio
import logging
from datetime import UTC, datetime

import httpx
import pytest

from bot.errors import BadStatus, FetchError, ForbiddenAddress
from bot.fetch import Fetcher, FetchLimits
from bot.fetch.fetcher import _parse_retry_after

URL = "http://linxi.example/feed.xml"
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


class Site:
    """Answers from a list, the last one for ever, and remembers the requests."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return httpx.Response(answer.status_code, headers=answer.headers, stream=answer.stream)


def fetcher_of(site: Site, clock: Clock | None = None, **settings: object) -> Fetcher:
    clock = clock or Clock()
    return Fetcher(
        contact="news@linxi.example",
        transport=httpx.MockTransport(site),
        clock=clock,
        sleep=clock.sleep,
        now=lambda: NOW,
        **settings,
    )


def page(content: bytes = b"hello", **headers: str) -> httpx.Response:
    return httpx.Response(200, headers=headers, stream=httpx.ByteStream(content))


def test_content_comes_with_its_type_charset_and_validators():
    site = Site(
        page(**{"content-type": "Text/HTML; Charset=GB2312", "etag": '"a1"', "last-modified": "yesterday"})
    )
    fetched = asyncio.run(fetcher_of(site).fetch_url(URL))
    assert (fetched.url, fetched.status, fetched.content) == (URL, 200, b"hello")
    assert (fetched.content_type, fetched.charset) == ("text/html", "gb2312")
    assert (fetched.etag, fetched.last_modified) == ('"a1"', "yesterday")


def test_the_program_says_who_it_is_and_whom_to_write_to():
    site = Site(page())
    asyncio.run(fetcher_of(site).fetch_url(URL))
    agent = site.requests[0].headers["user-agent"]
    assert agent.startswith("Zhaibao/")
    assert "news@linxi.example" in agent


@pytest.mark.parametrize(
    ("contact", "ending"),
    [("", "Zhaibao/"), (" a\r\nX-Evil: 1 ", "(+a X-Evil: 1)"), ("联系@临溪", "(+联系@临溪)")],
)
def test_an_odd_contact_makes_no_odd_header(contact, ending):
    site = Site(page())
    fetcher = Fetcher(contact=contact, transport=httpx.MockTransport(site))
    asyncio.run(fetcher.fetch_url(URL))
    agent = dict(site.requests[0].headers.raw)[b"User-Agent"].decode()
    assert ending in agent
    assert "+)" not in agent
    assert "\n" not in agent


def test_a_known_version_is_asked_for_conditionally_and_may_be_unchanged():
    site = Site(httpx.Response(304, headers={"etag": '"a1"'}))
    fetched = asyncio.run(fetcher_of(site).fetch_url(URL, etag='"a1"', last_modified="yesterday"))
    assert site.requests[0].headers["if-none-match"] == '"a1"'
    assert site.requests[0].headers["if-modified-since"] == "yesterday"
    assert fetched.not_modified
    assert fetched.content == b""


def test_unchanged_is_an_error_when_nobody_asked_whether_it_changed():
    with pytest.raises(BadStatus, match="304"):
        asyncio.run(fetcher_of(Site(httpx.Response(304))).fetch_url(URL))


def test_a_validator_with_chinese_in_it_goes_back_as_it_came():
    site = Site(page())
    asyncio.run(fetcher_of(site).fetch_url(URL, etag='"版本"'))
    assert (b"If-None-Match", '"版本"'.encode()) in site.requests[0].headers.raw


def test_no_cookie_is_kept():
    site = Site(page(**{"set-cookie": "id=1"}))
    fetcher = fetcher_of(site)

    async def twice() -> None:
        await fetcher.fetch_url(URL)
        await fetcher.fetch_url(URL)

    asyncio.run(twice())
    assert "cookie" not in site.requests[1].headers


def test_a_redirect_is_followed_and_the_last_address_is_told():
    site = Site(httpx.Response(301, headers={"location": "/new"}), page())
    assert asyncio.run(fetcher_of(site).fetch_url(URL)).url == "http://linxi.example/new"


def test_a_redirect_without_an_address_is_an_error():
    with pytest.raises(BadStatus, match="302"):
        asyncio.run(fetcher_of(Site(httpx.Response(302))).fetch_url(URL))


def test_redirects_end_after_five():
    site = Site(httpx.Response(302, headers={"location": "/again"}))
    with pytest.raises(FetchError, match="more than 5 times"):
        asyncio.run(fetcher_of(site).fetch_url(URL))
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://[::1]/", "file:///etc/passwd", "http://a:b@linxi.example/", "//10.0.0.1/"],
)
def test_a_redirect_to_a_bad_address_is_refused_before_it_is_asked(location):
    site = Site(httpx.Response(302, headers={"location": location}))
    with pytest.raises(ForbiddenAddress):
        asyncio.run(fetcher_of(site, allow_private=frozenset({"127.0.0.1"})).fetch_url(URL, trusted=True))
    assert len(site.requests) == 1


def test_a_redirect_inside_a_listed_host_is_followed():
    site = Site(httpx.Response(302, headers={"location": "/new"}), page())
    fetcher = fetcher_of(site, allow_private=frozenset({"127.0.0.1:8080"}))
    assert (
        asyncio.run(fetcher.fetch_url("http://127.0.0.1:8080/", trusted=True)).url
        == "http://127.0.0.1:8080/new"
    )


def test_a_host_is_asked_once_a_second_and_others_meanwhile():
    clock, site = Clock(), Site(page())
    fetcher = fetcher_of(site, clock)

    async def many() -> None:
        for url in (URL, "http://other.example/", URL):
            await fetcher.fetch_url(url)

    asyncio.run(many())
    assert clock.slept == [1.0]


def test_a_host_has_one_request_at_a_time():
    running = most = 0

    async def slow(_request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return page()

    clock = Clock()
    fetcher = Fetcher(contact="t", transport=httpx.MockTransport(slow), clock=clock, sleep=clock.sleep)

    async def many() -> None:
        await asyncio.gather(*(fetcher.fetch_url(f"{URL}?{n}") for n in range(5)))

    asyncio.run(many())
    assert most == 1


def test_retry_after_is_obeyed_without_asking_again():
    clock = Clock()
    site = Site(httpx.Response(429, headers={"retry-after": "120"}), page())
    fetcher = fetcher_of(site, clock)

    async def thrice() -> None:
        for _ in range(2):
            with pytest.raises(BadStatus) as refusal:
                await fetcher.fetch_url(URL)
            assert refusal.value.status == 429
            assert 118 < (refusal.value.retry_after or 0) <= 120
        clock.seconds += 120
        assert (await fetcher.fetch_url(URL)).content == b"hello"

    asyncio.run(thrice())
    assert len(site.requests) == 2


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("30", 30.0),
        ("Sat, 21 Nov 2026 08:01:00 GMT", 60.0),
        ("Sat, 21 Nov 2026 07:00:00 GMT", 0.0),
        ("999999999999", 86400.0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(value, seconds):
    assert _parse_retry_after(value, NOW) == seconds


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500, 503])
def test_an_error_status_is_told(status):
    with pytest.raises(BadStatus) as refusal:
        asyncio.run(fetcher_of(Site(httpx.Response(status))).fetch_url(URL))
    assert refusal.value.status == status


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ReadError(""),
        httpx.RemoteProtocolError("odd"),
        httpx.ReadTimeout(""),
    ],
)
def test_errors_of_the_library_do_not_leak(error):
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(FetchError) as refusal:
        asyncio.run(Fetcher(contact="t", transport=httpx.MockTransport(fail)).fetch_url(URL))
    assert refusal.value.url == URL
    assert "\n" not in str(refusal.value)


def test_a_bug_passes_through_unwrapped():
    def fail(_request: httpx.Request) -> httpx.Response:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        asyncio.run(Fetcher(contact="t", transport=httpx.MockTransport(fail)).fetch_url(URL))


def test_no_url_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    asyncio.run(fetcher_of(Site(page())).fetch_url(URL + "?key=secret"))
    assert "secret" not in caplog.text


def test_a_length_beyond_the_limit_is_refused_before_it_is_read():
    site = Site(httpx.Response(200, headers={"content-length": "20000000"}, stream=httpx.ByteStream(b"")))
    with pytest.raises(FetchError, match="larger than 10 MB"):
        asyncio.run(fetcher_of(site).fetch_url(URL))


def test_limits_are_counted_in_bytes_after_decompression():
    with pytest.raises(FetchError, match="larger than"):
        asyncio.run(fetcher_of(Site(page(b"x" * 11)), limits=FetchLimits(max_bytes=10)).fetch_url(URL))
    assert (
        asyncio.run(
            fetcher_of(Site(page(b"x" * 10)), limits=FetchLimits(max_bytes=10)).fetch_url(URL)
        ).content
        == b"x" * 10
    )
