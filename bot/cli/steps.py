"""`zhaibao collect`, `publish`, `deliver`, `preview` and `run`: the job by hand, and by itself."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import UNREACHABLE, cli

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.pipeline.collect import Collected
    from bot.settings import Settings
    from bot.store import Store

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GRACE_SECONDS = 9.5  # a service that was told to stop is gone after ten


@cli.command()
@click.pass_obj
def collect(config: Path) -> None:
    """Read every source and keep what is new."""
    from bot.cli.parts import settings_from, store_for

    settings = settings_from(config)
    with store_for(settings) as store:
        found = collected(settings, store)
    if any(one.error or one.troubles for one in found):
        sys.exit(UNREACHABLE)


def collected(settings: "Settings", store: "Store") -> "tuple[Collected, ...]":
    """Collect with a progress bar, then say what came of each source."""
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from bot import log
    from bot.cli.parts import fetcher_for, finish, now
    from bot.cli.show import console, count
    from bot.pipeline.collect import collect as collect_all

    log.silence()

    async def work() -> "tuple[Collected, ...]":
        async with fetcher_for(settings) as fetcher:
            return await collect_all(settings, store, fetcher, now(), lambda _: progress.advance(task))

    columns = (TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TextColumn("sources"))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Reading", total=len(settings.sources))
        found = finish(work())
    for one in found:
        told = f"[red]{escape(one.error)}[/]" if one.error else count(one.new, "new article")
        console.print(f"  {escape(one.source.title or one.source.name)}: {told}", highlight=False)
        for trouble in one.troubles:
            console.print(f"    [yellow]not read[/]: {escape(trouble)}", highlight=False)
    return found


@cli.command()
@click.argument("digest", required=False)
@click.pass_obj
def publish(config: Path, digest: str | None) -> None:
    """Make the editions that are due, or today's of DIGEST now."""
    from bot import log
    from bot.cli.parts import finish, now, settings_from, store_for
    from bot.cli.show import outcome_line
    from bot.pipeline.publish import publish_due, publish_now

    settings = settings_from(config)
    wanted = settings.digest(digest) if digest else None
    log.silence()
    with store_for(settings) as store:
        if wanted:
            outcomes = [finish(publish_now(settings, store, wanted, now()))]
        else:
            outcomes = [*finish(publish_due(settings, store, now()))]
    for outcome in outcomes:
        click.echo(outcome_line(outcome, now()))


@cli.command()
@click.pass_obj
def deliver(config: Path) -> None:
    """Send what is due.

    What cannot be sent now is tried again by the next `deliver` or `run`.
    """
    from bot import log
    from bot.cli.parts import channels_for, finish, post_for, secrets_of, settings_from, store_for
    from bot.models import DeliveryState

    settings = settings_from(config)
    log.start(secrets_of(settings))
    channels, problems = channels_for(settings)
    for problem in problems:
        click.echo(f"zhaibao: {problem}", err=True)

    async def work() -> dict[str, int]:
        async with post_for(settings, store, channels) as post:
            on_signal(post.stop)
            return {str(state): number for state, number in (await post.deliver()).items()}

    with store_for(settings) as store:
        tally = finish(work())
        waiting = store.deliveries.counts()
    click.echo(", ".join(f"{number} {state}" for state, number in sorted(tally.items())) or "Nothing was due.")
    if waiting.get(DeliveryState.PENDING):
        click.echo(
            f"{waiting[DeliveryState.PENDING]} wait for another try: `zhaibao deliveries --state pending` says why."
        )
    if problems or tally.get("failed"):
        sys.exit(UNREACHABLE)


@cli.command()
@click.argument("digest")
@click.option("--out", type=click.Path(path_type=Path), help="Write every channel's form of it into this folder.")
@click.option("--why", is_flag=True, help="Say of every article why it was chosen or left out.")
@click.pass_obj
def preview(config: Path, digest: str, out: Path | None, why: bool) -> None:
    """Show what DIGEST would be if it were published now. Sends nothing and publishes nothing."""
    from bot.cli.parts import now, settings_from, store_for
    from bot.cli.preview import write_forms
    from bot.cli.show import print_choice, print_edition, print_files
    from bot.pipeline.publish import FORMS, choice, draft, messages

    settings = settings_from(config)
    wanted = settings.digest(digest)
    moment = now()
    with store_for(settings) as store:
        collected(settings, store)
        if why:
            print_choice(choice(settings, store, wanted, moment))
            return
        edition = draft(settings, store, wanted, moment.astimezone(wanted.zone).date(), moment)
        print_edition(edition)
        if out is None:
            return
        written = write_forms(out, edition, messages(edition, FORMS, settings, store), settings)
    print_files(out, written)


@cli.command()
@click.option("--verbose", is_flag=True, help="Log more.")
@click.pass_obj
def run(config: Path, verbose: bool) -> None:
    """Be the service: collect, publish on time, deliver, answer.

    Ends cleanly on SIGTERM or Ctrl-C: what is being sent is finished and recorded. A second one ends it at once.
    """
    from bot import log
    from bot.cli.parts import finish, secrets_of, settings_from, store_for

    settings = settings_from(config)
    log.start(secrets_of(settings), verbose=verbose)
    with store_for(settings) as store:
        finish(serve(settings, store))


async def serve(settings: "Settings", store: "Store") -> None:
    """Start the parts, wait for the signal, stop the parts."""
    import asyncio

    import structlog

    from bot.chat import Chat
    from bot.cli.parts import channels_for, fetcher_for, now, post_for
    from bot.schedule import Service

    logger = structlog.get_logger("run")
    stop = asyncio.Event()
    on_signal(stop.set)
    channels, problems = channels_for(settings)
    for problem in problems:
        logger.error("channel", problem=problem)
    async with fetcher_for(settings) as fetcher, post_for(settings, store, channels) as post:
        chat = Chat(settings.telegram, fetcher, settings.rules) if settings.telegram.token else None
        answering = asyncio.create_task(chat.run(stop)) if chat else None
        await Service(settings, store, fetcher, post, now).run(stop)
        if answering:
            await answering
    logger.info("stopped")


def on_signal(stop: "Callable[[], None]", grace_seconds: float = GRACE_SECONDS) -> None:
    """Call `stop` at the first SIGTERM or Ctrl-C; end at once at the second, or when the first took too long."""
    import asyncio

    loop = asyncio.get_running_loop()

    def told() -> None:
        for name in SIGNALS:
            loop.remove_signal_handler(name)
        # A thread in the middle of a page cannot be told to stop, and Python would wait for it. What is recorded is
        # safe whenever we end: what was in flight is found by the next start.
        timer = threading.Timer(grace_seconds, os._exit, [128 + signal.SIGTERM])
        timer.daemon = True
        timer.start()
        stop()

    for name in SIGNALS:
        loop.add_signal_handler(name, told)
