"""The result of reading a source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.errors import LimitExceeded
from bot.models import Article, Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceReading:
    """The present content of a source, and what makes the next request conditional.

    `keys` are the files or entries that were read and are not read again. `over_limit` are those that cost
    too much to read; they are tried again, less and less often. `troubles` are parts that could not be read;
    `description` is the source's own description of its content. `is_finished` is False if the deadline ended
    the reading.
    """

    articles: tuple[Article, ...] = ()
    entries: tuple[Entry, ...] = ()  # their articles are on other pages
    keys: tuple[str, ...] = ()
    over_limit: Mapping[str, LimitExceeded] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""
    troubles: tuple[str, ...] = ()
    description: str = ""
    is_issue: bool = False  # an article may continue from page to page
    is_finished: bool = True
    moved_to: str = ""  # the address to which permanent redirects led
    dates: tuple[datetime, ...] = ()  # of its items, where they have any
