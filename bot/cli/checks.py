"""The checks of `zhaibao check`: sources, destinations and address files."""

import asyncio
from collections.abc import Iterator
from typing import NamedTuple

from bot import files
from bot.channels.protocol import Channel
from bot.cli.assembly import build_fetcher, open_channels, read_clock
from bot.cli.exit_status import UNREACHABLE, UNUSABLE
from bot.cli.translation import _, ngettext, translate
from bot.errors import DeliveryError, InputError, ZhaibaoError
from bot.masking import mask_url
from bot.models import Destination, Source
from bot.pipeline.history import describe_changes
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.reader_table import read_source
from bot.settings import AddressFile, Settings
from bot.store import Store
from bot.subscribers.address_file import MAX_LINE_BYTES, read_address_lines
from bot.workers.worker_pool import WorkerPool

_MAX_FAULTS_SHOWN = 10  # of an address file


class CheckResult(NamedTuple):
    """The result of the check of one part, or the remedy. `status` is the resulting exit status."""

    part: str
    message: str
    status: int = 0


async def check_parts(settings: Settings) -> list[CheckResult]:
    """Check each source, each destination and each address file."""
    async with WorkerPool() as workers, build_fetcher(settings, workers.run) as fetcher:
        context = ReadingContext(fetcher=fetcher, workers=workers.run, now=read_clock())
        results = [*await asyncio.gather(*(check_source(source, context) for source in settings.sources))]
    channels, problems = open_channels(settings)
    results += [CheckResult(_("channel"), translate(problem), UNUSABLE) for problem in problems]
    for destination in settings.destinations:
        if channel := channels.get(destination.channel):
            results.append(await _check_destination(destination, channel))
    for channel in channels.values():
        await channel.close()
    for address_file in settings.address_files:
        results += _check_address_file(address_file)
    return results


def list_changes(settings: Settings, store: Store) -> Iterator[CheckResult]:
    """Yield what changed since the last editions, and the effect of each change."""
    for digest in settings.digests:
        try:
            lines = list(describe_changes(settings, store, digest, read_clock()))
        except InputError:  # an address file is missing; the check of the file itself reports it
            continue
        yield from (CheckResult(_("change"), translate(line)) for line in lines)


async def check_source(source: Source, context: ReadingContext) -> CheckResult:
    part = _("source")
    try:
        content = await read_source(source, context)
    except ZhaibaoError as error:
        return CheckResult(part, f"{source.name}: {translate(error)}", UNREACHABLE)
    amount = ngettext("{n} article", "{n} articles", len(content.articles) + len(content.entries))
    if content.description:
        amount = _("{amount} in {container}", amount=amount, container=translate(content.description))
    message = _(
        "{name}: {amount} at {address}", name=source.name, amount=amount, address=mask_url(source.address)
    )
    if content.troubles:
        troubles = "; ".join(map(translate, content.troubles))
        return CheckResult(
            part, _("{message}; not read: {troubles}", message=message, troubles=troubles), UNREACHABLE
        )
    return CheckResult(part, message)


def _check_address_file(address_file: AddressFile) -> Iterator[CheckResult]:
    """Yield the first faults of the file and its number of subscribers. Do not contact the mail server."""
    channel, path = address_file.channel, address_file.file
    number = faults = 0
    try:
        for line in read_address_lines(files.read_lines(path, MAX_LINE_BYTES), address_file):
            if isinstance(line, Destination):
                number += 1
                continue
            faults += 1
            if faults <= _MAX_FAULTS_SHOWN:
                reason = translate(line.reason)
                message = _("{path}, line {number}: {reason}", path=path, number=line.line, reason=reason)
                yield CheckResult(channel, message, UNUSABLE)
    except InputError as error:
        yield CheckResult(channel, translate(error), UNUSABLE)
        return
    subscribers = ngettext("{n} subscriber", "{n} subscribers", number)
    unusable = ngettext("; {n} line cannot be used", "; {n} lines cannot be used", faults) if faults else ""
    yield CheckResult(channel, f"{path}: {subscribers}{unusable}")


async def _check_destination(destination: Destination, channel: Channel) -> CheckResult:
    try:
        return CheckResult(destination.channel, translate(await channel.check_destination(destination)))
    except DeliveryError as error:
        return CheckResult(destination.channel, f"{destination.address}: {translate(error)}", UNREACHABLE)
