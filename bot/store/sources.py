"""What is known about each source between two readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any  # values and expressions of columns

from sqlalchemy import func, select, update

from bot.store.engine import Database, insert_once
from bot.store.tables import sources


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceState:
    """`etag` and `last_modified` are the server's; `failing_since` is None while the source works.

    `failures` counts failures in a row. The next attempt is at `next_at`; the operator was alerted at
    `alerted_at`. `configuration` is a hash of the settings that it was read with. `moved_readings` in a row
    were sent on to `moved_to` for good; at `gone_at` the server said that there is nothing any more. Its
    newest item is of `newest_at`.
    """

    name: str
    etag: str = ""
    last_modified: str = ""
    collected_at: datetime | None = None
    failing_since: datetime | None = None
    error: str = ""
    failures: int = 0
    next_at: datetime | None = None
    alerted_at: datetime | None = None
    configuration: str = ""
    moved_to: str = ""
    moved_readings: int = 0
    gone_at: datetime | None = None
    newest_at: datetime | None = None
    usual_gap_days: float = 0.0


class SourceStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def load_state(self, name: str) -> SourceState:
        with self.database.begin_read() as connection:
            row = connection.execute(select(sources).where(sources.c.name == name)).mappings().first()
        return SourceState(**row) if row else SourceState(name=name)

    def load_states(self) -> tuple[SourceState, ...]:
        with self.database.begin_read() as connection:
            rows = connection.execute(select(sources).order_by(sources.c.name)).mappings().all()
        return tuple(SourceState(**row) for row in rows)

    def record_success(
        self,
        name: str,
        now: datetime,
        *,
        etag: str = "",
        last_modified: str = "",
        configuration: str = "",
        moved_to: str = "",
        moved_readings: int = 0,
        newest_at: datetime | None = None,
        usual_gap_days: float = 0.0,
    ) -> None:
        """The source was read; keep what makes the next request conditional, where it moved and how often
        news come.
        """
        self._save_state(
            SourceState(
                name=name,
                etag=etag,
                last_modified=last_modified,
                collected_at=now,
                configuration=configuration,
                moved_to=moved_to,
                moved_readings=moved_readings,
                newest_at=newest_at,
                usual_gap_days=usual_gap_days,
            )
        )

    def record_gone(self, name: str, now: datetime, error: str, configuration: str) -> None:
        """The server said that there is nothing at the address any more: it is not asked again while that
        stands.
        """
        state = SourceState(
            name=name, failing_since=now, error=error, gone_at=now, configuration=configuration
        )
        self._save_state(state, {"error": error, "gone_at": now, "configuration": configuration})

    def record_failure(self, name: str, now: datetime, error: str, next_at: datetime | None = None) -> None:
        """Record that the source could not be read.

        The next attempt is at `next_at`, with the same conditions.
        """
        since = func.coalesce(sources.c.failing_since, now, type_=sources.c.failing_since.type)
        changed: dict[str, Any] = {  # a source that moved is asked at its old address again
            "failing_since": since,
            "error": error,
            "failures": sources.c.failures + 1,
            "next_at": next_at,
            "moved_readings": 0,
        }
        self._save_state(
            SourceState(name=name, failing_since=now, error=error, failures=1, next_at=next_at), changed
        )

    def record_alert(self, name: str, now: datetime) -> None:
        """Record that the operator was alerted to the source's failures."""
        with self.database.begin_write() as connection:
            connection.execute(update(sources).where(sources.c.name == name).values(alerted_at=now))

    def _save_state(self, state: SourceState, changed: Mapping[str, object] | None = None) -> None:
        """Insert the state; if the source is known, update only what has `changed`."""
        values = {field: getattr(state, field) for field in SourceState.__slots__}
        with self.database.begin_write() as connection:
            statement = insert_once(connection, sources).values(values)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_=changed or values)
            )
