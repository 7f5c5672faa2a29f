"""Finds the due slot of a schedule with pure functions of the schedule and `now`.

A slot is an instant, defined by wall time in a zone. A time that the clocks skip moves forward. A repeated
time counts once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.models import Digest

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """When a digest or a subscription has editions: at these wall times on these weekdays (Monday is 0)."""

    times: tuple[time, ...]
    weekdays: frozenset[int]
    zone: ZoneInfo

    @property
    def is_weekly(self) -> bool:
        """Whether there is one slot a week, so that an edition tells of a week."""
        return len(self.weekdays) == 1 and len(self.times) == 1

    @property
    def usual_span(self) -> timedelta:
        """What the first edition of a new subscriber covers."""
        return _WEEK if self.is_weekly else _DAY

    def list_on(self, day: date) -> tuple[datetime, ...]:
        """Return the slots of that day in their order; none on a day without an edition."""
        if day.weekday() not in self.weekdays:
            return ()
        return tuple(sorted({datetime.combine(day, at, self.zone).astimezone(UTC) for at in self.times}))

    def find_latest(self, now: datetime) -> datetime | None:
        """Return the last slot of today or yesterday that has opened, or None if none of them has."""
        today = now.astimezone(self.zone).date()
        return max(
            (at for days in (1, 0) for at in self.list_on(today - _DAY * days) if at <= now), default=None
        )

    def find_next(self, now: datetime) -> datetime:
        """Return the first slot that opens after `now`."""
        # yesterday's too: the clocks may have moved its last slot into today
        first = now.astimezone(self.zone).date() - _DAY
        return min(at for days in range(10) for at in self.list_on(first + _DAY * days) if at > now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A slot of a digest: its edition is published from `opens_at` until `closes_at` (UTC)."""

    opens_at: datetime
    closes_at: datetime


def get_schedule(digest: Digest) -> Schedule:
    return Schedule(times=digest.times, weekdays=digest.weekdays, zone=digest.zone)


def build_slot(digest: Digest, opens_at: datetime) -> Slot:
    """Return the slot that opens then; it closes when it is too late, or when the next one opens."""
    closes_at = opens_at + timedelta(minutes=digest.lateness_minutes)
    return Slot(opens_at=opens_at, closes_at=min(closes_at, get_schedule(digest).find_next(opens_at)))


def find_latest_slot(digest: Digest, now: datetime) -> Slot | None:
    """Return the last slot of today or yesterday that has opened, or None if none of them has."""
    opens_at = get_schedule(digest).find_latest(now)
    return build_slot(digest, opens_at) if opens_at else None


def find_next_slot(digest: Digest, now: datetime) -> Slot:
    """Return the first slot that opens after `now`."""
    return build_slot(digest, get_schedule(digest).find_next(now))


def is_quiet(digest: Digest, at: datetime) -> bool:
    """Return whether the instant is within the digest's quiet hours, which may pass midnight."""
    if digest.quiet_hours is None:
        return False
    first, last = digest.quiet_hours
    wall = at.astimezone(digest.zone).time()
    return first <= wall < last if first < last else wall >= first or wall < last


def list_slots_of(digest: Digest, day: date) -> tuple[Slot, ...]:
    """Return the slots of that day; on a day without an edition those that it would have."""
    schedule = get_schedule(digest)
    slots = schedule.list_on(day) or Schedule(
        times=digest.times, weekdays=frozenset({day.weekday()}), zone=digest.zone
    ).list_on(day)
    return tuple(build_slot(digest, opens_at) for opens_at in slots)
