"""The screens on which wishes are chosen: hours, days, topics, length, language, zone."""

import html
from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo

from bot.chat.screen import Button, ButtonRows, Screen, arrange_buttons, make_button
from bot.chat.subscriptions import SubscriptionView
from bot.chat.wish_wording import (
    WORKDAYS,
    describe_length,
    describe_next_slot,
    describe_schedule,
    describe_topic,
    describe_topics,
    name_language,
    name_weekday,
)
from bot.locales import LANGUAGES, Catalogue
from bot.locales.zones import CITIES, name_zone
from bot.subscribers.wishes import Length

_FIRST_HOUR, _LAST_HOUR = 5, 22  # on the buttons; others can be typed
_STORY_COUNTS = (5, 8, 12, 20)
_TICK = "✓ "
_EVERY_DAY = tuple(range(7))


def build_hours_screen(view: SubscriptionView, texts: Catalogue, *, is_several: bool = False) -> Screen:
    """Return the hours of a day, the present ones marked, and the days of the week.

    A tap moves the only hour; with `is_several` it adds and takes away hours.
    """
    is_several = is_several or len(view.hours) > 1
    hours = [time(hour) for hour in range(_FIRST_HOUR, _LAST_HOUR + 1)]
    buttons = [
        _make_choice(f"{at:%H:%M}", at in view.hours, "wish.hour", view, at, is_several) for at in hours
    ]
    days = (
        _make_choice(texts.gettext("Every day"), view.weekdays == _EVERY_DAY, "wish.days", view, _EVERY_DAY),
        _make_choice(texts.gettext("Weekdays"), view.weekdays == WORKDAYS, "wish.days", view, WORKDAYS),
        _make_choice(texts.gettext("Once a week"), len(view.weekdays) == 1, "wish.weekday", view),
    )
    several = make_button(
        texts.gettext("Once a day") if is_several else texts.gettext("Several times a day"),
        "wish.once" if is_several else "wish.several",
        view.target,
        view.digest.name,
    )
    typed = _make_button(texts.gettext("Type the time"), "wish.type_hours", view)
    zone = _make_button(
        texts.gettext("Zone: {city}", city=name_zone(view.zone, texts.tag)), "wish.zone", view
    )
    lines = [
        texts.gettext("When shall it come? {city} time.", city=name_zone(view.zone, texts.tag)),
        texts.gettext("Now: {schedule}", schedule=describe_schedule(view, texts)),
        texts.gettext("Next: {next}", next=describe_next_slot(view, texts)),
    ]
    rows = (*arrange_buttons(buttons, 6), days, (several, typed), (zone, _make_back(view, texts)))
    return _build_screen(lines, rows)


def build_weekday_screen(view: SubscriptionView, texts: Catalogue) -> Screen:
    buttons = [
        _make_choice(name_weekday(day, texts), view.weekdays == (day,), "wish.days", view, (day,))
        for day in range(7)
    ]
    back = _make_button(texts.gettext("Back"), "wish.hours", view)
    lines = [texts.gettext("On which day of the week?")]
    return _build_screen(lines, (*arrange_buttons(buttons, 4), (back,)))


def build_topics_screen(view: SubscriptionView, terms: Sequence[str], texts: Catalogue) -> Screen:
    """Return terms of today as toggles, with the topics that were typed."""
    topics = view.wishes.topics
    shown = list(dict.fromkeys([*topics, *terms]))
    buttons = [
        make_button(
            f"{_TICK if term in topics else ''}{describe_topic(term, texts)}",
            "wish.topic",
            view.target,
            view.digest.name,
            term,
        )
        for term in shown
    ]
    typed = _make_button(texts.gettext("Type words"), "wish.type_topics", view)
    clear = _make_button(texts.gettext("Everything"), "wish.clear_topics", view)
    lines = [
        texts.gettext("What do you want to read about? Tap words, or type your own."),
        texts.gettext("Now: {topics}", topics=describe_topics(topics, texts)),
    ]
    last = (typed, *((clear,) if topics else ()), _make_back(view, texts))
    return _build_screen(lines, (*arrange_buttons(buttons, 3), last))


def build_length_screen(view: SubscriptionView, texts: Catalogue) -> Screen:
    length = view.wishes.length or Length.MEDIUM
    lengths = [
        _make_choice(describe_length(each, texts), each is length, "wish.set_length", view, each)
        for each in Length
    ]
    stories = view.wishes.stories or view.digest.max_stories
    counts = [
        _make_choice(
            texts.ngettext("{n} story", "{n} stories", count), count == stories, "wish.stories", view, count
        )
        for count in _STORY_COUNTS
    ]
    lines = [
        texts.gettext("How long shall each story be, and how many stories?"),
        texts.gettext(
            "Now: {length}, {count}",
            length=describe_length(length, texts),
            count=texts.ngettext("{n} story", "{n} stories", stories),
        ),
    ]
    return _build_screen(lines, (tuple(lengths), tuple(counts), (_make_back(view, texts),)))


def build_language_screen(view: SubscriptionView, texts: Catalogue) -> Screen:
    """Return the languages in which the conversation and the digest's own words can be."""
    present = view.wishes.language or view.digest.language
    buttons = [
        _make_choice(name_language(tag), tag == present, "wish.set_language", view, tag)
        for tag, row in LANGUAGES.items()
        if row.is_complete
    ]
    lines = [texts.gettext("Which language? Articles stay in their own.")]
    return _build_screen(lines, (tuple(buttons), (_make_back(view, texts),)))


def build_zone_screen(view: SubscriptionView, texts: Catalogue, problem: str = "") -> Screen:
    """Return eight cities; another one can be typed, or a location sent."""
    buttons = [
        _make_choice(name_zone(ZoneInfo(key), texts.tag), view.zone.key == key, "wish.set_zone", view, key)
        for key in CITIES
    ]
    lines = [
        *([problem] if problem else []),
        texts.gettext("Which time do you live by? Tap a city, type one, or send your location."),
        texts.gettext("Now: {city}", city=name_zone(view.zone, texts.tag)),
    ]
    return _build_screen(lines, (*arrange_buttons(buttons, 4), (_make_back(view, texts),)))


def build_question_screen(
    view: SubscriptionView, question: str, back: str, texts: Catalogue, problem: str = ""
) -> Screen:
    """Ask for something that is typed; `back` is the action that leads away."""
    lines = [*([problem] if problem else []), question]
    return _build_screen(lines, ((_make_button(texts.gettext("Back"), back, view),),))


def _build_screen(lines: Sequence[str], buttons: ButtonRows) -> Screen:
    return Screen(html=html.escape("\n".join(lines)), buttons=buttons)


def _make_button(label: str, name: str, view: SubscriptionView) -> Button:
    return make_button(label, name, view.target, view.digest.name)


def _make_choice(label: str, is_chosen: bool, name: str, view: SubscriptionView, *values: object) -> Button:
    tick = _TICK if is_chosen else ""
    return make_button(f"{tick}{label}", name, view.target, view.digest.name, *values)


def _make_back(view: SubscriptionView, texts: Catalogue) -> Button:
    return _make_button(texts.gettext("Back"), "sub.settings", view)
