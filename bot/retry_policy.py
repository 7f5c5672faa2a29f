"""How long to wait before something that failed is tried again. Pure: time and chance are arguments.

Sources, deliveries, mail servers and domains, the database and the Telegram conversation all use this policy.
The module that uses a policy explains its figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_MAX_DOUBLINGS = 40  # 2 ** 40 seconds are 35,000 years, longer than any wait


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryPolicy:
    """Wait `first_seconds` after the first failure in a row, then twice as long each time, up to
    `longest_seconds`.

    The first `free_failures` cause no wait. `jitter` is the largest share of a wait that is removed at
    random, so that things that failed at the same time are not tried again at the same time.
    """

    first_seconds: float
    longest_seconds: float
    free_failures: int = 0
    jitter: float = 0.0

    def compute_wait(self, failures: int, *, chance: float = 0.0) -> float:
        """Return the seconds to wait after `failures` failures in a row. `chance` is random, from 0 to 1.

        >>> policy = RetryPolicy(first_seconds=30.0, longest_seconds=100.0, jitter=0.2)
        >>> [policy.compute_wait(failures) for failures in range(5)]
        [0.0, 30.0, 60.0, 100.0, 100.0]
        >>> policy.compute_wait(1, chance=0.5)
        27.0
        """
        counted = failures - self.free_failures
        if counted <= 0:
            return 0.0
        wait = min(self.first_seconds * 2.0 ** min(counted - 1, _MAX_DOUBLINGS), self.longest_seconds)
        return wait * (1 - self.jitter * chance)

    def list_waits(self, tries: int) -> Iterator[float]:
        """Yield the waits between `tries` tries and the wait after the last one.

        >>> list(RetryPolicy(first_seconds=1.0, longest_seconds=60.0).list_waits(3))
        [1.0, 2.0, 4.0]
        """
        yield from (self.compute_wait(failures) for failures in range(1, tries + 1))


class RetryState:
    """Something that fails repeatedly, and the time until which it is not tried.

    Times are seconds of one clock.
    """

    def __init__(self, policy: RetryPolicy) -> None:
        self.policy = policy
        self.failures = 0  # in a row
        self.paused_until = 0.0

    def record_failure(self, now: float, at_least: float = 0.0, *, is_certain: bool = False) -> None:
        """Count a failure; `at_least` is the wait that the other side requested.

        `is_certain`: none of the policy's free failures is needed to know that it will fail again.

        A failure of an attempt that began before the pause is not counted.
        """
        if now < self.paused_until:
            return
        free = self.policy.free_failures if is_certain else 0
        self.failures = max(self.failures, free) + 1
        if wait := self.policy.compute_wait(self.failures):
            self.paused_until = now + max(at_least, wait)

    def record_success(self) -> None:
        self.failures, self.paused_until = 0, 0.0
