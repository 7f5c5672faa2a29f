"""What a source gives at once: articles that are whole, and entries whose articles stand on pages of their own."""

from dataclasses import dataclass

from bot.models import Article, Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    articles: tuple[Article, ...] = ()
    entries: tuple[Entry, ...] = ()
