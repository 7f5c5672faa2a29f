"""`zhaibao editions` and `zhaibao deliveries`: the published editions and the state of their deliveries."""

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.json_output import json_option, print_rows
from bot.cli.moments import format_moment, utc_option
from bot.cli.state_option import parse_state
from bot.cli.translation import _

if TYPE_CHECKING:
    from bot.models import Delivery, DeliveryState
    from bot.store import Store
    from bot.store.editions import PublishedSlot

_STATE_COLOURS = {"sent": "green", "failed": "red", "uncertain": "yellow", "expired": "yellow"}


@click.command("editions")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@json_option
@utc_option
@click.pass_obj
def list_editions(config: Path, limit: int, as_json: bool, in_utc: bool) -> None:
    """List the published and the missed editions, newest first."""
    from rich.markup import escape
    from rich.table import Table

    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import console

    settings = load_configuration(config)
    with open_store(settings) as store:
        rows = store.editions.list_slots(limit)
        if as_json:
            print_rows(_to_edition_row(store, row) for row in rows)
            return
        heads = (_("edition"), _("digest"), _("day"), _("published"), _("stories"))
        table = Table(*heads, box=None, padding=(0, 2, 0, 0))
        zones = {digest.name: digest.zone for digest in settings.digests}
        missed = _("missed: the service did not run")
        for row in rows:
            zone = UTC if in_utc else zones.get(row.digest, UTC)
            slot = row.name or f"{row.slot_at.astimezone(zone):%Y-%m-%d %H:%M}"
            at = format_moment(row.at, zone)
            edition = store.editions.load_edition(row.edition_id) if row.edition_id else None
            stories = str(len(edition.stories)) if edition else f"[yellow]{missed}[/]"
            if row.unfinished:
                note = _("not read to the end: {names}", names=", ".join(row.unfinished))
                stories += f" [yellow]{escape(note)}[/]"
            table.add_row(str(row.edition_id or "–"), row.digest, slot, at if edition else "–", stories)
    if not rows:
        click.echo(_("Nothing was published yet. `zhaibao publish` publishes what is due."))
        return
    console.print(table)


def _to_edition_row(store: "Store", row: "PublishedSlot") -> dict[str, object]:
    edition = store.editions.load_edition(row.edition_id) if row.edition_id else None
    return {
        "edition": row.edition_id,
        "digest": row.digest,
        "day": row.name[:10] or None,
        "name": row.name or None,
        "slot_at": row.slot_at,
        "is_missed": edition is None,
        "published_at": row.at if edition else None,
        "stories": len(edition.stories) if edition else None,
        "unfinished": list(row.unfinished),
    }


def _load_states() -> "type[DeliveryState]":
    from bot.models import DeliveryState

    return DeliveryState


@click.command("deliveries")
@click.option(
    "--state",
    callback=parse_state(_load_states),
    help="Only deliveries in this state: pending, sent, failed, uncertain and so on.",
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@json_option
@click.pass_obj
def list_deliveries(config: Path, state: "DeliveryState | None", limit: int, as_json: bool) -> None:
    """List the deliveries and their states, newest first."""
    from rich.table import Column, Table

    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import console

    with open_store(load_configuration(config)) as store:
        counts = store.deliveries.count_by_state()
        rows = store.deliveries.list_deliveries(state, limit)
    if as_json:
        print_rows(map(_to_delivery_row, rows))
        return
    if not counts:
        click.echo(_("There are no deliveries yet."))
        return
    heads = (_("id"), _("edition"), _("state"), _("parts"), _("attempts"))
    table = Table(
        *heads, Column(_("address and last answer"), overflow="fold"), box=None, padding=(0, 2, 0, 0)
    )
    for row in rows:
        table.add_row(*_build_row(row))
    console.print(table)
    console.print(", ".join(f"{number} {name}" for name, number in sorted(counts.items())), style="dim")


def _to_delivery_row(row: "Delivery") -> dict[str, object]:
    return {
        "id": row.id,
        "edition": row.edition_id,
        "digest": row.digest,
        "day": row.edition_name[:10],
        "name": row.edition_name,
        "channel": row.channel,
        "address": row.address,
        "topic": row.topic,
        "state": str(row.state),
        "parts_sent": row.parts_sent,
        "attempts": row.attempts,
        "error": row.error,
        "last_receipt": row.receipts[-1] if row.receipts else "",
    }


def _build_row(row: "Delivery") -> tuple[str, ...]:
    from rich.markup import escape

    ink = _STATE_COLOURS.get(row.state, "none")
    address = f"{row.channel} {row.address}"
    if row.topic is not None:
        address = _("{address} topic {number}", address=address, number=row.topic)
    answer = row.error or (row.receipts[-1] if row.receipts else "")
    last = f"{address}: {answer}" if answer else address
    edition = f"{row.digest} {row.edition_name}"
    return (
        str(row.id),
        edition,
        f"[{ink}]{row.state}[/]",
        str(row.parts_sent),
        str(row.attempts),
        escape(last),
    )
