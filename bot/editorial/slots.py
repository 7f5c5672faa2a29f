"""Finds the due slot of a digest with pure functions of the digest and `now`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.models import Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """The time of a digest's edition on one day. It is published from `opens_at` until `closes_at` (UTC)."""

    day: date  # in the digest's zone
    opens_at: datetime
    closes_at: datetime


def get_slot_on(digest: Digest, day: date) -> Slot | None:
    """Return the slot of that day, or None on a weekday without an edition.

    The slot is defined by wall time. An hour that the clocks skip moves forward. A repeated hour counts once.
    """
    if day.weekday() not in digest.weekdays:
        return None
    opens_at = datetime.combine(day, digest.at, digest.zone).astimezone(UTC)
    return Slot(day=day, opens_at=opens_at, closes_at=opens_at + timedelta(minutes=digest.lateness_minutes))


def find_latest_slot(digest: Digest, now: datetime) -> Slot | None:
    """Return the last slot that has opened (today's or yesterday's), or None if neither has opened."""
    today = now.astimezone(digest.zone).date()
    slots = (get_slot_on(digest, today - timedelta(days=days)) for days in range(2))
    return next((slot for slot in slots if slot and slot.opens_at <= now), None)


def find_next_slot(digest: Digest, now: datetime) -> Slot:
    """Return the first slot that opens after `now`."""
    today = now.astimezone(digest.zone).date()
    slots = (get_slot_on(digest, today + timedelta(days=days)) for days in range(9))
    return next(slot for slot in slots if slot and slot.opens_at > now)
