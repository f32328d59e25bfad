"""The jobs that one worker has taken: one of them is rendered, others may fetch their files meanwhile.

A source may take minutes to give a file. A job that waits for one keeps no other from being rendered.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Processes that fetch at once, of about 60 MB each, asleep for most of the time.
FETCHES_AT_ONCE = 8
# Jobs that fetch or wait for such a process. More would be taken from workers that could begin with them;
# fewer would let slow sources keep the worker from jobs that need none.
FETCHING_JOBS = 32


class JobsInHand:
    """Which jobs these are, and whether there is room for one more."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._jobs: set[str] = set()
        self._not_begun: dict[str, float] = {}  # since when, on the monotonic clock
        self._fetching: set[str] = set()
        self._fetches = threading.BoundedSemaphore(FETCHES_AT_ONCE)

    def begin(self, job_id: str) -> None:
        """A job was taken; its workflow is to begin."""
        with self._changed:
            self._jobs.add(job_id)
            self._not_begun[job_id] = time.monotonic()

    def note_step(self, job_id: str) -> None:
        """A step of the workflow of a job began."""
        with self._changed:
            self._not_begun.pop(job_id, None)

    def end(self, job_id: str) -> None:
        """Nothing more happens to a job here."""
        with self._changed:
            self._jobs.discard(job_id)
            self._not_begun.pop(job_id, None)
            self._changed.notify_all()

    @contextmanager
    def fetching(self, job_id: str) -> Iterator[threading.BoundedSemaphore]:
        """While a job fetches there is room for another one. Gives what admits to the fetching processes."""
        with self._changed:
            self._fetching.add(job_id)
            self._changed.notify_all()
        try:
            yield self._fetches
        finally:
            with self._changed:
                self._fetching.discard(job_id)

    @property
    def ids(self) -> frozenset[str]:
        """The jobs."""
        with self._changed:
            return frozenset(self._jobs)

    @property
    def longest_not_begun_s(self) -> float:
        """For how long the workflow of a job has not begun."""
        with self._changed:
            now_s = time.monotonic()
            return now_s - min(self._not_begun.values(), default=now_s)

    def wait_for_room(self, timeout_s: float) -> bool:
        """Wait until another job may be taken; whether that is so."""
        with self._changed:
            return self._changed.wait_for(self._has_room, timeout_s)

    def wait_until_none(self, timeout_s: float) -> bool:
        """Wait until every job has ended; whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs, timeout_s)

    def _has_room(self) -> bool:
        return self._jobs <= self._fetching and len(self._fetching) < FETCHING_JOBS
