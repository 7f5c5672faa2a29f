"""`zhaibao subscribers`: list subscribers, show one, export what is known."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.json_output import json_option, print_rows
from bot.cli.state_option import parse_state
from bot.cli.subscriber_changes import CHANGES
from bot.cli.translation import _
from bot.errors import UnknownName
from bot.phrases import Phrase

if TYPE_CHECKING:
    from bot.store import Store
    from bot.subscribers.subscriber import Subscriber, SubscriberState, Subscription


@click.group("subscribers", invoke_without_command=True)
@click.pass_context
def subscribers_group(context: click.Context) -> None:
    """List, add, change and remove subscribers."""
    if context.invoked_subcommand is None:
        context.invoke(list_subscribers)


def _load_states() -> "type[SubscriberState]":
    from bot.subscribers.subscriber import SubscriberState

    return SubscriberState


@contextmanager
def _open_synchronized(config: Path) -> Iterator["Store"]:
    """Open the store after bringing it in line with the configuration's destinations and address files."""
    from bot import log
    from bot.cli.assembly import list_secrets, load_configuration, open_store, read_clock
    from bot.pipeline.synchronization import synchronize_all

    settings = load_configuration(config)
    log.configure_logging(list_secrets(settings), errors_only=True)
    with open_store(settings) as store:
        synchronize_all(settings, store, read_clock())
        yield store


@subscribers_group.command("list")
@click.option(
    "--state",
    callback=parse_state(_load_states),
    help="Only subscribers in this state: active, paused, gone, unconfirmed, left, forgotten.",
)
@click.option("--limit", type=click.IntRange(1, 10_000_000), default=50, show_default=True)
@json_option
@click.pass_obj
def list_subscribers(
    config: Path, state: "SubscriberState | None" = None, limit: int = 50, as_json: bool = False
) -> None:
    """List the subscribers and what they get, newest first."""
    from rich.markup import escape
    from rich.table import Column, Table

    from bot.cli.printing import console
    from bot.store.subscriber_listing import describe_subscriber

    with _open_synchronized(config) as store:
        if as_json:
            print_rows(map(describe_subscriber, store.subscriber_listing.list_subscribers(state, limit)))
            return
        subscribers = list(store.subscriber_listing.list_subscribers(state, limit))
        counts = store.subscriber_listing.count_by_state()
    if not subscribers:
        click.echo(_("There is no such subscriber.") if state else _("There are no subscribers yet."))
        return
    columns = (_("state"), Column(_("address"), overflow="fold"), Column(_("digests"), overflow="fold"))
    table = Table(*columns, _("next slot"), box=None, padding=(0, 2, 0, 0))
    for subscriber in subscribers:
        addresses = "\n".join(_name_address(subscriber))
        digests = ", ".join(dict.fromkeys(each.digest for each in _list_open(subscriber)))
        table.add_row(str(subscriber.state), escape(addresses), escape(digests), _show_next_slot(subscriber))
    console.print(table)
    console.print(", ".join(f"{number} {name}" for name, number in sorted(counts.items())), style="dim")


@subscribers_group.command("show")
@click.argument("address")
@json_option
@click.pass_obj
def show_subscriber(config: Path, address: str, as_json: bool) -> None:
    """Show one subscriber: addresses, subscriptions with their wishes, and what happened."""
    import json

    from bot.pipeline.subscriber_addresses import find_lookup
    from bot.store.subscriber_listing import describe_event, describe_subscriber, describe_wishes

    with _open_synchronized(config) as store:
        lookup = find_lookup(store, address)
        subscriber = store.subscribers.find(lookup)
        events = store.subscriber_listing.list_events(lookup)
    if subscriber is None:
        raise UnknownName(Phrase("no subscriber has the address {address}", address=address))
    if as_json:
        print_rows([{**describe_subscriber(subscriber), "events": list(map(describe_event, events))}])
        return
    click.echo(_("state: {state}", state=subscriber.state))
    for line in _name_address(subscriber):
        click.echo(_("address: {address}", address=line))
    for subscription in subscriber.subscriptions:
        wishes = describe_wishes(subscription.wishes)
        shown = json.dumps(wishes, ensure_ascii=False) if wishes else _("as the digest")
        state = subscription.state
        click.echo(_("{digest}: {state}, {wishes}", digest=subscription.digest, state=state, wishes=shown))
        if subscription.belongs_to:
            click.echo(_("  named in {file}", file=subscription.belongs_to))
    for event in events:
        at = event.at.astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(f"{at}  {event.what}  {event.door}  {event.who}")


@subscribers_group.command("export")
@click.argument("address", required=False)
@json_option
@click.pass_obj
def export_subscribers(config: Path, address: str | None, as_json: bool) -> None:
    """Write all that is known about ADDRESS, or all subscribers, as JSON.

    Without --json one person's export is written with line breaks, to be read.
    """
    import json

    from bot.cli.json_output import encode_value
    from bot.pipeline.subscriber_addresses import find_lookup
    from bot.pipeline.subscribing import export_subscriber
    from bot.store.subscriber_listing import describe_subscriber

    with _open_synchronized(config) as store:
        if address is None:
            print_rows(map(describe_subscriber, store.subscriber_listing.list_subscribers()))
            return
        exported = export_subscriber(store, find_lookup(store, address)) or {}
    if as_json:
        print_rows([exported])
        return
    click.echo(json.dumps(exported, ensure_ascii=False, indent=2, default=encode_value))


def _name_address(subscriber: "Subscriber") -> list[str]:
    """Return each address, and why nothing goes there."""
    return [
        f"{address.key} ({address.gone_reason})" if address.gone_at else address.key
        for address in subscriber.addresses
        if address.address
    ]


def _list_open(subscriber: "Subscriber") -> list["Subscription"]:
    from bot.subscribers.subscriber import SubscriptionState

    return [each for each in subscriber.subscriptions if each.state is not SubscriptionState.LEFT]


def _show_next_slot(subscriber: "Subscriber") -> str:
    slots = [each.next_slot_at for each in subscriber.subscriptions if each.next_slot_at]
    return min(slots).astimezone().strftime("%Y-%m-%d %H:%M") if slots else "–"


for command in CHANGES:
    subscribers_group.add_command(command)
