"""Serves the pages until the service stops."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn

from bot.errors import ConfigError
from bot.phrases import Phrase
from bot.web.application import build_application
from bot.web.site import WebSite

_log = structlog.get_logger("web")
_KEEP_ALIVE_SECONDS = 5
_MAX_REQUESTS = 200  # at the same time: more are answered with 503
_MAX_HEADER_BYTES = 16_000
_STOP_SECONDS = 3


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the service."""
        yield


async def serve_site(site: WebSite, stop: asyncio.Event) -> None:
    """Answer requests until `stop` is set. Raises ConfigError if the address cannot be listened on."""
    web = site.settings.web
    config = uvicorn.Config(
        build_application(site),
        host=web.host,
        port=web.port,
        access_log=False,  # it would hold the keys of links
        log_config=None,
        lifespan="off",
        server_header=False,
        date_header=True,
        proxy_headers=False,  # guard.py reads X-Forwarded-For, of trusted proxies alone
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        limit_concurrency=_MAX_REQUESTS,
        h11_max_incomplete_event_size=_MAX_HEADER_BYTES,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    _log.info("serving", listen=web.listen, address=web.address)
    try:
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
    except SystemExit as error:  # uvicorn's answer to an address that is taken
        raise ConfigError(
            Phrase("[web] listen: {listen} cannot be listened on: is it in use?", listen=web.listen)
        ) from error
    finally:
        stopping.cancel()
