"""Where messages go. A channel is a file here and a row in CHANNELS; its message form is a row in render.FORMS.

A channel sends one part at a time and says what the other side said, or raises a DeliveryError that tells what is
known: TryLater (not taken), Rejected (never will be), Unconfirmed (nobody knows).
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from bot.models import Delivery, Destination, Message
from bot.settings import Settings

PATIENCE_SECONDS = 3.0  # a delivery that must wait longer for its turn is handed back


class Channel(Protocol):
    async def ensure_ready(self) -> None:
        """Connect, so that sending is all that is left to do. Raises DeliveryError."""

    def measure_rest(self, delivery: Delivery) -> float:
        """Return the seconds this one destination must still be left alone; others need not wait for it."""

    def reserve_turn(self, delivery: Delivery) -> float:
        """Return the seconds until the next part may go out; at most PATIENCE_SECONDS means the turn is taken."""

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        """Send message.parts[part]; return what the other side said. Raises DeliveryError."""

    async def check_destination(self, destination: Destination) -> str:
        """Look whether `destination` can be reached, sending nothing; return what was found. Raises DeliveryError."""

    async def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelRow:
    """`repeatable`: sending a part again does no harm (a file is replaced, a Message-ID is the same).

    `lanes`: how many parts are on their way at once, where the configuration does not say; a crash leaves as many in
    doubt where they are not repeatable.
    """

    module: str
    repeatable: bool
    lanes: int

    def open_channel(self, settings: Settings) -> Channel:
        """Make the channel; its library is loaded now and not before. Raises ConfigError."""
        make = cast("Callable[[Settings], Channel]", import_module(self.module).open_channel)
        return make(settings)


CHANNELS = {
    "telegram": ChannelRow(module="bot.channels.telegram.channel", repeatable=False, lanes=1),
    # More lanes than connections: while some mails are on the wire, one commit serves all the others.
    "mail": ChannelRow(module="bot.channels.mail.channel", repeatable=True, lanes=32),
    "archive": ChannelRow(module="bot.channels.archive.channel", repeatable=True, lanes=1),
}
