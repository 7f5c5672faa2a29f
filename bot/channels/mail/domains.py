"""What mail to the readers of one domain may take, so that a provider that is slow or says "later" holds up no other.

A domain that answers slowly has few mails under way; one that put off several in a row, or has had its mails of this
minute, is left alone. Its mails get times to come back at, one after another, so that none is looked at again in vain.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from bot.channels import PATIENCE_SECONDS
from bot.rate_limiter import RateLimiter

MAX_MAILS_TO_SLOW = 2  # mails under way to a domain that is slow
MAX_DEFERRALS = 3  # mails in a row: then it is not about one reader
FIRST_REST_SECONDS, LAST_REST_SECONDS = 60.0, 1800.0
_MAX_DOUBLINGS = 10  # more than enough to reach any last rest
MAX_DOMAINS = 10_000  # domains that are kept in mind
MINUTE_SECONDS = 60.0
_ANY_DOMAIN = "*"


class FailurePause:
    """Longer and longer pauses while something keeps failing; the first `free` failures cost none."""

    def __init__(self, first: float, last: float, free: int = 0) -> None:
        self.first, self.last, self.free = first, last, free
        self.failures = 0
        self.until = 0.0

    def record_failure(self, now: float, at_least: float = 0.0) -> None:
        if now < self.until:
            return  # what was under way when the pause began teaches nothing new
        self.failures += 1
        if (counted := self.failures - self.free) > 0:
            self.until = now + max(at_least, min(self.first * 2 ** min(counted - 1, _MAX_DOUBLINGS), self.last))

    def record_success(self) -> None:
        self.failures, self.until = 0, 0.0


class RecipientDomain:
    """One domain's readers. `per_minute`: mails, 0 for no limit; `slow`: seconds a mail may take."""

    def __init__(self, name: str, per_minute: int, slow: float, clock: Callable[[], float]) -> None:
        self.name, self.slow, self.clock = name, slow, clock
        self.under_way: dict[int, float] = {}  # since when, by a number of no meaning
        self.number = 0
        self.seconds = 0.0  # that the last mail took
        self.pace = RateLimiter(per_minute, MINUTE_SECONDS) if per_minute else None
        self.gap = MINUTE_SECONDS / per_minute if per_minute else 0.0
        self.rest = FailurePause(FIRST_REST_SECONDS, LAST_REST_SECONDS, free=MAX_DEFERRALS - 1)
        self.promised = 0.0  # the last time that was given to a mail to come back at

    def reserve_turn(self) -> float:
        """Return the seconds until the next mail may go; where they are few the turn is taken."""
        now = self.clock()
        if now < self.rest.until:
            return self.schedule_return(self.rest.until)
        if self.is_slow and len(self.under_way) >= MAX_MAILS_TO_SLOW:
            return self.schedule_return(now, self.longest_seconds / MAX_MAILS_TO_SLOW)
        if self.pace is None:
            return 0.0
        at = self.pace.find_free_time(now)
        if at - now > PATIENCE_SECONDS:
            return self.schedule_return(at, self.gap)
        self.pace.record_event(at)
        return at - now

    def schedule_return(self, at: float, gap: float = 0.0) -> float:
        """The seconds until a time, not before `at`, that no other mail was given within `gap`."""
        self.promised = max(at, self.promised + gap)
        return max(self.promised - self.clock(), PATIENCE_SECONDS + 1)

    @property
    def longest_seconds(self) -> float:
        """The seconds its slowest mail under way took until now, or its last one."""
        return max(self.seconds, self.clock() - min(self.under_way.values(), default=self.clock()))

    @property
    def is_slow(self) -> bool:
        return self.longest_seconds > self.slow

    @contextmanager
    def track_mail(self) -> Iterator[None]:
        """While a mail to one of its readers is under way."""
        self.number += 1
        number, since = self.number, self.clock()
        self.under_way[number] = since
        try:
            yield
        finally:
            del self.under_way[number]
            self.seconds = self.clock() - since

    @property
    def is_idle(self) -> bool:
        is_paced = self.pace is not None and not self.pace.is_idle(self.clock())
        return not (self.under_way or is_paced or self.rest.failures)


class DomainTable:
    """`limits`: mails a minute by domain, "*" for those without a limit of their own."""

    def __init__(self, limits: Mapping[str, int], slow: float, clock: Callable[[], float]) -> None:
        self.limits, self.slow, self.clock = limits, slow, clock
        self.by_name: dict[str, RecipientDomain] = {}

    def get_domain(self, address: str) -> RecipientDomain:
        name = address.rpartition("@")[2].rstrip(">").lower()
        if name not in self.by_name:
            if len(self.by_name) >= MAX_DOMAINS:
                self.by_name = {key: domain for key, domain in self.by_name.items() if not domain.is_idle}
            limit = self.limits.get(name, self.limits.get(_ANY_DOMAIN, 0))
            self.by_name[name] = RecipientDomain(name, limit, self.slow, self.clock)
        return self.by_name[name]
