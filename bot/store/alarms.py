"""The problems that the operator was told of and that are not over."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from bot.store.engine import Database, insert_once
from bot.store.tables import alarms

_MAX_KEY_CHARACTERS = 200


class AlarmStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def load_open(self) -> Mapping[str, str]:
        """Return the key and the message of each open alarm."""
        with self.database.begin_read() as connection:
            rows = connection.execute(select(alarms.c.key, alarms.c.message).order_by(alarms.c.raised_at))
            return {row.key: row.message for row in rows}

    def raise_alarm(self, key: str, message: str, now: datetime) -> bool:
        """Record an alarm; return False if it was open, for this process or another."""
        row = {"key": key[:_MAX_KEY_CHARACTERS], "message": message, "raised_at": now}
        with self.database.begin_write() as connection:
            statement = insert_once(connection, alarms).values(row).on_conflict_do_nothing()
            return connection.execute(statement.returning(alarms.c.key)).first() is not None

    def end_alarm(self, key: str) -> bool:
        """Delete an alarm that is over; return False if another process did."""
        with self.database.begin_write() as connection:
            statement = delete(alarms).where(alarms.c.key == key[:_MAX_KEY_CHARACTERS])
            return connection.execute(statement.returning(alarms.c.key)).first() is not None
