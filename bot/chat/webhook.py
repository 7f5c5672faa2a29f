"""Takes Telegram's updates by webhook: one address, a secret in each request, nothing else is answered.

TLS is added by the web server in front. Served by uvicorn, as the pages are, instead of by the library's own
server, which needs one more web framework.
"""

import asyncio
import hmac
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels.telegram.settings import TelegramSettings

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (a header's name)
_STOP_SECONDS = 3
_MAX_BYTES = 1_000_000  # of an update; Telegram's are some kB

_TakeUpdate = Callable[[Update], Awaitable[None]]


def _build_webhook(settings: TelegramSettings, bot: Bot, take_update: _TakeUpdate) -> Starlette:
    """Return the application; whoever does not know the secret learns nothing."""

    async def take(request: Request) -> Response:
        secret = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(secret.encode(), settings.webhook_secret.reveal().encode()):
            return Response(status_code=404)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MAX_BYTES:
                return Response(status_code=413)
        try:
            update = Update.de_json(json.loads(body), bot)
        except (ValueError, TypeError, KeyError, AttributeError):
            return Response(status_code=400)
        if update:
            await take_update(update)
        return Response()

    return Starlette(routes=[Route(f"/{settings.webhook_path}", take, methods=["POST"])])


@asynccontextmanager
async def serve_webhook(
    settings: TelegramSettings, bot: Bot, take_update: _TakeUpdate
) -> AsyncIterator[None]:
    """Take updates until the body ends. Raises TelegramError where the address cannot be listened on."""
    host, _, port = settings.webhook_listen.rpartition(":")
    try:
        listener = socket.create_server((host.strip("[]"), int(port)), family=_choose_family(host))
    except OSError as error:
        raise TelegramError(f"webhook_listen {settings.webhook_listen} cannot be listened on") from error
    config = uvicorn.Config(
        _build_webhook(settings, bot, take_update),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve(sockets=[listener]))  # without its signal handlers
    try:
        yield
    finally:
        server.should_exit = True
        await serving
        listener.close()


def _choose_family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
