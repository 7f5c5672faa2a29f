"""What a source gives at once: whole articles, entries whose articles stand on other pages, printed
pages.
"""

from dataclasses import dataclass

from bot.models import Article, Entry, Page


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    articles: tuple[Article, ...] = ()
    entries: tuple[Entry, ...] = ()
    notices: tuple[str, ...] = ()  # what the operator should know of the document
    next_url: str = ""  # of the next page of the one article (下一页)
    pages: tuple[Page, ...] = ()  # whose articles may continue on each other, also on those of another file
