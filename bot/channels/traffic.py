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
MARGIN = 1.005  # our clock is not the server's
BOT = (30, 1.0 * MARGIN)
CHAT = (1, 1.0 * MARGIN)
GROUP = (20, 60.0 * MARGIN)
UNANSWERED_SECONDS = 30.0  # a message of which nothing is heard is over by then: its request ended long before
TRIPS = 30  # round trips before the shortest counts: the first ones also open connections
MANY = 10_000  # chats at hand; then those that rest are forgotten


@dataclass(slots=True)
class Gate:
    opens_at: float = -inf


class Gates:
    """`count` messages in any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self.seconds = seconds
        self.gates = [Gate() for _ in range(count)]

    def first(self) -> Gate:
        """The gate that opens first."""
        return min(self.gates, key=lambda gate: gate.opens_at)

    def are_open(self, now: float) -> bool:
        return all(gate.opens_at <= now for gate in self.gates)


@dataclass(slots=True)
class Chat:
    """One chat: its limits, and what its message on the way, if there is one, came through and when it left."""

    limits: tuple[Gates, ...]
    passed: list[tuple[Gate, float]] = field(default_factory=list)  # and seconds until it opens again
    left_at: float = 0.0


class Traffic:
    """One bot's messages. A chat's next message is asked for when its last one was answered, not before."""

    def __init__(self) -> None:
        self.bot = Gates(*BOT)
        self.chats: dict[str, Chat] = {}
        self.silent_until = -inf
        self.shortest = inf  # seconds of the quickest round trip
        self.trips = 0

    def chat(self, address: str) -> Chat:
        if address not in self.chats:
            self.chats[address] = Chat(limits=limits_of(address))
        return self.chats[address]

    def rest(self, address: str, now: float) -> float:
        """Return the seconds until this chat may get its next message, whatever the others do."""
        return max(0.0, *(gates.first().opens_at - now for gates in self.chat(address).limits))

    def turn(self, address: str, now: float, patience: float) -> float:
        """Return the seconds until a message to the chat may leave; at most `patience` means its turn is taken."""
        self.forget_resting(now)
        chat = self.chat(address)
        limits = (self.bot, *chat.limits)
        at = max(now, self.silent_until, *(gates.first().opens_at for gates in limits))
        if at - now <= patience:
            chat.passed, chat.left_at = [], at
            for gates in limits:
                gate = gates.first()
                gate.opens_at = at + gates.seconds
                chat.passed.append((gate, gates.seconds))
        return at - now

    def leaves(self, address: str, now: float) -> None:
        """The message whose turn it was leaves now. Until its answer is here its gates stay shut."""
        chat = self.chat(address)
        chat.left_at = now
        for gate, seconds in chat.passed:
            gate.opens_at = now + UNANSWERED_SECONDS + seconds

    def answered(self, address: str, now: float, *, is_told: bool) -> None:
        """The message is no longer on its way; `is_told`: by an answer of the server, whose round trip counts."""
        chat = self.chat(address)
        round_trip = now - chat.left_at
        if is_told:
            self.shortest, self.trips = min(self.shortest, round_trip), self.trips + 1
        arrived_at = now - self.shortest if is_told and self.trips > TRIPS else now
        for gate, seconds in chat.passed:
            gate.opens_at = arrived_at + seconds
        chat.passed = []

    def silence(self, until: float) -> None:
        """Let nothing leave before `until`: a 429 is obeyed for the whole bot."""
        self.silent_until = max(self.silent_until, until)

    def forget_resting(self, now: float) -> None:
        if len(self.chats) > MANY:
            self.chats = dict(self.waiting(now))

    def waiting(self, now: float) -> Iterator[tuple[str, Chat]]:
        for address, chat in self.chats.items():
            if not all(gates.are_open(now) for gates in chat.limits):
                yield address, chat


def limits_of(address: str) -> tuple[Gates, ...]:
    """The limits of a chat: a group or channel has a number below zero, or a name."""
    is_group = address.startswith(("-", "@"))
    return (Gates(*CHAT), Gates(*GROUP)) if is_group else (Gates(*CHAT),)
