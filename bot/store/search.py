"""Full-text search over articles: SQLite's FTS5 and PostgreSQL's tsvector, both fed with the same words.

The engines' own ways of finding words know no Chinese, so both are given words and asked for words.
"""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Text, bindparam, cast, column, delete, select, table, text
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from bot.folding import folded
from bot.models import Article
from bot.store import documents
from bot.store.engine import Database
from bot.store.tables import articles
from summarizer import words

AT_ONCE = 200  # articles indexed in one transaction
article_words = table("article_words", column("rowid"), column("words"))


class Search:
    def __init__(self, database: Database) -> None:
        self.database = database

    def index(self) -> int:
        """Take in the articles that are not in the index yet; return how many."""
        count = 0
        while True:
            with self.database.write() as connection:
                missing = (
                    select(articles.c.id, articles.c.document)
                    .where(articles.c.id.not_in(select(article_words.c.rowid)))
                    .limit(AT_ONCE)
                )
                rows = connection.execute(missing).all()
                for row in rows:
                    put(connection, row.id, words_of(documents.article(json.loads(row.document))))
            count += len(rows)
            if len(rows) < AT_ONCE:
                return count

    def find(self, wanted: str, limit: int = 20) -> tuple[Article, ...]:
        """Return the articles that hold every word of `wanted`, newest first."""
        sought = tokens(wanted)
        if not sought:
            return ()
        hits = select(article_words.c.rowid).where(holds(sought, is_sqlite=self.database.is_sqlite))
        query = select(articles.c.document).where(articles.c.id.in_(hits)).order_by(articles.c.id.desc()).limit(limit)
        with self.database.read() as connection:
            found = connection.execute(query).scalars().all()
        return tuple(documents.article(json.loads(document)) for document in found)


def forget_words(connection: Connection) -> None:
    """Let go of the words of articles that are gone."""
    connection.execute(delete(article_words).where(article_words.c.rowid.not_in(select(articles.c.id))))


def put(connection: Connection, article_id: int, found: Sequence[str]) -> None:
    if connection.dialect.name == "sqlite":
        statement = text("INSERT INTO article_words (rowid, words) VALUES (:id, :words)")
        connection.execute(statement, {"id": article_id, "words": " ".join(found)})
        return
    statement = text("INSERT INTO article_words (rowid, words) VALUES (:id, array_to_tsvector(:words))")
    connection.execute(
        statement.bindparams(bindparam("words", type_=ARRAY(Text))), {"id": article_id, "words": sorted(set(found))}
    )


def holds(sought: Sequence[str], *, is_sqlite: bool) -> ColumnElement[bool]:
    """The condition that a row has all these words, in each engine's own quoting."""
    if is_sqlite:
        quoted = " ".join('"' + word.replace('"', '""') + '"' for word in sought)
        return text("article_words MATCH :sought").bindparams(sought=quoted)  # type: ignore[return-value]
    quoted = " & ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in sought)
    return article_words.c.words.op("@@")(cast(quoted, TSQUERY))


def words_of(article: Article) -> list[str]:
    return tokens("\n".join((article.title, article.kicker, article.deck, article.text)))


def tokens(written: str) -> list[str]:
    """The words of a text, folded, none twice.

    >>> tokens("Linxi, LINXI!")
    ['linxi']
    """
    plain = folded(written)
    found = (plain[start:end] for start, end in words(plain))
    return list(dict.fromkeys(word for word in found if word.isalnum()))
