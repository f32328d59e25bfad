"""The messages between a worker and its rendering process: one JSON object per line."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from lipwright.server.jobs.model import JobSpec
from lipwright.server.made_files.model import PerceptualHash
from lipwright.server.rendering.voice_names import VoiceNames

# The argument of a process that only brings the files of its task into the folder.
ONLY_FETCH = "only-fetch"
# Of a frame of 320 pixels. A process in which a stranger's file has its way cannot fill the table with more.
MAX_PREVIEW_BYTES = 100_000
# What a caller is told of a disk of ours.
DISK_FULL = "The disk of the server is full. Try again later."


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True)


class FetchRules(_Message):
    """What the operator set about addresses of strangers."""

    reachable_hosts: tuple[str, ...]
    timeout_s: float
    youtube: bool


class TaskMarking(_Message):
    """To the process: how its files are marked.

    number: in the watermark; None for what bears none. watermark_key: hexadecimal; None takes the public one.
    """

    installation: int
    number: int | None
    watermark_key: str | None = Field(default=None, repr=False)


class Task(_Message):
    """To the process: render this into that folder, or fetch into it.

    inputs: the file of each field of the spec, for a render. voices: for one that speaks a text. rules: for
    one that fetches. marking: None where files are not marked. label_font: of the label of a plan.
    """

    spec: JobSpec
    folder: str
    inputs: dict[str, str] = {}
    voices: VoiceNames | None = None
    rules: FetchRules | None = None
    marking: TaskMarking | None = None
    label_font: str | None = None


class Loaded(_Message):
    """From the process: the engine is loaded; sent once, before any task."""

    kind: Literal["loaded"] = "loaded"


class ProgressMessage(_Message):
    """From the process: how far it is."""

    kind: Literal["progress"] = "progress"
    fraction: float
    stage: str
    seconds_left: float | None


class Counted(_Message):
    """From the process: the input was opened, and the result will have at least this many frames."""

    kind: Literal["counted"] = "counted"
    frames: int


class PreviewMessage(_Message):
    """From the process: a frame that is finished, small."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    kind: Literal["preview"] = "preview"
    frame: int
    jpeg: bytes = Field(max_length=MAX_PREVIEW_BYTES)


class Succeeded(_Message):
    """From the process: done. files: names in the folder, in order; the rest as in Result.

    poster: the name of a picture of the result. perceptual_hashes: of each file, None of a sound. claim: the
    name of what was prepared for the credentials of the files; None where they are not marked.
    """

    kind: Literal["succeeded"] = "succeeded"
    files: tuple[str, ...]
    width_px: int | None = None
    height_px: int | None = None
    frame_rate: float | None = None
    frame_count: int | None = None
    duration_s: float | None = None
    warnings: tuple[str, ...] = ()
    poster: str | None = None
    perceptual_hashes: tuple[PerceptualHash | None, ...] = ()
    claim: str | None = None


class InputRejected(_Message):
    """From the process: the input cannot be used. Trying again would not help.

    reason: for the log, where the fault may be ours all the same.
    """

    kind: Literal["input_rejected"] = "input_rejected"
    code: str
    message: str
    reason: str | None = None


class Crashed(_Message):
    """From the process: something unexpected happened. Trying again may help.

    reason: for the log. message: for the caller, when there is more to say than that it failed.
    """

    kind: Literal["crashed"] = "crashed"
    reason: str
    message: str | None = None


Answer = Annotated[
    Loaded | ProgressMessage | PreviewMessage | Counted | Succeeded | InputRejected | Crashed,
    Field(discriminator="kind"),
]
ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
