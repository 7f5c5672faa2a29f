"""Full-text search over articles and editions: SQLite's FTS5 and PostgreSQL's tsvector, fed with the same words.

The engines' own ways of finding words know no Chinese, so both are given words and asked for words (see query). Beside
the words stand the folded texts, for phrases: of the rows with their words those are told that hold them as written.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    TableClause,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from bot.models import Article, Edition
from bot.store import documents
from bot.store.engine import Database
from bot.store.query import POSTGRESQL, SQLITE, Term, condition, pairs, parsed, plain, tokens
from bot.store.tables import article_texts, articles, editions, told, told_texts

AT_ONCE = 200  # articles indexed in one transaction
HITS_AT_ONCE = 50  # looked at in one go
# PostgreSQL takes an index for dear that still holds a list of what was taken in last, and reads every row instead.
INDEX_FIRST = text("SET LOCAL enable_seqscan = off")
article_words = table("article_words", column("rowid", Integer), column("words"))
told_words = table("told_words", column("rowid", Integer), column("words"))
TEXTS = {"article_words": article_texts, "told_words": told_texts}


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """An edition that told an article."""

    edition_id: int
    digest: str
    slot: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An article that was found, and the editions that told it, oldest first."""

    article: Article
    tellings: tuple[Telling, ...] = ()


class Search:
    def __init__(self, database: Database) -> None:
        self.database = database

    def index(self) -> int:
        """Take in the articles and editions that are not in the index yet; return how many articles."""
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
                    put(connection, article_words, row.id, searched(documents.article(json.loads(row.document))))
            count += len(rows)
            if len(rows) < AT_ONCE:
                break
        while self.index_an_edition():
            pass
        return count

    def index_an_edition(self) -> bool:
        """Take in one edition that is not in the index yet; False when there is none."""
        with self.database.write() as connection:
            missing = (
                select(editions.c.id, editions.c.document)
                .where(editions.c.id.not_in(select(told.c.edition_id)))
                .order_by(editions.c.id)
                .limit(1)
            )
            row = connection.execute(missing).first()
            if row is None:
                return False
            kept = documents.edition(row.document)
            connection.execute(insert(told).values(edition_id=row.id, fingerprint=""))  # also where it tells nothing
            for article in told_by(kept):
                values = {"edition_id": row.id, "fingerprint": article.fingerprint}
                told_id = connection.execute(insert(told).values(values).returning(told.c.id)).scalar_one()
                put(connection, told_words, told_id, searched(article))
        return True

    def find(self, wanted: str, limit: int = 20) -> tuple[Hit, ...]:
        """Return the articles that `wanted` fits (see query), newest first, then those that editions alone still hold.

        Raises InputError where it names nothing to look for.
        """
        terms = parsed(wanted)
        with self.database.read() as connection:
            if not self.database.is_sqlite:
                connection.execute(INDEX_FIRST)
            kept = list(self.kept(connection, terms, limit))
            rest = limit - len(kept)
            gone = list(self.gone(connection, terms, rest)) if rest else []
            tellings = tellings_of(connection, [article.fingerprint for article in (*kept, *gone)])
        return tuple(
            Hit(article=article, tellings=tuple(tellings.get(article.fingerprint, ()))) for article in (*kept, *gone)
        )

    def kept(self, connection: Connection, terms: Sequence[Term], limit: int) -> Iterator[Article]:
        """Yield the articles that are kept and fit, newest first."""
        for ids in self.hits(connection, article_words, terms):
            query = select(articles.c.document).where(articles.c.id.in_(ids)).order_by(articles.c.id.desc())
            for document in connection.execute(query).scalars():
                yield documents.article(json.loads(document))
                limit -= 1
                if not limit:
                    return

    def gone(self, connection: Connection, terms: Sequence[Term], limit: int) -> Iterator[Article]:
        """Yield the articles that fit and that only editions still hold, newest first and none twice."""
        seen: set[str] = set()
        is_kept = select(articles.c.id).where(articles.c.fingerprint == told.c.fingerprint).exists()
        for ids in self.hits(connection, told_words, terms):
            query = (
                select(told.c.fingerprint, editions.c.document)
                .join(editions, editions.c.id == told.c.edition_id)
                .where(told.c.id.in_(ids), ~is_kept)
                .order_by(told.c.id.desc())
            )
            for row in connection.execute(query):
                article = article_in(documents.edition(row.document), row.fingerprint)
                if row.fingerprint in seen or not article:
                    continue
                seen.add(row.fingerprint)
                yield article
                if len(seen) == limit:
                    return

    def hits(self, connection: Connection, of: TableClause, terms: Sequence[Term]) -> Iterator[list[int]]:
        """Yield the rows that the index gives, newest first, some at a time."""
        last: int | None = None
        while True:
            found = fitting(of, terms, last, is_sqlite=self.database.is_sqlite)
            ids: list[int] = list(connection.execute(found.limit(HITS_AT_ONCE)).scalars())
            if ids:
                yield ids
            if len(ids) < HITS_AT_ONCE:
                return
            last = ids[-1]


def told_by(edition: Edition) -> list[Article]:
    """Every article of an edition's stories, none twice."""
    found = (article for story in edition.stories for article in (story.article, *story.others))
    return list({article.fingerprint: article for article in found}.values())


def article_in(edition: Edition, fingerprint: str) -> Article | None:
    return next((article for article in told_by(edition) if article.fingerprint == fingerprint), None)


def tellings_of(connection: Connection, fingerprints: Sequence[str]) -> dict[str, list[Telling]]:
    query = (
        select(told.c.fingerprint, editions.c.id, editions.c.digest, editions.c.slot)
        .join(editions, editions.c.id == told.c.edition_id)
        .where(told.c.fingerprint.in_(fingerprints))
        .order_by(editions.c.slot, editions.c.id)
    )
    found: dict[str, list[Telling]] = {}
    for fingerprint, edition_id, digest, slot in connection.execute(query):
        found.setdefault(fingerprint, []).append(Telling(edition_id=edition_id, digest=digest, slot=slot))
    return found


def forget_words(connection: Connection) -> None:
    """Let go of the words of articles that are gone; editions stay, and their words with them."""
    for of, key in ((article_words, article_words.c.rowid), (article_texts, article_texts.c.id)):
        connection.execute(delete(of).where(key.not_in(select(articles.c.id))))


def put(
    connection: Connection,
    of: TableClause,
    row_id: int,
    written: str,
    cut: Callable[[str], Sequence[str]] = tokens,
) -> None:
    """Take a text into the index; `cut` finds the words in its folded form."""
    folded = plain(written)
    found = sorted({*cut(folded), *pairs(folded)})
    connection.execute(insert(TEXTS[of.name]).values(id=row_id, plain=folded))
    if connection.dialect.name == "sqlite":
        statement = text(f"INSERT INTO {of.name} (rowid, words) VALUES (:id, :words)")  # noqa: S608 - our own names
        connection.execute(statement, {"id": row_id, "words": " ".join(found)})
        return
    statement = text(f"INSERT INTO {of.name} (rowid, words) VALUES (:id, array_to_tsvector(:words))")  # noqa: S608
    connection.execute(statement.bindparams(bindparam("words", type_=ARRAY(Text))), {"id": row_id, "words": found})


def fitting(
    of: TableClause, terms: Sequence[Term], before: int | None, *, is_sqlite: bool
) -> Select[Any]:  # Any: the type of a row of either form
    """The rows before `before` that fit, newest first; no more texts are read than are needed for those asked for."""
    by_words = select(of.c.rowid).where(holds(of, terms, is_sqlite=is_sqlite))
    phrases = [term for term in terms if term.is_phrase]
    if is_sqlite:  # FTS5 gives the newest first, one by one
        found = by_words.order_by(of.c.rowid.desc())
        found = found.where(*(stands(term, TEXTS[of.name], of.c.rowid, func.instr) for term in phrases))
        return found if before is None else found.where(of.c.rowid < before)
    # Left to itself the planner may walk down all rows and look into each, where the words are those of old articles.
    hits = by_words.cte("hits").prefix_with("MATERIALIZED")
    newest = select(hits.c.rowid).order_by(hits.c.rowid.desc())
    newest = newest if before is None else newest.where(hits.c.rowid < before)
    if not phrases:
        return newest
    # OFFSET keeps the order below the look at the texts, which ends with the last one asked for.
    ordered = newest.offset(0).subquery("ordered")
    found = select(ordered.c.rowid).order_by(ordered.c.rowid.desc())
    return found.where(*(stands(term, TEXTS[of.name], ordered.c.rowid, func.strpos) for term in phrases))


def stands(
    term: Term, texts: Table, row: ColumnElement[int], place: Callable[[ColumnElement[str], str], ColumnElement[int]]
) -> ColumnElement[bool]:
    """The condition that a row's text holds a phrase, or does not; `place` is the engine's function that finds it."""
    found = select(place(texts.c.plain, term.sought)).where(texts.c.id == row).scalar_subquery()
    return found == 0 if term.is_unwanted else found > 0


def holds(of: TableClause, terms: Sequence[Term], *, is_sqlite: bool) -> ColumnElement[bool]:
    """The condition that a row fits, in each engine's own spelling."""
    if is_sqlite:
        return text(f"{of.name} MATCH :sought").bindparams(sought=condition(terms, SQLITE))  # type: ignore[return-value]
    return of.c.words.op("@@")(cast(condition(terms, POSTGRESQL), TSQUERY))


def searched(article: Article) -> str:
    return "\n".join((article.title, article.kicker, article.deck, article.text))
