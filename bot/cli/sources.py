"""`zhaibao sources`: what is read, how it is, and more of it."""

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.errors import InputError, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.models import Source
    from bot.sources.discovery import SourceCandidate


@click.group("sources", invoke_without_command=True)
@click.pass_context
def sources_group(context: click.Context) -> None:
    """List the sources and how they are; add, import, export."""
    if context.invoked_subcommand is None:
        _print_sources(context.obj)


def _print_sources(config: Path) -> None:
    from rich.markup import escape
    from rich.table import Table

    from bot.cli.assembly import load_configuration, open_store
    from bot.cli.printing import console

    settings = load_configuration(config)
    with open_store(settings) as store:
        states = {state.name: state for state in store.sources.load_states()}
    table = Table("source", "kind", "address", "last read", "", box=None, padding=(0, 2, 0, 0))
    for source in settings.sources:
        state = states.get(source.name)
        read = f"{state.collected_at:%Y-%m-%d %H:%M} UTC" if state and state.collected_at else "never"
        trouble = f"[red]{escape(state.error)}[/]" if state and state.error else ""
        table.add_row(source.name, source.kind, escape(source.address), read, trouble)
    console.print(table)


@sources_group.command("add")
@click.argument("url")
@click.option("--name", default="", help="The source's name; made from its title if left out.")
@click.option("--section", default="", help="The heading its stories stand under.")
@click.pass_obj
def add_source(config: Path, url: str, name: str, section: str) -> None:
    """Look what can be read at URL and write it into the configuration: a feed before a page."""
    from bot.cli.assembly import load_configuration, run_async
    from bot.models import Source
    from bot.sources.opml import make_source_name, take_unused_name

    if url.startswith(("imap:", "imaps:")):
        raise InputError(
            f"{url}: a mailbox is written into {config} by hand, since it needs a user; see docs/how-to/add-a-source.md"
        )
    settings = load_configuration(config)
    found = run_async(_discover_source(config, url))
    taken = {source.name for source in settings.sources}
    known = {source.address: source.name for source in settings.sources}
    if found.url in known:
        click.echo(f"{found.url} is there already, as '{known[found.url]}'.")
        return
    chosen = name or take_unused_name(make_source_name(found.title, found.url), taken)
    source = Source(kind=found.kind, name=chosen, address=found.url, title=found.title or chosen, section=section)
    _append_sources(config, [source])
    click.echo(f"Added '{source.name}' ({source.kind}, {source.address}) to {config}.")


async def _discover_source(config: Path, url: str) -> "SourceCandidate":
    """The best of what stands at `url`. Raises SourceError when nothing there can be read."""
    from bot.cli.assembly import build_fetcher, load_configuration
    from bot.errors import FetchError
    from bot.sources.discovery import discover_sources, list_usual_places, recognize_feed

    async with build_fetcher(load_configuration(config)) as fetcher:
        got = await fetcher.fetch_url(url, trusted=True)
        found = discover_sources(got.content, got.url, got.charset)
        named = {row.url: row.title for row in found if row.kind == "feed"}
        if found and (found[0].kind in ("telegram", "epaper") or (found[0].kind, found[0].url) == ("feed", got.url)):
            return found[0]
        for place in dict.fromkeys([*named, *list_usual_places(got.url)]):
            try:
                there = await fetcher.fetch_url(place, trusted=True)
            except FetchError:
                continue
            if feed := recognize_feed(there.content, there.url, there.charset):
                return replace(feed, title=feed.title or named.get(place, ""))
    if len(found) == len(named):
        raise SourceError(f"{url}: nothing there can be read: no feed, no article, no page of links to articles")
    return found[len(named)]


@sources_group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_sources(config: Path, file: Path) -> None:
    """Add the feeds of FILE, an OPML that another reader exported, to the configuration."""
    from bot import files
    from bot.cli.assembly import load_configuration
    from bot.cli.printing import format_count
    from bot.sources import opml

    settings = load_configuration(config)
    listed = opml.parse_opml(files.read_file(file), str(file))
    names = {source.name for source in settings.sources}
    addresses = {source.address for source in settings.sources}
    new = [replace(row, name=opml.take_unused_name(row.name, names)) for row in listed if row.address not in addresses]
    if new:
        _append_sources(config, new)
    click.echo(f"Added {format_count(len(new), 'source')} to {config}; {len(listed) - len(new)} were there already.")


@sources_group.command("export")
@click.pass_obj
def export_sources(config: Path) -> None:
    """Write the feeds as OPML to standard output, for another reader."""
    from bot.cli.assembly import load_configuration
    from bot.sources import opml

    click.echo(opml.export_opml(load_configuration(config).sources).decode("utf-8"), nl=False)


def _append_sources(config: Path, new: "Sequence[Source]") -> None:
    """Add [[source]] tables to the end of the file; nothing is written unless the result can be read."""
    from bot.cli.assembly import load_configuration

    added = "".join(_format_source_table(source) for source in new)
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


def _format_source_table(source: "Source") -> str:
    """The source in TOML; JSON's quoting of a text is TOML's too."""
    pairs = {"name": source.name, "title": source.title, "kind": source.kind, "url": source.address}
    pairs |= {"section": source.section} if source.section else {}
    rows = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in pairs.items())
    return f"\n[[source]]\n{rows}"
