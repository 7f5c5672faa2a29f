"""The folded text beside the words, in which phrases are looked for; articles and editions are taken in anew."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("DELETE FROM told")
    for name in ("article_words", "told_words"):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TABLE {name}")
            # the text first: it is read without the words behind it
            op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(plain UNINDEXED, words, detail=none, columnsize=0)")
            continue
        op.execute(f"DELETE FROM {name}")  # noqa: S608 - our own names
        op.add_column(name, sa.Column("plain", sa.Text, nullable=False))
