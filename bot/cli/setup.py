"""`zhaibao init` and `zhaibao check`: from nothing to a configuration that works."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from bot.cli import UNREACHABLE, UNUSABLE, cli
from bot.errors import DeliveryError, InputError, ZhaibaoError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.channels import Channel
    from bot.fetch import Fetcher
    from bot.models import Destination, Source
    from bot.settings import Readers, Settings

FAULTS_SHOWN = 10  # of a file of readers
EXAMPLE = Path(__file__).parents[2] / "templates" / "zhaibao.toml"


@cli.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write a commented zhaibao.toml to start from.

    It is written into DIR, or here, and never over one that is there.
    """
    target, example = folder / "zhaibao.toml", EXAMPLE.read_text("utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(example)
    except FileExistsError as error:
        what = f"{target} is there already" if target.exists() else f"{folder} is no folder"
        raise InputError(f"{what} and stays as it is; name another folder") from error
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror})") from error
    zhaibao = "zhaibao" if folder == Path() else f"zhaibao --config {target}"
    click.echo(
        f"Wrote {target}. Next:\n"
        "  1. Open it: name your sources, and who gets the digest.\n"
        "  2. For Telegram: make a bot with @BotFather, export ZHAIBAO_TELEGRAM_TOKEN=…,\n"
        "     and add the bot to your channel as an administrator.\n"
        f"  3. {zhaibao} check    looks whether all of it works; then   {zhaibao} run"
    )


@cli.command()
@click.pass_obj
def check(config: Path) -> None:
    """Look whether sources and destinations work; sends nothing."""
    from bot.cli.parts import finish, settings_from, store_for
    from bot.cli.show import print_findings

    settings = settings_from(config)
    found = [Finding("configuration", str(config))]
    try:
        with store_for(settings) as store:
            found.append(Finding("store", store.address))
    except ZhaibaoError as error:
        found.append(Finding("store", str(error), UNREACHABLE))
    found += finish(look(settings))
    print_findings(found)
    if worst := max(finding.status for finding in found):
        sys.exit(worst)


class Finding(NamedTuple):
    """What a look at a part found, or the remedy; `status` is the exit status it asks for."""

    part: str
    told: str
    status: int = 0


async def look(settings: "Settings") -> list[Finding]:
    """Ask each source and each destination."""
    import asyncio

    from bot.cli.parts import channels_for, fetcher_for

    async with fetcher_for(settings) as fetcher:
        found = [*await asyncio.gather(*(look_at_source(source, fetcher) for source in settings.sources))]
    channels, problems = channels_for(settings)
    found += [Finding("channel", problem, UNUSABLE) for problem in problems]
    for destination in settings.destinations:
        if channel := channels.get(destination.channel):
            found.append(await look_at_destination(destination, channel))
    for channel in channels.values():
        await channel.close()
    return [*found, *(finding for readers in settings.readers for finding in look_at_readers(readers))]


async def look_at_source(source: "Source", fetcher: "Fetcher") -> Finding:
    from bot.cli.parts import now
    from bot.cli.show import count
    from bot.pipeline.collect import read

    try:
        got = await read(source, fetcher, now())
    except ZhaibaoError as error:
        return Finding("source", f"{source.name}: {error}", UNREACHABLE)
    number = len(got.articles) + len(got.entries)
    found = count(number, "article") + (f" in {got.told}" if got.told else "")
    if got.troubles:
        missing = f"; not read: {'; '.join(got.troubles)}"
        return Finding("source", f"{source.name}: {found} at {source.address}{missing}", UNREACHABLE)
    return Finding("source", f"{source.name}: {found} at {source.address}")


def look_at_readers(readers: "Readers") -> "Iterator[Finding]":
    """How many readers the file names, and its first faults; the mail server is asked about none of them."""
    from bot import files
    from bot.cli.show import count
    from bot.models import Destination
    from bot.recipients import MAX_BYTES, recipients

    number = faults = 0
    try:
        for found in recipients(files.lines(readers.file, MAX_BYTES), readers):
            if isinstance(found, Destination):
                number += 1
                continue
            faults += 1
            if faults <= FAULTS_SHOWN:
                yield Finding(readers.channel, f"{readers.file}, line {found.line}: {found.reason}", UNUSABLE)
    except InputError as error:
        yield Finding(readers.channel, str(error), UNUSABLE)
        return
    more = f"; {faults} lines name none" if faults else ""
    yield Finding(readers.channel, f"{readers.file}: {count(number, 'reader')}{more}")


async def look_at_destination(destination: "Destination", channel: "Channel") -> Finding:
    try:
        return Finding(destination.channel, await channel.check(destination))
    except DeliveryError as error:
        return Finding(destination.channel, f"{destination.address}: {error}", UNREACHABLE)
