"""What `zhaibao check` looks at: sources, destinations, files of addresses."""

import asyncio
from collections.abc import Iterator
from typing import NamedTuple

from bot import files
from bot.channels.protocol import Channel
from bot.cli.assembly import build_fetcher, open_channels, read_clock
from bot.cli.exit_status import UNREACHABLE, UNUSABLE
from bot.errors import DeliveryError, InputError, ZhaibaoError
from bot.fetch import Fetcher
from bot.models import Destination, Source
from bot.pipeline.collect import read_source
from bot.settings import AddressFile, Settings
from bot.subscribers.address_file import MAX_LINE_BYTES, read_address_lines

_MAX_FAULTS_SHOWN = 10  # of an address file


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class CheckResult(NamedTuple):
    """What a look at a part found, or the remedy; `status` is the exit status it asks for."""

    part: str
    message: str
    status: int = 0


async def check_parts(settings: Settings) -> list[CheckResult]:
    """Ask each source and each destination."""
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


async def check_source(source: Source, fetcher: Fetcher) -> CheckResult:
    try:
        got = await read_source(source, fetcher, read_clock())
    except ZhaibaoError as error:
        return CheckResult("source", f"{source.name}: {error}", UNREACHABLE)
    number = len(got.articles) + len(got.entries)
    found = _count(number, "article") + (f" in {got.description}" if got.description else "")
    if got.troubles:
        missing = f"; not read: {'; '.join(got.troubles)}"
        return CheckResult("source", f"{source.name}: {found} at {source.address}{missing}", UNREACHABLE)
    return CheckResult("source", f"{source.name}: {found} at {source.address}")


def _check_address_file(readers: AddressFile) -> Iterator[CheckResult]:
    """How many readers the file names, and its first faults; the mail server is asked about none of them."""
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
    yield CheckResult(readers.channel, f"{readers.file}: {_count(number, 'reader')}{more}")


async def _check_destination(destination: Destination, channel: Channel) -> CheckResult:
    try:
        return CheckResult(destination.channel, await channel.check_destination(destination))
    except DeliveryError as error:
        return CheckResult(destination.channel, f"{destination.address}: {error}", UNREACHABLE)
