"""`zhaibao resend`, `settle`, `cancel`, `audit`, `backup`: operator actions."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.json_output import json_option, print_rows
from bot.cli.moments import choose_zone, format_moment, utc_option
from bot.cli.translation import _, ngettext

if TYPE_CHECKING:
    from bot.store.operator_actions import AuditLine

_ids = click.argument("ids", metavar="ID…", nargs=-1, required=True, type=click.IntRange(min=1))
_note = click.option("--note", default="", help="The reason, recorded in the audit.")


@click.command("resend")
@_ids
@_note
@click.pass_obj
def resend_deliveries(config: Path, ids: tuple[int, ...], note: str) -> None:
    """Send deliveries again.

    A delivery that was sent starts again with its first part. One that was held, failed, expired or cancelled
    goes on with its first missing part. `zhaibao deliveries` lists the ids.
    """
    _record_decision(config, "resend", ids, note)
    number = len(set(ids))
    click.echo(
        ngettext(
            "{n} delivery waits again; `zhaibao run` or `zhaibao deliver` sends it.",
            "{n} deliveries wait again; `zhaibao run` or `zhaibao deliver` sends them.",
            number,
        )
    )


@click.command("settle")
@_ids
@_note
@click.pass_obj
def settle_deliveries(config: Path, ids: tuple[int, ...], note: str) -> None:
    """Record that an uncertain message did arrive.

    The delivery is then complete, or goes on with its next part.
    """
    _record_decision(config, "settle", ids, note)
    click.echo(_("Settled. Parts that are left will be sent."))


@click.command("cancel")
@_ids
@_note
@click.pass_obj
def cancel_deliveries(config: Path, ids: tuple[int, ...], note: str) -> None:
    """Stop sending these deliveries."""
    _record_decision(config, "cancel", ids, note)
    click.echo(_("Cancelled. `zhaibao resend` reverses this."))


@click.command("audit")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@json_option
@utc_option
@click.pass_obj
def list_actions(config: Path, limit: int, as_json: bool, in_utc: bool) -> None:
    """List the decisions made by hand, newest first."""
    from rich.markup import escape
    from rich.table import Table

    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import console

    settings = load_configuration(config)
    with open_store(settings) as store:
        lines = store.operator_actions.list_audit(limit)
    if as_json:
        print_rows(map(_to_action_row, lines))
        return
    if not lines:
        click.echo(_("No decision was made by hand yet."))
        return
    zone = choose_zone(settings.digests, in_utc=in_utc)
    heads = (_("time"), _("user"), _("action"), _("delivery"), _("state before"), _("reason"))
    table = Table(*heads, box=None, padding=(0, 2, 0, 0))
    for line in lines:
        at = format_moment(line.at, zone)
        table.add_row(at, escape(line.who), line.act, str(line.delivery_id), str(line.was), escape(line.note))
    console.print(table)


def _to_action_row(line: "AuditLine") -> dict[str, object]:
    return {
        "at": line.at,
        "user": line.who,
        "action": line.act,
        "delivery": line.delivery_id,
        "state_before": str(line.was),
        "reason": line.note,
    }


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup_database(config: Path, file: Path) -> None:
    """Copy the SQLite database into FILE.

    The service may be running. An existing file is never overwritten.
    """
    from bot.cli.assembly import load_configuration, open_store

    with open_store(load_configuration(config)) as store:
        store.database.backup(file)
    click.echo(
        _("Wrote {file}. To use it, put it in place of the database, or name it in [store] url.", file=file)
    )


def _record_decision(config: Path, act: str, ids: tuple[int, ...], note: str) -> None:
    from bot.cli.assembly import load_configuration, open_store, read_clock

    with open_store(load_configuration(config)) as store:
        done: Callable[..., None] = getattr(store.operator_actions, act)
        done(ids, getpass.getuser(), read_clock(), note)
