"""What needs a hand: each problem with its remedy. Status shows them, alarms report them."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from bot.editorial.slots import find_latest_slot
from bot.models import DeliveryState, Digest, Source
from bot.phrases import CountPhrase, Phrase
from bot.settings import Settings
from bot.sources.habits import SourceHabits
from bot.store import Store
from bot.store.sources import SourceState

_RECENT = timedelta(days=1)  # what ended badly longer ago is history
_LATE_SLOT = timedelta(minutes=10)  # after its opening an edition that is not there is late
_LATE_READINGS = 4  # a source is late when so many readings were left out
_FAILING_FOR = timedelta(hours=6)  # a shorter failure ends by itself as a rule
MIN_FREE_MEGABYTES = 500  # the database, a backup and a log for some weeks
_MAX_ANSWERS = 3
_ANSWER_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong and what to do. `key` names it: the same problem keeps its key while it lasts."""

    key: str
    message: Phrase


def find_problems(settings: Settings, store: Store, now: datetime) -> tuple[Problem, ...]:
    """Return everything that needs a hand at `now`, the most urgent first. Raises StoreError."""
    return (
        *_find_slot_problems(settings, store, now),
        *_find_delivery_problems(store, now),
        *_find_source_problems(settings, store, now),
        *_find_disk_problems(settings, store),
    )


def _find_slot_problems(settings: Settings, store: Store, now: datetime) -> Iterator[Problem]:
    created_at = store.record_creation(now)
    for digest in settings.digests:
        slot = find_latest_slot(digest, now)
        state = store.digests.find_state(digest.name)
        began_at = max(created_at, state.first_seen_at) if state else now
        if (
            slot
            and began_at <= slot.opens_at
            and slot.opens_at + _LATE_SLOT < now < slot.closes_at
            and store.editions.find_edition_id(digest.name, slot.opens_at) is None
            and not (state and state.covered_until and state.covered_until >= slot.opens_at)
        ):
            yield Problem(
                key=f"late:{digest.name}:{slot.opens_at.isoformat()}",
                message=Phrase(
                    "{digest}: the edition of {slot} is late; is `zhaibao run` running? `zhaibao publish` "
                    "publishes it now",
                    digest=digest.name,
                    slot=_format_slot(slot.opens_at, digest.zone),
                ),
            )
        yield from _find_empty_edition(digest, store, now)
    zones = {digest.name: digest.zone for digest in settings.digests}
    for name, slot_at in store.figures.list_missed_since(now - _RECENT):
        yield Problem(
            key=f"missed:{name}:{slot_at.isoformat()}",
            message=Phrase(
                "{digest}: the edition of {slot} was missed; keep `zhaibao run` running, or raise the "
                "digest's lateness; `zhaibao publish {digest}` publishes today's",
                digest=name,
                slot=_format_slot(slot_at, zones.get(name, UTC)),
            ),
        )


def _format_slot(slot_at: datetime, zone: tzinfo) -> str:
    return f"{slot_at.astimezone(zone):%Y-%m-%d %H:%M}"


def _find_empty_edition(digest: Digest, store: Store, now: datetime) -> Iterator[Problem]:
    """Yield a problem if the last edition is empty because nothing was read or of a setting."""
    if "." in digest.name:  # a subscriber's own topics may meet nothing
        return
    for edition in store.editions.load_recent_editions([digest.name], now - _RECENT, limit=1):
        if edition.stories or not (edition.left_out or edition.empty_sources):
            continue
        yield Problem(
            key=f"empty:{digest.name}:{edition.slot_at.isoformat()}",
            message=Phrase(
                "{digest}: the edition of {slot} is empty; `zhaibao preview {digest} --why` says why",
                digest=digest.name,
                slot=edition.name,
            ),
        )


def _find_delivery_problems(store: Store, now: datetime) -> Iterator[Problem]:
    counts = store.deliveries.count_by_state()
    if number := counts.get(DeliveryState.UNCERTAIN):
        message = CountPhrase(
            "{n} delivery is uncertain; look whether it arrived, then `zhaibao settle` or `zhaibao resend`",
            "{n} deliveries are uncertain; look whether they arrived, then `zhaibao settle` or "
            "`zhaibao resend`",
            number,
        )
        yield Problem(key="uncertain", message=message)
    for channel, number in store.figures.count_ended_since([DeliveryState.FAILED], now - _RECENT).items():
        answers = store.figures.find_refusals(channel, now - _RECENT, _MAX_ANSWERS)
        message = CountPhrase(
            "{channel}: {n} delivery failed for good since yesterday ({answer}); "
            "`zhaibao deliveries --state failed`",
            "{channel}: {n} deliveries failed for good since yesterday ({answer}); "
            "`zhaibao deliveries --state failed`",
            number,
            channel=channel,
            answer=next(iter(answers), "")[:_ANSWER_CHARACTERS],
        )
        yield Problem(key=f"failed:{channel}", message=message)
    for channel, number in store.figures.count_ended_since([DeliveryState.EXPIRED], now - _RECENT).items():
        message = CountPhrase(
            "{channel}: {n} delivery was not sent in time; `zhaibao resend ID` sends it if it is "
            "still wanted",
            "{channel}: {n} deliveries were not sent in time; `zhaibao resend ID` sends them if they are "
            "still wanted",
            number,
            channel=channel,
        )
        yield Problem(key=f"expired:{channel}", message=message)
    reasons = dict(reversed(store.figures.find_waiting_reasons(_MAX_ANSWERS)))
    for channel, reason in reasons.items():
        yield Problem(
            key=f"waiting:{channel}",
            message=Phrase(
                "{channel}: deliveries wait because the last attempt failed ({reason}); `zhaibao check` "
                "tests it",
                channel=channel,
                reason=reason[:_ANSWER_CHARACTERS],
            ),
        )


def _find_source_problems(settings: Settings, store: Store, now: datetime) -> Iterator[Problem]:
    states = {state.name: state for state in store.sources.load_states()}
    longest = timedelta(minutes=settings.fetch.every_minutes * _LATE_READINGS)
    late = []
    for source in settings.sources:
        state = states.get(source.name)
        if state is None:
            continue
        yield from _judge_source(source, state, now)
        if state.collected_at and not state.failing_since and now - state.collected_at > longest:
            late.append(source.name)
    if late:
        message = CountPhrase(
            "{n} source was not read for a long time ({names}); is `zhaibao run` running?",
            "{n} sources were not read for a long time ({names}); is `zhaibao run` running?",
            len(late),
            names=", ".join(late[:_MAX_ANSWERS]),
        )
        yield Problem(key="unread", message=message)


def _judge_source(source: Source, state: SourceState, now: datetime) -> Iterator[Problem]:
    if state.error and (state.gone_at or (state.failing_since and now - state.failing_since >= _FAILING_FOR)):
        message = Phrase(
            "source {name} fails: {error}; `zhaibao check` tests it, `zhaibao sources` lists all",
            name=source.name,
            error=state.error[:_ANSWER_CHARACTERS],
        )
        yield Problem(key=f"failing:{source.name}", message=message)
    days = SourceHabits(newest_at=state.newest_at, usual_gap_days=state.usual_gap_days).count_silent_days(now)
    if days:
        message = CountPhrase(
            "source {name} brought nothing new for {n} day; look whether its address is still right",
            "source {name} brought nothing new for {n} days; look whether its address is still right",
            days,
            name=source.name,
        )
        yield Problem(key=f"silent:{source.name}", message=message)


def _find_disk_problems(settings: Settings, store: Store) -> Iterator[Problem]:
    folder = find_disk_folder(settings, store)
    free = shutil.disk_usage(folder).free // 1024 // 1024
    if free < MIN_FREE_MEGABYTES:
        message = Phrase(
            "{folder}: {n} MB are free; make room, or lower keep_days and run `zhaibao vacuum`",
            folder=folder,
            n=free,
        )
        yield Problem(key="disk", message=message)


def find_disk_folder(settings: Settings, store: Store) -> Path:
    """Return the folder whose disk fills up: the SQLite database's, or the configuration's."""
    file = store.figures.find_file()
    return (file if file and file.exists() else settings.file).resolve().parent
