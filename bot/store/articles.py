"""The articles that were read: each once for a source."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, func, select

from bot.models import Article
from bot.store import documents
from bot.store.engine import Database, insert_once
from bot.store.search import remove_stale_words
from bot.store.tables import articles

_IDS_PER_QUERY = 500  # below every engine's limit of parameters


class ArticleStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def add_articles(self, new_articles: Iterable[Article], now: datetime) -> int:
        """Store those that the same source did not bring before; return how many were new."""
        rows = [
            {
                "source": article.source,
                "fingerprint": article.fingerprint,
                "first_seen_at": now,
                "document": documents.to_json(article),
            }
            for article in new_articles
        ]
        if not rows:
            return 0
        with self.database.begin_write() as connection:
            statement = insert_once(connection, articles).on_conflict_do_nothing().returning(articles.c.id)
            return len(connection.execute(statement, rows).all())

    def forget_articles(self, before: datetime) -> int:
        """Delete the articles that were first seen before; return how many.

        Editions hold their own copies.
        """
        with self.database.begin_write() as connection:
            deleted = connection.execute(delete(articles).where(articles.c.first_seen_at < before)).rowcount
            remove_stale_words(connection)
        return deleted

    def load_by_keys(self, keys: Collection[str], since: datetime) -> tuple[Article, ...]:
        """Return the articles first seen after `since` whose fingerprints begin with these keys."""
        length = len(next(iter(keys), ""))
        key = func.substr(articles.c.fingerprint, 1, length)
        ids: dict[str, int] = {}
        documents_read: list[str] = []
        with self.database.begin_read() as connection:
            rows = select(articles.c.id, key).where(articles.c.first_seen_at > since).order_by(articles.c.id)
            for number, fingerprint in connection.execute(rows) if keys else ():
                if fingerprint in keys:
                    ids.setdefault(fingerprint, number)
            wanted = sorted(ids.values())
            for first in range(0, len(wanted), _IDS_PER_QUERY):
                query = select(articles.c.document).where(
                    articles.c.id.in_(wanted[first : first + _IDS_PER_QUERY])
                )
                documents_read += connection.execute(query.order_by(articles.c.id)).scalars()
        return tuple(map(documents.parse_article, documents_read))

    def load_articles_since(
        self, moment: datetime, sources: Collection[str], until: datetime | None = None
    ) -> tuple[Article, ...]:
        """Return the articles of these sources first seen after `moment`, in the order they came.

        With `until`, those first seen later are left out.
        """
        query = (
            select(articles.c.document)
            .where(articles.c.first_seen_at > moment, articles.c.source.in_(sources))
            .order_by(articles.c.id)
        )
        if until is not None:
            query = query.where(articles.c.first_seen_at <= until)
        with self.database.begin_read() as connection:
            rows = connection.execute(query).scalars().all()
        return tuple(documents.parse_article(document) for document in rows)
