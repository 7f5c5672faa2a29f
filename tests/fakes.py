"""In-memory stand-ins for what the pipeline acts through: an obedient channel, a clock that stands still."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from bot.channels.protocol import Arrival
from bot.errors import DeliveryError
from bot.models import Delivery, Destination, Message
from bot.workers.limits import WorkItem

P = ParamSpec("P")
T = TypeVar("T")
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def slot_on(day: date) -> datetime:
    """The slot of eight in the morning in Shanghai, where that day has just begun in Greenwich."""
    return datetime.combine(day, time(8), ZoneInfo("Asia/Shanghai")).astimezone(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A part the fake channel took."""

    address: str
    topic: int | None
    part: int  # counted from 0
    html: str


class FakeChannel:
    """Takes every part, but meets the next ones with `outcomes` first: an error to raise, or None to take it.

    `sent` holds what was taken; an `Unconfirmed` outcome is recorded nowhere, as in life.
    """

    def __init__(self, *outcomes: DeliveryError | None, wait_seconds: float = 0.0) -> None:
        self.outcomes = deque(outcomes)
        self.wait_seconds = wait_seconds
        self.sent: list[Sent] = []
        self.tried = 0
        self.closed = False
        self.arrival = Arrival()
        self.released: list[int] = []

    async def ensure_ready(self) -> None:
        pass

    def measure_rest(self, delivery: Delivery) -> float:  # noqa: ARG002 - no destination needs any
        return 0.0

    def reserve_turn(self, delivery: Delivery) -> float:  # noqa: ARG002 - every delivery waits equally
        return self.wait_seconds

    async def send_part(self, delivery: Delivery, message: Message, part: int) -> str:
        self.tried += 1
        outcome = self.outcomes.popleft() if self.outcomes else None
        if outcome is not None:
            raise outcome
        sent = Sent(address=delivery.address, topic=delivery.topic, part=part, html=message.parts[part].html)
        self.sent.append(sent)
        return f"receipt {len(self.sent)}"

    async def find_arrival(self, delivery: Delivery, message: Message, since: datetime) -> Arrival:  # noqa: ARG002
        return self.arrival

    def release_delivery(self, delivery: Delivery, *, is_recorded: bool) -> None:  # noqa: ARG002
        self.released.append(delivery.id)

    async def check_destination(self, destination: Destination) -> str:
        return f"{destination.address} can be reached"

    async def close(self) -> None:
        self.closed = True


class Clock:
    """Stands at `now` until told otherwise; call it to read it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> datetime:
        """Move on by hours=, minutes=, seconds= …; return the new time."""
        self.now += timedelta(**span)
        return self.now


async def run_here(item: WorkItem, function: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:  # noqa: ARG001
    """Stand for worker processes: call the function in this one."""
    return function(*args, **options)
