"""`zhaibao init` and `zhaibao check`: from nothing to a configuration that works."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from bot.cli import UNREACHABLE, cli
from bot.errors import DeliveryError, InputError, ZhaibaoError

if TYPE_CHECKING:
    from bot.fetch import Fetcher
    from bot.models import Source
    from bot.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "templates" / "zhaibao.toml"


@cli.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write a commented zhaibao.toml into DIR (here, unless named). Never overwrites."""
    target = folder / "zhaibao.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(EXAMPLE.read_text("utf-8"))
    except FileExistsError as error:
        raise InputError(f"{target} is there already and stays as it is; name another folder") from error
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror})") from error
    click.echo(
        f"Wrote {target}. Next:\n"
        f"  1. Open it and name your sources and who gets the digest.\n"
        f"  2. export ZHAIBAO_TELEGRAM_TOKEN=…   (from @BotFather; add the bot to your channel as an administrator)\n"
        f"  3. zhaibao --config {target} check   and then   zhaibao --config {target} run"
    )


@cli.command()
@click.pass_obj
def check(config: Path) -> None:
    """Look whether configuration, sources and destinations work; sends nothing."""
    from rich.table import Table

    from bot.cli.parts import finish, settings_from, store_for
    from bot.cli.show import console

    settings = settings_from(config)
    found = [("configuration", str(config), "ok", "")]
    try:
        with store_for(settings) as store:
            found.append(("store", store.address, "ok", ""))
    except ZhaibaoError as error:
        found.append(("store", "", "no", str(error)))
    found += finish(look(settings))
    table = Table("part", "which", "", "what was found, or the remedy", box=None, padding=(0, 2, 0, 0))
    for part, which, state, told in found:
        table.add_row(part, escape(which), "[green]ok[/]" if state == "ok" else "[red]no[/]", escape(told))
    console.print(table)
    if any(state != "ok" for _, _, state, _ in found):
        sys.exit(UNREACHABLE)


Found = tuple[str, str, str, str]  # part, which, "ok" or "no", what was found or the remedy


async def look(settings: "Settings") -> list[Found]:
    """Ask each source and each destination."""
    from bot.cli.parts import channels_for, fetcher_for

    found: list[Found] = []
    async with fetcher_for(settings) as fetcher:
        found += [await look_at_source(source, fetcher) for source in settings.sources]
    channels, problems = channels_for(settings)
    found += [("channel", problem.partition(":")[0], "no", problem) for problem in problems]
    for destination in settings.destinations:
        if destination.channel not in channels:
            continue
        which = f"{destination.channel} {destination.address}"
        try:
            found.append(("destination", which, "ok", await channels[destination.channel].check(destination)))
        except DeliveryError as error:
            found.append(("destination", which, "no", str(error)))
    for channel in channels.values():
        await channel.close()
    return found


async def look_at_source(source: "Source", fetcher: "Fetcher") -> Found:
    from bot.pipeline.collect import read

    try:
        got = await read(source, fetcher)
    except ZhaibaoError as error:
        return ("source", source.name, "no", str(error))
    return ("source", source.name, "ok", f"{len(got.articles) + len(got.entries)} articles at {source.address}")
