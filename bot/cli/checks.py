"""The checks of `zhaibao check`: sources, destinations and address files."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from typing import NamedTuple

from bot import files
from bot.channels.protocol import Channel
from bot.channels.registry import CHANNELS
from bot.cli.assembly import build_fetcher, open_channels, read_clock
from bot.cli.exit_status import UNREACHABLE, UNUSABLE
from bot.cli.moments import choose_zone, format_moment
from bot.cli.translation import _, ngettext, translate
from bot.editorial.left_out import explain_left_out
from bot.errors import ConfigError, DeliveryError, InputError, UnknownName, ZhaibaoError
from bot.masking import mask_url
from bot.models import Article, Destination, Edition, Source, Story
from bot.operation.problems import MIN_FREE_MEGABYTES, find_disk_folder
from bot.pipeline.drafting import draft_edition
from bot.pipeline.history import describe_changes
from bot.pipeline.publish import choose_slot
from bot.pipeline.rendering import render_messages
from bot.pipeline.source_readers.context import ReadingContext
from bot.pipeline.source_readers.reader_table import read_source
from bot.render.themes import find_misspelt_files
from bot.settings import AddressFile, Settings
from bot.store import Store
from bot.subscribers.address_file import MAX_LINE_BYTES, read_address_lines
from bot.workers.worker_pool import WorkerPool
from summarizer import summarize

_CLOCK_TOLERANCE = timedelta(minutes=1)
_MAX_FAULTS_SHOWN = 10  # of an address file


class CheckResult(NamedTuple):
    """The result of the check of one part, or the remedy. `status` is the resulting exit status."""

    part: str
    message: str
    status: int = 0


def check_next_editions(settings: Settings, store: Store) -> Iterator[CheckResult]:
    """Render each digest's next edition in every channel's form and check it as the other side would."""
    part = _("theme")
    for digest in settings.digests:
        try:
            now = read_clock()
            edition = draft_edition(settings, store, digest, choose_slot(digest, now).opens_at, now)
        except InputError:  # an address file is missing: the check of the file reports it
            continue
        for channel in settings.find_channels(digest.name):
            yield from _check_form(edition, channel, settings, store)
        if "." not in digest.name:
            stories = ngettext("{n} story", "{n} stories", len(edition.stories))
            line = _("{digest}: {stories} for the next edition", digest=digest.name, stories=stories)
            if reasons := explain_left_out(edition.left_out, digest):
                line = _("{line} (left out: {reasons})", line=line, reasons=translate(reasons))
            yield CheckResult(_("edition"), line)
    for theme in sorted({digest.theme for digest in settings.digests}):
        for name, similar in find_misspelt_files(theme, settings.themes).items():
            message = _(
                "{theme}/{name} is used by no form; did you mean {similar}?",
                theme=theme,
                name=name,
                similar=similar,
            )
            yield CheckResult(part, message, UNUSABLE)


def _check_form(edition: Edition, channel: str, settings: Settings, store: Store) -> Iterator[CheckResult]:
    """Yield what is wrong with the edition in the channel's form; a sample story takes the place of none."""
    find_fault = CHANNELS[channel].find_fault
    if not edition.stories:
        edition = replace(edition, stories=(_build_sample_story(),))
    try:
        message = render_messages(edition, [channel], settings, store)[channel]
    except (ConfigError, UnknownName) as error:
        yield CheckResult(_("theme"), translate(error), UNUSABLE)
        return
    if find_fault and (fault := find_fault(message)):
        text = _("{theme}: {fault}", theme=edition.theme, fault=translate(fault))
        yield CheckResult(_("theme"), text, UNUSABLE)


def _build_sample_story() -> Story:
    """Return a story of the usual kind, so that a theme is tested before anything is read."""
    text = "The <new> bridge & its road were opened yesterday. The repair took four months."
    article = Article(
        title="Bridge <open> & safe", text=text, url="https://example.org/?a=1&b=2", publisher="Paper"
    )
    return Story(article=article, summary=summarize(text, sentences=1), section="News")


def check_machine(settings: Settings, store: Store) -> Iterator[CheckResult]:
    """Yield what the disk and the clock are like."""
    folder = find_disk_folder(settings, store)
    free = shutil.disk_usage(folder).free // 1024 // 1024
    status = UNREACHABLE if free < MIN_FREE_MEGABYTES else 0
    yield CheckResult(_("disk"), _("{free:,} MB free at {folder}", free=free, folder=folder), status)
    now, newest = read_clock(), store.figures.find_newest_moment()
    if newest and newest > now + _CLOCK_TOLERANCE:
        message = _(
            "the clock shows {now}, but the database has entries of {newest}; set the clock (NTP)",
            now=format_moment(now, UTC),
            newest=format_moment(newest, UTC),
        )
        yield CheckResult(_("clock"), message, UNREACHABLE)
    else:
        yield CheckResult(_("clock"), format_moment(now, choose_zone(settings.digests, in_utc=False)))


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
    for name in sorted({address_file.channel for address_file in settings.address_files}):
        if channel := channels.get(name):
            results.append(await _check_server(name, channel))
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


async def _check_server(name: str, channel: Channel) -> CheckResult:
    """Connect and log in, as the delivery to an address file would."""
    try:
        await channel.ensure_ready()
    except DeliveryError as error:
        return CheckResult(name, translate(error), UNREACHABLE)
    return CheckResult(name, _("the server takes the login"))


async def _check_destination(destination: Destination, channel: Channel) -> CheckResult:
    try:
        return CheckResult(destination.channel, translate(await channel.check_destination(destination)))
    except DeliveryError as error:
        return CheckResult(destination.channel, f"{destination.address}: {translate(error)}", UNREACHABLE)
