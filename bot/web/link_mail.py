"""The mail with a link: to confirm a subscription, or to the settings of a subscriber who is known."""

from datetime import datetime, timedelta

from bot.models import Destination, Message, MessageKind, MessagePart
from bot.pipeline.subscribing import send_direct_message
from bot.render.themes import FALLBACK_THEME
from bot.settings import Settings
from bot.store import Store
from bot.web.theme_fallback import fill_with_fallback
from bot.web.words import build_words

VALID = timedelta(hours=48)  # of a link to confirm
_MAILS_A_DAY = 3  # to one address


def queue_link_mail(
    settings: Settings,
    store: Store,
    destination: Destination,
    key: str,
    language: str,
    now: datetime,
    *,
    is_waiting: bool,
) -> bool:
    """Queue the link to confirm, or to the settings; return False for the fourth mail of a day."""
    kind = MessageKind.CONFIRMATION if is_waiting else MessageKind.SETTINGS
    link = f"{settings.web.address}{'/c/' if is_waiting else '/p/'}{key}"
    message = _build_mail(settings, destination, link, language, is_waiting=is_waiting)
    once_keys = (f"web {now.date().isoformat()} {number}" for number in range(_MAILS_A_DAY))
    return any(
        send_direct_message(store, kind, destination, message, once_key, now, lifetime=VALID)
        for once_key in once_keys
    )


def _build_mail(
    settings: Settings, destination: Destination, link: str, language: str, *, is_waiting: bool
) -> Message:
    words = build_words(language)
    digest = next((each for each in settings.digests if each.name == destination.digest), None)
    name = "signup" if is_waiting else "known"
    values = {
        "words": words,
        "title": (digest.title or digest.name) if digest else destination.digest,
        "text": words[f"{name}_text"],
        "label": words[f"{name}_link"],
        "link": link,
        "ending": words["signup_ignore"],
    }
    theme = digest.theme if digest else FALLBACK_THEME
    html, text = (
        fill_with_fallback(theme, f"mail.notice.{kind}", settings.themes, **values)
        for kind in ("html", "txt")
    )
    return Message(subject=words[f"{name}_subject"], parts=(MessagePart(html=html, text=text),))
