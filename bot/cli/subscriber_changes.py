"""`zhaibao subscribers add`, `import`, `pause`, `resume`, `remove`, `forget`: what the operator changes."""

import getpass
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.json_output import json_option, print_rows
from bot.cli.translation import _, ngettext, translate
from bot.errors import InputError
from bot.phrases import Phrase

if TYPE_CHECKING:
    from bot.pipeline.synchronization import AddressTally
    from bot.settings import Settings
    from bot.store import Store
    from bot.subscribers.decisions import Decision
    from bot.subscribers.subscriber import Lookup, Origin

_addresses = click.argument("addresses", metavar="ADDRESS…", nargs=-1, required=True)
_MAX_SHOWN = 10  # lines of an import


@click.command("add")
@click.argument("digest")
@click.argument("address", metavar="CHANNEL:ADDRESS")
@click.option("--name", default="", help="The subscriber's name, for the mail's To:.")
@click.option("--again", is_flag=True, help="Also if this address left: the person has asked you for it.")
@json_option
@click.pass_obj
def add_subscriber(config: Path, digest: str, address: str, name: str, again: bool, as_json: bool) -> None:
    """Subscribe CHANNEL:ADDRESS to DIGEST, for instance mail:li@example.org.

    An address that left, complained or is forgotten stays out without --again.
    """
    from dataclasses import replace

    from bot.pipeline.subscriber_addresses import parse_destination
    from bot.pipeline.subscribing import subscribe_address
    from bot.subscribers.decisions import ChangeResult

    def change(settings: "Settings", store: "Store", origin: "Origin") -> "Decision":
        destination = replace(parse_destination(address, digest), name=name)
        return subscribe_address(settings, store, destination, origin, is_own_wish=again)

    decision = _apply(config, change)
    if as_json:
        print_rows([_to_row(address, decision)])
        return
    texts = {
        ChangeResult.SUPPRESSED: _(
            "{address} left, complained or is forgotten, and was not added; --again adds it.",
            address=address,
        ),
        ChangeResult.UNCHANGED: _("{address} gets {digest} already.", address=address, digest=digest),
    }
    done = _("{address} gets {digest} from the next slot on.", address=address, digest=digest)
    click.echo(texts.get(decision.result, done))


@click.command("invite")
@click.argument("digest")
@click.argument("address", metavar="mail:ADDRESS")
@json_option
@click.pass_obj
def invite_subscriber(config: Path, digest: str, address: str, as_json: bool) -> None:
    """Send a mail with a link that subscribes the address to DIGEST once its owner confirms.

    Needs the pages of [web]. Three mails a day go to an address at most, none to one that left.
    """
    from bot.channels.registry import CHANNELS
    from bot.cli.assembly import load_configuration, open_store
    from bot.pipeline.subscriber_addresses import parse_destination
    from bot.pipeline.subscribing import subscribe_address
    from bot.subscribers.decisions import ChangeResult
    from bot.web.link_mail import queue_link_mail

    settings, origin = load_configuration(config), _build_origin()
    destination = parse_destination(address, digest)
    if not CHANNELS[destination.channel].takes_address_file:
        raise InputError(Phrase("invitations go by mail; a chat subscribes by writing to the bot"))
    if not settings.web.leave_url:
        raise InputError(Phrase("the link of an invitation needs [web] listen and address"))
    language = settings.find_digest(digest).language
    with open_store(settings) as store:
        decision = subscribe_address(
            settings, store, destination, origin, language=language, is_confirmed=False, is_own_wish=False
        )
        is_waiting = decision.result is ChangeResult.UNCONFIRMED and decision.subscriber is not None
        key = decision.subscriber.key if decision.subscriber else ""
        is_queued = is_waiting and queue_link_mail(
            settings, store, destination, key, language, origin.at, is_waiting=True
        )
    if as_json:
        print_rows([{**_to_row(address, decision), "is_mail_queued": is_queued}])
        return
    if is_queued:
        click.echo(_("`zhaibao run` or `zhaibao deliver` sends the mail to {address}.", address=address))
    elif is_waiting:
        click.echo(_("{address} got three mails today; none was added.", address=address))
    elif decision.result is ChangeResult.SUPPRESSED:
        click.echo(_("{address} left, complained or is forgotten, and gets no invitation.", address=address))
    else:
        click.echo(_("{address} gets {digest} already.", address=address, digest=digest))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--digest", default="", help="The digest; not needed where there is only one.")
@json_option
@click.pass_obj
def import_subscribers(config: Path, file: Path, digest: str, as_json: bool) -> None:
    """Subscribe the addresses in FILE, one a line: li@example.org, or CHANNEL:ADDRESS.

    Addresses that left, complained or are forgotten stay out and are listed. Importing again changes nothing.
    """
    from bot import files
    from bot.cli.assembly import load_configuration, open_store
    from bot.pipeline.subscriber_addresses import read_import_lines
    from bot.pipeline.synchronization import import_destinations
    from bot.subscribers.address_file import MAX_LINE_BYTES

    settings = load_configuration(config)
    name = digest or _find_only_digest(settings)
    settings.find_digest(name)
    lines = read_import_lines(files.read_lines(file, MAX_LINE_BYTES), name)
    with open_store(settings) as store:
        tally = import_destinations(settings, store, lines, _build_origin())
    if as_json:
        print_rows([_to_tally_row(tally)])
        return
    number = tally.new
    click.echo(ngettext("{n} address was added.", "{n} addresses were added.", number))
    if number := tally.unchanged + tally.changed:
        click.echo(ngettext("{n} was subscribed before.", "{n} were subscribed before.", number))
    if number := len(tally.suppressed):
        click.echo(ngettext("{n} stays out, because it left:", "{n} stay out, because they left:", number))
        for address in tally.suppressed[:_MAX_SHOWN]:
            click.echo(f"  {address}")
    for fault in tally.faults[:_MAX_SHOWN]:
        reason = translate(fault.reason)
        click.echo(_("line {number}: {reason}", number=fault.line, reason=reason), err=True)


@click.command("pause")
@_addresses
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="The day on which editions come again: 2026-12-24."
)
@json_option
@click.pass_obj
def pause_subscribers(
    config: Path, addresses: tuple[str, ...], until: datetime | None, as_json: bool
) -> None:
    """Send nothing to these subscribers, until a day or until they are resumed."""
    from bot.pipeline.subscribing import pause_until

    end = until.astimezone() if until else None

    def change(settings: "Settings", store: "Store", lookup: "Lookup", origin: "Origin") -> "Decision":
        return pause_until(settings, store, lookup, end, origin)

    _change_each(config, addresses, as_json, change)


@click.command("resume")
@click.argument("addresses", metavar="ADDRESS…", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="All whose address was refused for good.")
@json_option
@click.pass_obj
def resume_subscribers(config: Path, addresses: tuple[str, ...], everyone: bool, as_json: bool) -> None:
    """Send to paused subscribers again, and to those whose address was refused for good.

    `zhaibao subscribers list --state gone` lists these; `zhaibao resend` sends an edition that was missed.
    """
    from bot.pipeline.subscribing import resume_subscriber

    if everyone == bool(addresses):
        raise click.UsageError(_("give addresses or --all"))
    _change_each(config, addresses, as_json, resume_subscriber)


@click.command("remove")
@_addresses
@click.option("--digest", default="", help="Only this digest.")
@json_option
@click.pass_obj
def remove_subscribers(config: Path, addresses: tuple[str, ...], digest: str, as_json: bool) -> None:
    """End the subscriptions of these addresses.

    What waits to be sent is cancelled. No import and no address file subscribes them again.
    """
    from bot.pipeline.subscribing import leave_digest

    _change_each(config, addresses, as_json, partial(leave_digest, digest=digest))


@click.command("forget")
@click.argument("address")
@json_option
@click.pass_obj
def forget_subscriber(config: Path, address: str, as_json: bool) -> None:
    """Delete all that names the person with this address; counts stay.

    A keyed hash remains, so that no import and no address file subscribes the address again. SQLite's files
    hold no copy of it afterwards; PostgreSQL overwrites deleted rows in its own time. Backups keep theirs.
    """
    from bot.cli.assembly import load_configuration, open_store
    from bot.errors import UnknownName
    from bot.pipeline import subscribing
    from bot.pipeline.subscriber_addresses import find_lookup
    from bot.subscribers.subscriber import Lookup

    with open_store(load_configuration(config)) as store:
        try:
            lookup = find_lookup(store, address)
        except UnknownName:
            if ":" not in address:
                raise
            lookup = Lookup(address_key=address)  # only deliveries may name it
        outcome = subscribing.forget_subscriber(store, lookup, _build_origin())
    if not outcome.is_known:
        raise UnknownName(Phrase("no subscriber and no delivery has the address {address}", address=address))
    if as_json:
        row = {"deliveries": outcome.deliveries, "files": outcome.files, "is_scrubbed": outcome.is_scrubbed}
        print_rows([{"result": "forgotten", **row}])
        return
    click.echo(
        ngettext(
            "Forgotten. {n} delivery keeps a hash instead of the address.",
            "Forgotten. {n} deliveries keep a hash instead of the address.",
            outcome.deliveries,
        )
    )
    for file in outcome.files:
        click.echo(_("{file} still names the address; remove the line there.", file=file))
    if not outcome.is_scrubbed:
        click.echo(_("Other programs read the database; run this again when they have ended."), err=True)


CHANGES: tuple[click.Command, ...] = (
    add_subscriber,
    invite_subscriber,
    import_subscribers,
    pause_subscribers,
    resume_subscribers,
    remove_subscribers,
    forget_subscriber,
)


def _build_origin() -> "Origin":
    from bot.cli.assembly import read_clock
    from bot.subscribers.subscriber import Door, Origin

    return Origin(who=getpass.getuser(), door=Door.COMMAND_LINE, at=read_clock())


def _apply(config: Path, change: "Callable[[Settings, Store, Origin], Decision]") -> "Decision":
    from bot.cli.assembly import load_configuration, open_store

    settings = load_configuration(config)
    with open_store(settings) as store:
        return change(settings, store, _build_origin())


def _change_each(
    config: Path,
    addresses: tuple[str, ...],
    as_json: bool,
    change: "Callable[[Settings, Store, Lookup, Origin], Decision]",
) -> None:
    """Make the change for each address, for all who are gone where none is given; show what it led to."""
    from bot.cli.assembly import load_configuration, open_store, read_clock
    from bot.pipeline.subscriber_addresses import find_lookup
    from bot.pipeline.synchronization import synchronize_all
    from bot.subscribers.subscriber import SubscriberState

    settings, origin = load_configuration(config), _build_origin()
    with open_store(settings) as store:
        synchronize_all(settings, store, read_clock())
        gone = store.subscriber_listing.list_subscribers(SubscriberState.GONE) if not addresses else ()
        names = addresses or tuple(subscriber.addresses[0].key for subscriber in gone)
        lookups = [find_lookup(store, name) for name in names]  # all are known, or nothing changes
        decisions = [change(settings, store, lookup, origin) for lookup in lookups]
    rows = [
        _to_row(lookup.address_key, decision) for lookup, decision in zip(lookups, decisions, strict=True)
    ]
    if as_json:
        print_rows(rows)
        return
    for row in rows:
        click.echo(_("{address}: {state}", address=row["address"], state=row["state"]))
    if not rows:
        click.echo(_("Nothing to change."))


def _to_row(address: str, decision: "Decision") -> dict[str, object]:
    subscriber = decision.subscriber
    slots = (
        [each.next_slot_at for each in subscriber.subscriptions if each.next_slot_at] if subscriber else []
    )
    return {
        "address": address,
        "result": str(decision.result),
        "state": str(subscriber.state) if subscriber else "",
        "next_slot_at": min(slots, default=None),
    }


def _to_tally_row(tally: "AddressTally") -> dict[str, object]:
    return {
        "new": tally.new,
        "unchanged": tally.unchanged + tally.changed,
        "suppressed": tally.suppressed,
        "faults": [{"line": fault.line, "reason": str(fault.reason)} for fault in tally.faults],
    }


def _find_only_digest(settings: "Settings") -> str:
    """Return the digest's name. Raises InputError where there are several."""
    names = [digest.name for digest in settings.digests if "." not in digest.name]
    if len(names) != 1:
        raise InputError(Phrase("name the digest with --digest: {names}", names=", ".join(names)))
    return names[0]
