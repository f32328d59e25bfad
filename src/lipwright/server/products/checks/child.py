"""Starting the processes that fetch a file and check it, each in a sandbox of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from lipwright.server.errors import Refused, Unavailable
from lipwright.server.products.checks.messages import Checked, CheckTask, FetchTask
from lipwright.server.products.checks.schemas import Check
from lipwright.server.products.inspection.local_files import temporary_folder
from lipwright.server.runtime.sandbox.answer import AnswerTooLate, NoAnswer, answer_of
from lipwright.server.runtime.sandbox.layers import Sandbox, SandboxMode
from lipwright.server.runtime.sandbox.start import MEGABYTE, most_processes
from lipwright.server.settings import Settings

_log = structlog.get_logger(__name__)

MODULE = "lipwright.server.products.checks.child_main"
# Whoever called waits: hashing a large file and looking for its watermark takes some seconds, starting the
# process another, all of it several times as long on a machine that renders.
CHECK_TIMEOUT_S = 60.0
# A call that fetches holds a thread of the server all the while; a job, whose fetching does not, may take
# longer.
FETCH_TIMEOUT_S = 40.0
# Beyond the time of the download itself, for the start of the process.
_SPARE_S = 10.0
CHECKS_AT_ONCE = max(1, (os.cpu_count() or 2) // 2)
FETCHES_AT_ONCE = 8
WAIT_FOR_TURN_S = 20.0
# What libraries write for themselves while they look into a file.
_WORK_FILE_BYTES = 32 * MEGABYTE
_BUSY = "Too many files are being checked. Try again in a moment."

_checking = threading.BoundedSemaphore(CHECKS_AT_ONCE)
_fetching = threading.BoundedSemaphore(FETCHES_AT_ONCE)


def fetch_in_child(settings: Settings, url: str, path: Path, max_bytes: int) -> None:
    """Have what is at an address of a stranger written to a path. Raises Refused and Unavailable."""
    timeout_s = min(settings.fetch_timeout_s, FETCH_TIMEOUT_S)
    task = FetchTask(
        url=url,
        path=str(path),
        reachable_hosts=tuple(settings.reachable_hosts),
        max_bytes=max_bytes,
        timeout_s=timeout_s,
    )
    sandbox = _sandbox(
        settings, has_network=True, writable=path.parent, file_bytes=max_bytes + MEGABYTE, timeout_s=timeout_s
    )
    too_late = "The file did not arrive in time. Upload it, or try again later."
    with _turn(_fetching):
        _answer(settings, sandbox, task, path.parent, timeout_s + _SPARE_S, too_late)


def check_in_child(settings: Settings, scratch: Path, task: CheckTask) -> Check:
    """What is found in a file. Raises Refused for one that cannot be used, and Unavailable."""
    too_late = "Checking this file takes too long. Try a shorter one."
    with _turn(_checking), temporary_folder(scratch) as work:
        sandbox = _sandbox(
            settings,
            has_network=False,
            readable=(task.path,),
            writable=work,
            file_bytes=_WORK_FILE_BYTES,
            timeout_s=CHECK_TIMEOUT_S,
        )
        check = _answer(settings, sandbox, task, work, CHECK_TIMEOUT_S, too_late).check
    assert check is not None
    return check


@contextmanager
def _turn(turns: threading.BoundedSemaphore) -> Iterator[None]:
    if not turns.acquire(timeout=WAIT_FOR_TURN_S):
        raise Unavailable(_BUSY)
    try:
        yield
    finally:
        turns.release()


def _answer(
    settings: Settings,
    sandbox: Sandbox,
    task: FetchTask | CheckTask,
    work: Path,
    timeout_s: float,
    too_late: str,
) -> Checked:
    try:
        answer = answer_of(sandbox, settings.home, MODULE, task, Checked, work=work, timeout_s=timeout_s)
    except AnswerTooLate:
        raise Unavailable(too_late) from None
    except NoAnswer as failure:
        _log.info("not checked", task=task.kind, error=str(failure))
        raise Refused("This file cannot be checked. Try another one.") from None
    if answer.reason is not None:
        _log.warning("a check failed on a file", reason=answer.reason)
    if answer.refusal is not None:
        raise Refused(answer.refusal)
    return answer


def _sandbox(
    settings: Settings,
    *,
    has_network: bool,
    writable: Path,
    file_bytes: int,
    timeout_s: float,
    readable: tuple[str, ...] = (),
) -> Sandbox:
    return Sandbox(
        mode=SandboxMode(settings.sandbox),
        readable=readable,
        writable=(str(writable),),
        has_network=has_network,
        memory_bytes=settings.render_memory_mb * MEGABYTE,
        file_bytes=file_bytes,
        processor_s=int(timeout_s) + 1,
        max_processes=most_processes(),
    )
