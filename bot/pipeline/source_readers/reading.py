"""What a source holds now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.errors import LimitExceeded
from bot.models import Article, Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceReading:
    """What a source holds now, and what makes the next request conditional.

    `keys` are the files that were read, or the entries whose pages were: not to be read again. `over_limit` are those
    that cost too much to read: to be tried again, less and less often. `troubles` are parts that could not be read;
    `description` is what the source says of itself. `is_finished` is False where the deadline came first.
    """

    articles: tuple[Article, ...] = ()
    entries: tuple[Entry, ...] = ()  # whose articles stand on pages of their own
    keys: tuple[str, ...] = ()
    over_limit: Mapping[str, LimitExceeded] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""
    troubles: tuple[str, ...] = ()
    description: str = ""
    is_issue: bool = False  # whose articles may go on from page to page
    is_finished: bool = True
    moved_to: str = ""  # the address to which permanent redirects led
    dates: tuple[datetime, ...] = ()  # of its items, where they have any
