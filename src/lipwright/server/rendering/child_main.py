"""The process that renders: waits for one task, calls the handler, says how it ended.

It is started ahead of its task, so that loading the engine costs no waiting. It leads its own process
group, so that it can be killed with all it started, and it ends when its worker does. The launcher of
sandboxes runs it with the arguments `ANSWER_FD [only-fetch]`; with the last word it fetches what the task
names by addresses in place of rendering. It knows no settings and no secret.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel

from lipwright import engine
from lipwright.engine import (
    DiskFull,
    EngineError,
    JobContext,
    MouthNotDrawn,
    OutputFailed,
    ProgressEvent,
    RendererFailed,
    Stage,
)
from lipwright.server.errors import api_code
from lipwright.server.jobs.model import JobSpec, LipSyncSpec
from lipwright.server.rendering import handlers
from lipwright.server.rendering.inputs import fetch_addresses
from lipwright.server.rendering.limits_hit import limit_hit
from lipwright.server.rendering.messages import (
    DISK_FULL,
    MAX_PREVIEW_BYTES,
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

# What a video's header says of its length is a little off at times: this share of its frames is there. More
# fails jobs that could be paid for; less looks for faces in frames that are not.
_SURE_SHARE = 0.9
POSTER_NAME = "poster.jpg"
# What a caller is told of an input on which the engine fails unexpectedly.
STUMBLED = (
    "The engine fails on this input, and would fail again. Try another file, and report the id of this job."
)


def main(arguments: list[str]) -> None:
    """Wait for a task on standard input and answer on the file descriptor that was given."""
    answers = os.fdopen(int(arguments[0]), "wb", buffering=0)
    only_fetches = arguments[1:] == [ONLY_FETCH]
    if not only_fetches:
        handlers.load_engine()
        _send(answers, Loaded())
    line = sys.stdin.buffer.readline()
    if not line:
        return
    threading.Thread(target=_end_with_worker, daemon=True).start()
    _send(answers, _carry_out(Task.model_validate_json(line), answers, only_fetches=only_fetches))


def _carry_out(task: Task, answers: BinaryIO, *, only_fetches: bool) -> BaseModel:
    try:
        if only_fetches:
            assert task.rules is not None
            fetch_addresses(task.spec, task.rules, Path(task.folder))
            return Succeeded(files=())
        previews = engine.FramePreviews(lambda frame, jpeg: _show(answers, frame, jpeg))
        context = JobContext(lambda event: _tell(answers, task.spec, event), viewer=previews)
        answer = _handle(task, context)
        return _with_poster(answer, previews.poster, Path(task.folder))
    except Exception as failure:
        limit = limit_hit(failure)
        if limit is not None:
            return InputRejected(code=limit.code, message=limit.message)
        return _answer_to(failure)


def _with_poster(
    answer: Succeeded | InputRejected, poster: bytes | None, folder: Path
) -> Succeeded | InputRejected:
    """The answer, with a picture of the result beside the result."""
    if poster is None or isinstance(answer, InputRejected):
        return answer
    (folder / POSTER_NAME).write_bytes(poster)
    return answer.model_copy(update={"poster": POSTER_NAME})


def _show(answers: BinaryIO, frame: int, jpeg: bytes) -> None:
    if len(jpeg) <= MAX_PREVIEW_BYTES:
        _send(answers, PreviewMessage(frame=frame, jpeg=jpeg))


def _answer_to(failure: Exception) -> InputRejected | Crashed:
    """What is told of a failure: that of the input is final, that of the machine is not."""
    match failure:
        case OutputFailed() | RendererFailed():  # our machine, not the caller's input
            return _disk_full() if isinstance(failure, DiskFull) else Crashed(reason=failure.message)
        case EngineError():
            reason = _traceback(failure) if isinstance(failure, MouthNotDrawn) else None
            return InputRejected(code=api_code(failure.code), message=failure.message, reason=reason)
        case OSError() if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            return _disk_full()
        case _:
            return Crashed(reason=_traceback(failure))


def _traceback(failure: Exception) -> str:
    return "".join(traceback.format_exception(failure))


def _handle(task: Task, context: JobContext) -> Succeeded | InputRejected:
    """What the engine makes of the inputs. It would stumble again over what it stumbles over: no retry."""
    inputs = {field: Path(path) for field, path in task.inputs.items()}
    try:
        return handlers.handle(task.spec, inputs, Path(task.folder), context, task.voices)
    except (EngineError, MemoryError, OSError):
        raise
    except Exception as failure:
        if limit_hit(failure) is not None:
            raise
        return InputRejected(code=EngineError.code, message=STUMBLED, reason=traceback.format_exc())


def _disk_full() -> Crashed:
    return Crashed(reason="disk full", message=DISK_FULL)


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
