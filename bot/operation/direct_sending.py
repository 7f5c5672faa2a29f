"""A message to one address without a delivery: test editions, and alarms, which need no database."""

import asyncio
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels.protocol import Channel
from bot.errors import RichRefused
from bot.models import Delivery, DeliveryState, Destination, Message


async def send_directly(channel: Channel, message: Message, destination: Destination, now: datetime) -> str:
    """Send all parts in order and return the last answer; refused rich parts go as plain ones.

    The open channel's rate limits apply, and nothing is recorded. Raises DeliveryError.
    """
    delivery = _build_delivery(destination, now)
    await channel.ensure_ready()
    part, receipt = 0, ""
    while part < len(message.parts):
        await asyncio.sleep(channel.reserve_turn(delivery))
        rich = message.rich[part] if message.rich else None
        parts = (*message.parts[:part], rich or message.parts[part], *message.parts[part + 1 :])
        try:
            receipt = await channel.send_part(delivery, replace(message, parts=parts), part)
        except RichRefused:
            message = replace(message, rich=())
            continue
        finally:
            channel.release_delivery(delivery, is_recorded=True)  # nothing is to be recorded
        part += rich.stands_for if rich else 1
    return receipt


def _build_delivery(destination: Destination, now: datetime) -> Delivery:
    """Return a delivery that the database does not know; its random number makes each Message-ID new."""
    return Delivery(
        id=-1 - secrets.randbelow(2**31),
        edition_id=None,
        digest=destination.digest,
        edition_name="",
        channel=destination.channel,
        address=destination.address,
        topic=destination.topic,
        state=DeliveryState.SENDING,
        parts_sent=0,
        attempts=1,
        due_at=now,
        expires_at=now + timedelta(hours=1),
        destination=destination.key,
    )
