"""How long a process waits for its database, and who may wait: a server briefly, a worker with patience."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class DatabaseBusy(Exception):
    """Somebody else has been writing for so long that there is no sense in waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Limits of waiting.

    connection_s: for a connection that answers; None: as long as the driver waits. lock_s: for others that
    write. waiting_writers: how many threads may wait when writing is stuck.
    """

    connection_s: float | None
    lock_s: float
    waiting_writers: int


# Workers and the operator's commands: a clean-up of another process may take its time, and a render that
# has ended is worth waiting for.
PATIENT = Waits(connection_s=None, lock_s=30.0, waiting_writers=64)
# A server: callers hear within a second that the database is away. Less refuses calls on a busy machine. A
# writer is waited for longer, since SQLite's file has one at a time; but few threads wait, so that there are
# others for all that only reads.
BRIEF = Waits(connection_s=0.9, lock_s=5.0, waiting_writers=4)

# A writer that has not begun after this time, or has not ended, is stuck: transactions take milliseconds.
STUCK_S = 1.0
# How often those who wait look whether it is.
_LOOK_S = 0.2


class WriterLine:
    """The threads of a process that want to write to a SQLite file: one at a time, in their order.

    They wait for each other here, where a waiting thread is woken, rather than in SQLite, where it polls.
    """

    def __init__(self, waits: Waits) -> None:
        self._waits = waits
        self._changed = threading.Condition()
        # The first one writes.
        self._line: deque[object] = deque()
        self._moved_at_s = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn and have it. Raises DatabaseBusy."""
        me = object()
        with self._changed:
            if not self._line:
                self._moved_at_s = time.monotonic()
            self._line.append(me)
        try:
            self._wait_for_turn(me)
            yield
        finally:
            with self._changed:
                self._line.remove(me)
                self._changed.notify_all()

    def has_begun(self) -> None:
        """The thread whose turn it is has got hold of the file, so the line moves."""
        self._moved_at_s = time.monotonic()

    def _wait_for_turn(self, me: object) -> None:
        give_up_at_s = time.monotonic() + self._waits.lock_s
        with self._changed:
            while self._line[0] is not me:
                now_s = time.monotonic()
                is_stuck = now_s - self._moved_at_s > STUCK_S
                if now_s > give_up_at_s or (is_stuck and self._line.index(me) > self._waits.waiting_writers):
                    raise DatabaseBusy("Another process keeps the database locked.")
                self._changed.wait(_LOOK_S)
