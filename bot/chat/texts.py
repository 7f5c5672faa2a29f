"""The texts of the conversation, in the language of each user."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.locales import Catalogue, load_catalogue

_DEFAULT_LANGUAGE = "zh"  # of users for whom Telegram names none


def choose_texts(language: str | None) -> Catalogue:
    """Return the texts for a language tag as Telegram gives it; English for a language that the bot does not
    speak.

    >>> choose_texts("zh-hant").tag, choose_texts(None).tag, choose_texts("de").tag
    ('zh-Hant', 'zh-Hans', 'en')
    """
    return load_catalogue("chat", language or _DEFAULT_LANGUAGE)


def format_help(texts: Catalogue) -> str:
    return texts.gettext(
        "I deliver the news digest every day, and I pick the key sentences of an article, word for word.\n\n"
        "To get a summary, send me a link, a text, a forwarded post, a document or a picture of a page.\n\n"
        "/today – the present digest\n"
        "/settings – hour, topics, length, language\n"
        "/digests – earlier digests\n"
        "/search WORD – search what was published\n"
        "/pause – pause for some days\n"
        "/stop – unsubscribe\n"
        "/export – all that is stored about you\n"
        "/forget – delete it"
    )


def format_group_help(texts: Catalogue) -> str:
    return texts.gettext(
        "Here I answer when I am addressed: reply to a message with /summary, or put a link after it."
    )


def format_failure(texts: Catalogue) -> str:
    return texts.gettext("Sorry, something went wrong here. Please try again.")


def format_moment(moment: datetime, now: datetime, zone: ZoneInfo, texts: Catalogue) -> str:
    """Return a time as people say it: today 18:00, tomorrow 08:00, Sunday 09:00, 12 March 08:00."""
    local = moment.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    if days == 0:
        day = texts.gettext("today")
    elif days == 1:
        day = texts.gettext("tomorrow")
    elif 1 < days < 7:
        day = texts.format_date(local.date(), "EEEE")
    else:
        # Translators: A pattern of Unicode's CLDR: https://cldr.unicode.org/translation/date-time
        day = texts.format_date(local.date(), texts.pgettext("date", "d MMMM"))
    # Translators: A day and an hour, as in "tomorrow 08:00".
    return texts.gettext("{day} {time}", day=day, time=f"{local:%H:%M}")


def format_span(span: timedelta, texts: Catalogue) -> str:
    """Return a waiting time, rounded up: 40 seconds are a minute."""
    minutes = -(-int(span.total_seconds()) // 60) or 1
    if minutes < 60:
        return texts.ngettext("{n} minute", "{n} minutes", minutes)
    return texts.ngettext("{n} hour", "{n} hours", -(-minutes // 60))
