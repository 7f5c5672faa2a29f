"""`zhaibao editions` and `zhaibao deliveries`: what was published, and what became of it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.models import Delivery, DeliveryState

_STATE_COLOURS = {"sent": "green", "failed": "red", "uncertain": "yellow", "expired": "yellow"}


@click.command("editions")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.pass_obj
def list_editions(config: Path, limit: int) -> None:
    """List what was published and what was missed, newest first."""
    from rich.table import Table

    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import console

    settings = load_configuration(config)
    with open_store(settings) as store:
        rows = store.editions.list_slots(limit)
        table = Table("edition", "digest", "day", "published", "stories", box=None, padding=(0, 2, 0, 0))
        zones = {digest.name: digest.zone for digest in settings.digests}
        for row in rows:
            at = row.at.astimezone(zones.get(row.digest)).strftime("%Y-%m-%d %H:%M")
            edition = store.editions.load_edition(row.edition_id) if row.edition_id else None
            stories = str(len(edition.stories)) if edition else "[yellow]missed: the machine was off[/]"
            table.add_row(str(row.edition_id or "–"), row.digest, row.slot.isoformat(), at if edition else "–", stories)
    if not rows:
        click.echo("Nothing was published yet; `zhaibao publish` does it now.")
        return
    console.print(table)


def _parse_state(_: click.Context, __: click.Parameter, name: str | None) -> "DeliveryState | None":
    from bot.models import DeliveryState

    if name is None:
        return None
    try:
        return DeliveryState(name)
    except ValueError as error:
        raise click.BadParameter(f"no state is called '{name}'; known: {', '.join(DeliveryState)}") from error


@click.command("deliveries")
@click.option("--state", callback=_parse_state, help="Only these: pending, sent, failed, uncertain …")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.pass_obj
def list_deliveries(config: Path, state: "DeliveryState | None", limit: int) -> None:
    """List deliveries and what became of each, newest first."""
    from rich.table import Column, Table

    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import console

    with open_store(load_configuration(config)) as store:
        counts = store.deliveries.count_by_state()
        rows = store.deliveries.list_deliveries(state, limit)
    if not counts:
        click.echo("Nothing was to be delivered yet.")
        return
    said = Column("to, and what was said", overflow="fold")
    table = Table("id", "edition", "state", "parts", "tries", said, box=None, padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*_build_row(row))
    console.print(table)
    console.print(", ".join(f"{number} {name}" for name, number in sorted(counts.items())), style="dim")


def _build_row(row: "Delivery") -> tuple[str, ...]:
    from rich.markup import escape

    ink = _STATE_COLOURS.get(row.state, "none")
    topic = f" topic {row.topic}" if row.topic is not None else ""
    said = row.error or (row.receipts[-1] if row.receipts else "")
    told = f"{row.channel} {row.address}{topic}" + (f": {said}" if said else "")
    edition = f"{row.digest} {row.slot}"
    return (str(row.id), edition, f"[{ink}]{row.state}[/]", str(row.parts_sent), str(row.attempts), escape(told))
