"""Counts for status, metrics and alarms. Each is one query over an index or a small table."""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import distinct, func, select

from bot.models import DeliveryState
from bot.store.engine import Database
from bot.store.tables import articles, deliveries, editions, missed_slots, printed, subscribers


class FigureStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def count_articles_by_source(self) -> Mapping[str, int]:
        query = select(articles.c.source, func.count()).group_by(articles.c.source)
        with self.database.begin_read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def count_printed_by_source(self) -> Mapping[str, int]:
        """Return how many articles of each source an edition printed, as far as editions are indexed."""
        query = (
            select(articles.c.source, func.count(distinct(articles.c.fingerprint)))
            .join(printed, printed.c.fingerprint == articles.c.fingerprint)
            .group_by(articles.c.source)
        )
        with self.database.begin_read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def count_by_edition(self, edition_id: int) -> Mapping[DeliveryState, int]:
        """Return how many deliveries of the edition are in each state."""
        query = (
            select(deliveries.c.state, func.count())
            .where(deliveries.c.edition_id == edition_id)
            .group_by(deliveries.c.state)
        )
        with self.database.begin_read() as connection:
            return {DeliveryState(state): number for state, number in connection.execute(query)}

    def count_ended_since(self, states: Collection[DeliveryState], since: datetime) -> Mapping[str, int]:
        """Return how many deliveries of each channel ended in one of the states since then."""
        query = (
            select(deliveries.c.channel, func.count())
            .where(deliveries.c.state.in_(states), deliveries.c.updated_at >= since)
            .group_by(deliveries.c.channel)
        )
        with self.database.begin_read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def find_refusals(self, channel: str, since: datetime, limit: int) -> tuple[str, ...]:
        """Return answers to failed deliveries of the channel since then, newest first."""
        query = (
            select(deliveries.c.error)
            .where(
                deliveries.c.state == DeliveryState.FAILED,
                deliveries.c.channel == channel,
                deliveries.c.updated_at >= since,
            )
            .order_by(deliveries.c.updated_at.desc())
            .limit(limit)
        )
        with self.database.begin_read() as connection:
            return tuple(connection.execute(query).scalars())

    def find_waiting_reasons(self, limit: int) -> tuple[tuple[str, str], ...]:
        """Return channel and reason of deliveries that wait because their last attempt failed."""
        query = (
            select(deliveries.c.channel, deliveries.c.error)
            .where(deliveries.c.state == DeliveryState.PENDING, deliveries.c.error != "")
            .distinct()
            .limit(limit)
        )
        with self.database.begin_read() as connection:
            return tuple((row[0], row[1]) for row in connection.execute(query))

    def list_missed_since(self, since: datetime) -> tuple[tuple[str, datetime], ...]:
        """Return digest and instant of the slots that were noticed as missed since then."""
        query = (
            select(missed_slots.c.digest, missed_slots.c.slot_at)
            .where(missed_slots.c.noticed_at >= since)
            .order_by(missed_slots.c.slot_at.desc())
        )
        with self.database.begin_read() as connection:
            return tuple((row[0], row[1]) for row in connection.execute(query))

    def count_subscribers_by_state(self) -> Mapping[str, int]:
        query = select(subscribers.c.state, func.count()).group_by(subscribers.c.state)
        with self.database.begin_read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def find_newest_moment(self) -> datetime | None:
        """Return the latest time that the database holds of something that has happened."""
        columns = (articles.c.first_seen_at, editions.c.created_at, deliveries.c.updated_at)
        with self.database.begin_read() as connection:
            newest = [connection.execute(select(func.max(column))).scalar() for column in columns]
        return max(filter(None, newest), default=None)

    def find_file(self) -> Path | None:
        """Return the file of a SQLite database, None for a server's or one in memory."""
        url = self.database.url
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
