"""Full-text search over articles and editions: SQLite's FTS5 and PostgreSQL's tsvector, fed with the same
words.

The engines' own ways of finding words know no Chinese, so both are given words and asked for words (see
query). Beside the words stand the folded texts, for phrases: of the rows with a phrase's words only those
match that contain it.
"""

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

from bot.models import Article, Edition, PrintedStory
from bot.store import documents
from bot.store.engine import Database
from bot.store.query import (
    POSTGRESQL_SYNTAX,
    SQLITE_SYNTAX,
    SearchTerm,
    build_condition,
    normalize_text,
    pair_characters,
    parse_query,
    split_words,
)
from bot.store.tables import article_texts, articles, editions, printed, printed_texts

_ARTICLES_PER_BATCH = 200  # articles indexed in one transaction
_HITS_PER_BATCH = 50  # read in one query
# PostgreSQL overrates the cost of an index with a pending list of new entries, and would read every row
# instead.
_DISABLE_SEQUENTIAL_SCAN = text("SET LOCAL enable_seqscan = off")
article_words = table("article_words", column("rowid", Integer), column("words"))
printed_words = table("printed_words", column("rowid", Integer), column("words"))
_TEXT_TABLES = {"article_words": article_texts, "printed_words": printed_texts}


@dataclass(frozen=True, kw_only=True, slots=True)
class Printing:
    """An edition that printed an article."""

    edition_id: int
    digest: str
    edition_name: str  # Edition.name

    @property
    def day(self) -> date:
        return PrintedStory(edition=self.edition_name, number=0).day


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchHit:
    """An article that matches, and the editions that printed it, oldest first."""

    article: Article
    printings: tuple[Printing, ...] = ()


class SearchIndex:
    def __init__(self, database: Database) -> None:
        self.database = database

    def index_new(self) -> int:
        """Add the articles and editions that are not in the index yet; return how many articles."""
        count = 0
        while True:
            with self.database.begin_write() as connection:
                missing = (
                    select(articles.c.id, articles.c.document)
                    .where(articles.c.id.not_in(select(article_words.c.rowid)))
                    .limit(_ARTICLES_PER_BATCH)
                )
                rows = connection.execute(missing).all()
                for row in rows:
                    index_text(
                        connection,
                        article_words,
                        row.id,
                        _join_searchable_text(documents.parse_article(row.document)),
                    )
            count += len(rows)
            if len(rows) < _ARTICLES_PER_BATCH:
                break
        while self.index_next_edition():
            pass
        return count

    def index_next_edition(self) -> bool:
        """Add one edition that is not in the index yet; return False when there is none."""
        with self.database.begin_write() as connection:
            missing = (
                select(editions.c.id, editions.c.document)
                .where(editions.c.group_key == "", editions.c.id.not_in(select(printed.c.edition_id)))
                .order_by(editions.c.id)
                .limit(1)
            )
            row = connection.execute(missing).first()
            if row is None:
                return False
            edition = documents.parse_edition(row.document)
            connection.execute(
                insert(printed).values(edition_id=row.id, fingerprint="")
            )  # also where it prints nothing
            for article in _list_articles(edition):
                values = {"edition_id": row.id, "fingerprint": article.fingerprint}
                printed_id = connection.execute(
                    insert(printed).values(values).returning(printed.c.id)
                ).scalar_one()
                index_text(connection, printed_words, printed_id, _join_searchable_text(article))
        return True

    def find_articles(self, wanted: str, limit: int = 20) -> tuple[SearchHit, ...]:
        """Return the articles that match `wanted` (see query), newest first, then those that only editions
        still hold.

        Raises InputError if the query has no term to search for.
        """
        terms = parse_query(wanted)
        with self.database.begin_read() as connection:
            if not self.database.is_sqlite:
                connection.execute(_DISABLE_SEQUENTIAL_SCAN)
            stored = list(self._find_stored(connection, terms, limit))
            rest = limit - len(stored)
            gone = list(self._find_in_editions(connection, terms, rest)) if rest else []
            printings = _load_printings(connection, [article.fingerprint for article in (*stored, *gone)])
        return tuple(
            SearchHit(article=article, printings=tuple(printings.get(article.fingerprint, ())))
            for article in (*stored, *gone)
        )

    def _find_stored(
        self, connection: Connection, terms: Sequence[SearchTerm], limit: int
    ) -> Iterator[Article]:
        """Yield the stored articles that match, newest first."""
        for ids in self._find_rows(connection, article_words, terms):
            query = select(articles.c.document).where(articles.c.id.in_(ids)).order_by(articles.c.id.desc())
            for document in connection.execute(query).scalars():
                yield documents.parse_article(document)
                limit -= 1
                if not limit:
                    return

    def _find_in_editions(
        self, connection: Connection, terms: Sequence[SearchTerm], limit: int
    ) -> Iterator[Article]:
        """Yield the articles that match and that only editions still contain, newest first, each once."""
        fingerprints: set[str] = set()
        is_kept = select(articles.c.id).where(articles.c.fingerprint == printed.c.fingerprint).exists()
        for ids in self._find_rows(connection, printed_words, terms):
            query = (
                select(printed.c.fingerprint, editions.c.document)
                .join(editions, editions.c.id == printed.c.edition_id)
                .where(printed.c.id.in_(ids), ~is_kept)
                .order_by(printed.c.id.desc())
            )
            for row in connection.execute(query):
                article = _find_article(documents.parse_edition(row.document), row.fingerprint)
                if row.fingerprint in fingerprints or not article:
                    continue
                fingerprints.add(row.fingerprint)
                yield article
                if len(fingerprints) == limit:
                    return

    def _find_rows(
        self, connection: Connection, of: TableClause, terms: Sequence[SearchTerm]
    ) -> Iterator[list[int]]:
        """Yield the ids of matching rows, newest first, a batch at a time."""
        last: int | None = None
        while True:
            matches = _select_matches(of, terms, last, is_sqlite=self.database.is_sqlite)
            ids: list[int] = list(connection.execute(matches.limit(_HITS_PER_BATCH)).scalars())
            if ids:
                yield ids
            if len(ids) < _HITS_PER_BATCH:
                return
            last = ids[-1]


def _list_articles(edition: Edition) -> list[Article]:
    """Return every article of an edition's stories, none twice."""
    printed_articles = (article for story in edition.stories for article in (story.article, *story.others))
    return list({article.fingerprint: article for article in printed_articles}.values())


def _find_article(edition: Edition, fingerprint: str) -> Article | None:
    return next((article for article in _list_articles(edition) if article.fingerprint == fingerprint), None)


def _load_printings(connection: Connection, fingerprints: Sequence[str]) -> dict[str, list[Printing]]:
    query = (
        select(printed.c.fingerprint, editions.c.id, editions.c.digest, editions.c.name)
        .join(editions, editions.c.id == printed.c.edition_id)
        .where(printed.c.fingerprint.in_(fingerprints))
        .order_by(editions.c.slot_at, editions.c.id)
    )
    printings: dict[str, list[Printing]] = {}
    for fingerprint, edition_id, digest, name in connection.execute(query):
        printings.setdefault(fingerprint, []).append(
            Printing(edition_id=edition_id, digest=digest, edition_name=name)
        )
    return printings


def remove_stale_words(connection: Connection) -> None:
    """Delete the words of articles that were deleted; editions stay, and their words with them."""
    for of, key in ((article_words, article_words.c.rowid), (article_texts, article_texts.c.id)):
        connection.execute(delete(of).where(key.not_in(select(articles.c.id))))


def index_text(
    connection: Connection,
    of: TableClause,
    row_id: int,
    written: str,
    cut: Callable[[str], Sequence[str]] = split_words,
) -> None:
    """Add a text to the index; `cut` finds the words in its folded form."""
    folded = normalize_text(written)
    words = sorted({*cut(folded), *pair_characters(folded)})
    connection.execute(insert(_TEXT_TABLES[of.name]).values(id=row_id, plain=folded))
    if connection.dialect.name == "sqlite":
        # our own names
        statement = text(f"INSERT INTO {of.name} (rowid, words) VALUES (:id, :words)")  # noqa: S608
        connection.execute(statement, {"id": row_id, "words": " ".join(words)})
        return
    statement = text(f"INSERT INTO {of.name} (rowid, words) VALUES (:id, array_to_tsvector(:words))")  # noqa: S608
    connection.execute(
        statement.bindparams(bindparam("words", type_=ARRAY(Text))), {"id": row_id, "words": words}
    )


def _select_matches(
    of: TableClause, terms: Sequence[SearchTerm], before: int | None, *, is_sqlite: bool
) -> Select[Any]:  # Any: the type of a row of either form
    """Return a query for matching rows before `before`, newest first.

    It reads no more texts than it needs.
    """
    by_words = select(of.c.rowid).where(_match_words(of, terms, is_sqlite=is_sqlite))
    phrases = [term for term in terms if term.is_phrase]
    if is_sqlite:  # FTS5 returns the newest first, one by one
        matches = by_words.order_by(of.c.rowid.desc())
        matches = matches.where(
            *(_match_phrase(term, _TEXT_TABLES[of.name], of.c.rowid, func.instr) for term in phrases)
        )
        return matches if before is None else matches.where(of.c.rowid < before)
    # Without this, the planner may go through all rows from the newest, which is slow if only old articles
    # match.
    hits = by_words.cte("hits").prefix_with("MATERIALIZED")
    newest = select(hits.c.rowid).order_by(hits.c.rowid.desc())
    newest = newest if before is None else newest.where(hits.c.rowid < before)
    if not phrases:
        return newest
    # OFFSET makes the planner sort before it reads texts, so that it reads no more than it needs.
    ordered = newest.offset(0).subquery("ordered")
    matches = select(ordered.c.rowid).order_by(ordered.c.rowid.desc())
    return matches.where(
        *(_match_phrase(term, _TEXT_TABLES[of.name], ordered.c.rowid, func.strpos) for term in phrases)
    )


def _match_phrase(
    term: SearchTerm,
    texts: Table,
    row: ColumnElement[int],
    place: Callable[[ColumnElement[str], str], ColumnElement[int]],
) -> ColumnElement[bool]:
    """Return the condition that a row's text contains a phrase, or does not; `place` is the engine's
    function.
    """
    position = select(place(texts.c.plain, term.sought)).where(texts.c.id == row).scalar_subquery()
    return position == 0 if term.is_unwanted else position > 0


def _match_words(of: TableClause, terms: Sequence[SearchTerm], *, is_sqlite: bool) -> ColumnElement[bool]:
    """Return the condition that a row matches, in the syntax of the engine."""
    if is_sqlite:
        return text(f"{of.name} MATCH :sought").bindparams(sought=build_condition(terms, SQLITE_SYNTAX))  # type: ignore[return-value]
    return of.c.words.op("@@")(cast(build_condition(terms, POSTGRESQL_SYNTAX), TSQUERY))


def _join_searchable_text(article: Article) -> str:
    return "\n".join((article.title, article.kicker, article.deck, article.text))
