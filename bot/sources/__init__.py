"""Source kinds: bytes → articles, pure. A kind is one file here and one row in KINDS (see docs/sources.md).

page      the text of a newspaper page → its articles
feed      RSS, Atom, JSON Feed → entries → articles
webpage   an article's web page → the article
"""

from dataclasses import dataclass
from typing import Protocol

from bot.models import Article, Source
from bot.sources import feed, page, webpage


class Articles(Protocol):
    def __call__(self, data: bytes, name: str, source: Source, charset: str = "") -> tuple[Article, ...]:
        """Return the articles in `data`, in its order.

        `name` is where it comes from: a path or, after redirects, a URL; relative links start there. `charset` is what
        an HTTP header declared. Raises SourceError or InputError when `data` is not what the kind needs.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """How a kind of source is read."""

    name: str
    articles: Articles
    suffixes: tuple[str, ...]  # the files that a folder of this kind means
    is_remote: bool  # may be read from a URL; every kind may be read from a file


KINDS = {
    kind.name: kind
    for kind in (
        Kind(name="page", articles=page.articles, suffixes=(".txt",), is_remote=False),
        Kind(name="feed", articles=feed.articles, suffixes=(".xml", ".rss", ".atom", ".json"), is_remote=True),
        Kind(name="webpage", articles=webpage.articles, suffixes=(".html", ".htm"), is_remote=True),
    )
}

__all__ = ["KINDS", "Articles", "Kind"]
