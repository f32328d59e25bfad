"""Looking into an uploaded file before a job is accepted, in a process of its own.

Only files that lie on this machine are looked at. What cannot be probed, or not in time, is accepted: the job
finds the same out before it renders.
"""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import structlog
from pydantic import ValidationError

from lipwright.server.errors import Refused
from lipwright.server.jobs.model import Source
from lipwright.server.products.probing.messages import ProbeAnswer, ProbeTask
from lipwright.server.runtime.sandbox.layers import Sandbox, SandboxMode
from lipwright.server.runtime.sandbox.start import (
    MEGABYTE,
    clean_environment,
    most_processes,
    sandboxed_command,
)
from lipwright.server.services import Services
from lipwright.server.settings import Settings

_log = structlog.get_logger(__name__)

# A create call is to be answered at once, and the vendor's clients wait 60 s. Starting the process takes half
# a second, two on a busy machine; sounds of hours take a few.
PROBE_TIMEOUT_S = 8.0
# Each takes a processor; further calls wait for a moment, then go on without.
PROBES_AT_ONCE = max(2, (os.cpu_count() or 2) // 2)
WAIT_FOR_TURN_S = 2.0
# Nothing shorter holds a tenth of a second of any sound, or a frame.
SMALLEST_MEDIA_BYTES = 64
MODULE = "lipwright.server.products.probing.child_main"
# Of processor time: whoever waited for the answer has long gone on without it.
PROCESSOR_LIMIT_S = 30
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

_turns = threading.BoundedSemaphore(PROBES_AT_ONCE)


def probe_frames(
    services: Services, video: Source, start_s: float, end_s: float, max_frame_rate: float | None
) -> int | None:
    """How many frames a lip sync of a stretch will have; None where it cannot be told.

    Raises Refused where the stretch begins after the end of the file.
    """
    path = _local_path(services, video)
    if path is None:
        return None
    task = ProbeTask(path=path, media="video", start_s=start_s, end_s=end_s, max_frame_rate=max_frame_rate)
    return _probe(services, task).frames


def check_sound_stretch(services: Services, sound: Source, start_s: float, end_s: float) -> None:
    """Raise Refused where a stretch begins after the end of a sound, as far as that can be told."""
    path = _local_path(services, sound)
    if path is not None:
        _probe(services, ProbeTask(path=path, media="audio", start_s=start_s, end_s=end_s))


def _local_path(services: Services, source: Source) -> str | None:
    """Where the file lies on this machine; None where it lies elsewhere or holds nothing."""
    path = services.store.local_path(source.key) if source.key is not None else None
    if path is None or path.stat().st_size < SMALLEST_MEDIA_BYTES:
        return None
    return str(path)


def _probe(services: Services, task: ProbeTask) -> ProbeAnswer:
    if not _turns.acquire(timeout=WAIT_FOR_TURN_S):
        _log.info("not probed, too many at once")
        return ProbeAnswer()
    try:
        answer = _answer_of_child(services, task)
    finally:
        _turns.release()
    if answer.refusal is not None:
        raise Refused(f"{answer.refusal} Choose an earlier start_seconds.")
    return answer


def _answer_of_child(services: Services, task: ProbeTask) -> ProbeAnswer:
    settings = services.settings
    try:
        ended = subprocess.run(
            sandboxed_command(_sandbox(settings, task), settings.home, MODULE),
            input=task.model_dump_json().encode(),
            capture_output=True,
            timeout=PROBE_TIMEOUT_S,
            cwd=Path(task.path).parent,
            env=clean_environment(None) | _ONE_THREAD,
            start_new_session=True,
            check=True,
        )
        return ProbeAnswer.model_validate_json(ended.stdout)
    except (subprocess.SubprocessError, OSError, ValidationError) as failure:
        _log.info("not probed", error=type(failure).__name__)
        return ProbeAnswer()


def _sandbox(settings: Settings, task: ProbeTask) -> Sandbox:
    """One file to read, and nothing to write."""
    return Sandbox(
        mode=SandboxMode(settings.sandbox),
        readable=(task.path,),
        writable=(),
        has_network=False,
        memory_bytes=settings.render_memory_mb * MEGABYTE,
        file_bytes=0,
        processor_s=PROCESSOR_LIMIT_S,
        max_processes=most_processes(),
    )
