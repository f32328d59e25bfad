"""The clock that all machines of a service share: that of the database server.

Machines' own clocks differ. What one machine writes and another compares, a heartbeat or an end of validity,
is read from this clock. With SQLite all processes are on one machine, and its clock is the one.
"""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _DatabaseNow(FunctionElement[int]):
    type = sa.BigInteger()
    inherit_cache = True


def database_now_ms() -> sa.ColumnElement[int]:
    """The present by the database's clock, milliseconds since 1970 in UTC, as a part of a statement.

    The same throughout a statement, so that an index can be used; a later one of a transaction sees a later
    time.
    """
    return _DatabaseNow()


@compiles(_DatabaseNow, "postgresql")
def _on_postgres(_element: _DatabaseNow, _compiler: SQLCompiler, **_options: Any) -> str:
    return "CAST(FLOOR(EXTRACT(EPOCH FROM statement_timestamp()) * 1000) AS BIGINT)"


@compiles(_DatabaseNow, "sqlite")
def _on_sqlite(_element: _DatabaseNow, _compiler: SQLCompiler, **_options: Any) -> str:
    # 2440587.5 is the Julian day on which 1970 began.
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)"


def read_now_ms(connection: sa.Connection) -> int:
    """The present by the database's clock, milliseconds since 1970 in UTC."""
    return int(connection.execute(sa.select(database_now_ms())).scalar_one())


class DatabaseClock:
    """The database's clock where no connection is at hand: told the time now and then, counted on between.

    Until it was told it is this machine's clock.
    """

    def __init__(self) -> None:
        self._ahead_ms = time.time_ns() // 1_000_000 - _counted_ms()

    def now_ms(self) -> int:
        """The present, milliseconds since 1970 in UTC."""
        return _counted_ms() + self._ahead_ms

    def ask(self, connection: sa.Connection) -> None:
        """Learn the time from the database."""
        self._ahead_ms = read_now_ms(connection) - _counted_ms()


def _counted_ms() -> int:
    return time.monotonic_ns() // 1_000_000
