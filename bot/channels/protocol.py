"""What a channel is: a row that refers to all that differs between channels, and a client that sends.

A client sends one part at a time and returns what the other side answered, or raises a DeliveryError that
says what is known: TryLater (not taken), Rejected (never will be), DeliveryUnconfirmed (nobody knows).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar, cast

from bot.config.config_table import ConfigTable
from bot.models import Delivery, Destination, Edition, Message
from bot.phrases import Phrase
from bot.settings import ChannelSettings, Settings

PATIENCE_SECONDS = 3.0  # a delivery that must wait longer for its turn is handed back

S = TypeVar("S", bound=ChannelSettings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """What a channel can prove of a part in doubt: `is_known` is False where it can prove nothing.

    `receipt` is what the other side calls the part that arrived, "" where it did not arrive.
    """

    is_known: bool = False
    receipt: str = ""


class Channel(Protocol):
    """The client of a channel."""

    async def ensure_ready(self) -> None:
        """Connect, so that sending is all that is left to do. Raises DeliveryError."""

    def measure_rest(self, delivery: Delivery) -> float:
        """Return the seconds for which this destination must still be left alone; others need not wait for
        it.
        """

    def reserve_turn(self, delivery: Delivery) -> float:
        """Return the seconds until the next part may go out; at most PATIENCE_SECONDS means the turn is
        taken.
        """

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        """Send message.parts[part]; return what the other side answered. Raises DeliveryError."""

    def release_delivery(self, delivery: Delivery, *, is_recorded: bool) -> None:
        """Let what sent the last part send the next, if its answer `is_recorded`; otherwise it cannot be."""

    async def find_arrival(self, delivery: Delivery, message: Message, since: datetime) -> Arrival:
        """Return whether the part in doubt, posted since then, arrived after all. Raises DeliveryError."""

    async def check_destination(self, destination: Destination) -> Phrase:
        """Return what is known of whether `destination` can be reached; send nothing.

        Raises DeliveryError.
        """

    async def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class FormContext:
    """What a form may need beside the edition and the channel's settings."""

    archive_url: str = ""  # of the edition's page, "" if there is none
    history: tuple[Edition, ...] = ()  # earlier editions, where the row says `needs_history`
    themes: Path | None = None  # the operator's own folder of themes


class PreviewFile(NamedTuple):
    """A file that shows a message: its name, its content, and what it is in a few words."""

    name: str
    content: str
    what: Phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelRow(Generic[S]):
    """All that differs between channels.

    `client` names the module whose `open_channel(settings)` makes the client; it is imported when a channel
    is opened and not before, because its library may take long to load. `repeatable`: sending a part again
    does no harm (a file is replaced, a Message-ID is the same). `in_flight`: how many parts are on their way
    at once, where the configuration does not say; after a crash as many are in doubt where they are not
    repeatable.
    """

    client: str
    settings: type[S]
    read_settings: Callable[[ConfigTable], S]
    read_address: Callable[[ConfigTable, S], str]
    parse_address: Callable[[str], str]  # as it is stored; raises InputError with what an address looks like
    render: Callable[[Edition, S, FormContext], Message]
    preview: Callable[[Message, Edition, S], Iterator[PreviewFile]]
    repeatable: bool
    in_flight: int
    address_key: str = ""  # the key of a [[destination]] that names the address; "": no key does
    takes_topic: bool = False  # a [[destination]] may name a topic
    takes_address_file: bool = False  # … or a file of addresses
    # the form shows earlier editions, those of all digests that go to this channel
    needs_history: bool = False
    # where an edition's page will be, for other forms
    build_page_address: Callable[[Edition, S], str] | None = None
    render_notice: Callable[[str, str], Message] | None = None  # a title and a plain text; None: takes none
    # what the other side would refuse in a message, or would not show; a theme may cause it
    find_fault: Callable[[Message], Phrase | None] | None = None
    stale_previews: tuple[str, ...] = ()  # patterns of files that an earlier preview may have left behind

    def get_settings(self, settings: Settings) -> S:
        """Return this channel's settings; the defaults where the configuration holds none."""
        return settings.get_channel_settings(self.settings)

    def open_channel(self, settings: Settings) -> Channel:
        """Make the client. Raises ConfigError."""
        make = cast("Callable[[Settings], Channel]", import_module(self.client).open_channel)
        return make(settings)
