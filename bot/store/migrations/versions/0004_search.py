"""Words of articles, for full-text search: FTS5 on SQLite, tsvector on PostgreSQL."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # detail=none: which article holds a word, not where; a third of the size
        op.execute("CREATE VIRTUAL TABLE article_words USING fts5(words, detail=none, columnsize=0)")
        return
    op.create_table(
        "article_words",
        sa.Column("rowid", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("words", TSVECTOR, nullable=False),
    )
    op.create_index("article_words_by_word", "article_words", ["words"], postgresql_using="gin")
