"""The operator's commands: what is due and what went wrong, and the remedies as buttons.

Everybody else gets the same answer as for an unknown command.
"""

import asyncio
import html
from collections.abc import Sequence
from functools import partial

from bot.chat.edition_browsing import EditionBrowsing
from bot.chat.event import ChatEvent, HandleEvent, HandlerTable
from bot.chat.screen import ButtonRows, Screen, make_button
from bot.chat.subscriptions import ChatSubscriptions
from bot.chat.texts import format_help, format_moment
from bot.errors import WrongState, ZhaibaoError
from bot.locales import Catalogue
from bot.models import Delivery, DeliveryState, Digest
from bot.pipeline.drafting import draft_edition
from bot.pipeline.publish import PublishOutcome, PublishResult, choose_slot, publish_now
from bot.render.plaintext import clean_line, clip_text
from bot.store.sources import SourceState
from bot.subscribers.subscriber import SubscriberState

_MAX_UNCERTAIN = 5  # messages of one /uncertain, each with buttons
_MAX_SOURCES = 40
_MAX_ERROR_UNITS = 200
_NOTE = "by a button in Telegram"


class Operating:
    """Answers the users of `[telegram] operators`, in private."""

    def __init__(
        self, subscriptions: ChatSubscriptions, browsing: EditionBrowsing, operators: Sequence[int]
    ) -> None:
        self.subscriptions, self.browsing = subscriptions, browsing
        self.settings, self.store = subscriptions.settings, subscriptions.store
        self._operators = frozenset(operators)

    @property
    def commands(self) -> HandlerTable:
        handlers = {
            "status": self._answer_status,
            "preview": self._answer_preview,
            "publish": self._answer_publish,
            "uncertain": self._answer_uncertain,
            "sources": self._answer_sources,
            "subscribers": self._answer_subscribers,
        }
        return {name: self._restrict(handle) for name, handle in handlers.items()}

    @property
    def actions(self) -> HandlerTable:
        handlers = {
            "op.publish": self._publish,
            "op.uncertain": self._answer_uncertain,
            "op.decide": self._decide,
        }
        return {name: self._restrict(handle) for name, handle in handlers.items()}

    def _restrict(self, handle: HandleEvent) -> HandleEvent:
        async def answer(event: ChatEvent) -> None:
            if event.user.user_id in self._operators and event.user.is_private:
                await handle(event)
            elif event.user.is_private:
                await event.send_screen(Screen(html=html.escape(format_help(event.texts))))

        return answer

    # Commands

    async def _answer_status(self, event: ChatEvent) -> None:
        texts, now = event.texts, self.subscriptions.clock()
        counts = await asyncio.to_thread(self.store.deliveries.count_by_state)
        lines = []
        for digest in self.settings.digests:
            edition = await self.browsing.shelf.find_latest(digest)
            came = texts.gettext("never")
            if edition:
                came = format_moment(edition.created_at, now, digest.zone, texts)
            title = clean_line(digest.title)
            lines.append(texts.gettext("{title}: last edition {moment}", title=title, moment=came))
        lines += [
            texts.gettext("{name}: {value}", name=name, value=counts.get(state, 0))
            for state, name in _name_states(texts).items()
        ]
        states = await asyncio.to_thread(self.store.sources.load_states)
        troubled = sum(bool(state.failures) for state in states)
        lines.append(texts.ngettext("{n} source cannot be read", "{n} sources cannot be read", troubled))
        buttons: ButtonRows = ()
        if counts.get(DeliveryState.UNCERTAIN):
            buttons = ((make_button(texts.gettext("Look at the uncertain ones"), "op.uncertain"),),)
        await event.send_screen(Screen(html=html.escape("\n".join(lines)), buttons=buttons))

    async def _answer_preview(self, event: ChatEvent) -> None:
        """Send the next edition as it would be now; nothing is published."""
        if digest := await self._choose_digest(event):
            now = self.subscriptions.clock()
            slot_at = choose_slot(digest, now).opens_at
            edition = await asyncio.to_thread(draft_edition, self.settings, self.store, digest, slot_at, now)
            await self.browsing.send_edition(event, edition)

    async def _answer_publish(self, event: ChatEvent) -> None:
        """Ask once: what is published goes to every subscriber of the digest."""
        if digest := await self._choose_digest(event):
            text = event.texts.gettext(
                "Publish {title} now, to everybody who gets it?", title=clean_line(digest.title)
            )
            button = make_button(event.texts.gettext("Publish"), "op.publish", digest.name)
            await event.send_screen(Screen(html=html.escape(text), buttons=((button,),)))

    async def _answer_uncertain(self, event: ChatEvent) -> None:
        """Show the messages that may have arrived, each with its three ends."""
        deliveries = await asyncio.to_thread(
            self.store.deliveries.list_deliveries, DeliveryState.UNCERTAIN, _MAX_UNCERTAIN
        )
        if not deliveries:
            await event.send_screen(Screen(html=html.escape(event.texts.gettext("No message is in doubt."))))
        for delivery in deliveries:
            await event.send_screen(self._build_delivery_screen(delivery, event.texts))

    async def _answer_sources(self, event: ChatEvent) -> None:
        states = {state.name: state for state in await asyncio.to_thread(self.store.sources.load_states)}
        lines = [
            _describe_source(source.title or source.name, states.get(source.name), event.texts)
            for source in self.settings.sources[:_MAX_SOURCES]
        ]
        text = "\n".join(lines) or event.texts.gettext("There is no source.")
        await event.send_screen(Screen(html=html.escape(text)))

    async def _answer_subscribers(self, event: ChatEvent) -> None:
        texts = event.texts
        counts = await asyncio.to_thread(self.store.subscriber_listing.count_by_state)
        lines = [
            texts.gettext("{name}: {value}", name=_name_subscriber_state(state, texts), value=counts[state])
            for state in SubscriberState
            if counts.get(state)
        ]
        text = "\n".join(lines) or texts.gettext("Nobody has subscribed yet.")
        await event.send_screen(Screen(html=html.escape(text)))

    async def _choose_digest(self, event: ChatEvent) -> Digest | None:
        """Return the digest that is named; without a name the first one."""
        digest = (
            self.subscriptions.find_digest(event.arguments)
            if event.arguments
            else self.subscriptions.first_digest
        )
        if digest is None:
            names = ", ".join(self.subscriptions.digests)
            text = event.texts.gettext("There is no such digest. There are: {names}", names=names)
            await event.send_screen(Screen(html=html.escape(text)))
        return digest

    # Buttons

    async def _publish(self, event: ChatEvent) -> None:
        digest = self.subscriptions.find_digest(event.values[0])
        if digest is None:
            return
        try:
            outcome = await publish_now(self.settings, self.store, digest, self.subscriptions.clock())
        except ZhaibaoError as error:
            text = event.texts.gettext("That failed: {error}", error=clip_text(str(error), _MAX_ERROR_UNITS))
        else:
            text = _describe_outcome(outcome, event.texts)
        await event.show_screen(Screen(html=html.escape(text)))

    async def _decide(self, event: ChatEvent) -> None:
        """Settle, send again or cancel a message in doubt."""
        act, number = event.values
        actions = self.store.operator_actions
        apply = {"settle": actions.settle, "resend": actions.resend, "cancel": actions.cancel}[act]
        who = f"telegram:{event.user.user_id}"
        decide = partial(apply, [number], who, self.subscriptions.clock(), _NOTE)
        try:
            await asyncio.to_thread(decide)
        except (WrongState, ZhaibaoError):
            text = event.texts.gettext("This message is not in doubt any more.")
        else:
            text = {
                "settle": event.texts.gettext("Recorded: it has arrived."),
                "resend": event.texts.gettext("It is sent again."),
                "cancel": event.texts.gettext("Cancelled."),
            }[act]
        await event.show_screen(Screen(html=html.escape(text)))

    def _build_delivery_screen(self, delivery: Delivery, texts: Catalogue) -> Screen:
        now = self.subscriptions.clock()
        digest = self.subscriptions.find_digest(delivery.digest) or self.subscriptions.first_digest
        moment = delivery.updated_at or delivery.due_at
        lines = [
            f"{delivery.digest} → {delivery.destination or delivery.address}",
            format_moment(moment, now, digest.zone, texts),
            clip_text(clean_line(delivery.error), _MAX_ERROR_UNITS),
        ]
        buttons = (
            make_button(texts.gettext("It has arrived"), "op.decide", "settle", delivery.id),
            make_button(texts.gettext("Send again"), "op.decide", "resend", delivery.id),
            make_button(texts.gettext("Cancel it"), "op.decide", "cancel", delivery.id),
        )
        return Screen(html=html.escape("\n".join(filter(None, lines))), buttons=(buttons,))


def _describe_outcome(outcome: PublishOutcome, texts: Catalogue) -> str:
    if outcome.result is PublishResult.PUBLISHED:
        return texts.ngettext("Published: {n} story.", "Published: {n} stories.", outcome.stories)
    if outcome.result is PublishResult.ALREADY:
        return texts.gettext("This edition was published before.")
    return texts.gettext("Nothing was published.")


def _name_states(texts: Catalogue) -> dict[DeliveryState, str]:
    return {
        DeliveryState.PENDING: texts.gettext("waiting"),
        DeliveryState.SENDING: texts.gettext("being sent"),
        DeliveryState.FAILED: texts.gettext("failed"),
        DeliveryState.UNCERTAIN: texts.gettext("in doubt"),
    }


def _name_subscriber_state(state: SubscriberState, texts: Catalogue) -> str:
    return {
        SubscriberState.UNCONFIRMED: texts.gettext("not confirmed"),
        SubscriberState.ACTIVE: texts.gettext("active"),
        SubscriberState.PAUSED: texts.gettext("paused"),
        SubscriberState.GONE: texts.gettext("gone"),
        SubscriberState.LEFT: texts.gettext("left"),
        SubscriberState.FORGOTTEN: texts.gettext("forgotten"),
    }[state]


def _describe_source(title: str, state: SourceState | None, texts: Catalogue) -> str:
    title = clip_text(clean_line(title), 60)
    if state is None:
        return texts.gettext("{title}: not read yet", title=title)
    if state.failures:
        error = clip_text(clean_line(state.error), _MAX_ERROR_UNITS)
        return texts.gettext("✗ {title}: {error}", title=title, error=error)
    return f"✓ {title}"
