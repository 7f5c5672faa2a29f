"""What a subscriber wishes of a digest; what he does not wish is as the digest has it.

Equal wishes have equal keys, so their subscribers share one edition. A stored document has a version number.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.editorial.topics import parse_term
from bot.errors import InputError
from bot.models import Digest
from bot.phrases import Phrase

_VERSION = 1
MAX_TIMES = 6
MAX_TERMS = 50
_MAX_STORIES = 100
_MAX_SECTIONS = 30
_MAX_SECTION_CHARACTERS = 100
_KEY_BYTES = 16


class Length(StrEnum):
    """How long summaries are: as the digest has it, half as long, or twice as long."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


_LENGTH_FACTORS = {Length.SHORT: 0.5, Length.MEDIUM: 1.0, Length.LONG: 2.0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """Empty values mean: as the digest has it. Wall times are in `zone`."""

    times: tuple[time, ...] = ()
    weekdays: tuple[int, ...] = ()  # Monday is 0
    zone: ZoneInfo | None = None
    topics: tuple[str, ...] = ()  # as written: 急救, +临溪, !广告
    sections: tuple[str, ...] = ()  # only these, in this order
    length: Length | None = None
    stories: int = 0  # at most
    language: str = ""  # of the edition's own words: a row of LANGUAGES
    silent: bool = False  # Telegram makes no sound; this does not change the edition


NO_WISHES = Wishes()


def check_wishes(wishes: Wishes) -> Wishes:
    """Return the wishes in their canonical form. Raises InputError with what is wrong with them.

    >>> check_wishes(Wishes(weekdays=(4, 0, 4), topics=(" 急救 ", "急救"))).topics
    ('急救',)
    """
    times = tuple(sorted({at.replace(second=0, microsecond=0, tzinfo=None) for at in wishes.times}))
    topics = _list_distinct(wishes.topics)
    sections = _list_distinct(wishes.sections)
    for name, number, most in (
        ("times", len(times), MAX_TIMES),
        ("topics", len(topics), MAX_TERMS),
        ("sections", len(sections), _MAX_SECTIONS),
        ("stories", wishes.stories, _MAX_STORIES),
    ):
        if not 0 <= number <= most:
            raise InputError(Phrase("{name}: at most {number} are possible", name=name, number=most))
    if not set(wishes.weekdays) <= set(range(7)):
        raise InputError(Phrase("weekdays: 0 (Monday) to 6 (Sunday) are possible"))
    if any(len(section) > _MAX_SECTION_CHARACTERS for section in sections):
        raise InputError(
            Phrase("sections: a name has at most {number} characters", number=_MAX_SECTION_CHARACTERS)
        )
    for topic in topics:
        _check_term(topic)
    return replace(
        wishes,
        times=times,
        weekdays=tuple(sorted(set(wishes.weekdays))),
        topics=topics,
        sections=sections,
    )


def _list_distinct(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _check_term(written: str) -> None:
    try:
        parse_term(written)
    except ValueError as error:
        raise InputError(
            Phrase("topics: {reason}", reason=error.args[0] if error.args else written)
        ) from error


def apply_wishes(digest: Digest, wishes: Wishes) -> Digest:
    """Return the digest as the subscriber has it.

    A zone of one's own counts only together with times or weekdays of one's own.
    """
    has_own_times = bool(wishes.times or wishes.weekdays)
    return replace(
        digest,
        times=wishes.times or digest.times,
        weekdays=frozenset(wishes.weekdays) or digest.weekdays,
        zone=(wishes.zone if has_own_times else None) or digest.zone,
        topics=tuple(map(parse_term, wishes.topics)) or digest.topics,
        sections=dict.fromkeys(wishes.sections, 0) or digest.sections,
        only_sections=bool(wishes.sections) or digest.only_sections,
        max_characters=round(digest.max_characters * _LENGTH_FACTORS[wishes.length or Length.MEDIUM]),
        max_stories=wishes.stories or digest.max_stories,
        language=wishes.language or digest.language,
    )


def _drop_digest_values(digest: Digest, wishes: Wishes) -> Wishes:
    """Return the wishes without those that the digest fulfils anyway, and without `silent`."""
    times = () if wishes.times == digest.times else wishes.times
    weekdays = () if frozenset(wishes.weekdays) in (frozenset(), digest.weekdays) else wishes.weekdays
    zone_matters = (times or weekdays or wishes.times) and wishes.zone not in (None, digest.zone)
    if zone_matters:  # the wall times mean other instants
        times = wishes.times or digest.times
    same_topics = set(wishes.topics) == {term.written for term in digest.topics}
    return Wishes(
        times=times,
        weekdays=weekdays,
        zone=wishes.zone if zone_matters else None,
        topics=() if same_topics else tuple(sorted(wishes.topics)),
        sections=() if list(wishes.sections) == list(digest.sections) else wishes.sections,
        length=None if wishes.length is Length.MEDIUM else wishes.length,
        stories=0 if wishes.stories == digest.max_stories else wishes.stories,
        language="" if wishes.language == digest.language else wishes.language,
    )


def compute_wishes_key(digest: Digest, wishes: Wishes) -> str:
    """Return the same key for wishes with the same effect; "" where the digest's own edition fulfils them."""
    different = _drop_digest_values(digest, wishes)
    if different == NO_WISHES:
        return ""
    return hashlib.blake2b(write_wishes(different).encode(), digest_size=_KEY_BYTES).hexdigest()


def write_wishes(wishes: Wishes) -> str:
    """Return the stored document; "" for no wishes."""
    values = {field.name: getattr(wishes, field.name) for field in fields(wishes)}
    wished = {name: value for name, value in values.items() if value != getattr(NO_WISHES, name)}
    if not wished:
        return ""
    document = {"version": _VERSION, **wished}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_to_plain)


def parse_wishes(document: str) -> Wishes:
    """Return the wishes of a stored document."""
    # Any: json.loads gives no better, and write_wishes wrote it
    values: Mapping[str, Any] = json.loads(document) if document else {}
    return Wishes(
        times=tuple(map(time.fromisoformat, values.get("times", ()))),
        weekdays=tuple(values.get("weekdays", ())),
        zone=ZoneInfo(values["zone"]) if "zone" in values else None,
        topics=tuple(values.get("topics", ())),
        sections=tuple(values.get("sections", ())),
        length=Length(values["length"]) if "length" in values else None,
        stories=values.get("stories", 0),
        language=values.get("language", ""),
        silent=values.get("silent", False),
    )


def _to_plain(value: object) -> str:
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, ZoneInfo):
        return value.key
    raise TypeError(f"no JSON form for {type(value).__name__}")
