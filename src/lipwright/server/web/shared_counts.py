"""Counts of calls that several processes of one server share: a small file that only they know.

What is counted must hold whoever of them answers. The file lives as long as the server; a process that is
killed leaves it whole.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lipwright.server.errors import Unavailable

FILE_NAME = "counts.sqlite3"
# The others hold the file for a tenth of a millisecond. One that was stopped in the middle must not stop
# those who wait for it on their event loops.
_LOCK_S = 0.25
_TABLE = (
    "CREATE TABLE IF NOT EXISTS hits (who TEXT NOT NULL, made_at_s REAL NOT NULL, over_at_s REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_who ON hits (who, made_at_s)",
    "CREATE INDEX IF NOT EXISTS ix_over ON hits (over_at_s)",
)


class SharedCounts:
    """Moving windows in a file. For every thread of every process that opens the same one."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            self._path, timeout=_LOCK_S, isolation_level=None, check_same_thread=False
        )
        # Nothing here outlives the machine's next start.
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", *_TABLE):
            self._connection.execute(statement).close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def hit(self, who: str, amount: int, window_s: float) -> bool:
        """Count one more unless there were `amount` within the window; whether it was counted."""
        now_s = time.time()
        with self._transaction() as connection:
            connection.execute("DELETE FROM hits WHERE over_at_s <= ?", (now_s,))
            if self._count(connection, who, now_s - window_s)[0] >= amount:
                return False
            connection.execute("INSERT INTO hits VALUES (?, ?, ?)", (who, now_s, now_s + window_s))
            return True

    def look(self, who: str, amount: int, window_s: float) -> tuple[float, int]:
        """When the oldest one of the window will be over, seconds since 1970, and how many are left."""
        now_s = time.time()
        with self._transaction() as connection:
            count, oldest_s = self._count(connection, who, now_s - window_s)
        return (now_s if oldest_s is None else oldest_s) + window_s, max(0, amount - count)

    def _count(self, connection: sqlite3.Connection, who: str, after_s: float) -> tuple[int, float | None]:
        query = "SELECT count(*), min(made_at_s) FROM hits WHERE who = ? AND made_at_s > ?"
        count, oldest_s = connection.execute(query, (who, after_s)).fetchone()
        return count, oldest_s

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Alone with the file. Raises Unavailable where another process keeps it."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                raise Unavailable from None
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
