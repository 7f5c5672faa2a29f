"""The table of source kinds: how each is fetched and how its bytes are read.

A kind's reader is named and not imported, so that the table costs nothing: its libraries take longer to load
than a page takes to be read, and only worker processes need them.
"""

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Protocol, cast

from bot.models import Source
from bot.sources import suffixes
from bot.sources.listing import Listing


class _ParseListing(Protocol):
    def __call__(self, data: bytes, name: str, source: Source, charset: str = "") -> Listing:
        """Return the whole articles in `data`, the entries whose articles are to be fetched, and the printed
        pages.

        `name` is where it comes from: a path or, after redirects, a URL; relative links start there.
        `charset` is what an HTTP header declares. Raises SourceError or InputError when `data` is not what
        the kind needs.
        """


class Transport(StrEnum):
    """A way to bring a source's bytes; bot/pipeline/source_readers has a function for each."""

    DOCUMENT = "document"  # one document at a web address
    ISSUE = "issue"  # a newspaper's web address, which leads to the pages of a day, which lead to articles
    FILES = "files"  # the files of a folder, or one
    MAILS = "mails"  # the mails of an account


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceKind:
    """How a kind of source is fetched and read. Every kind may be read from files, too."""

    name: str
    module: str  # holds the kind's `parse_listing`
    suffixes: tuple[str, ...]  # the files that a folder of this kind means
    by_address: Transport | None = None  # how a web address of this kind is read; None: it can have none
    by_account: Transport | None = None  # how an account of this kind is read
    is_printed: bool = False  # its files are a newspaper's pages, whose articles continue from one to another

    @property
    def is_remote(self) -> bool:
        return self.by_address is not None

    @property
    def is_issue(self) -> bool:
        return self.by_address is Transport.ISSUE

    def choose_transport(self, source: Source) -> Transport:
        way = self.by_account if source.mailbox else self.by_address if source.is_remote else None
        return way or Transport.FILES

    def parse_listing(self, data: bytes, name: str, source: Source, charset: str = "") -> Listing:
        """Return what the kind's own reader finds in `data`."""
        parse = cast("_ParseListing", import_module(self.module).parse_listing)
        return parse(data, name, source, charset)


_KINDS = "bot.sources.kinds"
KINDS = {
    kind.name: kind
    for kind in (
        SourceKind(
            name="page",
            module=f"{_KINDS}.page",
            suffixes=(".txt", *suffixes.PAGES_WITH_PLACES),
            is_printed=True,
        ),
        SourceKind(
            name="feed",
            module=f"{_KINDS}.feed",
            suffixes=(".xml", ".rss", ".atom", ".json"),
            by_address=Transport.DOCUMENT,
        ),
        SourceKind(
            name="webpage", module=f"{_KINDS}.webpage", suffixes=suffixes.HTML, by_address=Transport.DOCUMENT
        ),
        SourceKind(
            name="site", module=f"{_KINDS}.site", suffixes=suffixes.HTML, by_address=Transport.DOCUMENT
        ),
        SourceKind(
            name="epaper", module=f"{_KINDS}.epaper", suffixes=suffixes.HTML, by_address=Transport.ISSUE
        ),
        SourceKind(
            name="telegram",
            module=f"{_KINDS}.telegram",
            suffixes=suffixes.HTML,
            by_address=Transport.DOCUMENT,
        ),
        SourceKind(
            name="mailbox", module=f"{_KINDS}.mailbox", suffixes=suffixes.MAIL, by_account=Transport.MAILS
        ),
        SourceKind(
            name="folder",
            module=f"{_KINDS}.folder",
            suffixes=(
                ".txt",
                ".md",
                *suffixes.HTML,
                *suffixes.MAIL,
                *suffixes.WORD_DOCUMENTS,
                *suffixes.BOOKS,
                *suffixes.PAGES_WITH_PLACES,
            ),
        ),
    )
}
