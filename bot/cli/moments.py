"""Times as the commands show them: in the digests' zone, or in UTC with --utc; the zone is named."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import click

from bot.models import Digest

utc_option = click.option(
    "--utc", "in_utc", is_flag=True, help="Show times in UTC, not in the digest's zone."
)


def choose_zone(digests: Iterable[Digest], *, in_utc: bool) -> tzinfo:
    """Return the zone of the first digest; UTC where it is wished or there is no digest."""
    return UTC if in_utc else next((digest.zone for digest in digests), UTC)


def format_moment(moment: datetime, zone: tzinfo) -> str:
    """Return the minute with the zone's name.

    >>> format_moment(datetime(2026, 11, 30, 8, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    '2026-11-30 16:00 Asia/Shanghai'
    """
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} {_name_zone(zone)}"


def _name_zone(zone: tzinfo) -> str:
    return zone.key if isinstance(zone, ZoneInfo) else "UTC"
