"""At most so many in so many seconds: a sliding window that never bursts over its limit."""

from collections import deque


class RateLimiter:
    """`count` events in any `seconds`. Times are seconds on any one clock."""

    def __init__(self, count: int, seconds: float) -> None:
        self.seconds = seconds
        self.taken: deque[float] = deque(maxlen=count)

    def find_free_time(self, now: float) -> float:
        """The earliest time, not before `now`, at which one more fits.

        >>> pace = Pace(2, 10.0)
        >>> pace.take(0.0); pace.take(1.0)
        >>> pace.free_at(2.0)
        10.0
        """
        full = len(self.taken) == self.taken.maxlen
        return max(now, self.taken[0] + self.seconds) if full else now

    def record_event(self, at: float) -> None:
        self.taken.append(at)

    def postpone_latest(self, at: float) -> None:
        """The latest one happened at `at`, later than was thought."""
        self.taken.append(max(at, self.taken.pop()) if self.taken else at)

    def is_idle(self, now: float) -> bool:
        """Nothing in it counts any more."""
        return not self.taken or self.taken[-1] + self.seconds <= now
