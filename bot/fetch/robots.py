"""What sites ask of programs in their robots.txt (RFC 9309). Asked for pages; feeds are there for programs.

A site without the file allows everything; one that cannot answer for it allows nothing until it can.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from protego import Protego

from bot.errors import BadStatus, FetchError, TooLarge

AGENT = "Zhaibao"  # the name that a site's rules are looked up under
MAX_CHARACTERS = 500_000  # RFC 9309 asks for 500 kB; what follows is not read
KEPT_SECONDS = 86_400.0  # how long rules are kept, as the RFC allows
RETRY_SECONDS = 1_800.0  # how long a site that could not answer is left alone
MAX_REMEMBERED_SITES = 2_000
ALLOW_ALL, ALLOW_NOTHING = "", "User-agent: *\nDisallow: /"

Get = Callable[[str, bool], Awaitable[bytes]]  # (url, trusted) → content; raises FetchError


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    site: Protego
    until: float  # by the injected clock


class Robots:
    """Remembers the rules of each site. `get` fetches, `clock` counts seconds."""

    def __init__(self, get: Get, clock: Callable[[], float]) -> None:
        self._get = get
        self._clock = clock
        self._rules: dict[str, Rules] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def allow(self, page: httpx.URL, *, trusted: bool) -> bool:
        """Say whether the site lets this program read `page`."""
        rules = await self._rules_of(page, trusted)
        return bool(rules.site.can_fetch(str(page), AGENT))

    def pause(self, page: httpx.URL) -> float:
        """Return the seconds the site asks for between two requests; 0 when it asks for none or is not known."""
        rules = self._rules.get(site_of(page))
        return float(rules.site.crawl_delay(AGENT) or 0.0) if rules else 0.0

    async def _rules_of(self, page: httpx.URL, trusted: bool) -> Rules:
        site = site_of(page)
        async with self._asking[site]:
            known = self._rules.get(site)
            if known is None or known.until <= self._clock():
                self._forget()
                known = self._rules[site] = await self._ask(site, trusted)
        return known

    async def _ask(self, site: str, trusted: bool) -> Rules:
        kept = KEPT_SECONDS
        try:
            text = (await self._get(f"{site}/robots.txt", trusted)).decode("utf-8", "replace")[:MAX_CHARACTERS]
        except (BadStatus, TooLarge) as error:
            is_absent = isinstance(error, BadStatus) and 400 <= error.status < 500 and error.status != 429
            text, kept = (ALLOW_ALL, KEPT_SECONDS) if is_absent else (ALLOW_NOTHING, RETRY_SECONDS)
        except FetchError:
            text, kept = ALLOW_NOTHING, RETRY_SECONDS
        # Half a megabyte of rules takes over half a second to read.
        rules = await asyncio.to_thread(Protego.parse, text)
        return Rules(site=rules, until=self._clock() + kept)

    def _forget(self) -> None:
        if len(self._rules) > MAX_REMEMBERED_SITES:
            self._rules.clear()
            self._asking = defaultdict(asyncio.Lock, {s: lock for s, lock in self._asking.items() if lock.locked()})


def site_of(page: httpx.URL) -> str:
    return str(page.copy_with(path="/", query=None, fragment=None)).removesuffix("/")
