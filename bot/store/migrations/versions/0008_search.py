"""The words of printed articles, and which edition printed which article; articles are indexed again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("editions.id"), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
    )
    op.create_index("told_by_edition", "told", ["edition_id"])
    op.create_index("told_by_fingerprint", "told", ["fingerprint"])
    op.create_index("articles_by_fingerprint", "articles", ["fingerprint"])
    op.execute("DELETE FROM article_words")  # those without pairs of characters
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE told_words USING fts5(words, detail=none, columnsize=0)")
        return
    op.create_table(
        "told_words",
        sa.Column("rowid", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("words", TSVECTOR, nullable=False),
    )
    op.create_index("told_words_by_word", "told_words", ["words"], postgresql_using="gin")
