"""The published editions. An edition is frozen with its messages and destinations in one transaction."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select, union_all
from sqlalchemy.sql.expression import literal

from bot.editorial.printings import EditionIndex, parse_index, write_index
from bot.models import DeliveryState, Destination, Edition, Message, PrintedStory
from bot.store import destinations as destinations_of
from bot.store import documents
from bot.store.engine import Database, insert_once
from bot.store.tables import deliveries, editions, messages, missed_slots

_MAX_EARLIER_EDITIONS = 400  # editions in which printed stories are searched
_IDS_PER_QUERY = 500  # below every engine's limit of parameters
_IS_OWN = editions.c.group_key == ""  # the digest's own edition, not that of a group of subscriptions


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedSlot:
    """A slot that was published or missed. `edition_id` is None if it was missed."""

    edition_id: int | None
    digest: str
    slot_at: datetime
    at: datetime  # when it was published, or noticed to be missed
    name: str = ""  # Edition.name
    unfinished: tuple[str, ...] = ()  # sources that were still being read


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnEdition:
    """The digest's own edition of a slot: its span, and the key of its content."""

    id: int
    from_at: datetime | None
    until_at: datetime
    content_key: str


class EditionStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def freeze_edition(
        self,
        edition: Edition,
        rendered: Mapping[str, Message],
        destinations: Iterable[Destination],
        expires_at: datetime,
        unfinished: Sequence[str] = (),
        content_key: str = "",
        attach: Callable[[Connection, int], None] | None = None,
    ) -> int | None:
        """Save the edition, its messages (by channel) and a delivery for each destination: all or nothing.

        `unfinished` names sources that were still being read. `destinations` may be very many: they are read
        one after another. A destination that comes twice counts once. `attach` adds those of subscriptions.
        Returns the edition's id, or None if the digest's slot was published before, by this process or
        another.
        """
        row = {**build_edition_row(edition, content_key), "unfinished": "\n".join(unfinished)}
        with self.database.begin_write() as connection:
            statement = insert_once(connection, editions).values(row).on_conflict_do_nothing()
            edition_id = connection.execute(statement.returning(editions.c.id)).scalar()
            if edition_id is None:
                return None
            insert_messages(connection, edition_id, rendered)
            _insert_deliveries(connection, edition_id, destinations, edition.created_at, expires_at)
            if attach:
                attach(connection, edition_id)
        return int(edition_id)

    def count_deliveries(self, edition_id: int) -> int:
        """Return the number of destinations that the edition was frozen for."""
        query = select(func.count()).where(deliveries.c.edition_id == edition_id)
        with self.database.begin_read() as connection:
            return connection.execute(query).scalar_one()

    def find_edition_id(self, digest: str, slot_at: datetime) -> int | None:
        """Return the id of the digest's own edition for that slot, None if there is none."""
        query = select(editions.c.id).where(
            editions.c.digest == digest, _IS_OWN, editions.c.slot_at == slot_at
        )
        with self.database.begin_read() as connection:
            return connection.execute(query).scalar()

    def find_own(self, digest: str, slot_at: datetime) -> OwnEdition | None:
        """Return the digest's own edition for that slot, None if there is none."""
        columns = (editions.c.id, editions.c.from_at, editions.c.until_at, editions.c.content_key)
        query = select(*columns).where(editions.c.digest == digest, _IS_OWN, editions.c.slot_at == slot_at)
        with self.database.begin_read() as connection:
            row = connection.execute(query).mappings().first()
        return OwnEdition(**row) if row else None

    def find_named(self, digest: str, name: str) -> int | None:
        """Return the id of the digest's own edition of that name ("2026-11-22"), None if there is none."""
        query = select(editions.c.id).where(editions.c.digest == digest, _IS_OWN, editions.c.name == name)
        with self.database.begin_read() as connection:
            return connection.execute(query).scalar()

    def list_days(self, digest: str) -> list[tuple[str, date]]:
        """Return the names of the digest's own editions with the days they were for, newest first."""
        query = (
            select(editions.c.name)
            .where(editions.c.digest == digest, _IS_OWN)
            .order_by(editions.c.slot_at.desc())
        )
        with self.database.begin_read() as connection:
            names = connection.execute(query).scalars().all()
        return [(name, PrintedStory(edition=name, number=0).day) for name in names]

    def find_neighbours(self, digest: str, slot_at: datetime) -> tuple[str, str]:
        """Return the names of the digest's own editions before and after a slot, "" for none."""
        query = select(editions.c.name).where(editions.c.digest == digest, _IS_OWN).limit(1)
        earlier = query.where(editions.c.slot_at < slot_at).order_by(editions.c.slot_at.desc())
        later = query.where(editions.c.slot_at > slot_at).order_by(editions.c.slot_at)
        with self.database.begin_read() as connection:
            return connection.execute(earlier).scalar() or "", connection.execute(later).scalar() or ""

    def find_newest_with_message(self, digest: str, channel: str) -> int | None:
        """Return the id of the digest's newest edition that has a message of the channel."""
        query = (
            select(editions.c.id)
            .join(messages)
            .where(editions.c.digest == digest, _IS_OWN, messages.c.channel == channel)
            .order_by(editions.c.slot_at.desc(), editions.c.id.desc())
            .limit(1)
        )
        with self.database.begin_read() as connection:
            return connection.execute(query).scalar()

    def load_edition(self, edition_id: int) -> Edition | None:
        query = select(editions.c.document).where(editions.c.id == edition_id)
        with self.database.begin_read() as connection:
            document = connection.execute(query).scalar()
        return documents.parse_edition(document) if document else None

    def load_recent_editions(
        self, names: Collection[str], since: datetime, limit: int, *, before: datetime | None = None
    ) -> tuple[Edition, ...]:
        """Return own editions of the digests of these names published after `since` and before `before`,
        newest first.
        """
        query = (
            select(editions.c.document)
            .where(editions.c.digest.in_(names), _IS_OWN, editions.c.created_at > since)
            .order_by(editions.c.slot_at.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(editions.c.created_at < before)
        with self.database.begin_read() as connection:
            rows = connection.execute(query).scalars().all()
        return tuple(map(documents.parse_edition, rows))

    def list_slots(self, limit: int) -> tuple[PublishedSlot, ...]:
        """Return the slots of digests that were published or missed, newest first."""
        done = select(
            editions.c.id,
            editions.c.digest,
            editions.c.slot_at,
            editions.c.created_at.label("at"),
            editions.c.name,
            editions.c.unfinished,
        ).where(_IS_OWN)
        lost = select(
            literal(None),
            missed_slots.c.digest,
            missed_slots.c.slot_at,
            missed_slots.c.noticed_at,
            literal(""),
            literal(""),
        )
        both = union_all(done, lost).subquery()
        query = select(both).order_by(both.c.slot_at.desc(), both.c.digest).limit(limit)
        with self.database.begin_read() as connection:
            rows = connection.execute(query).all()
        return tuple(
            PublishedSlot(
                edition_id=row.id,
                digest=row.digest,
                slot_at=row.slot_at,
                at=row.at,
                name=row.name,
                unfinished=tuple(row.unfinished.splitlines()),
            )
            for row in rows
        )

    def list_own_ids(self, names: Collection[str], since: datetime, until: datetime) -> tuple[int, ...]:
        """Return the ids of own editions of these digests that were made after `since`, oldest first.

        The last edition until then counts whatever its age, so that a weekly digest repeats nothing.
        """
        query = (
            select(editions.c.id, editions.c.created_at)
            .where(editions.c.digest.in_(names), _IS_OWN, editions.c.created_at <= until)
            .order_by(editions.c.slot_at.desc(), editions.c.id.desc())
            .limit(_MAX_EARLIER_EDITIONS)
        )
        with self.database.begin_read() as connection:
            rows = connection.execute(query).all()
        recent = [row.id for row in rows if row.created_at > since] or [row.id for row in rows[:1]]
        return tuple(reversed(recent))

    def load_indexes(self, ids: Collection[int]) -> dict[int, EditionIndex]:
        """Return what these editions printed."""
        indexes: dict[int, EditionIndex] = {}
        wanted = sorted(ids)
        with self.database.begin_read() as connection:
            for first in range(0, len(wanted), _IDS_PER_QUERY):
                query = select(editions.c.id, editions.c.name, editions.c.printed).where(
                    editions.c.id.in_(wanted[first : first + _IDS_PER_QUERY])
                )
                for row in connection.execute(query).all():
                    printed = row.printed
                    if printed is None:  # an edition of before there were indexes
                        document = select(editions.c.document).where(editions.c.id == row.id)
                        edition = documents.parse_edition(connection.execute(document).scalar_one())
                        printed = write_index(edition)
                    indexes[row.id] = parse_index(row.name, printed)
        return indexes

    def find_until(self, edition_id: int) -> datetime:
        """Return until when the articles of the edition came."""
        query = select(editions.c.until_at).where(editions.c.id == edition_id)
        with self.database.begin_read() as connection:
            until_at: datetime = connection.execute(query).scalar_one()
            return until_at

    def load_message(self, edition_id: int, channel: str) -> Message:
        """Return the message as it was rendered when the edition was frozen; its parts never change."""
        query = select(messages.c.document).where(
            messages.c.edition_id == edition_id, messages.c.channel == channel
        )
        with self.database.begin_read() as connection:
            return documents.parse_message(connection.execute(query).scalar_one())

    def record_missed_slot(self, digest: str, slot_at: datetime, now: datetime) -> bool:
        """Record that a slot passed without an edition; return True if that is new."""
        with self.database.begin_write() as connection:
            statement = insert_once(connection, missed_slots).values(
                digest=digest, slot_at=slot_at, noticed_at=now
            )
            new = statement.on_conflict_do_nothing().returning(missed_slots.c.slot_at)
            return connection.execute(new).first() is not None


def build_edition_row(edition: Edition, content_key: str, group_key: str = "") -> dict[str, object]:
    """Return the row of an edition; `group_key` "" is for the digest's own."""
    document = documents.to_json(edition)
    return {
        "digest": edition.digest,
        "slot_at": edition.slot_at,
        "name": edition.name,
        "from_at": edition.from_at,
        "until_at": edition.until_at or edition.created_at,
        "group_key": group_key,
        "content_key": content_key,
        "printed": write_index(edition),
        "created_at": edition.created_at,
        "content_hash": hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest(),
        "document": document,
    }


def insert_messages(connection: Connection, edition_id: int, rendered: Mapping[str, Message]) -> None:
    """Save the messages of an edition, by channel; those that are saved already stay as they are."""
    rows = [
        {"edition_id": edition_id, "channel": channel, "document": documents.to_json(message)}
        for channel, message in rendered.items()
    ]
    if rows:
        connection.execute(insert_once(connection, messages).on_conflict_do_nothing(), rows)


def _insert_deliveries(
    connection: Connection,
    edition_id: int,
    destinations: Iterable[Destination],
    now: datetime,
    expires_at: datetime,
) -> None:
    """Insert the deliveries.

    A destination that moved gets its new address; one that keeps refusing is left out.
    """
    moved = destinations_of.load_moves(connection)
    once = insert_once(connection, deliveries).on_conflict_do_nothing()
    for portion in destinations_of.split_portions(destinations):
        connection.execute(once, build_delivery_rows(connection, edition_id, portion, moved, now, expires_at))


def build_delivery_rows(
    connection: Connection, edition_id: int, destinations: Sequence[Destination],
    moved: Mapping[tuple[str, str], str], now: datetime, expires_at: datetime,
) -> list[dict[str, object]]:  # fmt: skip
    left_out = destinations_of.find_left_out(
        connection, [destination.key for destination in destinations], now
    )
    return [
        {
            "edition_id": edition_id,
            "destination": destination.key,
            "channel": destination.channel,
            "address": moved.get((destination.channel, destination.address), destination.address),
            "topic": destination.topic,
            "state": DeliveryState.CANCELLED if destination.key in left_out else DeliveryState.PENDING,
            "error": left_out.get(destination.key, ""),
            "due_at": now,
            "expires_at": expires_at,
            "updated_at": now,
            "name": destination.name,
            "unsubscribe": destination.unsubscribe,
        }
        for destination in destinations
    ]
