"""Subscribing, pausing and leaving in the chat: /start, /settings, /pause, /stop and their buttons."""

import html
from dataclasses import replace

import structlog

from bot.chat.administrators import may_change
from bot.chat.chat_user import ChatUser
from bot.chat.edition_shelf import EditionShelf
from bot.chat.event import ChatEvent, HandlerTable
from bot.chat.pending_inputs import PendingInputs
from bot.chat.screen import Screen
from bot.chat.subscription_screens import (
    build_digests_screen,
    build_left_screen,
    build_nothing_screen,
    build_pause_screen,
    build_settings_screen,
    build_start_screen,
    build_subscribed_screen,
)
from bot.chat.subscriptions import ChatSubscriptions, SubscriptionView
from bot.chat.target import get_own_target
from bot.chat.texts import format_group_help, format_help
from bot.chat.wish_screens import build_question_screen
from bot.models import Digest
from bot.subscribers.typed_wishes import parse_deep_link, parse_pause
from bot.subscribers.wishes import NO_WISHES, Wishes

log = structlog.get_logger("chat")


class Subscribing:
    """Answers for people in private, and for the targets that they administer."""

    def __init__(self, subscriptions: ChatSubscriptions, shelf: EditionShelf, inputs: PendingInputs) -> None:
        self.subscriptions, self.shelf, self.inputs = subscriptions, shelf, inputs

    @property
    def commands(self) -> HandlerTable:
        return {
            "start": self.answer_start,
            "settings": self.show_present,
            "pause": self.answer_pause,
            "stop": self.answer_stop,
            "resume": self.answer_resume,
            "help": _show_help,
        }

    @property
    def actions(self) -> HandlerTable:
        return {
            "sub.subscribe": self._subscribe,
            "sub.more": self._show_digests,
            "sub.settings": self._show_settings,
            "sub.leave": self._leave,
            "sub.undo": self._subscribe,
            "sub.pause": self._ask_pause,
            "sub.pause_days": self._pause_days,
            "sub.type_pause": self._type_pause,
            "sub.typed_pause": self._take_pause,
            "sub.resume": self._resume,
        }

    async def choose_language(self, user: ChatUser) -> str:
        """Return the language that the person has chosen, "" where none was."""
        subscriber = await self.subscriptions.find_subscriber(get_own_target(user))
        return subscriber.language if subscriber else ""

    # Commands

    async def answer_start(self, event: ChatEvent) -> None:
        """Show what there is; a deep link subscribes at once."""
        if not event.user.is_private:
            await event.send_screen(Screen(html=html.escape(format_group_help(event.texts))))
            return
        name, hour = parse_deep_link(event.arguments)
        digest = self.subscriptions.find_digest(name) if name else None
        if digest:
            view = await self.find_view(event, digest)
            wishes = replace(self._choose_wishes(view), times=(hour,)) if hour else NO_WISHES
            await self._subscribe_to(event, view, wishes)
            return
        await self.show_present(event)

    async def show_present(self, event: ChatEvent) -> None:
        """Show the present state: all settings, the digests where there are several, or the start."""
        target = get_own_target(event.user)
        views = await self.subscriptions.list_views(target, event.user.language)
        subscribed = [view for view in views if view.subscription]
        if len(subscribed) > 1:
            await event.show_screen(build_digests_screen(views, event.texts))
        elif subscribed:
            await event.show_screen(build_settings_screen(subscribed[0], event.texts))
        elif views:
            edition = await self.shelf.find_latest(views[0].digest)
            await event.show_screen(build_start_screen(views[0], edition, event.texts))
        else:
            await _show_help(event)

    async def answer_pause(self, event: ChatEvent) -> None:
        view = await self._find_first_view(event)
        if view is None:
            return
        until = parse_pause(event.arguments, view.now, view.zone) if event.arguments else None
        if until is None:
            await event.send_screen(build_pause_screen(view, event.texts))
            return
        await self.subscriptions.pause(event.user, view.target, until)
        await self.show_view(event, view)

    async def answer_resume(self, event: ChatEvent) -> None:
        if view := await self._find_first_view(event):
            await self.subscriptions.resume(event.user, view.target)
            await self.show_view(event, view)

    async def answer_stop(self, event: ChatEvent) -> None:
        """Leave the only digest at once; of several, ask which."""
        target = get_own_target(event.user)
        views = await self.subscriptions.list_views(target, event.user.language)
        subscribed = [view for view in views if view.subscription]
        if len(subscribed) == 1:
            await self._leave_view(event, subscribed[0])
        elif subscribed:
            await event.show_screen(build_digests_screen(views, event.texts))
        else:
            await event.show_screen(build_nothing_screen(target, event.texts))

    async def _find_first_view(self, event: ChatEvent) -> SubscriptionView | None:
        target = get_own_target(event.user)
        views = await self.subscriptions.list_views(target, event.user.language)
        if views and views[0].subscription:
            return views[0]
        await event.show_screen(build_nothing_screen(target, event.texts))
        return None

    # Buttons

    async def find_button_view(self, event: ChatEvent) -> SubscriptionView | None:
        """Return what a button is about; None, and a message, where this person may not change it."""
        target, name = event.values[:2]
        digest = self.subscriptions.find_digest(name)
        if digest is None:  # the configuration has changed
            await self.show_present(event)
            return None
        if not await may_change(event.messenger.bot, target, event.user):
            text = event.texts.gettext("Only administrators of {title} can change this.", title=target.title)
            await event.show_screen(Screen(html=html.escape(text)))
            return None
        return await self.subscriptions.find_view(digest, target, event.user.language)

    async def find_view(self, event: ChatEvent, digest: Digest) -> SubscriptionView:
        target = get_own_target(event.user)
        return await self.subscriptions.find_view(digest, target, event.user.language)

    async def show_view(self, event: ChatEvent, view: SubscriptionView) -> None:
        """Show the settings as they are now."""
        view = await self.subscriptions.find_view(view.digest, view.target, event.user.language)
        if view.subscription is None:
            await self.show_present(event)
            return
        await event.show_screen(build_settings_screen(view, event.texts))

    async def _subscribe(self, event: ChatEvent) -> None:
        if view := await self.find_button_view(event):
            await self._subscribe_to(event, view, NO_WISHES)

    async def _subscribe_to(self, event: ChatEvent, view: SubscriptionView, wishes: Wishes) -> None:
        """Subscribe; who has left and comes back gets what was wished before, unless an hour is named."""
        user, target, digest = event.user, view.target, view.digest
        is_known = view.subscriber and view.subscriber.find_subscription(digest.name, target.address.key)
        if wishes == NO_WISHES and not is_known:
            wishes = self._choose_wishes(view)
        await self.subscriptions.subscribe(user, target, digest, wishes, event.texts.tag)
        if view.subscription and wishes != NO_WISHES:  # an open one keeps its wishes unless they are changed
            changed = replace(view.wishes, times=wishes.times, zone=wishes.zone)
            await self.subscriptions.change_wishes(user, target, digest, changed)
        view = await self.subscriptions.find_view(digest, target, user.language)
        await event.show_screen(build_subscribed_screen(view, event.texts))

    def _choose_wishes(self, view: SubscriptionView) -> Wishes:
        """Return the wishes of a new subscription: the digest's hour by the person's own clock."""
        if view.zone == view.digest.zone:
            return NO_WISHES
        return Wishes(times=view.digest.times, zone=view.zone)

    async def _show_digests(self, event: ChatEvent) -> None:
        (target,) = event.values
        views = await self.subscriptions.list_views(target, event.user.language)
        await event.show_screen(build_digests_screen(views, event.texts))

    async def _show_settings(self, event: ChatEvent) -> None:
        if view := await self.find_button_view(event):
            await self.show_view(event, view)

    async def _leave(self, event: ChatEvent) -> None:
        if view := await self.find_button_view(event):
            await self._leave_view(event, view)

    async def _leave_view(self, event: ChatEvent, view: SubscriptionView) -> None:
        await self.subscriptions.leave(event.user, view.target, view.digest.name)
        await event.show_screen(build_left_screen(view, event.texts))

    async def _ask_pause(self, event: ChatEvent) -> None:
        if view := await self.find_button_view(event):
            await event.show_screen(build_pause_screen(view, event.texts))

    async def _pause_days(self, event: ChatEvent) -> None:
        days = event.values[2]
        if view := await self.find_button_view(event):
            until = parse_pause(f"{days} days", view.now, view.zone)
            await self.subscriptions.pause(event.user, view.target, until)
            await self.show_view(event, view)

    async def _type_pause(self, event: ChatEvent) -> None:
        if view := await self.find_button_view(event):
            values = (view.target, view.digest.name)
            self.inputs.expect_input(event.user.chat_id, event.user.user_id, "sub.typed_pause", values)
            question = event.texts.gettext("Until when? Type a date or a span, as 12-20 or two weeks.")
            await event.show_screen(build_question_screen(view, question, "sub.settings", event.texts))

    async def _take_pause(self, event: ChatEvent) -> None:
        text = event.values[2]
        if not (view := await self.find_button_view(event)):
            return
        until = parse_pause(text, view.now, view.zone)
        if until is None:
            self.inputs.expect_input(
                event.user.chat_id, event.user.user_id, "sub.typed_pause", event.values[:2]
            )
            question = event.texts.gettext("I need a day in the coming year, as 12-20 or two weeks.")
            await event.show_screen(build_question_screen(view, question, "sub.settings", event.texts))
            return
        await self.subscriptions.pause(event.user, view.target, until)
        await self.show_view(event, view)

    async def _resume(self, event: ChatEvent) -> None:
        if view := await self.find_button_view(event):
            await self.subscriptions.resume(event.user, view.target)
            await self.show_view(event, view)


async def _show_help(event: ChatEvent) -> None:
    text = format_help(event.texts) if event.user.is_private else format_group_help(event.texts)
    await event.show_screen(Screen(html=html.escape(text)))
