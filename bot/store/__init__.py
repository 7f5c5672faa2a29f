"""The database: every SQL statement of the project is in this package, one file for each noun.

One method is one transaction, and it returns models, not rows. All methods are synchronous and may be called
from several threads (asyncio code uses asyncio.to_thread). They raise StoreError if the database does not
answer.
"""

from datetime import datetime
from types import TracebackType
from typing import Self

from bot.settings import Secret
from bot.store.alarms import AlarmStore
from bot.store.articles import ArticleStore
from bot.store.deliveries import DeliveryStore
from bot.store.delivery_workers import DeliveryWorkerStore
from bot.store.digests import DigestStore
from bot.store.direct_messages import DirectMessageStore
from bot.store.editions import EditionStore
from bot.store.engine import Database
from bot.store.entries import EntryStore
from bot.store.figures import FigureStore
from bot.store.forgetting import ForgettingStore
from bot.store.groups import GroupStore
from bot.store.migrate import load_creation, migrate_database, record_creation
from bot.store.operator_actions import OperatorActions
from bot.store.search import SearchIndex
from bot.store.sources import SourceStore
from bot.store.subscriber_listing import SubscriberListing
from bot.store.subscribers import SubscriberStore
from bot.store.synchronization import SynchronizationStore

__all__ = ["Store"]


class Store:
    """The open database; opening it migrates its tables. Use it as a context manager.

    `is_new`: it was empty, and opening it made its tables.
    """

    def __init__(self, url: Secret) -> None:
        self.database = Database(url)
        try:
            self.is_new = migrate_database(self.database)
        except BaseException:
            self.database.close()
            raise
        self.sources = SourceStore(self.database)
        self.articles = ArticleStore(self.database)
        self.entries = EntryStore(self.database)
        self.search = SearchIndex(self.database)
        self.editions = EditionStore(self.database)
        self.deliveries = DeliveryStore(self.database)
        self.operator_actions = OperatorActions(self.database)
        self.subscribers = SubscriberStore(self.database)
        self.subscriber_listing = SubscriberListing(self.database)
        self.synchronization = SynchronizationStore(self.database)
        self.forgetting = ForgettingStore(self.database)
        self.direct_messages = DirectMessageStore(self.database)
        self.groups = GroupStore(self.database)
        self.digests = DigestStore(self.database)
        self.alarms = AlarmStore(self.database)
        self.figures = FigureStore(self.database)
        self.delivery_workers = DeliveryWorkerStore(self.database)
        self._created_at: datetime | None = None

    def record_creation(self, now: datetime) -> datetime:
        """Return since when the database exists; record `now` if that was not recorded before."""
        if self._created_at is None:
            self._created_at = load_creation(self.database)
        if self._created_at is None:
            record_creation(self.database, now)
            self._created_at = load_creation(self.database) or now
        return self._created_at

    @property
    def address(self) -> str:
        """The database's URL without its password."""
        return self.database.url.render_as_string()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.delivery_workers.close()
        self.database.close()
