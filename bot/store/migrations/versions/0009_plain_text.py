"""The folded texts for phrase search; articles and editions are indexed again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # not in the table of the words: there each text would need its own database pages
    for name in ("article_texts", "told_texts"):
        op.create_table(
            name,
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("plain", sa.Text, nullable=False),
        )
    for name in ("article_words", "told_words", "told"):
        op.execute(f"DELETE FROM {name}")  # noqa: S608 - our own names
