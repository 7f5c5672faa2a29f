"""Feeds of whole editions (Atom and JSON Feed), and the sitemap.

Identities are made of the digest's name and the edition's, so that a new title, language or public
address changes nothing that a feed program has seen.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.models import Digest, Edition
from bot.render.view import EditionView, build_view
from bot.render.wording import find_wording
from bot.web.editions import build_edition_path
from bot.web.site import WebSite, cache_response, run_in_thread
from bot.web.theme_fallback import fill_with_fallback

_MAX_ENTRIES = 30  # a month of mornings
_MAX_SITEMAP = 5_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FeedPages:
    def __init__(self, site: WebSite) -> None:
        self.site = site

    async def show_atom(self, request: Request) -> Response:
        digest = self.site.find_digest(request.path_params["digest"])
        if digest is None:
            return self.site.render_missing(request)
        entries = [self._build_entry(edition) for edition in await self._load(digest)]
        path = build_edition_path(digest.name)
        text = fill_with_fallback(
            digest.theme,
            "web/site/feed.xml",
            self.site.settings.themes,
            id=_build_identity(digest.name),
            title=digest.title or digest.name,
            words=find_wording(digest.language),
            own=f"{self.site.address}{path}feed.xml",
            address=f"{self.site.address}{path}",
            updated=entries[0]["updated"] if entries else _write_moment(_EPOCH),
            entries=entries,
        )
        return cache_response(request, Response(text, media_type="application/atom+xml; charset=utf-8"))

    async def show_json(self, request: Request) -> Response:
        digest = self.site.find_digest(request.path_params["digest"])
        if digest is None:
            return self.site.render_missing(request)
        entries = [self._build_entry(edition) for edition in await self._load(digest)]
        path = build_edition_path(digest.name)
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": digest.title or digest.name,
            "language": find_wording(digest.language).tag,
            "home_page_url": f"{self.site.address}{path}",
            "feed_url": f"{self.site.address}{path}feed.json",
            "items": [
                {
                    "id": entry["id"],
                    "url": entry["address"],
                    "title": entry["title"],
                    "content_html": entry["content"],
                    "date_published": entry["updated"],
                    "language": entry["language"],
                }
                for entry in entries
            ],
        }
        return cache_response(request, JSONResponse(feed, media_type="application/feed+json"))

    async def show_sitemap(self, request: Request) -> Response:
        paths = ["/"]
        for digest in self.site.digests:
            days = await run_in_thread(self.site.store.editions.list_days, digest.name)
            paths += [build_edition_path(digest.name, name) for name, _ in days[:_MAX_SITEMAP]]
        theme = self.site.digests[0].theme if self.site.digests else "plain"
        text = fill_with_fallback(
            theme,
            "web/site/sitemap.xml",
            self.site.settings.themes,
            addresses=[f"{self.site.address}{path}" for path in paths],
        )
        return cache_response(request, Response(text, media_type="application/xml"))

    async def _load(self, digest: Digest) -> Sequence[Edition]:
        load = self.site.store.editions.load_recent_editions
        return await run_in_thread(load, [digest.name], _EPOCH, _MAX_ENTRIES)

    def _build_entry(self, edition: Edition) -> dict[str, Any]:
        address = f"{self.site.address}{build_edition_path(edition.digest, edition.name)}"
        view = build_view(edition, address, pages=f"{self.site.address}{build_edition_path(edition.digest)}")
        return {
            "id": _build_identity(edition.digest, edition.name),
            "title": view.head,
            "language": view.words.tag,
            "updated": _write_moment(edition.created_at),
            "address": address,
            "content": _render_stories(view, edition, self.site),
        }


def _render_stories(view: EditionView, edition: Edition, site: WebSite) -> str:
    return fill_with_fallback(
        edition.theme,
        "web/stories.html",
        site.settings.themes,
        edition=view,
        stories=view.stories,
        words=view.words,
    )


def _build_identity(*names: str) -> str:
    text = "zhaibao:web:" + "\n".join(names)
    return uuid.uuid5(uuid.NAMESPACE_URL, text.encode("utf-8", "replace").decode()).urn


def _write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
