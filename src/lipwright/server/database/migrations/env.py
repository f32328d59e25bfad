"""What alembic runs: the migrations on the connection that migrate.py hands over."""

from __future__ import annotations

from alembic import context

from lipwright.server.database.tables import METADATA

connection = context.config.attributes["connection"]
# SQLite cannot alter columns in place; alembic then builds the table anew.
context.configure(
    connection=connection, target_metadata=METADATA, render_as_batch=connection.dialect.name == "sqlite"
)
with context.begin_transaction():
    context.run_migrations()
