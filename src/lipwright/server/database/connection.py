"""One database, and transactions on it.

SQLite is one file with one writer at a time: writers say so at once (BEGIN IMMEDIATE) and the threads of
one process wait for each other here, where a waiting thread is woken, rather than in SQLite, where it polls.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa

# A writer in another process may be in the middle of a clean-up; longer means something is stuck.
BUSY_TIMEOUT_MS = 30_000
# Enough for the web layer's threads; PostgreSQL allows 100 connections in all unless it is told otherwise.
POOL_SIZE = 10
# A server that does not answer: shorter gives up on a busy one, longer keeps callers waiting for their 503.
CONNECT_TIMEOUT_S = 5
_IS_READ = "lipwright_read"

# What statements raise when the database is away, and the pool when every connection hangs.
DATABASE_FAILURES = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)


def is_away(error: BaseException) -> bool:
    """Whether a failure says that a database server cannot be reached; a SQLite file always can."""
    if not isinstance(error, DATABASE_FAILURES):
        return False
    return not isinstance(getattr(error, "orig", None), sqlite3.Error)


class Database:
    """A pool of connections."""

    def __init__(self, url: str) -> None:
        """url: sqlite:///file or postgresql+psycopg://..."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
            self._engine = sa.create_engine(url, pool_size=POOL_SIZE, max_overflow=40)
            sa.event.listen(self._engine, "connect", _set_up_sqlite)
            sa.event.listen(self._engine, "begin", _begin_sqlite)
        else:
            named = sa.make_url(url).query
            self._engine = sa.create_engine(
                url,
                pool_size=POOL_SIZE,
                max_overflow=20,
                pool_pre_ping=True,
                connect_args={} if "connect_timeout" in named else {"connect_timeout": CONNECT_TIMEOUT_S},
            )
        self._writer = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that may change rows: kept when the block ends, undone when it raises."""
        with self._writer, self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only looks."""
        with self._engine.connect().execution_options(**{_IS_READ: True}) as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get(_IS_READ, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def lock_account(connection: sa.Connection, account_id: str) -> None:
    """Let no other transaction decide on this account's credits until this one ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT id FROM accounts WHERE id = :id FOR UPDATE"), {"id": account_id})
