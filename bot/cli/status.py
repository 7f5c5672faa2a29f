"""`zhaibao status`: what was published and sent, what comes next, and what needs a hand."""

import importlib.metadata
import sys
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.json_output import print_rows
from bot.cli.moments import choose_zone, format_moment, utc_option
from bot.cli.translation import _, ngettext, translate

if TYPE_CHECKING:
    from bot.models import DeliveryState
    from bot.operation.status import DigestStatus, OperationStatus

_NEEDS_A_HAND = 1
_MEGABYTE = 1024 * 1024


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for other programs.")
@utc_option
@click.pass_obj
def show_status(config: Path, as_json: bool, in_utc: bool) -> None:
    """Show how everything stands and what needs a hand.

    These are today's editions, the next slots, sources, deliveries, subscribers and disk. Exit status: 0 all
    is well; 1 something needs a hand, which is listed with its remedy.
    """
    from bot.cli.assembly import load_configuration, open_store, read_clock
    from bot.operation.status import collect_status

    settings = load_configuration(config)
    with open_store(settings) as store:
        status = collect_status(settings, store, read_clock(), importlib.metadata.version("zhaibao"))
    if as_json:
        print_rows([_to_row(status)])
    else:
        _print_status(status, choose_zone(settings.digests, in_utc=in_utc))
    if status.problems:
        sys.exit(_NEEDS_A_HAND)


def _print_status(status: "OperationStatus", zone: tzinfo) -> None:
    from rich.text import Text

    from bot.cli.printing import console

    for digest in status.digests:
        console.print(Text(_describe_digest(digest, zone)))
    _print_sources(status, zone)
    deliveries = _join_counts(status.deliveries) or _("none yet")
    console.print(Text(_("deliveries: {counts}", counts=deliveries)))
    if status.subscribers:
        console.print(Text(_("subscribers: {counts}", counts=_join_counts(status.subscribers))))
    free, size = status.free_bytes // _MEGABYTE, status.database_bytes / _MEGABYTE
    console.print(
        Text(_("disk: {free:,} MB free, database {size:.1f} MB; zhaibao {version}", free=free, size=size,
               version=status.version))
    )  # fmt: skip
    console.print(Text(_("time: {time}", time=format_moment(status.now, zone))))
    for problem in status.problems:
        console.print(Text(f"! {translate(problem.message)}", style="yellow"))
    if not status.problems:
        console.print(Text(_("Nothing needs a hand."), style="green"))


def _describe_digest(digest: "DigestStatus", zone: tzinfo) -> str:
    upcoming = format_moment(digest.next_slot_at, zone)
    if digest.published_at is None:
        return _("{digest}: no edition today; next on {time}", digest=digest.name, time=upcoming)
    return _(
        "{digest}: edition {number} of {time} with {stories} ({counts}); next on {next_time}",
        digest=digest.name,
        number=digest.edition_id,
        time=format_moment(digest.published_at, zone),
        stories=ngettext("{n} story", "{n} stories", digest.stories or 0),
        counts=_join_counts(digest.deliveries) or _("no destination"),
        next_time=upcoming,
    )


def _print_sources(status: "OperationStatus", zone: tzinfo) -> None:
    from rich.table import Table

    from bot.cli.printing import console

    heads = (_("source"), _("last read"), _("articles"), _("printed"))
    table = Table(*heads, box=None, padding=(0, 2, 0, 0))
    for source in status.sources:
        read = format_moment(source.read_at, zone) if source.read_at else _("never")
        failing = _("failing")
        since = f" [red]{failing}[/]" if source.failing_since else ""
        table.add_row(source.name, f"{read}{since}", str(source.articles), str(source.printed))
    console.print(table)


def _join_counts(counts: "Mapping[DeliveryState, int] | Mapping[str, int]") -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items()) if number)


def _to_row(status: "OperationStatus") -> dict[str, object]:
    return {
        "version": status.version,
        "at": status.now,
        "digests": [
            {
                "digest": digest.name,
                "edition": digest.edition_id,
                "published_at": digest.published_at,
                "stories": digest.stories,
                "deliveries": dict(digest.deliveries),
                "next_slot_at": digest.next_slot_at,
            }
            for digest in status.digests
        ],
        "sources": [
            {
                "source": source.name,
                "read_at": source.read_at,
                "failing_since": source.failing_since,
                "articles": source.articles,
                "printed": source.printed,
            }
            for source in status.sources
        ],
        "deliveries": dict(status.deliveries),
        "subscribers": dict(status.subscribers),
        "free_bytes": status.free_bytes,
        "database_bytes": status.database_bytes,
        "problems": [{"key": problem.key, "message": str(problem.message)} for problem in status.problems],
    }
