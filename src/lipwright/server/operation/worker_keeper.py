"""The processes of a server: replaced when they die, and ended with it; told of when they only die."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog

from lipwright.provenance.settings import PREFIX
from lipwright.server.runtime.repeating_work import repeat
from lipwright.server.settings import Settings

_log = structlog.get_logger(__name__)

# How often is looked whether a worker died.
LOOK_S = 1.0
# A worker that ends sooner than this after its start did not work.
SOON_S = 30.0
# So many soon ends one after another are a loop: one may be an accident, or the end of a database.
LOOP = 3
# Before the next start after soon ends: doubled each time, so that a broken installation does not keep a
# processor busy and fill the log.
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 60.0
# Workers end by themselves within the grace time; this is for one that hangs.
KILL_AFTER_S = 10.0

Start = Callable[[Settings], "subprocess.Popen[bytes]"]


@dataclass(slots=True, kw_only=True)
class _Place:
    """Where one worker runs, after another that died. The times are of the monotonic clock."""

    worker: subprocess.Popen[bytes] | None = None
    started_at_s: float = 0.0
    start_again_at_s: float = 0.0
    soon_ends: int = 0
    exit_status: int | None = None


def start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    """A worker in its own session, so that Ctrl-C reaches it through us and once."""
    return subprocess.Popen(
        [sys.executable, "-m", "lipwright.server.operation.work"],
        stdin=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, f"{PREFIX}HOME": str(settings.home)},
    )


class WorkerKeeper:
    """Keeps the workers of a server running, or other processes that it starts."""

    def __init__(
        self,
        settings: Settings,
        start: Start = start_worker,
        clock: Callable[[], float] = time.monotonic,
        *,
        count: int | None = None,
        name: str = "worker",
        grace_s: float | None = None,
    ) -> None:
        """start, clock: tests have workers and a time of their own. count, grace_s: those of workers when
        absent. name: what the log calls one.
        """
        self._settings = settings
        self._start = start
        self._clock = clock
        self._name = name
        self._grace_s = settings.shutdown_grace_s if grace_s is None else grace_s
        self._places = [_Place() for _ in range(settings.workers if count is None else count)]

    @contextlib.contextmanager
    def running(self, stop: threading.Event) -> Iterator[None]:
        """Workers run in the block, and are ended after it."""

        def keep_running() -> None:
            if not stop.is_set():
                self.look()

        keeper = repeat(keep_running, every_s=LOOK_S, until=stop)
        try:
            yield
        finally:
            stop.set()
            keeper.join()
            self._end()

    def look(self) -> None:
        """Replace workers that died, those that keep dying more and more slowly."""
        for place in self._places:
            if place.worker is not None and place.worker.poll() is not None:
                self._note_end(place, place.worker.returncode)
            if place.worker is None and self._clock() >= place.start_again_at_s:
                place.worker = self._start(self._settings)
                place.started_at_s = self._clock()
            if place.worker is not None and self._clock() - place.started_at_s > SOON_S:
                place.soon_ends = 0

    def trouble(self) -> str | None:
        """What is wrong with the workers, in one sentence for the operator; None when nothing is."""
        looping = [place for place in self._places if place.soon_ends >= LOOP]
        if not looping:
            return None
        return (
            f"{len(looping)} of {len(self._places)} {self._name}s end again and again soon after their start "
            f"(exit status {looping[0].exit_status}). The log says why."
        )

    def _note_end(self, place: _Place, exit_status: int) -> None:
        now_s = self._clock()
        place.worker, place.exit_status = None, exit_status
        place.soon_ends = place.soon_ends + 1 if now_s - place.started_at_s <= SOON_S else 0
        wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** max(0, place.soon_ends - 1))
        place.start_again_at_s = now_s + wait_s
        _log.error(f"{self._name} died", exit_status=exit_status, next_start_s=wait_s)

    def _end(self) -> None:
        running = [place.worker for place in self._places if place.worker is not None]
        for worker in running:
            worker.send_signal(signal.SIGTERM)
        for worker in running:
            try:
                worker.wait(timeout=self._grace_s + KILL_AFTER_S)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
