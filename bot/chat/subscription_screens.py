"""The screens of a subscription: start, subscribed, all settings, paused, left."""

import html
from collections.abc import Sequence

from bot.chat.screen import Button, Screen, arrange_buttons, make_button
from bot.chat.subscriptions import SubscriptionView
from bot.chat.target import Target
from bot.chat.texts import format_moment
from bot.chat.wish_wording import (
    describe_length,
    describe_next_slot,
    describe_schedule,
    describe_topics,
    name_language,
)
from bot.locales import Catalogue
from bot.locales.zones import name_zone
from bot.models import Edition, Story
from bot.render.plaintext import clean_line, clip_text, validate_web_address

_MAX_TITLE_UNITS = 200
_MAX_SENTENCE_UNITS = 300


def build_start_screen(view: SubscriptionView, edition: Edition | None, texts: Catalogue) -> Screen:
    """Return what a new person sees: one line, the last edition's first story, and three buttons."""
    title = html.escape(clean_line(view.digest.title))
    line = texts.gettext(
        "{title}: the news of the day in a few sentences, word for word.", title=f"<b>{title}</b>"
    )
    parts = [line]
    if edition and edition.stories:
        parts.append(_render_first_story(edition.stories[0]))
    hour = ", ".join(f"{at:%H:%M}" for at in view.digest.times)
    subscribe = make_button(
        texts.gettext("Subscribe, every day {hour}", hour=hour),
        "sub.subscribe",
        view.target,
        view.digest.name,
    )
    look = make_button(texts.gettext("See the present one first"), "read.today", view.digest.name)
    more = make_button(texts.gettext("More"), "sub.more", view.target)
    return Screen(html="\n\n".join(parts), buttons=((subscribe,), (look, more)))


def build_subscribed_screen(view: SubscriptionView, texts: Catalogue) -> Screen:
    """Return what the start screen becomes: subscribed, and the choices."""
    done = texts.gettext("Subscribed · {next}", next=describe_next_slot(view, texts))
    lines = [f"<b>{html.escape(clean_line(view.digest.title))}</b>", html.escape(done)]
    buttons = (
        _make_button(texts.gettext("Change the hour"), "wish.hours", view),
        _make_button(texts.gettext("Topics"), "wish.topics", view),
        _make_button(texts.gettext("Length"), "wish.length", view),
        _make_button(texts.gettext("Stop"), "sub.leave", view),
    )
    return Screen(html="\n".join(lines), buttons=arrange_buttons(buttons, 4))


def build_settings_screen(view: SubscriptionView, texts: Catalogue) -> Screen:
    """Return everything about one subscription in one message."""
    wishes = view.wishes
    state = _describe_state(view, texts)
    zone = name_zone(view.zone, texts.tag)
    rows = [
        (texts.gettext("When"), f"{describe_schedule(view, texts)} · {zone}"),
        (texts.gettext("Topics"), describe_topics(wishes.topics, texts)),
        (texts.gettext("Length"), describe_length(wishes.length, texts)),
        (texts.gettext("Stories"), str(wishes.stories or view.digest.max_stories)),
        (texts.gettext("Language"), name_language(wishes.language or view.digest.language)),
        (texts.gettext("Sound"), texts.gettext("off") if wishes.silent else texts.gettext("on")),
    ]
    lines = [f"<b>{html.escape(_name_view(view))}</b>", html.escape(state), ""]
    lines += [html.escape(texts.gettext("{name}: {value}", name=name, value=value)) for name, value in rows]
    sound = texts.gettext("Sound on") if wishes.silent else texts.gettext("Sound off")
    resume = texts.gettext("Resume") if view.is_paused else texts.gettext("Pause")
    buttons = (
        _make_button(texts.gettext("Change the hour"), "wish.hours", view),
        _make_button(texts.gettext("Topics"), "wish.topics", view),
        _make_button(texts.gettext("Length"), "wish.length", view),
        _make_button(texts.gettext("Language"), "wish.language", view),
        _make_button(texts.gettext("Time zone"), "wish.zone", view),
        _make_button(sound, "wish.sound", view),
        _make_button(resume, "sub.resume" if view.is_paused else "sub.pause", view),
        _make_button(texts.gettext("Stop"), "sub.leave", view),
        make_button(texts.gettext("All digests"), "sub.more", view.target),
    )
    return Screen(html="\n".join(lines), buttons=arrange_buttons(buttons, 3))


def build_digests_screen(views: Sequence[SubscriptionView], texts: Catalogue) -> Screen:
    """Return the digests that there are, a tick before those that are subscribed to."""
    lines = [texts.gettext("Tap a digest to subscribe to it, or to change it.")]
    buttons: list[Button] = []
    for view in views:
        title = clip_text(clean_line(view.digest.title), 40)
        if view.subscription:
            lines.append(f"✓ {html.escape(title)} · {html.escape(describe_next_slot(view, texts))}")
            buttons.append(_make_button(f"✓ {title}", "sub.settings", view))
        else:
            buttons.append(_make_button(title, "sub.subscribe", view))
    return Screen(html="\n".join(lines), buttons=arrange_buttons(buttons, 1))


def build_left_screen(view: SubscriptionView, texts: Catalogue) -> Screen:
    """Return what is left after leaving: one line, and the way back."""
    line = texts.gettext(
        "Unsubscribed from {title}. Nothing more will come.", title=clean_line(view.digest.title)
    )
    undo = make_button(texts.gettext("Undo"), "sub.undo", view.target, view.digest.name)
    return Screen(html=html.escape(line), buttons=((undo,),))


def build_pause_screen(view: SubscriptionView, texts: Catalogue) -> Screen:
    """Ask how long to pause."""
    spans = [texts.ngettext("{n} day", "{n} days", days) for days in (3,)]
    days = (3, 7, 14, 30)
    labels = (
        *spans,
        texts.ngettext("{n} week", "{n} weeks", 1),
        texts.ngettext("{n} week", "{n} weeks", 2),
        texts.ngettext("{n} month", "{n} months", 1),
    )
    buttons = [
        make_button(label, "sub.pause_days", view.target, view.digest.name, number)
        for label, number in zip(labels, days, strict=True)
    ]
    typed = _make_button(texts.gettext("Another date …"), "sub.type_pause", view)
    back = _make_button(texts.gettext("Back"), "sub.settings", view)
    text = texts.gettext(
        "How long shall I pause? Afterwards comes one digest with the best of what you missed."
    )
    return Screen(html=html.escape(text), buttons=(tuple(buttons), (typed, back)))


def build_nothing_screen(target: Target, texts: Catalogue) -> Screen:
    """Say that nothing is subscribed to, with the way to do it."""
    button = make_button(texts.gettext("Subscribe"), "sub.more", target)
    return Screen(
        html=html.escape(texts.gettext("You are not subscribed to anything.")), buttons=((button,),)
    )


def _make_button(label: str, name: str, view: SubscriptionView) -> Button:
    return make_button(label, name, view.target, view.digest.name)


def _describe_state(view: SubscriptionView, texts: Catalogue) -> str:
    if view.is_paused and view.subscriber:
        until = view.subscriber.paused_until
        if until is None:
            return texts.gettext("Paused until you resume")
        day = format_moment(until, view.now, view.zone, texts).rpartition(" ")[0]
        return texts.gettext("Paused until {day}", day=day)
    return texts.gettext("Next: {next}", next=describe_next_slot(view, texts))


def _name_view(view: SubscriptionView) -> str:
    title = clean_line(view.digest.title)
    return f"{title} → {view.target.title}" if view.target.title else title


def _render_first_story(story: Story) -> str:
    title = html.escape(clip_text(clean_line(story.article.title), _MAX_TITLE_UNITS))
    address = validate_web_address(story.article.url)
    shown = f'<a href="{html.escape(address)}">{title}</a>' if address else title
    sentences = story.summary.sentences
    first = html.escape(clip_text(clean_line(sentences[0].text), _MAX_SENTENCE_UNITS)) if sentences else ""
    return f"<b>{shown}</b>\n{first}".strip()
