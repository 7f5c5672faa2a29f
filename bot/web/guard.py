"""What holds for every request: headers of the answer, a limit for its body, and who asks."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 20_000
_BODY_SECONDS = 10.0
_MAX_FIELDS = 60
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the keys of links stay here
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_YEAR_OF_TLS = "max-age=31536000"


class SecurityHeaders:
    """Adds the headers to every answer. `is_public_tls`: the public address is https."""

    def __init__(self, app: ASGIApp, *, is_public_tls: bool) -> None:
        self.app, self.is_public_tls = app, is_public_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if self.is_public_tls:
                    headers.setdefault("Strict-Transport-Security", _YEAR_OF_TLS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class BodyRefused(Exception):
    """The body of a request is too large, too slow or no form; `status` is the answer's."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


async def read_body(request: Request) -> bytes:
    """Return the request's body. Raises BodyRefused over MAX_BODY_BYTES or after ten seconds."""
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > MAX_BODY_BYTES:
                    raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except (TimeoutError, ClientDisconnect) as error:
        raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT) from error
    return bytes(body)


async def read_form(request: Request) -> Mapping[str, list[str]]:
    """Return the fields of a urlencoded form. Raises BodyRefused."""
    body = await read_body(request)
    try:
        return parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError as error:  # no UTF-8, or too many fields
        raise BodyRefused(HTTPStatus.BAD_REQUEST) from error


def get_field(form: Mapping[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0].strip()


def find_client(request: Request, trusted_proxies: frozenset[str]) -> str:
    """Return the address of who asks.

    X-Forwarded-For is read from the right, as far as trusted proxies wrote it; the rest may be forged.
    """
    client = request.client.host if request.client else ""
    forwarded = [
        part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()
    ]
    while client in trusted_proxies and forwarded:
        client = forwarded.pop()
    return client[:64]
