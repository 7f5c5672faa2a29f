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
    from bot.settings import AddressFile, Settings

_MAX_FAULTS_SHOWN = 10  # of a file of readers
_EXAMPLE = Path(__file__).parents[2] / "templates" / "zhaibao.toml"


@cli.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write a commented zhaibao.toml to start from.

    It is written into DIR, or here, and never over one that is there.
    """
    target, example = folder / "zhaibao.toml", _EXAMPLE.read_text("utf-8")
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
    from bot.cli.assembly import load_configuration, open_store, run_async
    from bot.cli.printing import print_check_results

    settings = load_configuration(config)
    found = [CheckResult("configuration", str(config))]
    try:
        with open_store(settings) as store:
            found.append(CheckResult("store", store.address))
    except ZhaibaoError as error:
        found.append(CheckResult("store", str(error), UNREACHABLE))
    found += run_async(_check_parts(settings))
    print_check_results(found)
    if worst := max(finding.status for finding in found):
        sys.exit(worst)


class CheckResult(NamedTuple):
    """What a look at a part found, or the remedy; `status` is the exit status it asks for."""

    part: str
    message: str
    status: int = 0


async def _check_parts(settings: "Settings") -> list[CheckResult]:
    """Ask each source and each destination."""
    import asyncio

    from bot.cli.assembly import build_fetcher, open_channels

    async with build_fetcher(settings) as fetcher:
        found = [*await asyncio.gather(*(check_source(source, fetcher) for source in settings.sources))]
    channels, problems = open_channels(settings)
    found += [CheckResult("channel", problem, UNUSABLE) for problem in problems]
    for destination in settings.destinations:
        if channel := channels.get(destination.channel):
            found.append(await _check_destination(destination, channel))
    for channel in channels.values():
        await channel.close()
    return [*found, *(finding for readers in settings.address_files for finding in _check_address_file(readers))]


async def check_source(source: "Source", fetcher: "Fetcher") -> CheckResult:
    from bot.cli.assembly import read_clock
    from bot.cli.printing import format_count
    from bot.pipeline.collect import read_source

    try:
        got = await read_source(source, fetcher, read_clock())
    except ZhaibaoError as error:
        return CheckResult("source", f"{source.name}: {error}", UNREACHABLE)
    number = len(got.articles) + len(got.entries)
    found = format_count(number, "article") + (f" in {got.description}" if got.description else "")
    if got.troubles:
        missing = f"; not read: {'; '.join(got.troubles)}"
        return CheckResult("source", f"{source.name}: {found} at {source.address}{missing}", UNREACHABLE)
    return CheckResult("source", f"{source.name}: {found} at {source.address}")


def _check_address_file(readers: "AddressFile") -> "Iterator[CheckResult]":
    """How many readers the file names, and its first faults; the mail server is asked about none of them."""
    from bot import files
    from bot.cli.printing import format_count
    from bot.models import Destination
    from bot.subscribers.address_file import MAX_LINE_BYTES, read_address_lines

    number = faults = 0
    try:
        for found in read_address_lines(files.read_lines(readers.file, MAX_LINE_BYTES), readers):
            if isinstance(found, Destination):
                number += 1
                continue
            faults += 1
            if faults <= _MAX_FAULTS_SHOWN:
                yield CheckResult(readers.channel, f"{readers.file}, line {found.line}: {found.reason}", UNUSABLE)
    except InputError as error:
        yield CheckResult(readers.channel, str(error), UNUSABLE)
        return
    more = f"; {faults} lines name none" if faults else ""
    yield CheckResult(readers.channel, f"{readers.file}: {format_count(number, 'reader')}{more}")


async def _check_destination(destination: "Destination", channel: "Channel") -> CheckResult:
    try:
        return CheckResult(destination.channel, await channel.check_destination(destination))
    except DeliveryError as error:
        return CheckResult(destination.channel, f"{destination.address}: {error}", UNREACHABLE)
