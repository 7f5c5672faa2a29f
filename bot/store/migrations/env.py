"""Run by Alembic for every migration; the connection and its transaction are migrate.py's."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
