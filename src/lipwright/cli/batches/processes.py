"""The processes that make rows: started, given rows, listened to, stopped."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lipwright.cli.batches.orders import Order

ROW_PROCESS = (sys.executable, "-P", "-m", "lipwright.cli.row_process")
# A render that was asked to stop does so at its next frame.
STOP_PATIENCE_S = 15.0
_CHUNK_BYTES = 65536


@dataclass(slots=True, kw_only=True)
class RowOutcome:
    """How a row ended. events: what the command told. status: its exit status.

    died_of: how its process ended, where there is no status.
    """

    order: Order
    status: int | None
    events: list[dict[str, Any]]
    died_of: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class _Process:
    child: subprocess.Popen[bytes]
    order: Order | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    pending: bytes = b""


class RowProcesses:
    """Up to `count` processes, each with at most one row. lock_fd: what they hold open while they live."""

    def __init__(self, count: int, lock_fd: int | None = None) -> None:
        self._count = count
        self._lock_fd = lock_fd
        self._processes: list[_Process] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> RowProcesses:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            self._close(process)
        self._selector.close()

    @property
    def is_busy(self) -> bool:
        """Whether any row is being made."""
        return any(process.order is not None for process in self._processes)

    def has_room(self) -> bool:
        """Whether another row can begin."""
        return sum(process.order is not None for process in self._processes) < self._count

    def begin(self, order: Order, arguments: list[str]) -> None:
        """Make a row by a process that is idle, started where there is none."""
        process = next((one for one in self._processes if one.order is None), None) or self._start()
        process.order, process.events = order, []
        assert process.child.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # where it died just now, its output tells so, too
            process.child.stdin.write(json.dumps(arguments).encode() + b"\n")
            process.child.stdin.flush()

    def outcomes(self, timeout_s: float) -> Iterator[RowOutcome]:
        """The rows that ended, after waiting for something to happen at most this long."""
        for key, _ in self._selector.select(timeout_s):
            process: _Process = key.data
            chunk = os.read(key.fd, _CHUNK_BYTES)
            if not chunk:
                yield from self._lost(process)
                continue
            *lines, process.pending = (process.pending + chunk).split(b"\n")
            for line in lines:
                yield from self._heard(process, line)

    def stop(self, number: int) -> None:
        """Send a signal to every process that makes a row."""
        for process in self._processes:
            if process.order is not None and process.child.poll() is None:
                process.child.send_signal(number)

    def _start(self) -> _Process:
        # A group of its own: Ctrl-C at the terminal reaches the batch alone, which then stops its processes.
        child = subprocess.Popen(
            ROW_PROCESS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("LIPWRIGHT_DEBUG", "") not in ("", "0") else subprocess.DEVNULL,
            process_group=0,
            pass_fds=() if self._lock_fd is None else (self._lock_fd,),
        )
        process = _Process(child=child)
        assert child.stdout is not None
        self._selector.register(child.stdout, selectors.EVENT_READ, process)
        self._processes.append(process)
        return process

    def _heard(self, process: _Process, line: bytes) -> Iterator[RowOutcome]:
        try:
            event = json.loads(line)
        except ValueError:  # a library's own words
            return
        if not isinstance(event, dict):
            return
        if event.get("event") == "exit" and process.order is not None:
            yield RowOutcome(order=process.order, status=event["status"], events=process.events)
            process.order = None
        elif event.get("event") != "progress":
            process.events.append(event)

    def _lost(self, process: _Process) -> Iterator[RowOutcome]:
        """A process that ended, which only one without a row may do."""
        self._close(process)
        self._processes.remove(process)
        if process.order is not None:
            status = process.child.returncode
            died_of = signal.Signals(-status).name if status < 0 else f"status {status}"
            yield RowOutcome(order=process.order, status=None, events=process.events, died_of=died_of)

    def _close(self, process: _Process) -> None:
        """End a process: the end of its input stops it."""
        assert process.child.stdin is not None
        assert process.child.stdout is not None
        if process.child.stdout in [key.fileobj for key in self._selector.get_map().values()]:
            self._selector.unregister(process.child.stdout)
        with contextlib.suppress(BrokenPipeError):
            process.child.stdin.close()
        try:
            process.child.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.child.kill()
            process.child.wait()
        process.child.stdout.close()
