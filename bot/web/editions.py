"""Reading: the newest edition, each edition, all editions of a digest, and search."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.errors import InputError
from bot.locales import load_catalogue
from bot.models import Digest, Edition
from bot.render.plaintext import clip_text
from bot.render.view import StoryView, build_view
from bot.render.wording import find_wording
from bot.store.search import SearchHit
from bot.web.site import WebSite, cache_response, get_words, run_in_thread

_MAX_HITS = 100  # articles that match, of which those that were printed are shown
_SHOWN_HITS = 30
_MAX_QUERY = 200  # characters
_MAX_DESCRIPTION = 160  # UTF-16 units
_LONG_EDITION = 8  # stories: from here on there is a table of contents


def build_edition_path(digest: str, name: str = "") -> str:
    """Return the path of an edition's page, or of the list of a digest's editions."""
    return f"/d/{quote(digest)}/{quote(name)}"


def _build_article_path(digest: str, name: str, number: int) -> str:
    return f"/a/{quote(digest)}/{quote(name)}/{number}"


class EditionPages:
    def __init__(self, site: WebSite) -> None:
        self.site, self.store = site, site.store

    async def show_newest(self, request: Request) -> Response:
        """Show the newest edition of the first digest, whole."""
        for digest in self.site.digests:
            newest = await run_in_thread(self.store.editions.list_days, digest.name)
            if newest:
                return await self._show(request, digest, newest[0][0])
        words = get_words(request)
        return cache_response(
            request, self.site.render_note(request, self._find_title(), words["no_edition"])
        )

    async def show_edition(self, request: Request) -> Response:
        digest = self.site.find_digest(request.path_params["digest"])
        if digest is None:
            return self.site.render_missing(request)
        name = request.path_params["name"]
        if name.endswith(".html"):  # as the archive's files are called
            return RedirectResponse(build_edition_path(digest.name, name.removesuffix(".html")), 308)
        return await self._show(request, digest, name)

    async def show_list(self, request: Request) -> Response:
        """List all editions of a digest by month, a link each."""
        digest = self.site.find_digest(request.path_params["digest"])
        if digest is None:
            return self.site.render_missing(request)
        days = await run_in_thread(self.store.editions.list_days, digest.name)
        months = [
            (
                find_wording(digest.language).format_month(month),
                [(build_edition_path(digest.name, name), name, day.day) for name, day in group],
            )
            for month, group in groupby(days, _get_month)
        ]
        response = self.site.render(
            request,
            "editions",
            language=digest.language,
            theme=digest.theme,
            title=digest.title or digest.name,
            months=months,
            feed=f"{build_edition_path(digest.name)}feed.xml",
        )
        return cache_response(request, response)

    async def search(self, request: Request) -> Response:
        """Show the articles that the digests printed and that match."""
        query = request.query_params.get("q", "")[:_MAX_QUERY].strip()
        hits: Sequence[SearchHit] = ()
        fault = ""
        if query:
            try:
                hits = await run_in_thread(self._find, query)
            except InputError as error:
                fault = str(load_catalogue("web", get_words(request)["tag"]).translate(error))
        names = {digest.name for digest in self.site.digests}
        rows = [row for hit in hits if (row := self._build_row(hit, names))][:_SHOWN_HITS]
        words = get_words(request)
        response = self.site.render(
            request, "search", title=words["search"], query=query, rows=rows, fault=fault, page="search"
        )
        return cache_response(request, response)

    def _find(self, query: str) -> Sequence[SearchHit]:
        """Return the articles that match, after what is new was added to the index."""
        index = self.store.search
        index.index_new()
        return index.find_articles(query, _MAX_HITS)

    def _build_row(self, hit: SearchHit, names: set[str]) -> dict[str, object] | None:
        printing = next((printing for printing in hit.printings if printing.digest in names), None)
        if printing is None:
            return None
        return {
            "title": hit.article.title,
            "href": build_edition_path(printing.digest, printing.edition_name),
            "source": hit.article.source,
            "day": printing.day.isoformat(),
        }

    async def _show(self, request: Request, digest: Digest, name: str) -> Response:
        number = await run_in_thread(self.store.editions.find_named, digest.name, name)
        edition = await run_in_thread(self.store.editions.load_edition, number) if number else None
        if edition is None:
            return self.site.render_missing(request)
        earlier, later = await run_in_thread(
            self.store.editions.find_neighbours, digest.name, edition.slot_at
        )
        view = build_view(edition, f"{self.site.address}{build_edition_path(digest.name, name)}", pages="")
        response = self.site.render(
            request,
            "edition",
            language=edition.language,
            theme=edition.theme,
            title=view.head,
            edition=view,
            edition_words=find_wording(edition.language),
            stories=view.stories,
            has_contents=len(view.stories) >= _LONG_EDITION,
            articles=self._list_article_paths(edition, view.stories),
            description=clip_text(" · ".join(story.title for story in view.stories), _MAX_DESCRIPTION),
            earlier=build_edition_path(digest.name, earlier) if earlier else "",
            later=build_edition_path(digest.name, later) if later else "",
            all_path=build_edition_path(digest.name),
            canonical=f"{self.site.address}{build_edition_path(digest.name, name)}",
            feed=f"{build_edition_path(digest.name)}feed.xml",
            others=[
                (each.title or each.name, build_edition_path(each.name))
                for each in self.site.digests
                if each.name != digest.name
            ],
        )
        return cache_response(request, response)

    def _list_article_paths(self, edition: Edition, stories: Sequence[StoryView]) -> list[str]:
        if self.site.settings.web.articles == "none":
            return [""] * len(stories)
        return [_build_article_path(edition.digest, edition.name, story.number) for story in stories]

    def _find_title(self) -> str:
        return next((digest.title or digest.name for digest in self.site.digests), "Zhaibao")


def _get_month(row: tuple[str, date]) -> date:
    return row[1].replace(day=1)


def redirect_to_list(request: Request) -> Response:
    return RedirectResponse(f"{request.url.path}/", 308)
