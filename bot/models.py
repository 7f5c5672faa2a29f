"""The values that travel through Zhaibao, all frozen.

    Source → Entry → Article → Story → Edition → Message → Delivery

Every datetime is aware and in UTC; a `day` is a date in the digest's zone. The functions for these values are
elsewhere: sources and newspaper make articles, editorial makes editions, the channels' forms make messages.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:  # its libraries take half a second to load
    from summarizer import Summary

_WHITE_SPACE = re.compile(r"\s+")
_CHINA_ZONE = ZoneInfo("Asia/Shanghai")
_ISO_DAY_LENGTH = len("2026-11-22")


@dataclass(frozen=True, slots=True)
class Secret:
    """A password or token. It prints as ***; `reveal()` returns it for the library that needs it."""

    value: str

    def __repr__(self) -> str:
        return "***" if self.value else "(none)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self.value)

    def reveal(self) -> str:
        return self.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailbox:
    """The folder of an IMAP account that a source of kind mailbox is read from."""

    host: str
    port: int
    tls: str  # "implicit", "starttls" or "none"
    user: str
    password: Secret
    password_env: str  # the environment variable that contains the password
    folder: str = "INBOX"
    list_id: str = ""  # text that the List-Id of the mails contains; "": all mails

    @property
    def address(self) -> str:
        """
        >>> login = {"user": "u", "password": Secret(""), "password_env": "P"}
        >>> Mailbox(host="a.example", port=993, tls="implicit", **login).address
        'imaps://a.example:993/INBOX'
        """
        return f"imap{'s' if self.tls == 'implicit' else ''}://{self.host}:{self.port}/{self.folder}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteRule:
    """How to read the pages of a site: one [[rule]] of the configuration.

    CSS selectors; "": found automatically.
    """

    host: str  # "news.linxi.example"; "*.linxi.example" also covers all subdomains
    title: str = ""
    body: str = ""
    author: str = ""
    date: str = ""
    next_page: str = ""  # the link to the article's next page
    remove: tuple[str, ...] = ()  # what does not belong to the article


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where articles come from: one [[source]] of the configuration.

    `address` is a path (absolute, or with "~" already expanded), an http(s) URL, or `mailbox.address`; `kind`
    a row of sources.KINDS. The address of an electronic newspaper may contain a day, {day:%Y-%m/%d}; `pages`,
    `articles` and `zone` are only for this kind.
    """

    kind: str
    name: str
    address: str
    language: str = ""  # BCP 47 primary tag; "" means: detected from the text
    section: str = ""  # heading above its stories
    title: str = ""  # what subscribers know it by; "" means the name
    # CSS selector of the links to articles on a section page; "" means: found automatically
    selector: str = ""
    pages: str = ""  # CSS selector of the links to an issue's pages; "" means: found automatically
    articles: str = ""  # CSS selector of the links to a page's articles; "" means: found automatically
    zone: ZoneInfo = _CHINA_ZONE  # in which the day of an issue begins
    full_text: bool | None = None  # read a feed's articles on their pages; None: if the feed has only teasers
    mailbox: Mailbox | None = None  # for kind mailbox, if it is read from an account
    rules: tuple[SiteRule, ...] = ()  # for its page, or the pages its links lead to

    @property
    def is_remote(self) -> bool:
        return self.address.startswith(("http://", "https://"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One row of a listing: a feed's item or a link on a section page; the article behind it may be
    elsewhere.
    """

    key: str  # the publisher's identifier (guid, link), or a hash of the content
    url: str = ""
    title: str = ""
    html: str = ""  # the content as sanitized HTML, whole or a teaser
    author: str = ""
    section: str = ""
    page: str = ""  # of a newspaper's issue: "1", "A3"
    published_at: datetime | None = None
    image: str = ""  # https address of its main picture


_LEAST_CERTAINTY = 0.7  # of an article's boundaries, below which it is marked


@dataclass(frozen=True, kw_only=True)
class Article:
    """A text with its headings. Offsets of sentences count characters of `text`.

    `text` contains the paragraphs as printed, joined by "\\n", with dateline and signature; `dateline` and
    `byline` repeat those two for display. `subheadings` are the indexes of paragraphs that are headings
    inside the article. `cut_head` and `cut_tail` say that the beginning or end of the article is missing.
    `continued_from` and `continues_on` name the page where that is, as printed ("第一版"), if it is named.
    """

    title: str
    text: str
    kicker: str = ""
    deck: str = ""
    byline: str = ""
    dateline: str = ""
    section: str = ""
    language: str = ""
    published_at: datetime | None = None
    url: str = ""
    source: str = ""  # Source.name
    publisher: str = ""  # Source.title: what subscribers know the source by
    page: str = ""  # "1", "A3"; a form writes it as 第1版 or p. 1
    # probability that its boundaries on the page are right; None: it had none to find
    certainty: float | None = None
    cut_head: bool = False
    cut_tail: bool = False
    continued_from: str = ""
    continues_on: str = ""
    subheadings: tuple[int, ...] = ()
    image: str = ""  # https address of its main picture

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n")) if self.text else ()

    @property
    def is_uncertain(self) -> bool:
        """Whether its boundaries on the page are doubtful enough for the operator to know."""
        return self.certainty is not None and self.certainty < _LEAST_CERTAINTY

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of title and text without white space, in hex.

        Copies of an article have the same fingerprint.
        """
        bare = _WHITE_SPACE.sub("", self.title) + "\n" + _WHITE_SPACE.sub("", self.text)
        return hashlib.sha256(bare.encode("utf-8", "surrogatepass")).hexdigest()


class BlockKind(StrEnum):
    """What a block of a newspaper page is."""

    TITLE = "title"
    KICKER = "kicker"
    DECK = "deck"
    PARAGRAPH = "paragraph"
    SUBHEADING = "subheading"
    CAPTION = "caption"
    NOTE = "note"
    SIGNATURE = "signature"
    JUMP = "jump"
    FURNITURE = "furniture"


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A piece of a page: its kind, the reasons for that, and the number of its article (None: no article)."""

    text: str
    kind: BlockKind
    article: int | None = None
    joined: bool = False  # True if this block continues the paragraph of the block before it
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A newspaper page, divided into articles and blocks."""

    articles: tuple[Article, ...]
    blocks: tuple[Block, ...] = ()  # in page order, everything but white space
    day: date | None = None  # as printed on the page
    number: str = ""  # "1", "A3"; "" if the page does not print it
    section: str = ""  # "要闻"; "" if the page does not print it


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """What another source adds to a story: sentences of its own article."""

    article: Article
    summary: "Summary"  # offsets into this article's text


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class PrintedStory:
    """Where an event was printed: the number of the story, from 1, in the edition of that name."""

    edition: str  # Edition.name
    number: int

    @property
    def day(self) -> date:
        return date.fromisoformat(self.edition[:_ISO_DAY_LENGTH])


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One event in a digest: the main article about it, the other articles about it, and its key sentences.

    `first_printing` is where the event was printed first. If it is set, this story is an update, and its
    summary contains only what is new.
    """

    article: Article
    summary: "Summary"  # offsets into article.text
    section: str = ""
    others: tuple[Article, ...] = ()  # including those of `additions`
    additions: tuple[Addition, ...] = ()
    first_printing: PrintedStory | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicTerm:
    """One term of a topic, as bot.editorial.topics reads it.

    `sign` is "+" (must), "!" (must not) or ""; `field` is "text", "source", "section" or "regex"; `sought` is
    folded like the text, unless it is a regex.
    """

    written: str
    sign: str
    field: str
    sought: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What people subscribe to: one [[digest]] of the configuration."""

    name: str
    title: str
    language: str
    sources: tuple[str, ...]  # Source.name; empty means all
    times: tuple[time, ...]  # wall times in `zone`, in their order
    zone: ZoneInfo
    weekdays: frozenset[int] = frozenset(range(7))  # Monday is 0
    max_stories: int = 12
    max_characters: int = 120  # of a story's summary in Chinese; 2.5 times this number in alphabetic scripts
    printed_days: int = 7  # days; a story printed in this period appears again only as an update
    # percent; articles of pages whose boundaries are less certain are left out; 0: none
    min_certainty: int = 0
    # points that a story needs; on a thin day the edition is short instead of full of small stories; 0: none
    min_points: float = 0.0
    max_age_days: int = 7  # articles dated earlier than this are not news; 0: no limit
    theme: str = "plain"
    lateness_minutes: int = 180
    skip_empty: bool = False  # an edition without stories is not published
    # wall times (from, until) between which nothing is published that is only updates
    quiet_hours: tuple[time, time] | None = None
    topics: tuple[TopicTerm, ...] = ()  # what the subscriber follows; empty means everything
    # the order of sections → how many stories of each; 0: no limit
    sections: Mapping[str, int] = field(default_factory=dict)
    only_sections: bool = False  # stories of other sections are left out


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """Who gets a digest: one [[destination]] of the configuration."""

    digest: str  # Digest.name
    channel: str  # a row of channels.CHANNELS
    address: str  # chat number or @name, mailbox, folder
    topic: int | None = None  # Telegram's message_thread_id
    name: str = ""  # of the subscriber, for the mail's To:
    # https address where this subscriber unsubscribes by RFC 8058's POST; "": as all do
    unsubscribe: str = ""

    @property
    def key(self) -> str:
        """What makes a delivery of an edition unique: channel, address and topic."""
        return f"{self.channel}:{self.address}" + (f"#{self.topic}" if self.topic is not None else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryReference:
    """A story that an edition names but does not print."""

    title: str
    url: str = ""  # of its article; "" if it has none


class LeftOutReason(StrEnum):
    """Why an edition leaves an article out, other than for lack of room."""

    OLD = "old"
    PRINTED = "printed"
    UNCERTAIN = "uncertain"
    SHORT = "short"
    UNTITLED = "untitled"
    OFF_TOPIC = "off topic"
    MINOR = "minor"


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One issue of a digest: of the articles that came after `from_at`, until `until_at`.

    It is frozen: once saved it never changes.

    `shares_day` says that the digest has another edition of that day, so that its name contains the hour.
    """

    digest: str
    slot_at: datetime  # the instant it is published for
    title: str
    language: str
    zone: ZoneInfo
    theme: str
    created_at: datetime
    stories: tuple[Story, ...]
    from_at: datetime | None = None  # None: from the first article
    until_at: datetime | None = None  # None: until `created_at`
    shares_day: bool = False
    empty_sources: tuple[str, ...] = ()  # titles of sources that could not be read; the edition names them
    more: tuple[StoryReference, ...] = ()  # stories without room, best first
    more_count: int = 0  # how many stories without room are not named either
    # of an edition that is not full: how many stories were left out for each reason
    left_out: Mapping[LeftOutReason, int] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day of the slot in the edition's zone."""
        return self.slot_at.astimezone(self.zone).date()

    @property
    def name(self) -> str:
        """What its address ends with: "2026-11-22", or "2026-11-22-1800" where it shares its day."""
        local = self.slot_at.astimezone(self.zone)
        return local.strftime("%Y-%m-%d-%H%M") if self.shares_day else local.date().isoformat()


@dataclass(frozen=True, kw_only=True, slots=True)
class MessagePart:
    """What is sent at once: a Telegram message, a mail, a file of the archive.

    `html` is in the channel's own dialect; `text` is what one sees without markup ("" for archive files).
    `stands_for` counts the plain parts that a rich one is sent instead of; 0: it is plain itself.
    """

    html: str
    text: str = ""
    name: str = ""  # file name, for the archive
    stands_for: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """An edition in the form a channel sends it; parts go out in order.

    `rich` is empty, or as long as `parts`. For each plain part it has the rich part that begins there and
    replaces it and perhaps its successors; None if no rich part begins there.
    """

    subject: str
    parts: tuple[MessagePart, ...]
    rich: tuple[MessagePart | None, ...] = ()


class DeliveryState(StrEnum):
    """pending → sending → sent | failed | uncertain; sending → pending means: try again later."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class MessageKind(StrEnum):
    """What a delivery brings: an edition, or a message that belongs to none."""

    EDITION = "edition"
    FIRST_EDITION = "first edition"
    CONFIRMATION = "confirmation"
    NOTICE = "notice"
    SETTINGS = "settings"


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """An edition on its way to one destination, unique by (edition, destination), or a direct message.

    A direct message has no edition, and its `slot` is the UTC day on which it was written.
    """

    id: int
    edition_id: int | None
    digest: str
    edition_name: str  # Edition.name
    channel: str
    address: str  # the present address: the destination may have moved
    topic: int | None
    state: DeliveryState
    parts_sent: int  # parts that the other side has accepted, from the first
    attempts: int
    due_at: datetime  # not before
    expires_at: datetime  # not after
    receipts: tuple[str, ...] = ()  # what the other side answered, one for each part
    error: str = ""
    updated_at: datetime | None = None
    destination: str = ""  # Destination.key
    name: str = ""  # as in Destination, and so is
    unsubscribe: str = ""
    kind: MessageKind = MessageKind.EDITION
    direct_message_id: int | None = None  # None: it brings an edition
    subscription_id: int | None = None  # None: it belongs to no subscription
    silent: bool = False
