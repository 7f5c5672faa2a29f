"""Fetches the bytes of an address within all limits; the part of bot.fetch that other packages use.

It uses no cookies, no cache and no environment. Redirects are followed here, and each target is checked.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from importlib.metadata import version
from types import TracebackType
from typing import Self, cast

import httpcore
import httpx

from bot.errors import BadStatus, FetchError, ForbiddenAddress, TooLarge
from bot.fetch import decompression, imap
from bot.fetch.addresses import get_port, is_listed, validate_url
from bot.fetch.host_turns import HostTurns
from bot.fetch.network import GuardedNetwork, GuardedTransport, Resolve, resolve_by_system
from bot.fetch.robots import AGENT, EvaluateRobots, RobotsRules
from bot.models import Mailbox
from bot.phrases import Phrase
from bot.sources.robots_rules import RobotsAnswer, evaluate_robots

_MAX_HEADER_CHARACTERS = 1_000  # of one header; the standard library reads long ones in quadratic time
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT_REDIRECTS = frozenset({301, 308})
_DAY_SECONDS = 86_400.0
_MAX_PAUSE_SECONDS = 30.0  # of a Crawl-delay; sites set longer ones to keep programs out
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html, */*;q=0.5"

# Both log every URL at INFO or DEBUG, and the URL of a private feed contains its key.
for library in ("httpx", "httpcore"):
    logging.getLogger(library).setLevel(logging.WARNING)


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchLimits:
    """The limits of one address: bytes after decompression, seconds without the wait for the host's turn."""

    max_bytes: int = 10_000_000
    max_seconds: float = 20.0
    max_redirects: int = 5
    pause_seconds: float = 1.0  # between two requests to a host
    max_connections: int = 32  # at once, over all hosts


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchedContent:
    """The answer of an address.

    `not_modified`: nothing new since `etag` or `last_modified`, and no content.
    """

    url: str  # the last one, after redirects
    status: int
    content: bytes = b""
    content_type: str = ""  # "text/html": lower case, without parameters
    charset: str = ""  # as the header declares it, lower case
    etag: str = ""
    last_modified: str = ""
    not_modified: bool = False
    moved_to: str = ""  # where permanent redirects alone led


@dataclass(frozen=True, kw_only=True, slots=True)
class _Redirect:
    url: str
    is_permanent: bool


class Fetcher:
    """Fetches addresses for one process; use it as `async with Fetcher(contact=…) as fetcher`.

    `contact` is how a site's owner reaches the operator (an address or URL). `allow_private` names hosts
    ("nas.lan", "127.0.0.1:8080") that trusted addresses may reach although they are private or on an odd
    port. `evaluate_robots` reads a site's rules, in this thread where it is left out. `transport` replaces
    the network in tests; `network` and `resolve` replace the layers below the guard.
    """

    def __init__(
        self,
        *,
        contact: str,
        allow_private: frozenset[str] | tuple[str, ...] = (),
        limits: FetchLimits | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        network: httpcore.AsyncNetworkBackend | None = None,
        resolve: Resolve = resolve_by_system,
        evaluate_robots: EvaluateRobots | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._limits = limits or FetchLimits()
        self._listed = frozenset(map(str.lower, allow_private))
        self._host_turns = HostTurns(self._limits.pause_seconds, clock, sleep)
        self._connections = asyncio.Semaphore(self._limits.max_connections)
        self._robots = RobotsRules(self._fetch_robots, evaluate_robots or _evaluate_here, clock)
        self._clock = clock
        self._now = now
        self._headers = {
            "User-Agent": _build_user_agent(contact),
            "Accept": _ACCEPT,
            "Accept-Encoding": decompression.ACCEPTED_ENCODINGS,
        }
        if transport is not None:
            self._open = self._trusted = transport
            return
        network = network or httpcore.AnyIOBackend()
        certificates = httpx.create_ssl_context(trust_env=False)
        # Two pools: a connection kept alive for a trusted address must not carry an untrusted request.
        self._open, self._trusted = (
            GuardedTransport(
                GuardedNetwork(hosts, resolve, network), certificates, self._limits.max_connections
            )
            for hosts in (frozenset[str](), self._listed)
        )

    async def __aenter__(self) -> Self:
        await httpcore.AnyIOBackend().sleep(0)  # loaded now, so that it does not delay the first requests
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()
        await self._trusted.aclose()

    async def fetch_url(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        trusted: bool = False,
        robots: bool = False,
    ) -> FetchedContent:
        """Return the answer of `url`; with the last `etag` or `last_modified` it may say that nothing
        changed.

        `trusted`: the address is in the operator's configuration; only such addresses may reach
        `allow_private`. `robots`: no person asked for this page, so the site's robots.txt is obeyed. Raises
        FetchError: ForbiddenAddress, TooLarge, BadStatus, or FetchError itself.
        """
        headers = self._headers | _build_condition_headers(etag, last_modified)
        seconds = self._limits.max_seconds
        start = url
        is_moved = True
        for _ in range(self._limits.max_redirects + 1):
            target = validate_url(url, self._listed if trusted else ())
            if robots:
                await self._obey_robots(target, trusted)
            async with self._host_turns.take_turn(target.host), self._connections:
                self._refuse_silenced_host(target)
                began = self._clock()
                answer = await self._send_request(target, headers, trusted, seconds)
                seconds -= self._clock() - began
            if isinstance(answer, FetchedContent):
                return replace(answer, moved_to=url) if is_moved and url != start else answer
            is_moved = is_moved and answer.is_permanent
            # Only redirects within the operator's hosts stay trusted: a public feed must not lead to a
            # private service.
            trusted = trusted and is_listed(target.host, get_port(target), self._listed)
            url = answer.url
        raise FetchError(
            start, Phrase("redirects more than {number} times", number=self._limits.max_redirects)
        )

    async def fetch_mails(
        self, box: Mailbox, state: str = "", again: Sequence[int] = ()
    ) -> imap.FetchedMails:
        """Return the mails of a folder that came after `state`, the state of the last reading, and those in
        `again`.

        Raises FetchError; ForbiddenAddress for a private host that is not in `allow_private`.
        """
        caps = imap.MailLimits(max_bytes=self._limits.max_bytes, max_seconds=self._limits.max_seconds)
        connect = partial(imap.connect_checked, listed=self._listed)
        async with self._host_turns.take_turn(box.host), self._connections:
            return await asyncio.to_thread(imap.fetch_mails, box, state, self._now(), caps, connect, again)

    async def _obey_robots(self, target: httpx.URL, trusted: bool) -> None:
        answer = await self._robots.check_page(target, trusted=trusted)
        if not answer.is_allowed:
            raise ForbiddenAddress(str(target), Phrase("the site's robots.txt forbids programs to read this"))
        self._host_turns.slow_down_host(target.host, min(answer.pause_seconds, _MAX_PAUSE_SECONDS))

    async def _fetch_robots(self, url: str, trusted: bool) -> bytes:
        return (await self.fetch_url(url, trusted=trusted)).content

    def _refuse_silenced_host(self, target: httpx.URL) -> None:
        if (seconds := self._host_turns.get_silent_seconds(target.host)) > 0:
            raise BadStatus(str(target), 429, seconds)

    async def _send_request(
        self, target: httpx.URL, headers: dict[str, str], trusted: bool, seconds: float
    ) -> FetchedContent | _Redirect:
        url = str(target)
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange_messages(
                    target, headers, self._trusted if trusted else self._open
                )
        except TimeoutError as error:
            raise TooLarge(
                url, Phrase("took longer than {seconds:g} s", seconds=self._limits.max_seconds)
            ) from error
        except decompression.ContentTooLarge as error:
            raise TooLarge(
                url, Phrase("is larger than {size:g} MB", size=self._limits.max_bytes / 1e6)
            ) from error
        except decompression.DamagedContent as error:
            raise FetchError(url, str(error)) from error
        except ForbiddenAddress as error:
            raise ForbiddenAddress(url, error.reason) from error
        except httpx.TimeoutException as error:
            raise FetchError(url, Phrase("did not answer in time")) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise FetchError(url, _describe_failure(error)) from error

    async def _exchange_messages(
        self, target: httpx.URL, headers: dict[str, str], transport: httpx.AsyncBaseTransport
    ) -> FetchedContent | _Redirect:
        timeout = httpx.Timeout(self._limits.max_seconds).as_dict()
        raw = [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]
        request = httpx.Request("GET", target, headers=raw, extensions={"timeout": timeout})
        response = await transport.handle_async_request(request)
        try:
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return _Redirect(
                    url=_resolve_location(target, response.headers["location"]),
                    is_permanent=response.status_code in _PERMANENT_REDIRECTS,
                )
            self._refuse_response(
                target, response, is_conditional="If-None-Match" in headers or "If-Modified-Since" in headers
            )
            return await self._read_response(target, response)
        finally:
            await response.aclose()

    def _refuse_response(self, target: httpx.URL, response: httpx.Response, *, is_conditional: bool) -> None:
        status = response.status_code
        if not (200 <= status < 300 or (status == 304 and is_conditional)):
            wait = _parse_retry_after(
                response.headers.get("retry-after", "")[:_MAX_HEADER_CHARACTERS], self._now()
            )
            if wait:
                self._host_turns.silence_host(target.host, wait)
            raise BadStatus(
                str(target), status, wait, is_challenge=response.headers.get("cf-mitigated") == "challenge"
            )
        declared = response.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self._limits.max_bytes:
            raise decompression.ContentTooLarge

    async def _read_response(self, target: httpx.URL, response: httpx.Response) -> FetchedContent:
        declared = Message()
        declared["Content-Type"] = response.headers.get("content-type", "")[:_MAX_HEADER_CHARACTERS]
        not_modified = response.status_code == 304
        encoding = response.headers.get("content-encoding", "").strip().lower()
        raw = cast("httpx.AsyncByteStream", response.stream)  # httpx would decompress without a limit
        content = (
            b""
            if not_modified
            else await decompression.read_body(aiter(raw), encoding, self._limits.max_bytes)
        )
        return FetchedContent(
            url=str(target),
            status=response.status_code,
            content=content,
            content_type=declared.get_content_type() if declared["Content-Type"] else "",
            charset=(declared.get_content_charset() or ""),
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
            not_modified=not_modified,
        )


async def _evaluate_here(text: str, url: str, agent: str) -> RobotsAnswer:
    return evaluate_robots(text, url, agent)


def _build_user_agent(contact: str) -> str:
    """Return an honest name: the program, its version and who runs it.

    >>> _build_user_agent("news@linxi.example").endswith("(+news@linxi.example)")
    True
    """
    comment = " ".join(contact.split())
    return f"{AGENT}/{version('zhaibao')}" + (f" (+{comment})" if comment else "")


def _build_condition_headers(etag: str, last_modified: str) -> dict[str, str]:
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in wanted.items() if value}


def _resolve_location(target: httpx.URL, location: str) -> str:
    return str(target.join(location.strip()))


def _parse_retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds of a Retry-After header, at most a day; None if the header has no readable value.

    >>> _parse_retry_after("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    """
    try:
        if value.strip().isdecimal():
            seconds = float(value)
        else:
            seconds = (parsedate_to_datetime(value).astimezone(UTC) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), _DAY_SECONDS)


def _describe_failure(error: Exception) -> Phrase:
    """Return an error message for the operator, without the library's own words."""
    reason = str(error)
    if isinstance(error, httpx.ConnectError):
        return Phrase("cannot be reached ({reason})", reason=reason or Phrase("no connection"))
    if isinstance(error, httpx.ProtocolError):
        return Phrase(
            "does not answer in valid HTTP ({reason})", reason=reason or Phrase("connection closed")
        )
    return Phrase("broke off ({reason})", reason=reason or type(error).__name__)
