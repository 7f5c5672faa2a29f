"""Which slot is due, and what its edition says. Pure: takes `now`, reads no clock and no store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.choice import Choice
from bot.models import Digest, Edition
from bot.telling import story


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A digest's place on a day: published from `opens_at` until `closes_at` (UTC), not before and not after."""

    day: date  # in the digest's zone
    opens_at: datetime
    closes_at: datetime


def slot_on(digest: Digest, day: date) -> Slot | None:
    """The slot of that day; None on a weekday the digest does not come out.

    The digest's wall time decides: an hour that the clocks leave out moves forward, one they repeat counts once.
    """
    if day.weekday() not in digest.weekdays:
        return None
    opens_at = datetime.combine(day, digest.at, digest.zone).astimezone(UTC)
    return Slot(day=day, opens_at=opens_at, closes_at=opens_at + timedelta(minutes=digest.lateness_minutes))


def latest_slot(digest: Digest, now: datetime) -> Slot | None:
    """The last slot that has opened, today's or yesterday's; None when neither has."""
    today = now.astimezone(digest.zone).date()
    slots = (slot_on(digest, today - timedelta(days=days)) for days in range(2))
    return next((slot for slot in slots if slot and slot.opens_at <= now), None)


def next_slot(digest: Digest, now: datetime) -> Slot:
    """The first slot that opens after `now`."""
    today = now.astimezone(digest.zone).date()
    slots = (slot_on(digest, today + timedelta(days=days)) for days in range(9))
    return next(slot for slot in slots if slot and slot.opens_at > now)


def compose(digest: Digest, slot: date, choice: Choice, *, now: datetime, unread: Sequence[str] = ()) -> Edition:
    """Set the chosen stories into an edition, each summarized. `unread` names sources that could not be read."""
    return Edition(
        digest=digest.name,
        slot=slot,
        title=digest.title,
        language=digest.language,
        zone=digest.zone,
        theme=digest.theme,
        created_at=now,
        stories=tuple(
            story(one.event, one.section, digest, now.astimezone(digest.zone).date()) for one in choice.chosen
        ),
        empty_sources=tuple(unread),
    )
