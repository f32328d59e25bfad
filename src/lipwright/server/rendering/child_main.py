"""The process that renders: waits for one task, calls the handler, says how it ended.

It is forked from a process that has loaded the engine, or started ahead of its task. It leads its own process
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
from lipwright.provenance.credentials import ClaimInput, InputRole, prepare_claim
from lipwright.server.errors import api_code
from lipwright.server.jobs.model import JobSpec, LipSyncSpec, TalkingPhotoSpec
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
CLAIM_NAME = "claim.zip"
# What a caller is told of an input on which the engine fails unexpectedly.
STUMBLED = (
    "The engine fails on this input, and would fail again. Try another file, and report the id of this job."
)


def load() -> None:
    """Load the engine, before anything is forked."""
    handlers.load_engine()


def main(arguments: list[str]) -> None:
    """Wait for a task on standard input and answer on the file descriptor that was given."""
    answers = os.fdopen(int(arguments[0]), "wb", buffering=0)
    only_fetches = arguments[1:] == [ONLY_FETCH]
    if not only_fetches:
        load()
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
        marks = handlers.marks_of(task)
        previews = engine.FramePreviews(
            lambda frame, jpeg: _show(answers, frame, jpeg),
            label=handlers.label_of(task.spec, marks.label_font),
        )
        context = JobContext(lambda event: _tell(answers, task.spec, event), viewer=previews)
        answer = _handle(task, context, marks)
        if isinstance(answer, InputRejected):
            return answer
        return _with_provenance(_with_poster(answer, previews.poster, Path(task.folder)), task)
    except Exception as failure:
        limit = limit_hit(failure)
        if limit is not None:
            return InputRejected(code=limit.code, message=limit.message)
        return _answer_to(failure)


def _with_poster(answer: Succeeded, poster: bytes | None, folder: Path) -> Succeeded:
    """The answer, with a picture of the result beside the result."""
    if poster is None:
        return answer
    (folder / POSTER_NAME).write_bytes(poster)
    return answer.model_copy(update={"poster": POSTER_NAME})


def _with_provenance(answer: Succeeded, task: Task) -> Succeeded:
    """The answer, with what the files are known by and what their credentials will say of the inputs."""
    folder = Path(task.folder)
    hashes = tuple(_perceptual_hash(folder, name, answer.poster) for name in answer.files)
    if task.marking is None:
        return answer.model_copy(update={"perceptual_hashes": hashes})
    prepare_claim(_claim_inputs(task), folder / CLAIM_NAME)
    return answer.model_copy(update={"perceptual_hashes": hashes, "claim": CLAIM_NAME})


def _perceptual_hash(folder: Path, name: str, poster: str | None) -> str | None:
    """That of a picture, or of the picture that shows a video."""
    looked_at = {handlers.VIDEO_NAME: poster, handlers.SOUND_NAME: None}.get(name, name)
    return None if looked_at is None else engine.picture_hash((folder / looked_at).read_bytes())


def _claim_inputs(task: Task) -> list[ClaimInput]:
    """The files of a task, and what each is to the result.

    A video is edited; a photo and a sound are placed in something new, and so is the sound of a performance.
    """
    roles = {"video": InputRole.PARENT, "target": InputRole.PARENT}
    if not (isinstance(task.spec, TalkingPhotoSpec) and task.spec.is_performance):
        roles["motion"] = InputRole.GUIDE
    return [
        ClaimInput(path=Path(path), role=roles.get(field, InputRole.COMPONENT))
        for field, path in task.inputs.items()
    ]


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


def _handle(task: Task, context: JobContext, marks: handlers.VideoMarks) -> Succeeded | InputRejected:
    """What the engine makes of the inputs. It would stumble again over what it stumbles over: no retry."""
    inputs = {field: Path(path) for field, path in task.inputs.items()}
    try:
        return handlers.handle(task.spec, inputs, Path(task.folder), context, task.voices, marks)
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
