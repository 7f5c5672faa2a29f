"""Alembic runs this for every migration; migrate.py provides the connection and its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
