"""Telegram's limits for one bot: when the next message may leave, over all chats and to each. Pure: `now` is
given.

Nobody says when a message arrived: after it left and before its answer was here. The shortest of many round
trips is the bare way there and back. What a round trip takes beyond it may all have been spent on the way
there. So a message arrived at most that much later than a bare one would have, and it counts from then.
Before so many round trips were seen it counts from its answer.
"""

from dataclasses import dataclass, field
from math import inf

from bot.rate_limiter import BoundedTable, RateLimiter, RateSlot

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
_CLOCK_MARGIN = 1.005  # our clock is not the server's
BOT_LIMIT = (30, 1.0 * _CLOCK_MARGIN)
CHAT_LIMIT = (1, 1.0 * _CLOCK_MARGIN)
GROUP_LIMIT = (20, 60.0 * _CLOCK_MARGIN)
# a message of which nothing is heard is over by then: its request ended long before
UNANSWERED_SECONDS = 30.0
_MIN_ROUND_TRIPS = 30  # round trips before the shortest counts: the first ones also open connections
MAX_CHATS = 10_000  # chats at hand; then those that are idle are forgotten


@dataclass(slots=True)
class _ChatLimits:
    """One chat: its limits, and the slots and the start time of its message in flight, if there is one."""

    limiters: tuple[RateLimiter, ...]
    slots: list[tuple[RateLimiter, RateSlot]] = field(default_factory=list)
    left_at: float = 0.0


class TelegramRateLimiter:
    """One bot's messages. A chat's next message is asked for when its last one was answered, not before."""

    def __init__(self) -> None:
        self._bot = RateLimiter(*BOT_LIMIT)
        self.chats = BoundedTable(_build_limits, self._is_idle, MAX_CHATS)
        self.silent_until = -inf
        self._shortest = inf  # seconds of the quickest round trip
        self._trips = 0
        self._now = -inf

    def measure_rest(self, address: str, now: float) -> float:
        """Return the seconds until this chat may get its next message, independent of other chats."""
        return max(limiter.find_free_time(now) - now for limiter in self._get_chat(address, now).limiters)

    def reserve_turn(self, address: str, now: float, patience: float) -> float:
        """Return the seconds until a message to the chat may leave; at most `patience` means its turn is
        taken.
        """
        chat = self._get_chat(address, now)
        limiters = (self._bot, *chat.limiters)
        at = max(self.silent_until, *(limiter.find_free_time(now) for limiter in limiters))
        if at - now <= patience:
            chat.slots = [(limiter, limiter.reserve_slot(at)) for limiter in limiters]
            chat.left_at = at
        return at - now

    def record_departure(self, address: str, now: float) -> None:
        """Record that the message whose turn it was leaves now.

        Until it is answered it counts as not arrived.
        """
        chat = self._get_chat(address, now)
        chat.left_at = now
        for limiter, slot in chat.slots:
            limiter.move_event(slot, now + UNANSWERED_SECONDS)

    def record_answer(self, address: str, now: float, *, is_answered: bool) -> None:
        """Record that the message is no longer on its way; where it `is_answered` its round trip counts."""
        chat = self._get_chat(address, now)
        round_trip = now - chat.left_at
        if is_answered:
            self._shortest, self._trips = min(self._shortest, round_trip), self._trips + 1
        arrived_at = now - self._shortest if is_answered and self._trips > _MIN_ROUND_TRIPS else now
        for limiter, slot in chat.slots:
            limiter.move_event(slot, arrived_at)
        chat.slots = []

    def suspend_until(self, until: float) -> None:
        """Let nothing leave before `until`: a 429 is obeyed for the whole bot."""
        self.silent_until = max(self.silent_until, until)

    def _get_chat(self, address: str, now: float) -> _ChatLimits:
        self._now = now
        return self.chats.get_entry(address)

    def _is_idle(self, chat: _ChatLimits) -> bool:
        return all(limiter.is_idle(self._now) for limiter in chat.limiters)


def _build_limits(address: str) -> _ChatLimits:
    """Return the limits of a chat: a group or channel has a number below zero, or a name."""
    is_group = address.startswith(("-", "@"))
    limits = (CHAT_LIMIT, GROUP_LIMIT) if is_group else (CHAT_LIMIT,)
    return _ChatLimits(limiters=tuple(RateLimiter(*limit) for limit in limits))
