"""`zhaibao send-test`: today's edition to oneself, marked as a test; nothing of it is recorded."""

import asyncio
import re
import secrets
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.translation import _
from bot.errors import ConfigError, InputError, RichRefused
from bot.phrases import Phrase

if TYPE_CHECKING:
    from bot.channels.protocol import Channel
    from bot.models import Delivery, Destination, Edition, Message
    from bot.settings import Settings
    from bot.store import Store

_NUMBER = re.compile(r"-?\d+")


@click.command("send-test")
@click.argument("digest")
@click.option("--to", "address", required=True, help="A mail address, or a Telegram chat (number or @name).")
@click.pass_obj
def send_test(config: Path, digest: str, address: str) -> None:
    """Send today's edition of DIGEST to one address, marked as a test.

    If today's edition is not published yet, it is made as it would be now. Nothing is recorded: the edition
    stays unpublished, and no delivery counts.
    """
    from bot import log
    from bot.channels.registry import CHANNELS
    from bot.cli.assembly import list_secrets, load_configuration, open_store, run_async
    from bot.pipeline.rendering import render_messages

    settings = load_configuration(config)
    log.configure_logging(list_secrets(settings), errors_only=True)
    destination = _find_destination(settings, digest, address)
    with open_store(settings) as store:
        edition = _mark_as_test(_load_edition(settings, store, digest))
        message = render_messages(edition, [destination.channel], settings, store)[destination.channel]
    channel = CHANNELS[destination.channel].open_channel(settings)
    receipts = run_async(_send(channel, message, _build_delivery(destination, edition)))
    click.echo(_("Sent to {address}: {receipt}", address=address, receipt=receipts[-1]))


def _find_destination(settings: "Settings", digest: str, address: str) -> "Destination":
    """Return the address with the channel that has addresses of this form. Raises InputError."""
    from bot.channels.registry import CHANNELS
    from bot.config.config_table import ConfigTable
    from bot.models import Destination, Secret

    values = {"address": address, "chat": int(address) if _NUMBER.fullmatch(address) else address}
    table = ConfigTable(settings.file, "--to", values, lambda _: Secret(""))
    for name, row in CHANNELS.items():
        try:
            if row.read_address(table, row.get_settings(settings)) == address:
                return Destination(digest=digest, channel=name, address=address)
        except ConfigError:
            continue
    raise InputError(
        Phrase(
            "{address}: is no mail address and no Telegram chat (-1001234567890 or @name)", address=address
        )
    )


def _load_edition(settings: "Settings", store: "Store", name: str) -> "Edition":
    """Return today's edition of the digest: the published one, or as it would be published now."""
    from bot.cli.assembly import read_clock
    from bot.pipeline.drafting import draft_edition
    from bot.pipeline.publish import choose_slot

    digest, now = settings.find_digest(name), read_clock()
    slot_at = choose_slot(digest, now).opens_at
    number = store.editions.find_edition_id(digest.name, slot_at)
    published = store.editions.load_edition(number) if number else None
    return published or draft_edition(settings, store, digest, slot_at, now)


def _mark_as_test(edition: "Edition") -> "Edition":
    from bot.render.wording import find_wording

    return replace(edition, title=f"[{find_wording(edition.language).test_mark}] {edition.title}")


def _build_delivery(destination: "Destination", edition: "Edition") -> "Delivery":
    """Return a delivery that the database does not know; its random number gives each mail an id."""
    from bot.models import Delivery, DeliveryState

    return Delivery(
        id=-1 - secrets.randbelow(2**31),
        edition_id=None,
        digest=edition.digest,
        edition_name=edition.name,
        channel=destination.channel,
        address=destination.address,
        topic=None,
        state=DeliveryState.SENDING,
        parts_sent=0,
        attempts=1,
        due_at=edition.created_at,
        expires_at=edition.created_at + timedelta(hours=1),
        destination=destination.key,
    )


async def _send(channel: "Channel", message: "Message", delivery: "Delivery") -> list[str]:
    """Send all parts in order; a rich one that is refused goes as plain ones. Raises DeliveryError."""
    receipts: list[str] = []
    try:
        await channel.ensure_ready()
        while len(receipts) < len(message.parts):
            await asyncio.sleep(channel.reserve_turn(delivery))
            part = len(receipts)
            rich = message.rich[part] if message.rich else None
            parts = (*message.parts[:part], rich or message.parts[part], *message.parts[part + 1 :])
            try:
                receipt = await channel.send_part(delivery, replace(message, parts=parts), part)
            except RichRefused:
                message = replace(message, rich=())
                continue
            finally:
                channel.release_delivery(delivery, is_recorded=True)  # nothing is to be recorded
            receipts += [receipt] * (rich.stands_for if rich else 1)
    finally:
        await channel.close()
    return receipts
