"""Signing up: the form, the mail with a link, and its confirmation.

Opening a link changes nothing, because scanners of mails follow links: a button confirms. Only in the
browser that sent the form does opening the link confirm. The answer to the form is the same for
every address.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.models import Destination
from bot.pipeline.subscribing import (
    confirm_address,
    send_present_edition,
    subscribe_address,
)
from bot.rate_limiter import BoundedTable, RateLimiter
from bot.subscribers.address_file import is_mailbox
from bot.subscribers.subscriber import (
    Door,
    Lookup,
    Origin,
    Subscriber,
    SubscriberState,
    SubscriptionState,
)
from bot.subscribers.typed_wishes import parse_times
from bot.subscribers.wishes import Wishes
from bot.web.guard import find_client, get_field, read_form
from bot.web.link_mail import VALID, queue_link_mail
from bot.web.site import WebSite, choose_language, get_words, run_in_thread

MAIL = "mail"
_FORMS_AN_HOUR = 20  # of one client
_HOUR_SECONDS = 3600.0
_MAX_CLIENTS = 10_000
_MAX_ADDRESS = 254  # characters of a mailbox, RFC 5321
_FORM_COOKIE, _SIGNED_COOKIE = "form", "signed"
_COOKIE_SECONDS = 48 * 3600
_WORK_SECONDS = 0.5  # that the answer to a form takes at least, whatever is known of the address


class SignUp:
    def __init__(self, site: WebSite) -> None:
        self.site = site
        self._clients = BoundedTable(
            lambda _: RateLimiter(_FORMS_AN_HOUR, _HOUR_SECONDS),
            lambda limiter: limiter.is_idle(self._read_seconds()),
            _MAX_CLIENTS,
        )

    async def show_form(self, request: Request) -> Response:
        if not self.site.sends_mail:
            return self._render_no_mail(request)
        return self._render_form(request)

    async def take_form(self, request: Request) -> Response:
        """Queue the mail with the link. The answer never says whether the address is known."""
        words = get_words(request)
        if not self.site.sends_mail:
            return self._render_no_mail(request)
        if not self._reserve_form(request):
            return self.site.render_note(
                request, words["too_many"], words["too_many_text"], status=HTTPStatus.TOO_MANY_REQUESTS
            )
        form = await read_form(request)
        if not _is_own_form(request, form):
            return self._render_form(request, fault=words["wrong_form"], form=form, status=400)
        digests = [name for name in form.get("digest", []) if self.site.find_digest(name)]
        if not digests:
            return self._render_form(request, fault=words["choose_digest"], form=form, status=400)
        address = get_field(form, "address")
        local, _, domain = address.rpartition("@")
        if len(address) > _MAX_ADDRESS or not is_mailbox(address) or not local.isascii():
            return self._render_form(request, fault=words["wrong_address"], form=form, status=400)
        address = f"{local}@{domain.lower()}"  # as address files write it: one mailbox, one subscriber
        wishes = Wishes(times=parse_times(get_field(form, "time"))[:1])
        key = ""
        if not get_field(form, "website"):  # people do not see this field; programs fill it in
            work = run_in_thread(self._sign_up, address, digests, wishes, choose_language(request))
            key, _ = await asyncio.gather(work, asyncio.sleep(_WORK_SECONDS))
        response = self.site.render_note(request, words["look_in_mail"], words["look_in_mail_text"])
        self._set_cookie(response, _SIGNED_COOKIE, _sign_key(key or secrets.token_urlsafe(16)))
        return response

    async def show_confirmation(self, request: Request) -> Response:
        """Show the button; in the browser that sent the form, confirm."""
        subscriber = await self._find(request)
        if subscriber is None:
            return self._render_expired(request)
        signed = request.cookies.get(_SIGNED_COOKIE, "")
        if hmac.compare_digest(signed.encode(), _sign_key(subscriber.key).encode()):
            return await self._confirm(subscriber)
        return self.site.render(request, "confirm", language=subscriber.language)

    async def take_confirmation(self, request: Request) -> Response:
        subscriber = await self._find(request)
        return await self._confirm(subscriber) if subscriber else self._render_expired(request)

    async def _confirm(self, subscriber: Subscriber) -> Response:
        origin = Origin(who="subscriber", door=Door.WEB, at=self.site.read_time())
        for address in subscriber.addresses:
            await run_in_thread(confirm_address, self.site.settings, self.site.store, address.key, origin)
        return RedirectResponse(f"/p/{subscriber.key}?confirmed=1", HTTPStatus.SEE_OTHER)

    async def send_newest(self, request: Request) -> Response:
        """Send the newest edition of each subscription at once."""
        subscriber = await run_in_thread(
            self.site.store.subscribers.find, Lookup(key=request.path_params["key"])
        )
        if subscriber is None:
            return self._render_expired(request)
        sent = False
        for subscription in subscriber.subscriptions:
            address = subscriber.find_address(subscription.address_key)
            if address and subscription.state == SubscriptionState.ACTIVE:
                destination = address.build_destination(subscription.digest)
                now = self.site.read_time()
                sent |= bool(
                    await run_in_thread(
                        send_present_edition, self.site.settings, self.site.store, destination, now
                    )
                )
        return RedirectResponse(f"/p/{subscriber.key}?sent={int(sent)}", HTTPStatus.SEE_OTHER)

    async def _find(self, request: Request) -> Subscriber | None:
        """Return the subscriber of a link that is not older than 48 hours, or who confirmed before."""
        key = request.path_params["key"]
        subscriber = await run_in_thread(self.site.store.subscribers.find, Lookup(key=key))
        if subscriber is None:
            return None
        waiting = [
            subscription.created_at
            for subscription in subscriber.subscriptions
            if subscription.state == SubscriptionState.UNCONFIRMED
        ]
        is_old = bool(waiting) and max(waiting) < self.site.read_time() - VALID
        return None if is_old or subscriber.state == SubscriberState.FORGOTTEN else subscriber

    def _sign_up(self, address: str, digests: list[str], wishes: Wishes, language: str) -> str:
        """Subscribe the address to be confirmed, and queue the mail; return the subscriber's key."""
        now = self.site.read_time()
        origin = Origin(who="visitor", door=Door.WEB, at=now)
        key = ""
        is_waiting = False
        for digest in digests:
            destination = Destination(digest=digest, channel=MAIL, address=address)
            decision = subscribe_address(
                self.site.settings,
                self.site.store,
                destination,
                origin,
                wishes=wishes,
                language=language,
                is_confirmed=False,
            )
            subscriber = decision.subscriber
            if subscriber is None:
                continue
            key = subscriber.key
            subscription = subscriber.find_subscription(digest, destination.key)
            is_waiting |= subscription is not None and subscription.state == SubscriptionState.UNCONFIRMED
        if key:
            destination = Destination(digest=digests[0], channel=MAIL, address=address)
            queue_link_mail(
                self.site.settings, self.site.store, destination, key, language, now, is_waiting=is_waiting
            )
        return key

    def _render_form(
        self,
        request: Request,
        *,
        fault: str = "",
        form: Mapping[str, list[str]] | None = None,
        status: int = 200,
    ) -> Response:
        form = form or {}
        token = request.cookies.get(_FORM_COOKIE, "") or secrets.token_urlsafe(16)
        wished = form.get("digest") or [
            request.query_params.get("digest", "") or next((each.name for each in self.site.digests), "")
        ]
        response = self.site.render(
            request,
            "subscribe",
            status=status,
            page="subscribe",
            title=get_words(request)["subscribe"],
            fault=fault,
            token=token,
            address=get_field(form, "address"),
            time=get_field(form, "time"),
            wished=wished,
        )
        self._set_cookie(response, _FORM_COOKIE, token)
        return response

    def _render_no_mail(self, request: Request) -> Response:
        words = get_words(request)
        return self.site.render_note(
            request, words["subscribe"], words["no_mail"], status=HTTPStatus.NOT_FOUND
        )

    def _render_expired(self, request: Request) -> Response:
        words = get_words(request)
        return self.site.render_note(
            request, words["expired"], words["expired_text"], status=HTTPStatus.NOT_FOUND
        )

    def _set_cookie(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(
            name,
            value,
            max_age=_COOKIE_SECONDS,
            httponly=True,
            samesite="lax",
            secure=self.site.address.startswith("https:"),
        )

    def _reserve_form(self, request: Request) -> bool:
        client = find_client(request, self.site.settings.web.trusted_proxies)
        limiter, now = self._clients.get_entry(client), self._read_seconds()
        free_at = limiter.find_free_time(now)
        if free_at > now:
            return False
        limiter.reserve_slot(free_at)
        return True

    def _read_seconds(self) -> float:
        return self.site.read_time().timestamp()


def _is_own_form(request: Request, form: Mapping[str, list[str]]) -> bool:
    token = request.cookies.get(_FORM_COOKIE, "")
    return token != "" and hmac.compare_digest(token.encode(), get_field(form, "token").encode())


def _sign_key(key: str) -> str:
    """Return what the browser that sent the form keeps: it says nothing about the key."""
    return hashlib.sha256(f"signed up: {key}".encode()).hexdigest()
