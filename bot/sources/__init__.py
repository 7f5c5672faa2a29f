"""Source kinds: bytes → articles, pure. A kind is one file in kinds/ and one row in KINDS (kinds/table.py).

docs/how-to/add-a-source.md says how to add one.

    page      a newspaper page, as text, PDF or picture → its articles
    feed      RSS, Atom, JSON Feed → entries → articles
    webpage   an article's web page → the article
    site      a section page → entries, whose articles stand on pages of their own
    epaper    an electronic newspaper → one day's issue, page by page
    telegram  a public channel's preview → its messages as articles
    mailbox   newsletters, over IMAP or as files → their items as articles
    folder    texts, Markdown, HTML, PDF, pictures and mails dropped into a folder → an article each

Beside the kinds: opml (lists of feeds), discovery (what stands at an address), fulltext (teaser + page → article),
paging (下一页), rules (of the operator, for sites that are misread), picture (the main image's address), pdf and scan
(lines with their places).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sources.kinds.table import KINDS, ParseArticles, ParseListing, SourceKind
    from bot.sources.listing import Listing

__all__ = ["KINDS", "Listing", "ParseArticles", "ParseListing", "SourceKind"]


def __getattr__(name: str) -> object:
    """Load the kinds when one is asked for: their libraries take longer to load than a page takes to be read."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import bot.sources.kinds.table as loaded

    return getattr(loaded, name)
