"""Taking a connection out of the pool within a time, whatever state the database server is in.

A server that was cut off, or stopped in the middle, accepts what is sent and never answers, and no setting of
the driver bounds that below some seconds. So another thread asks, and is left behind when it takes too long.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

import sqlalchemy as sa

# So many threads that were left behind and still wait tell that the database is away: nobody else needs to
# try until one of them has heard. Fewer would take one lost connection for an outage.
ENOUGH_LEFT_BEHIND = 3


class Checkout:
    """Takes connections out of a pool."""

    def __init__(self, connect: Callable[[], sa.Connection], limit_s: float) -> None:
        self._connect = connect
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._left_behind = 0

    def take(self) -> sa.Connection:
        """A connection that answers. Raises what connecting raises, and sqlalchemy's TimeoutError."""
        if self._left_behind >= ENOUGH_LEFT_BEHIND:
            raise _no_answer()
        attempt: Future[sa.Connection] = Future()
        # Not of an executor: it would keep the process from ending.
        threading.Thread(target=self._try, args=(attempt,), name="database checkout", daemon=True).start()
        try:
            return attempt.result(self._limit_s)
        except TimeoutError:
            with self._lock:
                self._left_behind += 1
            attempt.add_done_callback(self._take_back)
            raise _no_answer() from None

    def _try(self, attempt: Future[sa.Connection]) -> None:
        try:
            attempt.set_result(self._connect())
        except BaseException as error:
            attempt.set_exception(error)

    def _take_back(self, attempt: Future[sa.Connection]) -> None:
        """An attempt that nobody waited for has ended."""
        with self._lock:
            self._left_behind -= 1
        if attempt.exception() is None:
            attempt.result().close()


def _no_answer() -> sa.exc.TimeoutError:
    return sa.exc.TimeoutError("The database does not answer.")
