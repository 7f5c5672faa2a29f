"""`zhaibao sources`: list, add, import and export sources."""

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.json_output import json_option, print_rows
from bot.cli.moments import choose_zone, format_moment, utc_option
from bot.cli.translation import _, ngettext
from bot.errors import InputError
from bot.masking import mask_url, mask_urls
from bot.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.models import Source
    from bot.store.sources import SourceState


@click.group("sources", invoke_without_command=True)
@json_option
@utc_option
@click.pass_context
def sources_group(context: click.Context, as_json: bool, in_utc: bool) -> None:
    """List the sources; add, import or export sources."""
    if context.invoked_subcommand is None:
        _print_sources(context.obj, as_json=as_json, in_utc=in_utc)


def _print_sources(config: Path, *, as_json: bool, in_utc: bool) -> None:
    from rich.markup import escape
    from rich.table import Table

    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import console

    settings = load_configuration(config)
    with open_store(settings) as store:
        states = {state.name: state for state in store.sources.load_states()}
    if as_json:
        print_rows(_to_source_row(source, states.get(source.name)) for source in settings.sources)
        return
    zone = choose_zone(settings.digests, in_utc=in_utc)
    heads = (_("source"), _("kind"), _("address"), _("last read"), _("error"))
    table = Table(*heads, box=None, padding=(0, 2, 0, 0))
    for source in settings.sources:
        state = states.get(source.name)
        read = format_moment(state.collected_at, zone) if state and state.collected_at else _("never")
        trouble = f"[red]{escape(mask_urls(state.error))}[/]" if state and state.error else ""
        address = escape(mask_url(source.address))
        if state and state.moved_to:
            address += f" → {escape(mask_url(state.moved_to))}"
        table.add_row(source.name, source.kind, address, read, trouble or escape(_describe_silence(state)))
    console.print(table)


def _describe_silence(state: "SourceState | None") -> str:
    """Return how long a source has had nothing new if that is much longer than usual, otherwise ""."""
    from bot.cli.assembly import read_clock
    from bot.sources.habits import SourceHabits

    if state is None:
        return ""
    habits = SourceHabits(newest_at=state.newest_at, usual_gap_days=state.usual_gap_days)
    days = habits.count_silent_days(read_clock())
    return (
        _("nothing new for {days} days, usually {usual:.3g}", days=days, usual=habits.usual_gap_days)
        if days
        else ""
    )


def _to_source_row(source: "Source", state: "SourceState | None") -> dict[str, object]:
    return {
        "name": source.name,
        "title": source.title,
        "kind": source.kind,
        "address": source.address,
        "section": source.section,
        "last_read_at": state.collected_at if state else None,
        "failing_since": state.failing_since if state else None,
        "error": state.error if state else "",
        "moved_to": state.moved_to if state else "",
        "newest_at": state.newest_at if state else None,
        "usual_gap_days": state.usual_gap_days if state else 0.0,
    }


@sources_group.command("add")
@click.argument("url")
@click.option("--name", default="", help="The name of the source; by default it is made from the title.")
@click.option("--section", default="", help="The section its stories are printed in.")
@click.pass_obj
def add_source(config: Path, url: str, name: str, section: str) -> None:
    """Find a source at URL and add it to the configuration.

    A feed is preferred to a page.
    """
    from bot.cli.assembly import load_configuration, run_async
    from bot.cli.source_search import discover_source
    from bot.models import Source
    from bot.sources.opml import make_source_name, take_unused_name

    if url.startswith(("imap:", "imaps:")):
        raise InputError(
            Phrase(
                "{url}: a mailbox needs a user; write it into {config} by hand, see "
                "docs/how-to/add-a-source.md",
                url=url,
                config=config,
            )
        )
    settings = load_configuration(config)
    candidate = run_async(discover_source(settings, url))
    taken = {source.name for source in settings.sources}
    names = {source.address: source.name for source in settings.sources}
    if candidate.url in names:
        click.echo(
            _("{url} is there already, as '{name}'.", url=mask_url(candidate.url), name=names[candidate.url])
        )
        return
    name = name or take_unused_name(make_source_name(candidate.title, candidate.url), taken)
    title = candidate.title or name
    _append_sources(
        config, [Source(kind=candidate.kind, name=name, address=candidate.url, title=title, section=section)]
    )
    click.echo(
        _(
            "Added '{name}' ({kind}, {url}) to {config}.",
            name=name,
            kind=candidate.kind,
            url=mask_url(candidate.url),
            config=config,
        )
    )


@sources_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_sources(config: Path, file: Path) -> None:
    """Add the feeds of FILE to the configuration.

    FILE is an OPML file that another feed reader exported.
    """
    from bot import files
    from bot.cli.assembly import load_configuration
    from bot.sources import opml
    from bot.workers.limits import WorkItem
    from bot.workers.worker_pool import run_in_worker

    settings = load_configuration(config)
    listed = run_in_worker(WorkItem(name=str(file)), opml.parse_opml, files.read_file(file), str(file))
    names = {source.name for source in settings.sources}
    addresses = {source.address for source in settings.sources}
    new = [
        replace(row, name=opml.take_unused_name(row.name, names))
        for row in listed
        if row.address not in addresses
    ]
    if new:
        _append_sources(config, new)
    added = ngettext(
        "Added {n} source to {config}.", "Added {n} sources to {config}.", len(new), config=config
    )
    present = ngettext("{n} was there already.", "{n} were there already.", len(listed) - len(new))
    click.echo(f"{added} {present}")


@sources_group.command("export")
@click.pass_obj
def export_sources(config: Path) -> None:
    """Write the feeds as OPML to standard output, for another feed reader."""
    from bot.cli.assembly import load_configuration
    from bot.sources import opml

    click.echo(opml.export_opml(load_configuration(config).sources).decode("utf-8"), nl=False)


def _append_sources(config: Path, new: "Sequence[Source]") -> None:
    """Add [[source]] tables to the end of the file.

    The file changes only if the result is a valid configuration.
    """
    from bot.cli.assembly import load_configuration

    added = "".join(format_source_table(source) for source in new)
    text = config.read_text("utf-8-sig").rstrip("\n") + "\n" + added
    handle, temporary = tempfile.mkstemp(dir=config.resolve().parent, prefix=".zhaibao-", suffix=".toml")
    trial = Path(temporary)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        load_configuration(trial)
        trial.chmod(config.stat().st_mode & 0o777)
        trial.replace(config.resolve())
    finally:
        trial.unlink(missing_ok=True)


def format_source_table(source: "Source") -> str:
    """Return the source as a TOML table. TOML quotes strings in the same way as JSON."""
    pairs = {"name": source.name, "title": source.title, "kind": source.kind, "url": source.address}
    pairs |= {"section": source.section} if source.section else {}
    rows = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in pairs.items())
    return f"\n[[source]]\n{rows}"
