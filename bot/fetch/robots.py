"""The rules of a site's robots.txt (RFC 9309). They are obeyed for pages; feeds are made for programs.

A site without the file allows everything. A site that fails to answer allows nothing until it answers.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from bot.errors import BadStatus, FetchError, LimitExceeded, TooLarge
from bot.sources.robots_rules import RobotsAnswer

AGENT = "Zhaibao"  # the user agent whose rules apply
_MAX_CHARACTERS = 500_000  # RFC 9309 requires 500 kB; the rest is not read
_KEEP_SECONDS = 86_400.0  # how long rules are kept, as the RFC allows
_RETRY_SECONDS = 1_800.0  # how long to wait after a site failed to answer
_MAX_REMEMBERED_SITES = 2_000
_ALLOW_ALL, _ALLOW_NOTHING = RobotsAnswer(is_allowed=True), RobotsAnswer(is_allowed=False)

_Get = Callable[[str, bool], Awaitable[bytes]]  # (url, trusted) → content; raises FetchError
EvaluateRobots = Callable[
    [str, str, str], Awaitable[RobotsAnswer]
]  # (text, url, agent) → answer; LimitExceeded


@dataclass(frozen=True, kw_only=True, slots=True)
class _SiteRules:
    """The text of a site's rules, or one answer for all pages. `until` is by the injected clock."""

    until: float
    text: str = ""
    answer: RobotsAnswer | None = None


class RobotsRules:
    """Keeps the rules of each site. `get` fetches them, `evaluate` reads them, `clock` counts seconds."""

    def __init__(self, get: _Get, evaluate: EvaluateRobots, clock: Callable[[], float]) -> None:
        self._get = get
        self._evaluate = evaluate
        self._clock = clock
        self._rules: dict[str, _SiteRules] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def check_page(self, page: httpx.URL, *, trusted: bool) -> RobotsAnswer:
        """Return whether the site allows this program to read `page`, and the pause it requests."""
        rules = await self._get_rules(page, trusted)
        if rules.answer is not None:
            return rules.answer
        try:
            return await self._evaluate(rules.text, str(page), AGENT)
        except LimitExceeded:  # rules that cost too much to read count as a failed answer
            return _ALLOW_NOTHING

    async def _get_rules(self, page: httpx.URL, trusted: bool) -> _SiteRules:
        site = _get_site(page)
        async with self._asking[site]:
            rules = self._rules.get(site)
            if rules is None or rules.until <= self._clock():
                self._forget_rules()
                rules = self._rules[site] = await self._fetch_rules(site, trusted)
        return rules

    async def _fetch_rules(self, site: str, trusted: bool) -> _SiteRules:
        later, soon = self._clock() + _KEEP_SECONDS, self._clock() + _RETRY_SECONDS
        try:
            text = (await self._get(f"{site}/robots.txt", trusted)).decode("utf-8", "replace")[
                :_MAX_CHARACTERS
            ]
        except (BadStatus, TooLarge) as error:
            is_absent = isinstance(error, BadStatus) and 400 <= error.status < 500 and error.status != 429
            if is_absent:
                return _SiteRules(until=later, answer=_ALLOW_ALL)
            return _SiteRules(until=soon, answer=_ALLOW_NOTHING)
        except FetchError:
            return _SiteRules(until=soon, answer=_ALLOW_NOTHING)
        return _SiteRules(until=later, text=text, answer=None if text.strip() else _ALLOW_ALL)

    def _forget_rules(self) -> None:
        if len(self._rules) > _MAX_REMEMBERED_SITES:
            self._rules.clear()
            self._asking = defaultdict(
                asyncio.Lock, {s: lock for s, lock in self._asking.items() if lock.locked()}
            )


def _get_site(page: httpx.URL) -> str:
    return str(page.copy_with(path="/", query=None, fragment=None)).removesuffix("/")
