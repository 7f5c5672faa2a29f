"""A subscriber's own page by the key of a link: wishes, pause, export, forget, and unsubscribing.

The key is the secret: who has it may change everything. So it is random, replaceable, and never logged.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from http import HTTPStatus
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.errors import InputError, UnknownName
from bot.locales import LANGUAGES, load_catalogue
from bot.models import Digest
from bot.phrases import Phrase
from bot.pipeline import subscribing
from bot.subscribers.decisions import Decision
from bot.subscribers.subscriber import (
    Door,
    Lookup,
    Origin,
    Subscriber,
    SubscriberState,
    Subscription,
    SubscriptionState,
)
from bot.subscribers.typed_wishes import parse_times, split_topics
from bot.subscribers.wishes import Length, Wishes
from bot.web.guard import get_field, read_body, read_form
from bot.web.site import WebSite, choose_language, get_words, run_in_thread

_SUNDAY = 6
_WEEKLY = Wishes(weekdays=(_SUNDAY,))


class Preferences:
    def __init__(self, site: WebSite) -> None:
        self.site = site

    async def show(self, request: Request) -> Response:
        subscriber = await self._find(request)
        return self._render(request, subscriber) if subscriber else self.site.render_missing(request)

    async def change(self, request: Request) -> Response:
        """Do what the pressed button says, then show the page again."""
        subscriber = await self._find(request)
        if subscriber is None:
            return self.site.render_missing(request)
        form = await read_form(request)
        action = get_field(form, "action")
        if action == "forget":
            await run_in_thread(
                subscribing.forget_subscriber,
                self.site.store,
                Lookup(key=subscriber.key),
                self._make_origin(),
            )
            words = get_words(request, subscriber.language)
            return self.site.render_note(request, words["forgotten"], words["forgotten_text"])
        try:
            changed = await run_in_thread(self._change, subscriber, action, form)
        except (InputError, UnknownName) as error:
            texts = load_catalogue("web", subscriber.language)
            return self._render(request, subscriber, fault=str(texts.translate(error)), status=400)
        return RedirectResponse(f"/p/{changed.key}?saved=1", HTTPStatus.SEE_OTHER)

    async def export(self, request: Request) -> Response:
        """Return all that is known about the subscriber as a file."""
        lookup = Lookup(key=request.path_params["key"])
        record = await run_in_thread(subscribing.export_subscriber, self.site.store, lookup)
        if record is None:
            return self.site.render_missing(request)
        text = json.dumps(record, ensure_ascii=False, indent=1, default=_write_value)
        headers = {"Content-Disposition": 'attachment; filename="zhaibao.json"'}
        return Response(text, media_type="application/json; charset=utf-8", headers=headers)

    async def show_leaving(self, request: Request) -> Response:
        """Show the button that unsubscribes: opening the link changes nothing."""
        subscriber = await self._find(request)
        if subscriber is None:
            return self.site.render_missing(request)
        return self.site.render(
            request,
            "leave",
            language=subscriber.language,
            key=subscriber.key,
            digest=request.query_params.get("d", ""),
        )

    async def leave(self, request: Request) -> Response:
        """Unsubscribe at once: RFC 8058's one click, or the button. Twice is no error."""
        await read_body(request)  # "List-Unsubscribe=One-Click", in any encoding
        subscriber = await self._find(request)
        if subscriber is None:
            return self.site.render_missing(request)
        digest = request.query_params.get("d", "")
        lookup, store = Lookup(key=subscriber.key), self.site.store
        if not digest or subscriber.find_subscription(digest):
            await run_in_thread(
                subscribing.leave_digest,
                self.site.settings,
                store,
                lookup,
                self._make_origin(),
                digest=digest,
            )
        return self.site.render(
            request,
            "left",
            language=subscriber.language,
            key=subscriber.key,
            digests=[digest] if digest else [each.digest for each in subscriber.subscriptions],
        )

    async def _find(self, request: Request) -> Subscriber | None:
        lookup = Lookup(key=request.path_params["key"])
        subscriber = await run_in_thread(self.site.store.subscribers.find, lookup)
        return None if subscriber is None or subscriber.state == SubscriberState.FORGOTTEN else subscriber

    def _change(self, subscriber: Subscriber, action: str, form: Mapping[str, list[str]]) -> Subscriber:
        """Call the use case of a button; return what is stored now. Raises InputError, UnknownName."""
        settings, store, origin = self.site.settings, self.site.store, self._make_origin()
        lookup, digest = Lookup(key=subscriber.key), get_field(form, "digest")
        match action:
            case "wishes":
                wishes = _read_wishes(form, subscriber.find_subscription(digest))
                decision = subscribing.change_wishes(settings, store, lookup, digest, wishes, origin)
            case "pause":
                until = _read_day(get_field(form, "until"), subscriber.zone)
                decision = subscribing.pause_until(settings, store, lookup, until, origin)
            case "resume":
                decision = subscribing.resume_subscriber(settings, store, lookup, origin)
            case "leave":
                decision = subscribing.leave_digest(settings, store, lookup, origin, digest=digest)
            case "person":
                language = get_field(form, "language")
                if language not in LANGUAGES:
                    return subscriber
                decision = subscribing.change_person(store, lookup, language, subscriber.zone, origin)
            case "key":
                decision = subscribing.replace_key(store, lookup, origin)
            case "subscribe" | "weekly":
                decision = self._subscribe_again(subscriber, digest, origin)
                if action == "weekly":
                    decision = subscribing.change_wishes(settings, store, lookup, digest, _WEEKLY, origin)
            case _:
                return subscriber
        return decision.subscriber or subscriber

    def _subscribe_again(self, subscriber: Subscriber, digest: str, origin: Origin) -> Decision:
        """Open a subscription that was left; the address is confirmed, because the key came there."""
        former = subscriber.find_subscription(digest)
        if former is None and self.site.find_digest(digest) is None:  # somebody else's personal digest
            raise UnknownName(Phrase("no such digest"))
        address = subscriber.find_address(former.address_key) if former else None
        address = address or next(iter(subscriber.addresses), None)
        if address is None:
            raise UnknownName(digest)
        return subscribing.subscribe_address(
            self.site.settings, self.site.store, address.build_destination(digest), origin
        )

    def _make_origin(self) -> Origin:
        return Origin(who="subscriber", door=Door.WEB, at=self.site.read_time())

    def _render(
        self, request: Request, subscriber: Subscriber, *, fault: str = "", status: int = 200
    ) -> Response:
        language = subscriber.language or choose_language(request)
        words = get_words(request, language)
        notes = {"saved": words["saved"], "confirmed": words["confirmed"]}
        note = next((text for name, text in notes.items() if request.query_params.get(name)), "")
        if "sent" in request.query_params:
            note = words["sent_now" if request.query_params["sent"] == "1" else "nothing_now"]
        rows = [
            self._describe(subscription, digest, subscriber)
            for subscription in subscriber.subscriptions
            if (digest := self.site.find_digest(subscription.digest))
        ]
        return self.site.render(
            request,
            "preferences",
            status=status,
            language=language,
            title=words["settings"],
            key=subscriber.key,
            note=note,
            fault=fault,
            rows=rows,
            lengths=[length.value for length in Length],
            is_paused=subscriber.state == SubscriberState.PAUSED,
            paused_until=subscriber.paused_until.date().isoformat() if subscriber.paused_until else "",
            languages=[(tag, row.name) for tag, row in LANGUAGES.items() if row.is_complete],
            own_language=words["tag"],
            unsubscribed=[
                each for each in self.site.digests if subscriber.find_subscription(each.name) is None
            ],
        )

    def _describe(
        self, subscription: Subscription, digest: Digest, subscriber: Subscriber
    ) -> dict[str, object]:
        wishes = subscription.wishes
        zone = wishes.zone or (ZoneInfo(subscriber.zone) if subscriber.zone else digest.zone)
        next_at = subscription.next_slot_at
        return {
            "digest": digest.name,
            "title": digest.title or digest.name,
            "language": digest.language,
            "state": str(subscription.state),
            "is_open": subscription.state == SubscriptionState.ACTIVE,
            "next_at": f"{next_at.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})" if next_at else "",
            "times": " ".join(f"{at:%H:%M}" for at in wishes.times),
            "weekdays": wishes.weekdays,
            "topics": " ".join(wishes.topics),
            "length": wishes.length.value if wishes.length else "",
            "stories": wishes.stories,
        }


def _read_wishes(form: Mapping[str, list[str]], former: Subscription | None) -> Wishes:
    """Return the wishes of the form; what it does not show stays. Raises InputError."""
    written = get_field(form, "times")
    times = parse_times(written)
    if written and not times:
        raise InputError(written)
    number = get_field(form, "stories")
    length = get_field(form, "length")
    return replace(
        former.wishes if former else Wishes(),
        times=times,
        weekdays=tuple(int(day) for day in form.get("weekday", []) if day in {*"0123456"}),
        topics=split_topics(get_field(form, "topics")),
        length=Length(length) if length in {*Length} else None,
        stories=int(number) if number.isdecimal() and len(number) < 4 else 0,
    )


def _read_day(text: str, zone: str) -> datetime | None:
    """Return the beginning of a day in the subscriber's zone, None for none. Raises InputError."""
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError as error:
        raise InputError(text[:20]) from error
    return datetime.combine(day, time(), ZoneInfo(zone) if zone else UTC).astimezone(UTC)


def _write_value(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
