"""Wishes in words: when a digest comes, what it holds, how long it is."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.chat.subscriptions import SubscriptionView
from bot.chat.texts import format_moment
from bot.locales import LANGUAGES, Catalogue
from bot.locales.zones import name_zone
from bot.subscribers.wishes import Length

_MONDAY = date(2024, 1, 1)
_EVERY_DAY = tuple(range(7))
WORKDAYS = tuple(range(5))


def describe_next_slot(view: SubscriptionView, texts: Catalogue) -> str:
    """Return when the next edition comes, with the zone: 明天 08:00（北京时间）."""
    slot_at = view.subscription.next_slot_at if view.subscription else None
    if slot_at is None:
        return texts.gettext("no date")
    moment = format_moment(slot_at, view.now, view.zone, texts)
    return texts.gettext("{moment} ({city} time)", moment=moment, city=name_zone(view.zone, texts.tag))


def describe_schedule(view: SubscriptionView, texts: Catalogue) -> str:
    """Return the days and hours: 每天 08:00、18:00."""
    hours = join_names([f"{at:%H:%M}" for at in view.hours], texts)
    return texts.gettext("{days} {hours}", days=_describe_days(view.weekdays, texts), hours=hours)


def _describe_days(weekdays: Sequence[int], texts: Catalogue) -> str:
    if tuple(weekdays) == _EVERY_DAY:
        return texts.gettext("every day")
    if tuple(weekdays) == WORKDAYS:
        return texts.gettext("on weekdays")
    return join_names([name_weekday(day, texts) for day in weekdays], texts)


def name_weekday(weekday: int, texts: Catalogue) -> str:
    return texts.format_date(_MONDAY + timedelta(days=weekday), "EEEE")


def describe_topics(topics: Sequence[str], texts: Catalogue) -> str:
    """Return the topics as people understand them: !广告 is 不看 广告."""
    if not topics:
        return texts.gettext("everything")
    return join_names([describe_topic(topic, texts) for topic in topics], texts)


def describe_topic(topic: str, texts: Catalogue) -> str:
    if topic.startswith("!"):
        return texts.gettext("without {word}", word=topic[1:])
    if topic.startswith("+"):
        return texts.gettext("must have {word}", word=topic[1:])
    return topic


def describe_length(length: Length | None, texts: Catalogue) -> str:
    return {
        Length.SHORT: texts.gettext("short"),
        Length.MEDIUM: texts.gettext("medium"),
        Length.LONG: texts.gettext("long"),
    }[length or Length.MEDIUM]


def name_language(tag: str) -> str:
    return LANGUAGES[tag].name if tag in LANGUAGES else tag


def join_names(names: Sequence[str], texts: Catalogue) -> str:
    return texts.pgettext("between names", ", ").join(names)
