"""What mail to the subscribers of one domain may take: a provider that is slow or defers holds up no other.

A domain that answers slowly has few mails under way. One that deferred several in a row, or has had its mails
of this minute, is left alone. Its mails get times to come back at, one after another, so that none is tried
again in vain.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from bot.channels.protocol import PATIENCE_SECONDS
from bot.rate_limiter import BoundedTable, RateLimiter
from bot.retry_policy import RetryPolicy, RetryState

MAX_MAILS_TO_SLOW = 2  # mails under way to a domain that is slow
MAX_DEFERRALS = 3  # mails in a row: then it is not about one subscriber
DOMAIN_RETRIES = RetryPolicy(first_seconds=60.0, longest_seconds=1800.0, free_failures=MAX_DEFERRALS - 1)
MAX_DOMAINS = 10_000  # domains that are remembered
_MINUTE_SECONDS = 60.0
_ANY_DOMAIN = "*"


class RecipientDomain:
    """One domain's mailboxes. `per_minute`: mails, 0 for no limit; `slow_seconds`: what a mail may take."""

    def __init__(self, name: str, per_minute: int, slow_seconds: float, clock: Callable[[], float]) -> None:
        self.name, self.slow_seconds, self.clock = name, slow_seconds, clock
        self.retries = RetryState(DOMAIN_RETRIES)
        self.under_way: dict[int, float] = {}  # since when, by a number without a meaning
        self._number = 0
        self._last_seconds = 0.0  # that the last mail took
        self._limiter = RateLimiter(per_minute, _MINUTE_SECONDS) if per_minute else None
        self._gap = _MINUTE_SECONDS / per_minute if per_minute else 0.0
        self._last_return = 0.0  # the last time that was given to a mail to come back at

    def reserve_turn(self) -> float:
        """Return the seconds until the next mail may go; if they are few the turn is taken."""
        now = self.clock()
        if now < self.retries.paused_until:
            return self.schedule_return(self.retries.paused_until)
        if self.is_slow and len(self.under_way) >= MAX_MAILS_TO_SLOW:
            return self.schedule_return(now, self.longest_seconds / MAX_MAILS_TO_SLOW)
        if self._limiter is None:
            return 0.0
        at = self._limiter.find_free_time(now)
        if at - now > PATIENCE_SECONDS:
            return self.schedule_return(at, self._gap)
        self._limiter.reserve_slot(at)
        return at - now

    def schedule_return(self, at: float, gap: float = 0.0) -> float:
        """Return the seconds until a time, not before `at`, that no other mail was given within `gap`."""
        self._last_return = max(at, self._last_return + gap)
        return max(self._last_return - self.clock(), PATIENCE_SECONDS + 1)

    @property
    def longest_seconds(self) -> float:
        """The seconds its slowest mail under way took until now, or its last one."""
        return max(self._last_seconds, self.clock() - min(self.under_way.values(), default=self.clock()))

    @property
    def is_slow(self) -> bool:
        return self.longest_seconds > self.slow_seconds

    @contextmanager
    def track_mail(self) -> Iterator[None]:
        """Measure a mail to one of its mailboxes while it is under way."""
        self._number += 1
        number, since = self._number, self.clock()
        self.under_way[number] = since
        try:
            yield
        finally:
            del self.under_way[number]
            self._last_seconds = self.clock() - since

    @property
    def is_idle(self) -> bool:
        is_limited = self._limiter is not None and not self._limiter.is_idle(self.clock())
        return not (self.under_way or is_limited or self.retries.failures)


class DomainTable:
    """`limits`: mails a minute by domain, "*" for those without a limit of their own."""

    def __init__(self, limits: Mapping[str, int], slow_seconds: float, clock: Callable[[], float]) -> None:
        def make(name: str) -> RecipientDomain:
            return RecipientDomain(name, limits.get(name, limits.get(_ANY_DOMAIN, 0)), slow_seconds, clock)

        self._domains = BoundedTable(make, lambda domain: domain.is_idle, MAX_DOMAINS)

    def __len__(self) -> int:
        return len(self._domains)

    def get_domain(self, address: str) -> RecipientDomain:
        return self._domains.get_entry(get_domain_name(address))


def get_domain_name(address: str) -> str:
    """Return the domain of a mailbox, which may have a display name: "Li <li@example.org>"."""
    return address.rpartition("@")[2].rstrip(">").lower()
