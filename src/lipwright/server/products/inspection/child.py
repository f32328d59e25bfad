"""Starting the process that looks into one file, in a sandbox, and waiting for what it found."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import structlog

from lipwright.server.errors import Refused, Unavailable
from lipwright.server.products.inspection.local_files import temporary_folder
from lipwright.server.products.inspection.messages import (
    Inspected,
    MeasureTask,
    SampleTask,
    Task,
    VoicesTask,
)
from lipwright.server.runtime.sandbox.answer import AnswerTooLate, NoAnswer, answer_of
from lipwright.server.runtime.sandbox.layers import Sandbox, SandboxMode
from lipwright.server.runtime.sandbox.start import MEGABYTE, most_processes
from lipwright.server.services import Services

_log = structlog.get_logger(__name__)

MODULE = "lipwright.server.products.inspection.child_main"
# Somebody looks at the page meanwhile. Starting and loading the engine takes a second, several on a machine
# that renders.
LOOK_TIMEOUT_S = 30.0
# Measuring takes about as long as the video, and whoever asked for it knows.
MEASURE_TIMEOUT_S = 240.0
# Each takes a processor: more at once only make everybody wait, and take away from the renders.
LOOKS_AT_ONCE = max(2, (os.cpu_count() or 2) // 2)
WAIT_FOR_TURN_S = 20.0
SAMPLE_FILE_BYTES = 32 * MEGABYTE

_turns = threading.BoundedSemaphore(LOOKS_AT_ONCE)
# Whoever measures keeps nobody waiting who only looks.
_measuring = threading.BoundedSemaphore(1)


def inspect(services: Services, scratch: Path, task: Task, path: Path | None = None) -> Inspected:
    """What a process found.

    path: the one file that it may read. Raises Refused for a file or a text that cannot be used, and
    Unavailable where it took too long.
    """
    turns = _measuring if isinstance(task, MeasureTask) else _turns
    if not turns.acquire(timeout=WAIT_FOR_TURN_S):
        raise Unavailable("Too many files are being looked into. Try again in a moment.")
    try:
        found = _answer_of_child(services, scratch, task, path)
    finally:
        turns.release()
    if found.failed is not None:
        if found.failed.reason is not None:
            _log.warning("the engine failed on a file", reason=found.failed.reason)
        raise Refused(found.failed.message)
    return found


def _answer_of_child(services: Services, scratch: Path, task: Task, path: Path | None) -> Inspected:
    settings = services.settings
    timeout_s = MEASURE_TIMEOUT_S if isinstance(task, MeasureTask) else LOOK_TIMEOUT_S
    speaks = isinstance(task, SampleTask | VoicesTask)
    readable = [] if path is None else [str(path)]
    if speaks and "LIPWRIGHT_VOICES_DIR" in os.environ:
        readable.append(os.environ["LIPWRIGHT_VOICES_DIR"])
    with temporary_folder(scratch) as work:
        sandbox = Sandbox(
            mode=SandboxMode(settings.sandbox),
            readable=tuple(readable),
            writable=(str(work),),
            has_network=False,
            memory_bytes=settings.render_memory_mb * MEGABYTE,
            file_bytes=SAMPLE_FILE_BYTES,
            processor_s=int(timeout_s) + 1,
            max_processes=most_processes(),
        )
        try:
            return answer_of(sandbox, settings.home, MODULE, task, Inspected, work=work, timeout_s=timeout_s)
        except AnswerTooLate:
            raise Unavailable("Looking into this file takes too long. Try a shorter one.") from None
        except NoAnswer as failure:
            _log.info("not looked into", error=str(failure))
            raise Refused("This file cannot be looked into. Try another one.") from None
