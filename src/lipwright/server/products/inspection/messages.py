"""The messages between a call and the process that looks into a file, or speaks a sample, for it.

Answers hold finished pictures: the server opens no file of a stranger itself.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Message(BaseModel):
    # Pictures and sounds travel in JSON.
    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")


class FacesTask(_Message):
    """Find the faces of a picture, or of a moment of a video."""

    kind: Literal["faces"] = "faces"
    path: str
    is_video: bool
    at_s: float = 0.0


class InfoTask(_Message):
    """Say what a file holds, with small pictures of it."""

    kind: Literal["info"] = "info"
    path: str


class SampleTask(_Message):
    """Speak a short text."""

    kind: Literal["sample"] = "sample"
    text: str
    voice: str


class VoicesTask(_Message):
    """List the voices."""

    kind: Literal["voices"] = "voices"


class MeasureTask(_Message):
    """Measure how well a video speaks."""

    kind: Literal["measure"] = "measure"
    path: str
    transcript: str | None = None


Task = Annotated[FacesTask | InfoTask | SampleTask | VoicesTask | MeasureTask, Field(discriminator="kind")]
TASK: TypeAdapter[Task] = TypeAdapter(Task)


class SeenFace(_Message):
    """A face. box: left, top, right, bottom in pixels. obstacle: why it cannot be made to speak."""

    box: tuple[float, float, float, float]
    score: float
    yaw_degrees: float
    obstacle_code: str | None = None
    obstacle: str | None = None


class SeenFaces(_Message):
    """Who is in a picture of this size."""

    width_px: int
    height_px: int
    faces: tuple[SeenFace, ...]


class SeenStill(_Message):
    """A moment of a video as a JPEG."""

    at_s: float
    jpeg: bytes


class SeenFile(_Message):
    """What a file holds. Sizes and rate are None where it has none. poster: a JPEG of it."""

    media: Literal["image", "video", "audio"]
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None
    frame_rate: float | None = None
    has_audio: bool = False
    poster: bytes | None = None
    strip: tuple[SeenStill, ...] = ()


class SpokenSample(_Message):
    """A WAV file."""

    wav: bytes


class SeenVoice(_Message):
    """A voice. needs: what is missing for it, None where it can speak."""

    name: str
    language: str
    gender: str
    description: str
    family: Literal["natural", "neural", "embedded"]
    needs: str | None


class SeenVoices(_Message):
    """All voices."""

    voices: tuple[SeenVoice, ...]


class SeenMeasure(_Message):
    """One figure of a video."""

    name: str
    value: float | None
    unit: str
    meaning: str
    good: str
    is_good: bool | None
    beside_people: str | None


class SeenMeasures(_Message):
    """All figures of a video."""

    measures: tuple[SeenMeasure, ...]


class Failed(_Message):
    """What is wrong with the file or the text. reason: for the log, where the fault may be ours."""

    code: str
    message: str
    reason: str | None = None


class Inspected(_Message):
    """The answer: one of these is there."""

    faces: SeenFaces | None = None
    file: SeenFile | None = None
    sample: SpokenSample | None = None
    voices: SeenVoices | None = None
    measures: SeenMeasures | None = None
    failed: Failed | None = None
