"""`zhaibao send-test`: today's edition to oneself, marked as a test; nothing of it is recorded."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.translation import _
from bot.errors import InputError
from bot.phrases import Phrase

if TYPE_CHECKING:
    from bot.channels.protocol import Channel
    from bot.models import Destination, Edition, Message
    from bot.settings import Settings
    from bot.store import Store


@click.command("send-test")
@click.argument("digest")
@click.option("--to", "address", required=True, help="A mail address, or a Telegram chat (number or @name).")
@click.pass_obj
def send_test(config: Path, digest: str, address: str) -> None:
    """Send today's edition to one address, as a test.

    If today's edition of DIGEST is not published yet, it is made as it would be now. Its title says that it
    is a test. Nothing is recorded: the edition stays unpublished, and no delivery counts.
    """
    from bot import log
    from bot.channels.registry import CHANNELS
    from bot.cli.assembly import list_secrets, load_configuration, open_store, run_async
    from bot.pipeline.rendering import render_messages

    settings = load_configuration(config)
    log.configure_logging(list_secrets(settings), errors_only=True)
    destination = _find_destination(digest, address)
    with open_store(settings) as store:
        edition = _mark_as_test(_load_edition(settings, store, digest))
        message = render_messages(edition, [destination.channel], settings, store)[destination.channel]
    channel = CHANNELS[destination.channel].open_channel(settings)
    receipt = run_async(_send(channel, message, destination))
    click.echo(_("Sent to {address}: {receipt}", address=address, receipt=receipt))


def _find_destination(digest: str, address: str) -> "Destination":
    """Return the address with the channel that has addresses of this form. Raises InputError."""
    from bot.channels.registry import CHANNELS
    from bot.models import Destination

    for name, row in CHANNELS.items():
        if not row.address_key:  # the archive's address is a folder
            continue
        try:
            return Destination(digest=digest, channel=name, address=row.parse_address(address))
        except InputError:
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


async def _send(channel: "Channel", message: "Message", destination: "Destination") -> str:
    from bot.cli.assembly import read_clock
    from bot.operation.direct_sending import send_directly

    try:
        return await send_directly(channel, message, destination, read_clock())
    finally:
        await channel.close()
