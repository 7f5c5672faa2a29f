"""Telegram's pace for one bot: when the next message may leave, over all chats and to each. Pure: `now` is given.

A limit of n messages in s seconds is n gates. A gate lets one message through and opens again s seconds after that
one arrived; so no n + 1 messages arrive within s seconds, in whatever order they are answered.

When a message arrived nobody tells: after it left and before its answer was here. The shortest of many round trips is
the bare way there and back; what a round trip takes beyond it may all have been spent on the way there. So the message
arrived at most that much later than a bare one would have, and that is what its gates count from. Before so many round
trips were seen they count from the answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
_CLOCK_MARGIN = 1.005  # our clock is not the server's
BOT_LIMIT = (30, 1.0 * _CLOCK_MARGIN)
CHAT_LIMIT = (1, 1.0 * _CLOCK_MARGIN)
GROUP_LIMIT = (20, 60.0 * _CLOCK_MARGIN)
UNANSWERED_SECONDS = 30.0  # a message of which nothing is heard is over by then: its request ended long before
_MIN_ROUND_TRIPS = 30  # round trips before the shortest counts: the first ones also open connections
MAX_CHATS = 10_000  # chats at hand; then those that rest are forgotten


@dataclass(slots=True)
class Gate:
    opens_at: float = -inf


class GateSet:
    """`count` messages in any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self.seconds = seconds
        self.gates = [Gate() for _ in range(count)]

    def find_first(self) -> Gate:
        """The gate that opens first."""
        return min(self.gates, key=lambda gate: gate.opens_at)

    def is_open(self, now: float) -> bool:
        return all(gate.opens_at <= now for gate in self.gates)


@dataclass(slots=True)
class ChatLimits:
    """One chat: its limits, and what its message on the way, if there is one, came through and when it left."""

    limits: tuple[GateSet, ...]
    passed: list[tuple[Gate, float]] = field(default_factory=list)  # and seconds until it opens again
    left_at: float = 0.0


class TelegramRateLimiter:
    """One bot's messages. A chat's next message is asked for when its last one was answered, not before."""

    def __init__(self) -> None:
        self.bot = GateSet(*BOT_LIMIT)
        self.chats: dict[str, ChatLimits] = {}
        self.silent_until = -inf
        self.shortest = inf  # seconds of the quickest round trip
        self.trips = 0

    def _get_chat(self, address: str) -> ChatLimits:
        if address not in self.chats:
            self.chats[address] = ChatLimits(limits=_build_limits(address))
        return self.chats[address]

    def measure_rest(self, address: str, now: float) -> float:
        """Return the seconds until this chat may get its next message, whatever the others do."""
        return max(0.0, *(gates.find_first().opens_at - now for gates in self._get_chat(address).limits))

    def reserve_turn(self, address: str, now: float, patience: float) -> float:
        """Return the seconds until a message to the chat may leave; at most `patience` means its turn is taken."""
        self._forget_idle_chats(now)
        chat = self._get_chat(address)
        limits = (self.bot, *chat.limits)
        at = max(now, self.silent_until, *(gates.find_first().opens_at for gates in limits))
        if at - now <= patience:
            chat.passed, chat.left_at = [], at
            for gates in limits:
                gate = gates.find_first()
                gate.opens_at = at + gates.seconds
                chat.passed.append((gate, gates.seconds))
        return at - now

    def record_departure(self, address: str, now: float) -> None:
        """The message whose turn it was leaves now. Until its answer is here its gates stay shut."""
        chat = self._get_chat(address)
        chat.left_at = now
        for gate, seconds in chat.passed:
            gate.opens_at = now + UNANSWERED_SECONDS + seconds

    def record_answer(self, address: str, now: float, *, is_told: bool) -> None:
        """The message is no longer on its way; `is_told`: by an answer of the server, whose round trip counts."""
        chat = self._get_chat(address)
        round_trip = now - chat.left_at
        if is_told:
            self.shortest, self.trips = min(self.shortest, round_trip), self.trips + 1
        arrived_at = now - self.shortest if is_told and self.trips > _MIN_ROUND_TRIPS else now
        for gate, seconds in chat.passed:
            gate.opens_at = arrived_at + seconds
        chat.passed = []

    def suspend_until(self, until: float) -> None:
        """Let nothing leave before `until`: a 429 is obeyed for the whole bot."""
        self.silent_until = max(self.silent_until, until)

    def _forget_idle_chats(self, now: float) -> None:
        if len(self.chats) > MAX_CHATS:
            self.chats = dict(self._list_waiting_chats(now))

    def _list_waiting_chats(self, now: float) -> Iterator[tuple[str, ChatLimits]]:
        for address, chat in self.chats.items():
            if not all(gates.is_open(now) for gates in chat.limits):
                yield address, chat


def _build_limits(address: str) -> tuple[GateSet, ...]:
    """The limits of a chat: a group or channel has a number below zero, or a name."""
    is_group = address.startswith(("-", "@"))
    return (GateSet(*CHAT_LIMIT), GateSet(*GROUP_LIMIT)) if is_group else (GateSet(*CHAT_LIMIT),)
