"""The process that renders: waits for one task, fetches its inputs, calls the handler, says how it ended.

It is started ahead of its task, so that loading the engine costs no waiting. It leads its own process
group, so that it can be killed with all it started, and it ends when its worker does. Run as a module:
`python -m lipwright.server.rendering.child_main ANSWER_FD MEMORY_MB [only-fetch]`; with the last word it ends
once the inputs are there, and another process, which finds them there, renders.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel

from lipwright.engine import (
    DiskFull,
    EngineError,
    JobContext,
    MouthNotDrawn,
    OutputFailed,
    ProgressEvent,
    RendererFailed,
    Stage,
    TooLarge,
)
from lipwright.server.errors import api_code
from lipwright.server.jobs.model import JobSpec, LipSyncSpec
from lipwright.server.rendering import handlers
from lipwright.server.rendering.inputs import Inputs, fetch_inputs
from lipwright.server.rendering.messages import (
    ONLY_FETCH,
    Counted,
    Crashed,
    InputRejected,
    Loaded,
    ProgressMessage,
    Succeeded,
    Task,
)
from lipwright.server.settings import load_settings
from lipwright.server.storage.open_store import open_store

MEGABYTE = 1024 * 1024
# What a video's header says of its length is a little off at times: this share of its frames is there. More
# fails jobs that could be paid for; less looks for faces in frames that are not.
_SURE_SHARE = 0.9
# What a caller is told of an input on which the engine fails unexpectedly.
STUMBLED = (
    "The engine fails on this input, and would fail again. Try another file, and report the id of this job."
)


def main(arguments: list[str]) -> None:
    """Wait for a task on standard input and answer on the file descriptor that was given."""
    answers = os.fdopen(int(arguments[0]), "wb", buffering=0)
    limit = int(arguments[1]) * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    only_fetches = arguments[2:] == [ONLY_FETCH]
    if not only_fetches:
        handlers.load_engine()
        _send(answers, Loaded())
    line = sys.stdin.buffer.readline()
    if not line:
        return
    threading.Thread(target=_end_with_worker, daemon=True).start()
    _send(answers, _carry_out(Task.model_validate_json(line), answers, only_fetches=only_fetches))


def _carry_out(task: Task, answers: BinaryIO, *, only_fetches: bool) -> BaseModel:
    context = JobContext(lambda event: _tell(answers, task.spec, event))
    folder = Path(task.folder)
    try:
        settings = load_settings()
        inputs = fetch_inputs(task.spec, open_store(settings), settings, folder)
        if only_fetches:
            return Succeeded(files=())
        return _handle(task, inputs, folder, context)
    except (OutputFailed, RendererFailed) as failure:  # our machine, not the caller's input
        return _disk_full() if isinstance(failure, DiskFull) else Crashed(reason=failure.message)
    except EngineError as failure:
        reason = traceback.format_exc() if isinstance(failure, MouthNotDrawn) else None
        return InputRejected(code=api_code(failure.code), message=failure.message, reason=reason)
    except MemoryError:
        return InputRejected(
            code=TooLarge.code, message="This needs more memory than one job may use. Use smaller files."
        )
    except OSError as failure:
        is_full = failure.errno in (errno.ENOSPC, errno.EDQUOT)
        return _disk_full() if is_full else Crashed(reason=traceback.format_exc())
    except Exception:
        return Crashed(reason=traceback.format_exc())


def _handle(task: Task, inputs: Inputs, folder: Path, context: JobContext) -> Succeeded | InputRejected:
    """What the engine makes of the inputs. It would stumble again over what it stumbles over: no retry."""
    try:
        return handlers.handle(task.spec, inputs, folder, context, task.voice_names)
    except (EngineError, MemoryError, OSError):
        raise
    except Exception:
        return InputRejected(code=EngineError.code, message=STUMBLED, reason=traceback.format_exc())


def _disk_full() -> Crashed:
    return Crashed(reason="disk full", message="The disk of the server is full. Try again later.")


def _tell(answers: BinaryIO, spec: JobSpec, event: ProgressEvent) -> None:
    """Progress; and before the long stages of a lip sync how many frames they are about."""
    if isinstance(spec, LipSyncSpec) and event.done == 0:
        if event.stage is Stage.FINDING_FACE:
            _send(answers, Counted(frames=int(event.total * _SURE_SHARE)))
        elif event.stage is Stage.RENDERING:
            _send(answers, Counted(frames=event.total))
    _send(answers, _progress(event))


def _progress(event: ProgressEvent) -> ProgressMessage:
    return ProgressMessage(fraction=event.fraction, stage=event.stage.value, seconds_left=event.seconds_left)


def _send(answers: BinaryIO, message: BaseModel) -> None:
    answers.write(message.model_dump_json().encode() + b"\n")


def _end_with_worker() -> None:
    """Standard input is closed when the worker is gone, however it went."""
    while sys.stdin.buffer.read(1):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:])
