"""What an edition leaves out, in one line for the operator, with the settings that decide it."""

from collections.abc import Iterator, Mapping
from functools import reduce

from bot.models import Digest, Edition, LeftOutReason
from bot.phrases import CountPhrase, Phrase

# Reasons that are the operator's decision: an edition that is empty for them alone may be a mistake.
_BY_SETTING = {LeftOutReason.OLD, LeftOutReason.UNCERTAIN, LeftOutReason.OFF_TOPIC, LeftOutReason.MINOR}


def explain_left_out(counts: Mapping[LeftOutReason, int], digest: Digest) -> Phrase | None:
    """Return how many stories are left out for each reason, in one line; None where none is.

    >>> from datetime import time
    >>> from zoneinfo import ZoneInfo
    >>> zone = ZoneInfo("UTC")
    >>> digest = Digest(name="d", title="d", language="en", sources=(), times=(time(8),), zone=zone)
    >>> print(explain_left_out({LeftOutReason.OLD: 8, LeftOutReason.PRINTED: 3}, digest))
    8 too old: max_age_days = 7; 3 printed before
    """
    reasons = list(_list_reasons(counts, digest))
    if not reasons:
        return None
    return reduce(lambda first, second: Phrase("{first}; {second}", first=first, second=second), reasons)


def is_emptied_by_settings(edition: Edition) -> bool:
    """Return whether the edition would have stories if the digest's settings were others."""
    return not edition.stories and any(edition.left_out.get(reason) for reason in _BY_SETTING)


def _list_reasons(counts: Mapping[LeftOutReason, int], digest: Digest) -> Iterator[Phrase]:
    for reason, n in counts.items():
        match reason:
            case LeftOutReason.OLD:
                yield CountPhrase(
                    "{n} too old: max_age_days = {days}",
                    "{n} too old: max_age_days = {days}",
                    n,
                    days=digest.max_age_days,
                )
            case LeftOutReason.PRINTED:
                yield CountPhrase("{n} printed before", "{n} printed before", n)
            case LeftOutReason.UNCERTAIN:
                yield CountPhrase(
                    "{n} uncertain: min_certainty = {percent}",
                    "{n} uncertain: min_certainty = {percent}",
                    n,
                    percent=digest.min_certainty,
                )
            case LeftOutReason.SHORT:
                yield CountPhrase("{n} too short to be an article", "{n} too short to be articles", n)
            case LeftOutReason.UNTITLED:
                yield CountPhrase("{n} without a title", "{n} without a title", n)
            case LeftOutReason.OFF_TOPIC:
                yield CountPhrase("{n} meets none of the topics", "{n} meet none of the topics", n)
            case LeftOutReason.MINOR:
                yield CountPhrase(
                    "{n} with too few points: min_points = {points:g}",
                    "{n} with too few points: min_points = {points:g}",
                    n,
                    points=digest.min_points,
                )
