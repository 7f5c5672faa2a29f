"""`zhaibao resend`, `settle`, `cancel`, `paused`, `resume`, `audit`, `backup`: what the operator decides, and keeps."""

import getpass
from collections.abc import Callable
from pathlib import Path

import click

_ids = click.argument("ids", metavar="ID…", nargs=-1, required=True, type=click.IntRange(min=1))
_note = click.option("--note", default="", help="Why, for the audit.")


@click.command("resend")
@_ids
@_note
@click.pass_obj
def resend_deliveries(config: Path, ids: tuple[int, ...], note: str) -> None:
    """Send deliveries again.

    What was sent whole goes again from its first part; what was held, failed, expired or cancelled goes on with the
    part that is missing. `zhaibao deliveries` shows the ids.
    """
    _record_decision(config, "resend", ids, note)
    click.echo(f"{_count_waiting(ids)} again; `zhaibao run` or `zhaibao deliver` sends.")


@click.command("settle")
@_ids
@_note
@click.pass_obj
def settle_deliveries(config: Path, ids: tuple[int, ...], note: str) -> None:
    """Say that the message in doubt did arrive.

    The delivery is done, or goes on with its next part.
    """
    _record_decision(config, "settle", ids, note)
    click.echo("Settled; parts that are left go out.")


@click.command("cancel")
@_ids
@_note
@click.pass_obj
def cancel_deliveries(config: Path, ids: tuple[int, ...], note: str) -> None:
    """Send no more of these deliveries."""
    _record_decision(config, "cancel", ids, note)
    click.echo("Cancelled; `zhaibao resend` would take that back.")


@click.command("paused")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.pass_obj
def list_paused(config: Path, limit: int) -> None:
    """List readers who are gone, newest first.

    The mail server knows no such mailbox, or they blocked the bot: later editions leave them out.
    """
    from rich.markup import escape
    from rich.table import Column, Table

    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import console

    with open_store(load_configuration(config)) as store:
        rows = store.destinations.list_paused(limit)
    if not rows:
        click.echo("Nobody is paused.")
        return
    said = Column("what was said", overflow="fold")
    table = Table("since", "channel", Column("reader", overflow="fold"), said, box=None, padding=(0, 2, 0, 0))
    for row in rows:
        channel, _, address = row.destination.partition(":")
        table.add_row(row.at.astimezone().strftime("%Y-%m-%d"), channel, escape(address), escape(row.reason))
    console.print(table)


@click.command("resume")
@click.argument("addresses", metavar="ADDRESS…", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="Everyone who is paused.")
@_note
@click.pass_obj
def resume_subscribers(config: Path, addresses: tuple[str, ...], everyone: bool, note: str) -> None:
    """Send to paused readers again, from the next edition on.

    `zhaibao paused` shows the addresses; `zhaibao resend` sends them the edition they missed.
    """
    from bot.cli.assembly import load_configuration, open_store, read_clock

    if everyone == bool(addresses):
        raise click.UsageError("name readers, or --all; `zhaibao paused` lists them")
    with open_store(load_configuration(config)) as store:
        number = store.operator_actions.resume(addresses, getpass.getuser(), read_clock(), note)
    click.echo(f"{number} {'reader gets' if number == 1 else 'readers get'} the next edition again.")


@click.command("audit")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.pass_obj
def list_actions(config: Path, limit: int) -> None:
    """List what was decided by hand, newest first."""
    from rich.markup import escape
    from rich.table import Table

    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import console

    with open_store(load_configuration(config)) as store:
        lines = store.operator_actions.list_audit(limit)
    if not lines:
        click.echo("Nothing was decided by hand yet.")
        return
    table = Table("when", "who", "did", "delivery", "which was", "why", box=None, padding=(0, 2, 0, 0))
    for line in lines:
        at = line.at.astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(at, escape(line.who), line.act, str(line.delivery_id), str(line.was), escape(line.note))
    console.print(table)


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup_database(config: Path, file: Path) -> None:
    """Copy the SQLite database into FILE while the service runs. Never overwrites."""
    from bot.cli.assembly import load_configuration, open_store

    with open_store(load_configuration(config)) as store:
        store.database.backup(file)
    click.echo(f"Wrote {file}. To use it, name it in [store] url, or put it where the database was.")


def _record_decision(config: Path, act: str, ids: tuple[int, ...], note: str) -> None:
    from bot.cli.assembly import load_configuration, open_store, read_clock

    with open_store(load_configuration(config)) as store:
        done: Callable[..., None] = getattr(store.operator_actions, act)
        done(ids, getpass.getuser(), read_clock(), note)


def _count_waiting(ids: tuple[int, ...]) -> str:
    return "1 delivery waits" if len(set(ids)) == 1 else f"{len(set(ids))} deliveries wait"
