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
_MAX_CHARACTERS = 500_000  # RFC 9309 asks for 500 kB; what follows is not read
_KEEP_SECONDS = 86_400.0  # how long rules are kept, as the RFC allows
_RETRY_SECONDS = 1_800.0  # how long a site that could not answer is left alone
_MAX_REMEMBERED_SITES = 2_000
_ALLOW_ALL, _ALLOW_NOTHING = "", "User-agent: *\nDisallow: /"

_Get = Callable[[str, bool], Awaitable[bytes]]  # (url, trusted) → content; raises FetchError


@dataclass(frozen=True, kw_only=True, slots=True)
class _SiteRules:
    site: Protego
    until: float  # by the injected clock


class RobotsRules:
    """Remembers the rules of each site. `get` fetches, `clock` counts seconds."""

    def __init__(self, get: _Get, clock: Callable[[], float]) -> None:
        self._get = get
        self._clock = clock
        self._rules: dict[str, _SiteRules] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def allow_page(self, page: httpx.URL, *, trusted: bool) -> bool:
        """Say whether the site lets this program read `page`."""
        rules = await self._get_rules(page, trusted)
        return bool(rules.site.can_fetch(str(page), AGENT))

    def get_pause(self, page: httpx.URL) -> float:
        """Return the seconds the site asks for between two requests; 0 when it asks for none or is not known."""
        rules = self._rules.get(_get_site(page))
        return float(rules.site.crawl_delay(AGENT) or 0.0) if rules else 0.0

    async def _get_rules(self, page: httpx.URL, trusted: bool) -> _SiteRules:
        site = _get_site(page)
        async with self._asking[site]:
            known = self._rules.get(site)
            if known is None or known.until <= self._clock():
                self._forget_rules()
                known = self._rules[site] = await self._fetch_rules(site, trusted)
        return known

    async def _fetch_rules(self, site: str, trusted: bool) -> _SiteRules:
        kept = _KEEP_SECONDS
        try:
            text = (await self._get(f"{site}/robots.txt", trusted)).decode("utf-8", "replace")[:_MAX_CHARACTERS]
        except (BadStatus, TooLarge) as error:
            is_absent = isinstance(error, BadStatus) and 400 <= error.status < 500 and error.status != 429
            text, kept = (_ALLOW_ALL, _KEEP_SECONDS) if is_absent else (_ALLOW_NOTHING, _RETRY_SECONDS)
        except FetchError:
            text, kept = _ALLOW_NOTHING, _RETRY_SECONDS
        # Half a megabyte of rules takes over half a second to read.
        rules = await asyncio.to_thread(Protego.parse, text)
        return _SiteRules(site=rules, until=self._clock() + kept)

    def _forget_rules(self) -> None:
        if len(self._rules) > _MAX_REMEMBERED_SITES:
            self._rules.clear()
            self._asking = defaultdict(asyncio.Lock, {s: lock for s, lock in self._asking.items() if lock.locked()})


def _get_site(page: httpx.URL) -> str:
    return str(page.copy_with(path="/", query=None, fragment=None)).removesuffix("/")
