"""Which slot is due, and what its edition says. Pure: takes `now`, reads no clock and no store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.editorial.composition import compose_story
from bot.editorial.selection import Selection
from bot.models import Digest, Edition, StoryReference

_MAX_REFERENCES = 8  # stories without room that an edition names: a line or two, not a second list


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A digest's place on a day: published from `opens_at` until `closes_at` (UTC), not before and not after."""

    day: date  # in the digest's zone
    opens_at: datetime
    closes_at: datetime


def get_slot_on(digest: Digest, day: date) -> Slot | None:
    """The slot of that day; None on a weekday the digest does not come out.

    The digest's wall time decides: an hour that the clocks leave out moves forward, one they repeat counts once.
    """
    if day.weekday() not in digest.weekdays:
        return None
    opens_at = datetime.combine(day, digest.at, digest.zone).astimezone(UTC)
    return Slot(day=day, opens_at=opens_at, closes_at=opens_at + timedelta(minutes=digest.lateness_minutes))


def find_latest_slot(digest: Digest, now: datetime) -> Slot | None:
    """The last slot that has opened, today's or yesterday's; None when neither has."""
    today = now.astimezone(digest.zone).date()
    slots = (get_slot_on(digest, today - timedelta(days=days)) for days in range(2))
    return next((slot for slot in slots if slot and slot.opens_at <= now), None)


def find_next_slot(digest: Digest, now: datetime) -> Slot:
    """The first slot that opens after `now`."""
    today = now.astimezone(digest.zone).date()
    slots = (get_slot_on(digest, today + timedelta(days=days)) for days in range(9))
    return next(slot for slot in slots if slot and slot.opens_at > now)


def compose_edition(
    digest: Digest,
    slot: date,
    choice: Selection,
    *,
    now: datetime,
    unread: Sequence[str] = (),
    named: Collection[StoryReference] = (),
) -> Edition:
    """Set the chosen stories into an edition, each summarized, and name those that it had no room for.

    `unread` names sources that could not be read; `named` are stories that an earlier edition named: once is enough.
    A title that is told is not named below: the other half of an article bears the same.
    """
    told = {one.article.title for one in choice.chosen}
    found = (StoryReference(title=one.article.title, url=one.article.url) for one in choice.crowded_out)
    more = [reference for reference in found if reference not in named and reference.title not in told]
    return Edition(
        digest=digest.name,
        slot=slot,
        title=digest.title,
        language=digest.language,
        zone=digest.zone,
        theme=digest.theme,
        created_at=now,
        stories=tuple(
            compose_story(one.event, one.section, digest, now.astimezone(digest.zone).date()) for one in choice.chosen
        ),
        empty_sources=tuple(unread),
        more=tuple(more[:_MAX_REFERENCES]),
        more_count=max(0, len(more) - _MAX_REFERENCES),
    )
