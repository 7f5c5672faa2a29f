"""Everything that is kept: every SQL statement of the project is in this package, one file a noun.

One method is one transaction; rows become models before they leave. All methods are synchronous and may be called
from several threads (the doors use asyncio.to_thread). Raises StoreError where the database does not answer.
"""

from types import TracebackType
from typing import Self

from bot.settings import Secret
from bot.store.articles import Articles
from bot.store.deliveries import Deliveries
from bot.store.desk import Desk
from bot.store.destinations import Destinations
from bot.store.editions import Editions
from bot.store.engine import Database
from bot.store.entries import Entries
from bot.store.migrate import migrate
from bot.store.search import Search
from bot.store.sources import Sources

__all__ = ["Store"]


class Store:
    """The database, its tables brought up to date on opening. Use as a context manager."""

    def __init__(self, url: Secret) -> None:
        self.database = Database(url)
        try:
            migrate(self.database)
        except BaseException:
            self.database.close()
            raise
        self.sources = Sources(self.database)
        self.articles = Articles(self.database)
        self.entries = Entries(self.database)
        self.search = Search(self.database)
        self.editions = Editions(self.database)
        self.deliveries = Deliveries(self.database)
        self.destinations = Destinations(self.database)
        self.desk = Desk(self.database)

    @property
    def address(self) -> str:
        """The database's URL without its password."""
        return self.database.url.render_as_string()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()
