"""Milliseconds for SQLite before 3.42.

From Python 3.12 on, DBOS writes `unixepoch('subsec')` into the defaults of its tables. SQLite understands
that from 3.42 on, but a Python can be newer than the system's SQLite (Debian 12 has 3.40), and there the
answer is NULL and nothing can be stored. DBOS opens its connections itself, also for its migrations, and
takes no hook for them; so the function is added to every SQLite connection that SQLAlchemy opens in this
process, by SQLAlchemy's public event. Nothing private of DBOS is touched. To be dropped with SQLite 3.40.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

import sqlalchemy as sa

FIRST_WITH_MILLISECONDS = (3, 42, 0)


def patch_old_sqlite(sqlite_version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """From now on every SQLite connection of this process knows `unixepoch('subsec')`."""
    if sqlite_version < FIRST_WITH_MILLISECONDS and not sa.event.contains(
        sa.Engine, "connect", add_unixepoch
    ):
        sa.event.listen(sa.Engine, "connect", add_unixepoch)


def add_unixepoch(connection: Any, _record: Any) -> None:
    """SQLAlchemy's hook for a new connection."""
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", -1, _unixepoch)


def _unixepoch(*arguments: str) -> float:
    """Seconds since 1970 for the two uses there are: now, whole or with milliseconds."""
    if not arguments:
        return int(time.time())
    if arguments == ("subsec",):
        return round(time.time(), 3)
    raise ValueError(f"unixepoch{arguments} is not known to this SQLite; use version 3.42 or newer")
