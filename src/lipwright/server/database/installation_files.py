"""Files of the operator that are the same for the whole installation, kept as rows: plans, voice names.

A machine's own folder may hold a file of the same name; the row is what counts. Without a row the built-in
file does.
"""

from __future__ import annotations

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import installation_files


def read_file(connection: sa.Connection, name: str) -> str | None:
    """The text of a file; None where the built-in one counts."""
    query = sa.select(installation_files.c.text).where(installation_files.c.name == name)
    text: str | None = connection.execute(query).scalar()
    return text


def store_file(connection: sa.Connection, name: str, text: str) -> None:
    """Let this text count from now on. Whoever calls has checked it."""
    values = {"text": text, "changed_at_ms": database_now_ms()}
    update = sa.update(installation_files).where(installation_files.c.name == name).values(**values)
    if not connection.execute(update).rowcount:
        connection.execute(sa.insert(installation_files).values(name=name, **values))
