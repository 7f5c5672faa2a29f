"""What the doors show of editions: the present one for any wishes, and earlier ones. Nothing is stored."""

from datetime import UTC, datetime

from bot.editorial.slots import get_schedule
from bot.models import Edition
from bot.pipeline.drafting import EditionBuilder
from bot.pipeline.history import find_names
from bot.settings import Settings
from bot.store import Store
from bot.subscribers.wishes import Wishes, apply_wishes

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def compose_present(
    settings: Settings, store: Store, digest_name: str, wishes: Wishes, now: datetime
) -> Edition:
    """Return the edition that somebody new with these wishes would get now: of the last day, or week.

    It takes about a second for 2,000 articles, so call it in a thread. Raises UnknownName.
    """
    configured = settings.find_digest(digest_name)
    digest = apply_wishes(configured, wishes)
    builder = EditionBuilder(settings, store, configured, now)
    from_at = now - get_schedule(digest).usual_span
    chosen = builder.select(digest, from_at, builder.build_history(()))
    return builder.compose(digest, from_at, now, chosen, now)


def list_editions(settings: Settings, store: Store, digest_name: str, limit: int = 20) -> tuple[Edition, ...]:
    """Return the digest's own editions under all its names, newest first. Raises UnknownName, InputError."""
    names = find_names(settings, store, settings.find_digest(digest_name))
    return store.editions.load_recent_editions(names, _EPOCH, limit)
