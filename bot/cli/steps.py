"""`zhaibao collect`, `publish`, `deliver`, `preview` and `run`: the single steps as commands, and all steps
as a service.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exit_status import UNREACHABLE, UNUSABLE
from bot.cli.translation import _, ngettext, translate

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Digest, Edition
    from bot.pipeline.collect import CollectOutcome
    from bot.settings import Settings
    from bot.store import Store


@click.command("collect")
@click.pass_obj
def collect_sources(config: Path) -> None:
    """Read every source and store what is new."""
    from bot.cli.assembly import load_configuration, open_store, read_clock
    from bot.cli.printing import print_next_edition
    from bot.pipeline.drafting import select_for_digest

    settings = load_configuration(config)
    with open_store(settings) as store:
        outcomes = _collect_with_progress(settings, store)
        for digest in settings.digests:
            if "." not in digest.name:  # subscribers' own digests may be many
                print_next_edition(digest, select_for_digest(settings, store, digest, read_clock()))
    if any(outcome.error or outcome.troubles for outcome in outcomes):
        sys.exit(UNREACHABLE)


def _collect_with_progress(settings: "Settings", store: "Store") -> "tuple[CollectOutcome, ...]":
    """Collect with a progress bar, then print each result; after Ctrl-C, the results so far."""
    from bot import log
    from bot.cli.assembly import build_fetcher, list_secrets, read_clock, run_async
    from bot.cli.printing import print_outcomes
    from bot.cli.progress import show_progress
    from bot.pipeline.collect import collect_sources as collect_all
    from bot.workers.worker_pool import WorkerPool

    log.configure_logging(list_secrets(settings), errors_only=True)
    outcomes: list[CollectOutcome] = []

    def note_outcome(outcome: "CollectOutcome") -> None:
        outcomes.append(outcome)
        advance()

    async def work() -> "tuple[CollectOutcome, ...]":
        async with WorkerPool() as workers, build_fetcher(settings, workers.run) as fetcher:
            return await collect_all(settings, store, fetcher, workers.run, read_clock(), note_outcome)

    try:
        with show_progress(_("Reading sources"), len(settings.sources)) as advance:
            in_order = run_async(work())
    except KeyboardInterrupt:
        print_outcomes(outcomes)
        raise
    print_outcomes(in_order)
    return in_order


@click.command("publish")
@click.argument("digest", required=False)
@click.option("--empty", is_flag=True, help="Publish DIGEST even if nothing is new.")
@click.option("--slot", type=click.DateTime(["%H:%M"]), help="The slot of today, by its time: 18:00.")
@click.pass_obj
def publish_editions(config: Path, digest: str | None, empty: bool, slot: "datetime | None") -> None:
    """Publish what is due, or today's edition of DIGEST.

    By hand, an edition without stories is published only with --empty: each slot has one edition.
    """
    from bot import log
    from bot.cli.assembly import list_secrets, load_configuration, open_store, read_clock, run_async
    from bot.cli.printing import format_outcome
    from bot.pipeline.publish import PublishResult, publish_due, publish_now

    if slot and not digest:
        raise click.UsageError(_("--slot needs DIGEST"))
    settings = load_configuration(config)
    wanted = settings.find_digest(digest) if digest else None
    log.configure_logging(list_secrets(settings), errors_only=True)
    with open_store(settings) as store:
        if wanted:
            at = slot.time() if slot else None
            publishing = publish_now(settings, store, wanted, read_clock(), at, may_be_empty=empty)
            outcomes = [run_async(publishing)]
        else:
            outcomes = [*run_async(publish_due(settings, store, read_clock()))]
    for outcome in outcomes:
        click.echo(format_outcome(outcome, read_clock()))
    if any(outcome.result == PublishResult.EMPTY for outcome in outcomes):
        sys.exit(UNUSABLE)


@click.command("deliver")
@click.pass_obj
def deliver_messages(config: Path) -> None:
    """Send the deliveries that are due.

    What cannot be sent now is tried again by the next `deliver` or `run`.
    """
    from bot import log
    from bot.cli.assembly import (
        build_delivery_worker,
        list_secrets,
        load_configuration,
        open_channels,
        open_store,
        read_clock,
        run_async,
    )
    from bot.cli.signals import stop_on_signal
    from bot.errors import InputError
    from bot.models import DeliveryState
    from bot.pipeline.synchronization import synchronize_all

    settings = load_configuration(config)
    log.configure_logging(list_secrets(settings))
    channels, problems = open_channels(settings)
    for problem in problems:
        click.echo(f"zhaibao: {translate(problem)}", err=True)

    async def work() -> dict[str, int]:
        with suppress(InputError):  # an address file that cannot be read ends no subscription
            synchronize_all(settings, store, read_clock())
        async with build_delivery_worker(settings, store, channels) as delivery_worker:
            stop_on_signal(delivery_worker.stop)
            return {str(state): number for state, number in (await delivery_worker.deliver_due()).items()}

    with open_store(settings) as store:
        tally = run_async(work())
        waiting = store.deliveries.count_by_state()
    click.echo(
        ", ".join(f"{number} {state}" for state, number in sorted(tally.items()) if number)
        or _("Nothing was due.")
    )
    if waiting.get(DeliveryState.PENDING):
        click.echo(
            ngettext(
                "{n} delivery waits for another attempt; `zhaibao deliveries --state pending` shows "
                "the reason.",
                "{n} deliveries wait for another attempt; `zhaibao deliveries --state pending` shows "
                "the reasons.",
                waiting[DeliveryState.PENDING],
            )
        )
    if problems or tally.get("failed"):
        sys.exit(UNREACHABLE)


@click.command("preview")
@click.argument("digest")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the messages of every channel into this folder."
)
@click.option("--why", is_flag=True, help="Show why each story was chosen or left out.")
@click.pass_obj
def preview_digest(config: Path, digest: str, out: Path | None, why: bool) -> None:
    """Show DIGEST as it would be published now.

    It collects, but publishes and sends nothing.
    """
    from bot.cli.assembly import load_configuration, open_store, read_clock
    from bot.cli.printing import print_selection
    from bot.pipeline.drafting import select_for_digest

    settings = load_configuration(config)
    if not why:
        preview_edition(settings, digest, out)
        return
    wanted = settings.find_digest(digest)
    with open_store(settings) as store:
        _collect_with_progress(settings, store)
        print_selection(select_for_digest(settings, store, wanted, read_clock()))


def preview_edition(settings: "Settings", digest: str, out: Path | None) -> None:
    """Collect, print the edition as it would be published now, and write its messages into `out`."""
    from bot.channels.registry import CHANNELS
    from bot.cli.assembly import open_store, read_clock
    from bot.cli.message_files import write_message_files
    from bot.cli.printing import print_edition, print_files
    from bot.pipeline.drafting import draft_edition
    from bot.pipeline.publish import choose_slot
    from bot.pipeline.rendering import render_messages

    wanted = settings.find_digest(digest)
    with open_store(settings) as store:
        _collect_with_progress(settings, store)
        moment = read_clock()
        edition = draft_edition(settings, store, wanted, choose_slot(wanted, moment).opens_at, moment)
        print_edition(edition)
        _print_context(store, wanted, edition)
        if out is None:
            return
        messages = render_messages(edition, CHANNELS, settings, store)
        written = write_message_files(out, edition, messages, settings)
    print_files(out, written)


def _print_context(store: "Store", digest: "Digest", edition: "Edition") -> None:
    """Print what the previewed edition leaves out, and whether today's is out already."""
    from bot.cli.printing import console
    from bot.editorial.left_out import explain_left_out

    number = store.editions.find_edition_id(digest.name, edition.slot_at)
    published = store.editions.load_edition(number) if number else None
    if published:
        at = published.created_at.astimezone(digest.zone)
        console.print(
            _(
                "Today's edition of {digest} (edition {number}) is out since {time} {zone}. "
                "This is what came since; it is for the next edition.",
                digest=digest.name,
                number=number,
                time=f"{at:%H:%M}",
                zone=digest.zone.key,
            ),
            markup=False,
        )
    if reasons := explain_left_out(edition.left_out, digest):
        console.print(_("Left out: {reasons}.", reasons=translate(reasons)), style="dim", markup=False)


@click.command("run")
@click.option("--verbose", is_flag=True, help="Log more details.")
@click.pass_obj
def run_service(config: Path, verbose: bool) -> None:
    """Run the service: collect, publish, deliver, answer users.

    A changed configuration is taken over between steps, on SIGHUP at once. A faulty one is refused and
    logged. SIGTERM or Ctrl-C ends the service cleanly: messages being sent are finished and recorded. A
    second one ends it at once.
    """
    from bot import log
    from bot.cli.assembly import list_secrets, load_configuration, open_store, run_async
    from bot.cli.service import run_generations

    settings = load_configuration(config)
    log.configure_logging(list_secrets(settings), verbose=verbose)
    with open_store(settings) as store:
        run_async(run_generations(settings, store, config, verbose=verbose))
