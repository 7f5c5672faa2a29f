"""What one reading of a source says about the next: its address, its habits, and what counts as news the
first time.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.models import Article, Source
from bot.sources.habits import SourceHabits, measure_habits
from bot.store.sources import SourceState

_log = structlog.get_logger("collect")

_MOVED_READINGS = 3  # that a permanent redirect sent on, from which the new address is asked
MAX_FIRST_UNDATED = 5  # items without a date that count as news when a source is read for the first time


@dataclass(frozen=True, kw_only=True, slots=True)
class _SourceMove:
    """Where permanent redirects led, and in how many readings in a row."""

    address: str = ""
    readings: int = 0


def hash_configuration(source: Source) -> str:
    """Return a hash of the address and settings of a source, without its names and mailbox."""
    settings = replace(source, name="", title="", section="", mailbox=None)
    return hashlib.sha256(repr(settings).encode("utf-8", "surrogatepass")).hexdigest()


def choose_address(source: Source, state: SourceState) -> str:
    """Return where to read the source: where it moved for good, once three readings found it there."""
    return state.moved_to if state.moved_readings >= _MOVED_READINGS else source.address


def note_move(source: Source, state: SourceState, moved_to: str) -> _SourceMove:
    """Return where the source is now known to be, and log a move."""
    if state.moved_readings >= _MOVED_READINGS:
        return _SourceMove(address=moved_to or state.moved_to, readings=state.moved_readings)
    if not moved_to:
        return _SourceMove()
    readings = state.moved_readings + 1 if moved_to == state.moved_to else 1
    _log.warning("moved for good", source=source.name, url=moved_to, readings=readings)
    return _SourceMove(address=moved_to, readings=readings)


def note_habits(source: Source, state: SourceState, dates: Sequence[datetime], now: datetime) -> SourceHabits:
    """Return how often the source brings news. Log once a day an unusual silence."""
    habits = measure_habits(dates, now)
    if habits.newest_at is None:
        habits = SourceHabits(newest_at=state.newest_at, usual_gap_days=state.usual_gap_days)
    days = habits.count_silent_days(now)
    if days and (state.collected_at is None or days != habits.count_silent_days(state.collected_at)):
        _log.warning("nothing new", source=source.name, days=days, usual_days=round(habits.usual_gap_days, 1))
    return habits


def split_undated(
    articles: Sequence[Article], most: int | None
) -> tuple[tuple[Article, ...], tuple[Article, ...]]:
    """Return the articles that are news, and those without a date beyond the first `most` (None: all are
    news).

    What has no date when a source is read for the first time may be of any age; later it is of the time it is
    seen.
    """
    if most is None:
        return tuple(articles), ()
    older = [article for article in articles if article.published_at is None][max(0, most) :]
    places = {id(article) for article in older}
    return tuple(article for article in articles if id(article) not in places), tuple(older)
