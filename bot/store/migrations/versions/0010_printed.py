"""New names for what an edition printed and for when an alert was sent."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for name in ("sources", "broken"):
        op.execute(f"ALTER TABLE {name} RENAME COLUMN told_at TO alerted_at")
    for name in ("told", "told_texts", "told_words"):
        op.execute(f"ALTER TABLE {name} RENAME TO {name.replace('told', 'printed')}")
    for name, column in (("by_edition", "edition_id"), ("by_fingerprint", "fingerprint")):
        op.execute(f"DROP INDEX told_{name}")  # SQLite renames no index
        op.create_index(f"printed_{name}", "printed", [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX told_words_by_word RENAME TO printed_words_by_word")
