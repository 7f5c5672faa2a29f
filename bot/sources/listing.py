"""What a source gives at once: whole articles, entries whose articles stand on pages of their own, printed
pages.
"""

from dataclasses import dataclass

from bot.models import Article, Entry, Page


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    articles: tuple[Article, ...] = ()
    entries: tuple[Entry, ...] = ()
    notices: tuple[str, ...] = ()  # what the operator should know of the document
    next_url: str = ""  # of the page on which the one article goes on (下一页)
    pages: tuple[Page, ...] = ()  # whose articles may go on on each other, also on those of another file
