"""Rendering processes as their worker sees them: started, given a task, killed."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from lipwright.server.jobs.model import Failure
from lipwright.server.rendering.messages import (
    ANSWER,
    ONLY_FETCH,
    Counted,
    Crashed,
    InputRejected,
    Loaded,
    ProgressMessage,
    Succeeded,
    Task,
)
from lipwright.server.settings import PREFIX, Settings

# How often progress is reported and a cancel is noticed: well inside the two seconds that a cancel may take.
TICK_S = 0.5
# The end of what a dead process printed, for the log.
_STDERR_TAIL_BYTES = 4000

_log = structlog.get_logger(__name__)


class RenderCrashed(Exception):
    """The process died or failed for no fault of the input. message: for the caller, if there is one."""

    def __init__(self, reason: str, message: str | None = None) -> None:
        super().__init__(reason)
        self.message = message


class RenderStopped(Exception):
    """The job is no longer this worker's: it was canceled, deleted or taken over."""


OnTick = Callable[[ProgressMessage | None], bool]
OnCount = Callable[[int], Failure | None]


def _accept_any_count(_frames: int) -> None:
    """What is done about the number of frames where nobody pays for them."""


class RenderChild:
    """One rendering process, good for one task."""

    def __init__(self, settings: Settings, scratch: Path, *, only_fetches: bool = False) -> None:
        """scratch: where what it prints is kept for the log. only_fetches: it ends before the render."""
        self._timeout_s = settings.render_timeout_s
        self._printed = scratch / f"render-{time.monotonic_ns()}.log"
        answers, child_end = os.pipe()
        command = [
            sys.executable,
            "-m",
            "lipwright.server.rendering.child_main",
            str(child_end),
            str(settings.render_memory_mb),
            *([ONLY_FETCH] if only_fetches else []),
        ]
        with self._printed.open("wb") as printed:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=printed,
                pass_fds=(child_end,),
                start_new_session=True,
                env=_environment(settings),
            )
        os.close(child_end)
        self._answers = answers
        self._has_loaded = False

    @property
    def is_alive(self) -> bool:
        """Whether it still waits or works."""
        return self._process.poll() is None

    def has_loaded(self) -> bool:
        """Whether it has loaded the engine. Asked before it gets its task."""
        if not self._has_loaded:
            with selectors.DefaultSelector() as selector:
                selector.register(self._answers, selectors.EVENT_READ)
                # Loaded is all that comes before a task; nothing comes from a process that has ended.
                self._has_loaded = bool(selector.select(timeout=0) and os.read(self._answers, 65536))
        return self._has_loaded

    @property
    def pid(self) -> int:
        """The number of the process and of its group."""
        return self._process.pid

    def run(self, task: Task, on_tick: OnTick, on_count: OnCount = _accept_any_count) -> Succeeded | Failure:
        """Carry out a task.

        on_tick: called with the newest progress about every TICK_S; returns whether to go on.
        on_count: called when it is known how many frames there will be at least; a Failure ends the task.
        Raises RenderStopped when on_tick returned False, RenderCrashed when the process died or failed.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(task.model_dump_json().encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise RenderCrashed(self.describe_end()) from None
        deadline_s = time.monotonic() + self._timeout_s
        newest: ProgressMessage | None = None
        next_tick_s = 0.0
        waiting = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._answers, selectors.EVENT_READ)
            while True:
                if time.monotonic() >= next_tick_s:
                    if not on_tick(newest):
                        raise RenderStopped
                    next_tick_s = time.monotonic() + TICK_S
                if time.monotonic() > deadline_s:
                    return Failure(
                        code="processing_timeout",
                        message=f"The job took longer than {self._timeout_s:g} s. Use a shorter clip.",
                    )
                if not selector.select(timeout=TICK_S / 2):
                    continue
                chunk = os.read(self._answers, 65536)
                if not chunk:
                    raise RenderCrashed(self.describe_end())
                *lines, waiting = (waiting + chunk).split(b"\n")
                for line in lines:
                    match ANSWER.validate_json(line):
                        case Loaded():
                            self._has_loaded = True
                        case ProgressMessage() as newest:
                            pass
                        case Counted(frames=frames):
                            if (failure := on_count(frames)) is not None:
                                return failure
                        case Succeeded() as succeeded:
                            return succeeded
                        case InputRejected(code=code, message=message, reason=reason):
                            if reason is not None:
                                _log.error("the engine failed on an input", reason=reason)
                            return Failure(code=code, message=message)
                        case Crashed(reason=reason, message=message):
                            raise RenderCrashed(reason, message)

    def interrupt(self) -> None:
        """End the process and everything that it started; `run` then raises RenderCrashed."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close_stdin(self) -> None:
        """Close its standard input, as the death of this process would: it ends."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def kill(self) -> None:
        """End the process and everything that it started, and clean up after it."""
        self.interrupt()
        self._process.wait()
        self.close_stdin()
        if self._answers >= 0:
            os.close(self._answers)
            self._answers = -1
        self._printed.unlink(missing_ok=True)

    def describe_end(self) -> str:
        """How the process ended and what it printed last."""
        try:
            status: int | str = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            status = "none yet"
        printed = self._printed.read_bytes()
        if len(printed) > _STDERR_TAIL_BYTES:  # from the next word on: half a secret would not be recognised
            printed = printed[-_STDERR_TAIL_BYTES:].partition(b"\n")[2] or b"..."
        return f"exit status {status}; {printed.decode('utf-8', 'replace')}"


def _environment(settings: Settings) -> dict[str, str]:
    """What the process needs; files from strangers are decoded there, so it does not know the database."""
    inherited = {name: value for name, value in os.environ.items() if name != f"{PREFIX}DATABASE_URL"}
    return {**inherited, f"{PREFIX}HOME": str(settings.home)}
