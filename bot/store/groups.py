"""Groups of subscriptions that share the next edition, and the editions that are frozen for them.

An edition, its messages, its deliveries and the next slots of its subscriptions are saved in one transaction.
A subscription that somebody else moved on meanwhile gets nothing: so each has at most one edition a slot.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, case, func, select, update

from bot.models import Destination, Edition, Message
from bot.store.destinations import load_moves
from bot.store.editions import build_delivery_rows, build_edition_row, insert_messages
from bot.store.engine import Database, insert_once
from bot.store.tables import addresses, deliveries, editions, messages, subscribers, subscriptions
from bot.subscribers.subscriber import SubscriberState
from bot.subscribers.wishes import Wishes, parse_wishes

_IDS_PER_QUERY = 500  # below every engine's limit of parameters


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionGroup:
    """Subscriptions that are due with the same wishes, slot, end of the last edition and history.

    `is_of_file`: a file names them, so they get the digest's own edition from the beginning.
    """

    digest: str
    wishes_key: str
    slot_at: datetime
    last_until_at: datetime | None
    history: tuple[int, ...]  # ids of editions, oldest first
    is_of_file: bool
    wishes: Wishes
    channels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupStep:
    """What happens to a group: it gets an edition, or only moves on to its next slot.

    `edition_id` names an edition that is frozen already, otherwise `edition` is frozen under `group_key`.
    Without both, nothing is sent. `until_at` is the end of its last edition from now on.
    """

    group: SubscriptionGroup
    next_slot_at: datetime
    until_at: datetime | None
    edition: Edition | None = None
    edition_id: int | None = None
    group_key: str = ""
    rendered: Mapping[str, Message] | None = None
    expires_at: datetime | None = None
    kept_history: tuple[int, ...] = ()
    leave_url: str = ""  # where a subscriber's key is appended, for unsubscribing; "": there is no such page


class GroupStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def list_due(self, digest: str, now: datetime) -> tuple[SubscriptionGroup, ...]:
        """Return the groups of the digest whose slot has opened, those with equal spans together."""
        rows = subscriptions.c
        is_of_file = case((rows.belongs_to != "", 1), else_=0)
        key = (rows.wishes_key, rows.next_slot_at, rows.last_until_at, rows.history, is_of_file)
        query = (
            select(
                rows.wishes_key,
                rows.next_slot_at,
                rows.last_until_at,
                rows.history,
                is_of_file.label("is_of_file"),
                addresses.c.channel,
                func.min(rows.wishes).label("wishes"),
            )
            .join(addresses, addresses.c.id == rows.address_id)
            .where(rows.digest == digest, rows.next_slot_at <= now)
            .group_by(*key, addresses.c.channel)
            .order_by(rows.last_until_at, rows.wishes_key, rows.history, rows.next_slot_at, is_of_file)
        )
        with self.database.begin_read() as connection:
            due_rows = connection.execute(query).all()
        groups: dict[tuple[object, ...], list[Any]] = {}
        for row in due_rows:
            groups.setdefault(tuple(row[:5]), []).append(row)
        return tuple(_build_group(digest, members) for members in groups.values())

    def list_channels(self, edition_id: int) -> frozenset[str]:
        """Return the channels in whose form the edition is saved."""
        query = select(messages.c.channel).where(messages.c.edition_id == edition_id)
        with self.database.begin_read() as connection:
            return frozenset(connection.execute(query).scalars())

    def attach_members(
        self,
        connection: Connection,
        edition_id: int,
        *,
        edition: Edition,
        next_slot_at: datetime,
        expires_at: datetime,
        kept_history: Sequence[int],
        leave_url: str = "",
    ) -> None:
        """Give a new own edition of a digest to all whom files name for it, and move them on.

        Whoever is paused gets nothing. Those with wishes have editions of their own.
        """
        rows = subscriptions.c
        query = (
            select(rows.id)
            .join(subscribers, subscribers.c.id == rows.subscriber_id)
            .where(
                rows.digest == edition.digest,
                rows.wishes_key == "",
                rows.belongs_to != "",
                rows.next_slot_at.is_not(None),
                subscribers.c.state == SubscriberState.ACTIVE,
            )
            .order_by(rows.id)
            .with_for_update(of=subscriptions)
        )
        values = {
            "next_slot_at": next_slot_at,
            "last_until_at": edition.until_at or edition.created_at,
            "history": " ".join(map(str, [*kept_history, edition_id])),
        }
        moved = load_moves(connection)
        for portion in _split(connection.execute(query).scalars().all()):
            _move_on(connection, portion, values)
            _insert_deliveries(
                connection,
                edition_id,
                portion,
                edition.digest,
                moved,
                edition.created_at,
                expires_at,
                leave_url,
            )

    def take_steps(self, steps: Sequence[GroupStep], now: datetime) -> tuple[tuple[int | None, int], ...]:
        """Save what happens to some groups, all in one transaction.

        Return for each the id of its edition, if it got one, and how many subscriptions moved on.
        """
        with self.database.begin_write() as connection:
            moved = load_moves(connection)
            return tuple(_take_step(connection, step, moved, now) for step in steps)


def _build_group(digest: str, members: Sequence[Any]) -> SubscriptionGroup:
    # Any: the columns' types are the tables', which Row cannot know
    first = members[0]
    return SubscriptionGroup(
        digest=digest,
        wishes_key=first.wishes_key,
        slot_at=first.next_slot_at,
        last_until_at=first.last_until_at,
        history=tuple(map(int, first.history.split())),
        is_of_file=bool(first.is_of_file),
        wishes=parse_wishes(first.wishes),
        channels=tuple(sorted({member.channel for member in members})),
    )


def _take_step(
    connection: Connection, step: GroupStep, moved: Mapping[tuple[str, str], str], now: datetime
) -> tuple[int | None, int]:
    ids = _lock_members(connection, step.group)
    if not ids:
        return None, 0
    edition_id = step.edition_id
    if step.edition is not None and edition_id is None:
        edition_id = _put_edition(connection, step.edition, step.group_key)
    if edition_id is not None:
        insert_messages(connection, edition_id, step.rendered or {})
    history = [*step.kept_history, edition_id] if edition_id is not None else step.group.history
    values = {
        "next_slot_at": step.next_slot_at,
        "last_until_at": step.until_at,
        "history": " ".join(map(str, history)),
    }
    for portion in _split(ids):
        _move_on(connection, portion, values)
        if edition_id is not None:
            digest, expires_at = step.group.digest, step.expires_at or now
            _insert_deliveries(
                connection, edition_id, portion, digest, moved, now, expires_at, step.leave_url
            )
    return edition_id, len(ids)


def _move_on(connection: Connection, ids: Sequence[int], values: Mapping[str, object]) -> None:
    connection.execute(update(subscriptions).where(subscriptions.c.id.in_(ids)).values(values))


def _lock_members(connection: Connection, group: SubscriptionGroup) -> Sequence[int]:
    """Return the ids of the group's subscriptions that nobody has moved on yet; they stay locked."""
    rows = subscriptions.c
    query = select(rows.id).where(
        rows.digest == group.digest,
        rows.next_slot_at == group.slot_at,
        rows.wishes_key == group.wishes_key,
        rows.last_until_at.is_(None)
        if group.last_until_at is None
        else rows.last_until_at == group.last_until_at,
        rows.history == " ".join(map(str, group.history)),
        (rows.belongs_to != "") if group.is_of_file else (rows.belongs_to == ""),
    )
    return connection.execute(query.order_by(rows.id).with_for_update()).scalars().all()


def _put_edition(connection: Connection, edition: Edition, group_key: str) -> int:
    """Save the edition, unless it is saved already; return its id."""
    row = build_edition_row(edition, group_key, group_key)
    statement = insert_once(connection, editions).values(row).on_conflict_do_nothing()
    number = connection.execute(statement.returning(editions.c.id)).scalar()
    if number is None:
        query = select(editions.c.id).where(
            editions.c.digest == edition.digest,
            editions.c.group_key == group_key,
            editions.c.slot_at == edition.slot_at,
        )
        number = connection.execute(query).scalar_one()
    return int(number)


def _insert_deliveries(
    connection: Connection,
    edition_id: int,
    ids: Sequence[int],
    digest: str,
    moved: Mapping[tuple[str, str], str],
    now: datetime,
    expires_at: datetime,
    leave_url: str,
) -> None:
    query = (
        select(subscriptions.c.id, subscriptions.c.wishes, subscribers.c.key.label("link_key"), addresses)
        .join(addresses, addresses.c.id == subscriptions.c.address_id)
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(subscriptions.c.id.in_(ids), addresses.c.address.is_not(None))
        .order_by(subscriptions.c.id)
    )
    members = connection.execute(query).all()
    destinations = [
        Destination(
            digest=digest,
            channel=row.channel,
            address=row.address,
            topic=row.topic,
            name=row.name,
            unsubscribe=row.unsubscribe
            or (f"{leave_url}{row.link_key}?d={quote(digest)}" if leave_url else ""),
        )
        for row in members
    ]
    rows = build_delivery_rows(connection, edition_id, destinations, moved, now, expires_at)
    for row, member in zip(rows, members, strict=True):
        row["subscription_id"] = member.id
        row["silent"] = bool(member.wishes) and parse_wishes(member.wishes).silent
    if rows:
        connection.execute(insert_once(connection, deliveries).on_conflict_do_nothing(), rows)


def _split(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), _IDS_PER_QUERY):
        yield ids[first : first + _IDS_PER_QUERY]
