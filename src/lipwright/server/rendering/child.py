"""Rendering processes as their worker sees them: started in a sandbox, given a task, killed."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from lipwright import engine
from lipwright.server.jobs.model import Failure
from lipwright.server.rendering.limits_hit import NEEDS_MEMORY, died_of_memory
from lipwright.server.rendering.messages import (
    ANSWER,
    ONLY_FETCH,
    Counted,
    Crashed,
    InputRejected,
    Loaded,
    PreviewMessage,
    ProgressMessage,
    Succeeded,
    Task,
)
from lipwright.server.runtime.sandbox.fork_client import (
    ChildProcess,
    ForkServer,
    ForkServerGone,
    StartedProcess,
    described_end,
)
from lipwright.server.runtime.sandbox.layers import Sandbox, SandboxMode
from lipwright.server.runtime.sandbox.start import (
    MEGABYTE,
    clean_environment,
    most_processes,
    sandboxed_command,
)
from lipwright.server.settings import Settings

# How often progress is reported and a cancel is noticed: well inside the two seconds that a cancel may take.
# No slower than frames come to be shown, PREVIEW_EVERY_S of the engine.
TICK_S = 0.4
MODULE = "lipwright.server.rendering.child_main"
# Processor time beyond the limit of the render, which ends it sooner: for a process that nobody watches.
_SPARE_PROCESSOR_S = 60

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
OnPreview = Callable[[PreviewMessage], None]


def _accept_any_count(_frames: int) -> None:
    """What is done about the number of frames where nobody pays for them."""


def _look_at_no_preview(_preview: PreviewMessage) -> None:
    """What is done with frames where nobody looks at them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Into which folder a process fetches, and how large one file may be."""

    folder: Path
    max_bytes: int


def start_fork_server(settings: Settings, scratch: Path) -> ForkServer:
    """A process that has loaded the engine, to fork rendering processes from."""
    environment = clean_environment(None, settings.sandbox_variables)
    return ForkServer(
        MODULE,
        environment,
        scratch / f"forks-{time.monotonic_ns()}.log",
        memory_bytes=settings.render_memory_mb * MEGABYTE,
    )


class RenderChild:
    """One rendering process, good for one task."""

    def __init__(
        self,
        settings: Settings,
        scratch: Path,
        fetch: Fetch | None = None,
        *,
        forks: ForkServer | None = None,
    ) -> None:
        """scratch: where its own folder is made, and what it prints is kept for the log.

        fetch: where it is to fetch in place of rendering. forks: what it comes from; it is started by itself
        where absent. Raises ForkServerGone.
        """
        self._timeout_s = settings.render_timeout_s
        name = f"render-{time.monotonic_ns()}"
        self._printed = scratch / f"{name}.log"
        self._folder = scratch / name
        for folder in (self._folder, self.inputs_folder, self.work_folder):
            folder.mkdir(mode=0o700)
        self._answers, child_end = os.pipe()
        self._has_loaded = False
        try:
            self._process = self._begin(settings, fetch, forks, child_end)
        except ForkServerGone:
            self._clear()
            raise
        finally:
            os.close(child_end)

    def _begin(
        self, settings: Settings, fetch: Fetch | None, forks: ForkServer | None, answers: int
    ) -> ChildProcess:
        """The process itself, forked or started. Raises ForkServerGone."""
        sandbox = _sandbox(settings, self, fetch)
        environment = clean_environment(self.work_folder, settings.sandbox_variables)
        words = [ONLY_FETCH] if fetch else []
        with self._printed.open("wb") as printed:
            if forks is not None:
                return forks.fork(
                    sandbox,
                    settings.home,
                    MODULE,
                    *words,
                    folder=self.work_folder,
                    environment=environment,
                    printed=printed.fileno(),
                    answers=answers,
                )
            return StartedProcess(
                sandboxed_command(sandbox, settings.home, MODULE, str(answers), *words),
                folder=self.work_folder,
                environment=environment,
                printed=printed.fileno(),
                answers=answers,
            )

    @property
    def inputs_folder(self) -> Path:
        """Where the inputs of a render are put for it; it reads them there and cannot change them."""
        return self._folder / "inputs"

    @property
    def work_folder(self) -> Path:
        """Where it writes, for as long as it is not killed."""
        return self._folder / "work"

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

    def run(
        self,
        task: Task,
        on_tick: OnTick,
        on_count: OnCount = _accept_any_count,
        on_preview: OnPreview = _look_at_no_preview,
    ) -> Succeeded | Failure:
        """Carry out a task.

        on_tick: called with the newest progress about every TICK_S; returns whether to go on.
        on_count: called when it is known how many frames there will be at least; a Failure ends the task.
        on_preview: called with a small picture of a finished frame now and then.
        Raises RenderStopped when on_tick returned False, RenderCrashed when the process died or failed.
        """
        try:
            self._process.orders.write(task.model_dump_json().encode() + b"\n")
            self._process.orders.flush()
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
                    return self._failure_of_death()
                *lines, waiting = (waiting + chunk).split(b"\n")
                for line in lines:
                    match ANSWER.validate_json(line):
                        case Loaded():
                            self._has_loaded = True
                        case ProgressMessage() as newest:
                            pass
                        case PreviewMessage() as preview:
                            on_preview(preview)
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

    def _failure_of_death(self) -> Failure:
        """What a process that died says of the input. Raises RenderCrashed where it says nothing."""
        end = self.describe_end()
        if self._has_loaded and died_of_memory(end):
            _log.warning("a render died of the memory limit", end=end)
            return Failure(code=NEEDS_MEMORY.code, message=NEEDS_MEMORY.message)
        raise RenderCrashed(end)

    def interrupt(self) -> None:
        """End the process and everything that it started; `run` then raises RenderCrashed."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End the process and everything that it started; what it made stays, and changes no more."""
        self.interrupt()
        self._process.wait()

    def close_stdin(self) -> None:
        """Close its standard input, as the death of this process would: it ends."""
        with contextlib.suppress(BrokenPipeError):
            self._process.orders.close()

    def kill(self) -> None:
        """End the process and everything that it started, and clean up after it."""
        self.interrupt()
        self._process.wait()
        self._process.forget()
        self.close_stdin()
        self._clear()

    def _clear(self) -> None:
        if self._answers >= 0:
            os.close(self._answers)
            self._answers = -1
        self._printed.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def describe_end(self) -> str:
        """How the process ended and what it printed last."""
        return described_end(self._process, self._printed)


def _sandbox(settings: Settings, child: RenderChild, fetch: Fetch | None) -> Sandbox:
    """What the process may use: of the files only its own, and of a network none unless it fetches."""
    processor_s = int(settings.render_timeout_s * (os.cpu_count() or 1)) + _SPARE_PROCESSOR_S
    readable = [child.inputs_folder, *settings.sandbox_files]
    if engine.voices_path().is_dir():
        readable.append(engine.voices_path())
    if settings.label_font is not None:
        readable.append(settings.label_font)
    return Sandbox(
        mode=SandboxMode(settings.sandbox),
        readable=() if fetch else tuple(map(str, readable)),
        writable=(str(child.work_folder), *([str(fetch.folder)] if fetch else [])),
        has_network=fetch is not None,
        memory_bytes=settings.render_memory_mb * MEGABYTE,
        file_bytes=fetch.max_bytes + MEGABYTE if fetch else settings.render_file_mb * MEGABYTE,
        processor_s=processor_s,
        max_processes=most_processes(),
    )
