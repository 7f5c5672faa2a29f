"""The buttons and typed words that change wishes: hour, days, topics, length, language, zone, sound."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from bot.chat.edition_shelf import EditionShelf
from bot.chat.event import ChatEvent, HandlerTable
from bot.chat.pending_inputs import PendingInputs
from bot.chat.screen import Screen
from bot.chat.subscribing import Subscribing
from bot.chat.subscriptions import ChatSubscriptions, SubscriptionView
from bot.chat.target import get_own_target
from bot.chat.texts import choose_texts
from bot.chat.wish_screens import (
    build_hours_screen,
    build_language_screen,
    build_length_screen,
    build_question_screen,
    build_topics_screen,
    build_weekday_screen,
    build_zone_screen,
)
from bot.errors import InputError
from bot.locales import Catalogue
from bot.locales.zones import find_nearest_zone, find_zone
from bot.subscribers.typed_wishes import parse_times, split_topics, toggle_term
from bot.subscribers.wishes import MAX_TERMS, MAX_TIMES, Wishes

_BuildScreen = Callable[[SubscriptionView, Catalogue], Screen]


class Wishing:
    """Changes one wish at a time; the screen then shows what is stored."""

    def __init__(
        self,
        subscriptions: ChatSubscriptions,
        subscribing: Subscribing,
        shelf: EditionShelf,
        inputs: PendingInputs,
    ) -> None:
        self.subscriptions, self.subscribing = subscriptions, subscribing
        self.shelf, self.inputs = shelf, inputs

    @property
    def actions(self) -> HandlerTable:
        return {
            "wish.hours": self._show_hours,
            "wish.hour": self._choose_hour,
            "wish.several": self._show_several,
            "wish.once": self._choose_once,
            "wish.type_hours": self._type_hours,
            "wish.typed_hours": self._take_hours,
            "wish.weekday": self._show_weekdays,
            "wish.days": self._choose_days,
            "wish.topics": self._show_topics,
            "wish.topic": self._toggle_topic,
            "wish.type_topics": self._type_topics,
            "wish.typed_topics": self._take_topics,
            "wish.clear_topics": self._clear_topics,
            "wish.length": self._show_length,
            "wish.set_length": self._choose_length,
            "wish.stories": self._choose_stories,
            "wish.language": self._show_languages,
            "wish.set_language": self._choose_language,
            "wish.zone": self._show_zones,
            "wish.set_zone": self._choose_zone,
            "wish.typed_zone": self._take_zone,
            "wish.sound": self._toggle_sound,
        }

    async def _find_view(self, event: ChatEvent) -> SubscriptionView | None:
        """Return the subscription that is changed; None, and the present state, where there is none."""
        view = await self.subscribing.find_button_view(event)
        if view and view.subscription is None:
            await self.subscribing.show_present(event)
            return None
        return view

    async def _save(self, event: ChatEvent, view: SubscriptionView, wishes: Wishes) -> SubscriptionView:
        """Save wishes and return the subscription as it is stored. Raises InputError."""
        await self.subscriptions.change_wishes(event.user, view.target, view.digest, wishes)
        return await self.subscriptions.find_view(view.digest, view.target, event.user.language)

    # Hours and days

    async def _show_hours(self, event: ChatEvent) -> None:
        if view := await self._find_view(event):
            await event.show_screen(build_hours_screen(view, event.texts))

    async def _show_several(self, event: ChatEvent) -> None:
        if view := await self._find_view(event):
            await event.show_screen(build_hours_screen(view, event.texts, is_several=True))

    async def _choose_hour(self, event: ChatEvent) -> None:
        at, is_several = event.values[2:]
        if view := await self._find_view(event):
            hours = _toggle_hour(view.hours, at) if is_several else (at,)
            view = await self._save_hours(event, view, hours)
            await event.show_screen(build_hours_screen(view, event.texts, is_several=is_several))

    async def _choose_once(self, event: ChatEvent) -> None:
        if view := await self._find_view(event):
            view = await self._save_hours(event, view, view.hours[:1])
            await event.show_screen(build_hours_screen(view, event.texts))

    async def _save_hours(
        self, event: ChatEvent, view: SubscriptionView, hours: Sequence[time]
    ) -> SubscriptionView:
        """Save the hours, with the zone in which they were shown."""
        return await self._save(event, view, replace(view.wishes, times=tuple(hours), zone=view.zone))

    async def _type_hours(self, event: ChatEvent) -> None:
        question = event.texts.gettext("Type the time, as 7:30. Several times are possible: 7:30 18:00")
        await self._ask(event, "wish.typed_hours", question, "wish.hours")

    async def _take_hours(self, event: ChatEvent) -> None:
        hours = parse_times(event.values[2])
        if not 0 < len(hours) <= MAX_TIMES:
            question = event.texts.gettext(
                "I need up to {n} times of the day, as 7:30 or 7:30 18:00", n=MAX_TIMES
            )
            await self._ask(event, "wish.typed_hours", question, "wish.hours")
        elif view := await self._find_view(event):
            view = await self._save_hours(event, view, hours)
            await event.show_screen(build_hours_screen(view, event.texts))

    async def _show_weekdays(self, event: ChatEvent) -> None:
        await self._show(event, build_weekday_screen)

    async def _choose_days(self, event: ChatEvent) -> None:
        days = event.values[2]
        if view := await self._find_view(event):
            wishes = replace(view.wishes, weekdays=days, times=view.hours, zone=view.zone)
            view = await self._save(event, view, wishes)
            await event.show_screen(build_hours_screen(view, event.texts))

    # Topics

    async def _show_topics(self, event: ChatEvent) -> None:
        if view := await self._find_view(event):
            await self._show_topics_of(event, view)

    async def _show_topics_of(self, event: ChatEvent, view: SubscriptionView) -> None:
        terms = await self.shelf.list_terms(view.digest)
        await event.show_screen(build_topics_screen(view, terms, event.texts))

    async def _toggle_topic(self, event: ChatEvent) -> None:
        term = event.values[2]
        if view := await self._find_view(event):
            await self._save_topics(event, view, toggle_term(view.wishes.topics, term))

    async def _clear_topics(self, event: ChatEvent) -> None:
        if view := await self._find_view(event):
            await self._save_topics(event, view, ())

    async def _type_topics(self, event: ChatEvent) -> None:
        question = event.texts.gettext("Type words, with ! before what you do not want: earthquake !football")
        await self._ask(event, "wish.typed_topics", question, "wish.topics")

    async def _take_topics(self, event: ChatEvent) -> None:
        terms = split_topics(event.values[2])
        if view := await self._find_view(event):
            added = [term for term in terms if term not in view.wishes.topics]
            await self._save_topics(event, view, (*view.wishes.topics, *added))

    async def _save_topics(self, event: ChatEvent, view: SubscriptionView, topics: Sequence[str]) -> None:
        try:
            view = await self._save(event, view, replace(view.wishes, topics=tuple(topics)))
        except InputError:
            problem = event.texts.gettext(
                "That does not work: up to {n} words or short phrases are possible.", n=MAX_TERMS
            )
            await event.show_screen(build_question_screen(view, problem, "wish.topics", event.texts))
            return
        await self._show_topics_of(event, view)

    # Length, language, sound

    async def _show_length(self, event: ChatEvent) -> None:
        await self._show(event, build_length_screen)

    async def _choose_length(self, event: ChatEvent) -> None:
        length = event.values[2]
        if view := await self._find_view(event):
            view = await self._save(event, view, replace(view.wishes, length=length))
            await event.show_screen(build_length_screen(view, event.texts))

    async def _choose_stories(self, event: ChatEvent) -> None:
        count = event.values[2]
        if view := await self._find_view(event):
            view = await self._save(event, view, replace(view.wishes, stories=count))
            await event.show_screen(build_length_screen(view, event.texts))

    async def _show_languages(self, event: ChatEvent) -> None:
        await self._show(event, build_language_screen)

    async def _choose_language(self, event: ChatEvent) -> None:
        """Set the language of the digest's own words; for a person's own chat, of the conversation too."""
        language = event.values[2]
        if view := await self._find_view(event):
            view = await self._save(event, view, replace(view.wishes, language=language))
            if view.target.is_own(event.user):
                zone = view.subscriber.zone if view.subscriber else ""
                await self.subscriptions.change_person(event.user, view.target, language, zone)
                event = replace(event, texts=choose_texts(language))
            await event.show_screen(build_language_screen(view, event.texts))

    async def _toggle_sound(self, event: ChatEvent) -> None:
        if view := await self._find_view(event):
            await self._save(event, view, replace(view.wishes, silent=not view.wishes.silent))
            await self.subscribing.show_view(event, view)

    # The zone

    async def _show_zones(self, event: ChatEvent) -> None:
        if view := await self._find_view(event):
            values = (view.target, view.digest.name)
            self.inputs.expect_input(event.user.chat_id, event.user.user_id, "wish.typed_zone", values)
            await event.show_screen(build_zone_screen(view, event.texts))

    async def _choose_zone(self, event: ChatEvent) -> None:
        if view := await self._find_view(event):
            await self._save_zone(event, view, ZoneInfo(event.values[2]))

    async def _take_zone(self, event: ChatEvent) -> None:
        zone = find_zone(event.values[2])
        if not (view := await self._find_view(event)):
            return
        if zone is None:
            values = (view.target, view.digest.name)
            self.inputs.expect_input(event.user.chat_id, event.user.user_id, "wish.typed_zone", values)
            problem = event.texts.gettext("I do not know this city. Try a larger one nearby.")
            await event.show_screen(build_zone_screen(view, event.texts, problem))
            return
        await self._save_zone(event, view, zone)

    async def locate_person(self, event: ChatEvent) -> None:
        """Take the zone from a location that a person sent, for all of the person's subscriptions."""
        location = event.message.location if event.message else None
        zone = find_nearest_zone(location.latitude, location.longitude) if location else None
        target = get_own_target(event.user)
        views = [
            view
            for view in await self.subscriptions.list_views(target, event.user.language)
            if view.subscription
        ]
        if zone is None or not views:
            await self.subscribing.show_present(event)
            return
        for view in views[1:]:
            await self._save(event, view, replace(view.wishes, zone=zone, times=view.hours))
        await self._save_zone(event, views[0], zone)

    async def _save_zone(self, event: ChatEvent, view: SubscriptionView, zone: ZoneInfo) -> None:
        """Keep the hours as the person reads them on the clock: 08:00 stays 08:00."""
        view = await self._save(event, view, replace(view.wishes, zone=zone, times=view.hours))
        if view.target.is_own(event.user):
            language = view.subscriber.language if view.subscriber else ""
            await self.subscriptions.change_person(event.user, view.target, language, zone.key)
        await event.show_screen(build_hours_screen(view, event.texts))

    # What all of them do

    async def _show(self, event: ChatEvent, build: _BuildScreen) -> None:
        if view := await self._find_view(event):
            await event.show_screen(build(view, event.texts))

    async def _ask(self, event: ChatEvent, name: str, question: str, back: str) -> None:
        """Ask for a text, which the action `name` takes."""
        if view := await self._find_view(event):
            values = (view.target, view.digest.name)
            self.inputs.expect_input(event.user.chat_id, event.user.user_id, name, values)
            await event.show_screen(build_question_screen(view, question, back, event.texts))


def _toggle_hour(hours: Sequence[time], at: time) -> tuple[time, ...]:
    """Return the hours with or without one; the last one stays, and no more than MAX_TIMES are added."""
    if at in hours:
        return tuple(each for each in hours if each != at) or (at,)
    return tuple(sorted((*hours, at))) if len(hours) < MAX_TIMES else tuple(hours)
