"""The routes of the pages, and what every answer shares."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.render.themes import FALLBACK_THEME
from bot.web.articles import ArticlePages
from bot.web.editions import EditionPages, redirect_to_list
from bot.web.feeds import FeedPages
from bot.web.guard import BodyRefused, SecurityHeaders
from bot.web.preferences import Preferences
from bot.web.sign_up import SignUp
from bot.web.site import WebSite, cache_response, get_words
from bot.web.theme_fallback import fill_with_fallback

_LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "::1")


def build_application(site: WebSite) -> Starlette:
    """Return the application that answers for the pages."""
    editions, articles, feeds = EditionPages(site), ArticlePages(site), FeedPages(site)
    sign_up, preferences = SignUp(site), Preferences(site)
    get, submit = ["GET"], ["POST"]
    routes = [
        Route("/", editions.show_newest, methods=get),
        Route("/search", editions.search, methods=get),
        Route("/d/{digest}", redirect_to_list, methods=get),
        Route("/d/{digest}/", editions.show_list, methods=get),
        Route("/d/{digest}/feed.xml", feeds.show_atom, methods=get),
        Route("/d/{digest}/feed.json", feeds.show_json, methods=get),
        Route("/d/{digest}/{name}", editions.show_edition, methods=get),
        Route("/a/{digest}/{name}/{number:int}", articles.show_article, methods=get),
        Route("/subscribe", sign_up.show_form, methods=get),
        Route("/subscribe", sign_up.take_form, methods=submit),
        Route("/c/{key}", sign_up.show_confirmation, methods=get),
        Route("/c/{key}", sign_up.take_confirmation, methods=submit),
        Route("/p/{key}", preferences.show, methods=get),
        Route("/p/{key}", preferences.change, methods=submit),
        Route("/p/{key}/export", preferences.export, methods=get),
        Route("/p/{key}/newest", sign_up.send_newest, methods=submit),
        Route("/u/{key}", preferences.show_leaving, methods=get),
        Route("/u/{key}", preferences.leave, methods=submit),
        Route("/sitemap.xml", feeds.show_sitemap, methods=get),
        Route("/robots.txt", _make_robots(site), methods=get),
        Route("/style.css", _make_style(site), methods=get),
    ]
    public = urlsplit(site.address)
    middleware = [
        Middleware(SecurityHeaders, is_public_tls=public.scheme == "https"),
        Middleware(
            TrustedHostMiddleware, allowed_hosts=[public.hostname or "", *_LOCAL_HOSTS], www_redirect=False
        ),
    ]
    application = Starlette(routes=routes, middleware=middleware)
    _add_handlers(application, site)
    return application


def _add_handlers(application: Starlette, site: WebSite) -> None:
    """Answer errors with kind pages, which say what to do and nothing about the error."""

    async def show_status(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        response = site.render_missing(request)
        response.status_code = status
        return response

    async def refuse_body(request: Request, error: Exception) -> Response:
        words = get_words(request)
        status = error.status if isinstance(error, BodyRefused) else 400
        return site.render_note(request, words["too_large"], words["too_large_text"], status=status)

    application.add_exception_handler(HTTPException, show_status)
    application.add_exception_handler(BodyRefused, refuse_body)


def _make_style(site: WebSite) -> Callable[[Request], Awaitable[Response]]:
    async def show_style(request: Request) -> Response:
        theme = site.digests[0].theme if site.digests else FALLBACK_THEME
        text = fill_with_fallback(theme, "web/style.css", site.settings.themes)
        text += fill_with_fallback(FALLBACK_THEME, "web/site/site.css", site.settings.themes)
        return cache_response(request, Response(text, media_type="text/css; charset=utf-8"))

    return show_style


def _make_robots(site: WebSite) -> Callable[[Request], Awaitable[Response]]:
    async def show_robots(request: Request) -> Response:
        lines = [f"Disallow: /{path}/" for path in ("c", "p", "u")]
        text = "\n".join(["User-agent: *", *lines, f"Sitemap: {site.address}/sitemap.xml", ""])
        return cache_response(request, PlainTextResponse(text))

    return show_robots
