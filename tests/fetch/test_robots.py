"""Pages are read only where the site lets programs read them."""

import asyncio

import httpx
import pytest

from bot.errors import ForbiddenAddress
from bot.fetch import Fetcher

RULES = b"""User-agent: *
Disallow: /private/
Allow: /private/open

User-agent: Zhaibao
Disallow: /*.pdf$
Crawl-delay: 5
"""


class Site:
    """Answers robots.txt as told and everything else with a page; the clock passes by sleeping alone."""

    def __init__(self, rules: bytes = RULES, status: int = 200, error: Exception | None = None) -> None:
        self.rules, self.status, self.error = rules, status, error
        self.asked: list[str] = []
        self.seconds = 0.0
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path != "/robots.txt":
            return httpx.Response(200, content=b"page")
        if self.error:
            raise self.error
        return httpx.Response(self.status, content=self.rules)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def fetcher(self) -> Fetcher:
        return Fetcher(
            contact="t", transport=httpx.MockTransport(self), clock=lambda: self.seconds, sleep=self.sleep
        )


def get(site: Site, *paths: str, robots: bool = True) -> None:
    fetcher = site.fetcher()

    async def run() -> None:
        for path in paths:
            await fetcher.fetch_url(f"http://linxi.example{path}", robots=robots)

    asyncio.run(run())


def test_a_page_the_site_closes_to_this_program_is_not_asked():
    site = Site()
    with pytest.raises(ForbiddenAddress, match=r"robots\.txt"):
        get(site, "/a.pdf")
    assert site.asked == ["/robots.txt"]


def test_rules_for_this_program_go_before_the_rules_for_all():
    site = Site()
    get(site, "/private/a")
    assert site.asked == ["/robots.txt", "/private/a"]


def test_rules_are_asked_for_once_a_day():
    site = Site()
    get(site, "/a", "/b")
    assert site.asked == ["/robots.txt", "/a", "/b"]
    fetcher = site.fetcher()

    async def later() -> None:
        await fetcher.fetch_url("http://linxi.example/a", robots=True)
        site.seconds += 86_401
        await fetcher.fetch_url("http://linxi.example/a", robots=True)

    asyncio.run(later())
    assert site.asked.count("/robots.txt") == 3


def test_the_pause_a_site_asks_for_is_kept():
    site = Site()
    get(site, "/a", "/b")
    assert site.slept == [1.0, 5.0]


@pytest.mark.parametrize("status", [404, 403, 401, 410])
def test_a_site_without_rules_allows_everything(status):
    site = Site(status=status)
    get(site, "/a")
    assert site.asked == ["/robots.txt", "/a"]


@pytest.mark.parametrize("site", [Site(status=500), Site(status=429), Site(error=httpx.ConnectError("no"))])
def test_a_site_that_cannot_answer_for_its_rules_is_left_alone(site):
    with pytest.raises(ForbiddenAddress):
        get(site, "/a")
    assert "/a" not in site.asked


@pytest.mark.parametrize(
    "rules", [b"", b"\xff\xfe\x00", b"<html>no rules</html>", b"Disallow: /", b"x" * 2_000_000]
)
def test_rules_that_are_none_allow_everything(rules):
    site = Site(rules)
    get(site, "/a")
    assert site.asked[-1] == "/a"


def test_feeds_are_read_without_asking_for_rules():
    site = Site()
    get(site, "/a.pdf", robots=False)
    assert site.asked == ["/a.pdf"]


def test_a_redirect_into_a_closed_part_is_not_followed():
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(200, content=b"User-agent: *\nDisallow: /closed")
        return httpx.Response(302, headers={"location": "/closed"})

    site = Site()
    fetcher = Fetcher(
        contact="t", transport=httpx.MockTransport(answer), clock=lambda: site.seconds, sleep=site.sleep
    )
    with pytest.raises(ForbiddenAddress, match="/closed"):
        asyncio.run(fetcher.fetch_url("http://linxi.example/a", robots=True))
