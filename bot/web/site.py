"""What every page needs: the settings, the database, the clock; and a template filled in as an answer."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.mail.settings import MailSettings
from bot.locales import match_language
from bot.models import Digest
from bot.render.themes import FALLBACK_THEME
from bot.settings import Settings
from bot.store import Store
from bot.web.theme_fallback import fill_with_fallback
from bot.web.words import WebWords, build_words

_P = ParamSpec("_P")
_T = TypeVar("_T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_ACCEPTED = 200  # characters of Accept-Language


@dataclass(frozen=True, kw_only=True, slots=True)
class WebSite:
    """`read_time` returns the time in UTC."""

    settings: Settings
    store: Store
    read_time: Callable[[], datetime]

    @property
    def address(self) -> str:
        return self.settings.web.address

    @property
    def sends_mail(self) -> bool:
        """Whether people can subscribe by mail: [mail] says how it is sent."""
        return self.settings.get_channel_settings(MailSettings).accepts_subscribers

    @property
    def digests(self) -> tuple[Digest, ...]:
        """The digests that everybody may read: personal ones have a dot in their names."""
        return tuple(digest for digest in self.settings.digests if "." not in digest.name)

    def find_digest(self, name: str) -> Digest | None:
        return next((digest for digest in self.digests if digest.name == name), None)

    def render(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Fill in a template of the page; `words` are in the language of `language`, or of the browser."""
        language = values.pop("language", "") or choose_language(request)
        theme = values.pop("theme", FALLBACK_THEME)
        words = build_words(language)
        html = fill_with_fallback(
            theme,
            f"web/site/{template}.html",
            self.settings.themes,
            **{
                "words": words,
                "site": self,
                "title": "",
                "feed": "",
                "description": "",
                "page": "",
                **values,
            },
        )
        return HTMLResponse(html, status, headers={"Vary": "Accept-Language"})

    def render_note(self, request: Request, title: str, text: str, *, status: int = 200) -> HTMLResponse:
        """Return a page of one heading and one line, with the way to the digest."""
        return self.render(request, "note", status=status, title=title, text=text)

    def render_missing(self, request: Request) -> HTMLResponse:
        words = build_words(choose_language(request))
        return self.render_note(request, words["not_found"], words["not_found_text"], status=404)


def choose_language(request: Request) -> str:
    """Return the first language of the browser that the interface has, "" for none."""
    accepted = request.headers.get("accept-language", "")[:_MAX_ACCEPTED]
    tags = (part.partition(";")[0].strip() for part in accepted.split(","))
    return next((tag for tag in tags if tag and match_language(tag, complete=True)), "")


def get_words(request: Request, language: str = "") -> WebWords:
    return build_words(language or choose_language(request))


async def run_in_thread(function: Callable[_P, _T], /, *args: _P.args, **options: _P.kwargs) -> _T:
    """Call a function of the store without holding up other pages."""
    return await asyncio.to_thread(function, *args, **options)


def cache_response(request: Request, response: Response) -> Response:
    """Let the answer be kept for a minute, and longer as its ETag says; return 304 if it is known."""
    etag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:24]}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=60"
    if etag in request.headers.get("if-none-match", ""):
        names = ("etag", "cache-control", "vary")
        headers = {name: response.headers[name] for name in names if name in response.headers}
        return Response(status_code=304, headers=headers)
    return response
