"""One database, and transactions on it.

SQLite is one file with one writer at a time: writers say so at once (BEGIN IMMEDIATE), and the threads of one
process stand in a line.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lipwright.server.database.checkout import Checkout
from lipwright.server.database.clock import DatabaseClock
from lipwright.server.database.prepared import PreparedQuery, Row
from lipwright.server.database.waits import PATIENT, DatabaseBusy, Waits, WriterLine

# Enough for the web layer's threads; PostgreSQL allows 100 connections in all unless it is told otherwise.
POOL_SIZE = 10
# What the driver waits for a server that does not answer; psycopg knows nothing below two seconds.
CONNECT_TIMEOUT_S = 5
# A connection whose other side has vanished without a word is given up after some ten seconds, also while it
# waits for an answer; the system's own limits are a quarter of an hour and more.
_LOST_AFTER = {
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
# A process that hangs in the middle of a transaction loses it, and with it the locks that others wait for.
IDLE_IN_TRANSACTION_S = 60
# How often a lock of the database that another process holds is asked for.
LOCK_RETRY_S = 0.1
_IS_READ = "lipwright_read"

# What statements raise when the database is away or locked, and the pool when every connection hangs.
DATABASE_FAILURES = (
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.TimeoutError,
    DatabaseBusy,
)


def is_away(error: BaseException) -> bool:
    """Whether a failure says that a database server cannot be reached; a SQLite file always can."""
    if not isinstance(error, DATABASE_FAILURES) or isinstance(error, DatabaseBusy):
        return False
    return not isinstance(getattr(error, "orig", None), sqlite3.Error)


def is_busy(error: BaseException) -> bool:
    """Whether a failure says that others keep a SQLite file locked."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    # The low byte is the error, the others say more of it.
    return isinstance(error, DatabaseBusy) or (isinstance(code, int) and code & 0xFF == sqlite3.SQLITE_BUSY)


class Database:
    """A pool of connections."""

    def __init__(self, url: str, waits: Waits = PATIENT) -> None:
        """url: sqlite:///file or postgresql+psycopg://..."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._waits = waits
        self._line = WriterLine(waits) if self.is_sqlite else None
        self._checkout: Checkout | None = None
        self.clock = DatabaseClock()
        # Of each thread that runs an event loop; only of a SQLite file.
        self._of_loop = threading.local()
        self._loop_connections: list[sqlite3.Connection] = []
        if self.is_sqlite:
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
            # Parameters are what callers sent: they stay out of the texts of errors, which are logged.
            self._engine = sa.create_engine(url, pool_size=POOL_SIZE, max_overflow=40, hide_parameters=True)
            sa.event.listen(self._engine, "connect", self._set_up_sqlite)
            sa.event.listen(self._engine, "begin", _begin_sqlite)
        else:
            named = sa.make_url(url).query
            wanted = {"connect_timeout": CONNECT_TIMEOUT_S, **_LOST_AFTER}
            self._engine = sa.create_engine(
                url,
                pool_size=POOL_SIZE,
                max_overflow=20,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={name: value for name, value in wanted.items() if name not in named},
            )
            sa.event.listen(self._engine, "connect", self._set_up_postgres)
            if waits.connection_s is not None:
                self._checkout = Checkout(self._engine.connect, waits.connection_s)

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that may change rows: kept when the block ends, undone when it raises."""
        if self._line is None:
            with self._connect() as connection, connection.begin():
                yield connection
            return
        with self._line.turn(), self._engine.begin() as connection:
            self._line.has_begun()
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only looks."""
        with self._connect().execution_options(**{_IS_READ: True}) as connection:
            yield connection

    async def first(self, query: PreparedQuery, **values: Any) -> Row | None:
        """The first row of a short question, asked on an event loop.

        A SQLite file answers there and then: it takes microseconds, where a thread takes a hundred. It never
        waits: a file that others keep locked is asked in a thread, as a database server is.
        """
        if self.is_sqlite:
            try:
                return query.first_of_file(self._loop_connection(), values)
            except sqlite3.Error:  # the thread waits, or fails as every other statement does
                pass
        return await asyncio.to_thread(self._first, query, values)

    def _first(self, query: PreparedQuery, values: dict[str, Any]) -> Row | None:
        with self.read() as connection:
            return query.first(connection, values)

    def _loop_connection(self) -> sqlite3.Connection:
        """This thread's own connection, on which nothing waits and no transaction stays open."""
        found: sqlite3.Connection | None = getattr(self._of_loop, "connection", None)
        if found is None:
            path = self.url.removeprefix("sqlite:///")
            # Closed by another thread, at the end.
            found = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            self._of_loop.connection = found
            self._loop_connections.append(found)
        return found

    @contextmanager
    def advisory_lock(self, number: int) -> Iterator[None]:
        """Hold a lock of a PostgreSQL database, waiting for whoever has it. Lost with the connection.

        It is asked for again and again: a statement that waits would itself hold up the holder, where that
        builds an index concurrently.
        """
        autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with autocommit.connect() as connection:
            while not connection.execute(sa.select(sa.func.pg_try_advisory_lock(number))).scalar_one():
                time.sleep(LOCK_RETRY_S)
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()
        for connection in self._loop_connections:
            connection.close()

    def _connect(self) -> sa.Connection:
        return self._engine.connect() if self._checkout is None else self._checkout.take()

    def _set_up_sqlite(self, connection: Any, _record: Any) -> None:
        # Its own knows the letters of English only; names are searched without regard to case.
        connection.create_function("lower", 1, _lower, deterministic=True)
        connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={int(self._waits.lock_s * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    def _set_up_postgres(self, connection: Any, _record: Any) -> None:
        connection.autocommit = True  # or the pool undoes them with the first transaction
        connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_IN_TRANSACTION_S}s'")
        if self._waits.connection_s is not None:
            connection.execute(f"SET lock_timeout = '{int(self._waits.lock_s * 1000)}ms'")
        connection.autocommit = False


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _begin_sqlite(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get(_IS_READ, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def lock_account(connection: sa.Connection, account_id: str) -> None:
    """Let no other transaction decide on this account's credits until this one ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT id FROM accounts WHERE id = :id FOR UPDATE"), {"id": account_id})
