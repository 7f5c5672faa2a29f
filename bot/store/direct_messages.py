"""Messages that belong to no edition (confirmations, notices, answers to settings), and editions on request.

They are deliveries like those of editions. A key says what a message is about: the same key is sent once.
"""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.models import DeliveryState, Destination, Message, MessageKind
from bot.store import documents
from bot.store.engine import Database, insert_once
from bot.store.tables import deliveries, direct_messages, editions


class DirectMessageStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def queue_message(
        self, kind: MessageKind, destination: Destination, message: Message, once_key: str, now: datetime,
        expires_at: datetime, subscription_id: int | None = None,
    ) -> bool:  # fmt: skip
        """Queue the message for the destination; return False if one with this key was queued before."""
        with self.database.begin_write() as connection:
            key = _hash_key(f"{kind} {destination.key} {once_key}")
            if connection.execute(select(deliveries.c.id).where(deliveries.c.once_key == key)).first():
                return False
            values = {"digest": destination.digest, "created_at": now, "document": documents.to_json(message)}
            statement = insert(direct_messages).values(values).returning(direct_messages.c.id)
            row = {
                **_build_row(kind, destination, now, expires_at, subscription_id),
                "direct_message_id": connection.execute(statement).scalar_one(),
                "once_key": key,
            }
            return _insert_delivery(connection, row)

    def queue_edition(
        self, destination: Destination, edition_id: int, now: datetime, expires_at: datetime,
        subscription_id: int | None = None,
    ) -> bool:  # fmt: skip
        """Queue a published edition for the destination; return False if it got this edition before."""
        with self.database.begin_write() as connection:
            row = _build_row(MessageKind.FIRST_EDITION, destination, now, expires_at, subscription_id)
            return _insert_delivery(connection, {**row, "edition_id": edition_id})

    def load_message(self, number: int) -> Message:
        query = select(direct_messages.c.document).where(direct_messages.c.id == number)
        with self.database.begin_read() as connection:
            return documents.parse_message(connection.execute(query).scalar_one())

    def find_written_at(self, delivery_id: int) -> datetime | None:
        """Return when the message of the delivery was written, whether an edition's or a direct one."""
        query = (
            select(editions.c.created_at, direct_messages.c.created_at.label("written_at"))
            .select_from(deliveries)
            .outerjoin(editions)
            .outerjoin(direct_messages)
            .where(deliveries.c.id == delivery_id)
        )
        with self.database.begin_read() as connection:
            row = connection.execute(query).first()
        return (row.created_at or row.written_at) if row else None


def _build_row(
    kind: MessageKind,
    destination: Destination,
    now: datetime,
    expires_at: datetime,
    subscription_id: int | None,
) -> dict[str, object]:
    return {
        "kind": kind,
        "subscription_id": subscription_id,
        "destination": destination.key,
        "channel": destination.channel,
        "address": destination.address,
        "topic": destination.topic,
        "state": DeliveryState.PENDING,
        "due_at": now,
        "expires_at": expires_at,
        "updated_at": now,
        "name": destination.name,
        "unsubscribe": destination.unsubscribe,
    }


def _insert_delivery(connection: Connection, row: dict[str, object]) -> bool:
    statement = insert_once(connection, deliveries).values(row).on_conflict_do_nothing()
    return connection.execute(statement.returning(deliveries.c.id)).first() is not None


def _hash_key(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
