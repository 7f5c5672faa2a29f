"""A publisher on loopback: gives bytes at paths, with ETag and Last-Modified, and 304 to who has them
already.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.real.serving import Serving

START = 1_767_225_600.0  # 2026-01-01T00:00:00Z, when the first thing was published


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What stands at a path: its bytes, and when it was put there in seconds since 1970."""

    body: bytes
    content_type: str
    status: int
    location: str
    at: float

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @property
    def headers(self) -> dict[str, str]:
        moved = {"Location": self.location} if self.location else {}
        return {"ETag": self.etag, "Last-Modified": formatdate(self.at, usegmt=True), **moved}


class Publisher:
    """Serves what `publish` was given; `requests` holds path and status of each answer in order."""

    def __init__(self) -> None:
        self.pages: dict[str, Published] = {}
        self.requests: list[tuple[str, int]] = []
        self._serving = Serving(Starlette(routes=[Route("/{path:path}", self._answer)]))

    def start(self) -> None:
        self._serving.start()

    def stop(self) -> None:
        self._serving.stop()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._serving.port}"

    def publish(
        self,
        path: str,
        body: bytes,
        content_type: str = "application/xml",
        *,
        status: int = 200,
        location: str = "",
    ) -> str:
        """Put `body` at `path` ("feed.xml") in place of what was there; return its address."""
        at = START + len(self.requests) + len(self.pages)
        self.pages[path] = Published(
            body=body, content_type=content_type, status=status, location=location, at=at
        )
        return f"{self._serving.url}/{path}"

    def _answer(self, request: Request) -> Response:
        page = self.pages.get(request.path_params["path"])
        response = Response("nothing here", 404) if page is None else given(page, request)
        self.requests.append((request.path_params["path"], response.status_code))
        return response


def given(page: Published, request: Request) -> Response:
    known = request.headers.get("if-none-match") == page.etag
    dated = request.headers.get("if-modified-since") == page.headers["Last-Modified"]
    if page.status == 200 and (known or (dated and "if-none-match" not in request.headers)):
        return Response(status_code=304, headers=page.headers)
    return Response(page.body, page.status, page.headers, media_type=page.content_type)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """A running publisher with nothing published yet."""
    started = Publisher()
    started.start()
    try:
        yield started
    finally:
        started.stop()
