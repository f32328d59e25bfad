"""What a project is: the spec that was accepted, how it ended, and the row that holds both.

Orders and outcomes are plain data: they travel to the rendering process and back as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

PHOTO: Final = "TALKING_PHOTO"
SYNC: Final = "LIP_SYNC"
SPEECH: Final = "VOICE_GENERATOR"
FACES: Final = "FACE_DETECTION"
VIDEO_KINDS = (PHOTO, SYNC)

QUEUED: Final = "queued"
RENDERING: Final = "rendering"
COMPLETE: Final = "complete"
ERROR: Final = "error"
CANCELED: Final = "canceled"
STATUSES = ("draft", QUEUED, RENDERING, COMPLETE, ERROR, CANCELED)
FINAL_STATUSES = (COMPLETE, ERROR, CANCELED)


class Source(BaseModel):
    """A file that a job needs: a key of our store, or an address on the web.

    field: what it is for, `image`, `audio`, `video` or `target`.
    """

    model_config = ConfigDict(frozen=True)

    field: Literal["image", "audio", "video", "target"]
    extension: str
    key: str | None = None
    url: str | None = None


class _Spec(BaseModel):
    """max_fetch_bytes: the plan's limit on each file."""

    model_config = ConfigDict(frozen=True)

    max_fetch_bytes: int


class TalkingPhotoSpec(_Spec):
    """A picture that is to speak a sound, or a text when `text` is given."""

    kind: Literal["TALKING_PHOTO"] = PHOTO
    image: Source
    audio: Source | None
    text: str | None
    voice: str | None
    start_s: float
    end_s: float
    mode: Literal["realistic", "prompted"]
    prompt: str
    intensity: float
    longer_side_px: int
    transcript: str | None


class LipSyncSpec(_Spec):
    """A video whose lips are to follow a sound."""

    kind: Literal["LIP_SYNC"] = SYNC
    video: Source | None
    youtube_url: str | None
    audio: Source
    start_s: float
    end_s: float
    mode: Literal["lite", "standard", "pro"]
    max_frame_rate: float | None
    longer_side_px: int
    transcript: str | None


class SpeechSpec(_Spec):
    """A text that is to be spoken."""

    kind: Literal["VOICE_GENERATOR"] = SPEECH
    text: str
    voice: str | None


class FaceDetectionSpec(_Spec):
    """A picture or video in which faces are to be found."""

    kind: Literal["FACE_DETECTION"] = FACES
    target: Source
    min_confidence: float


JobSpec = Annotated[
    TalkingPhotoSpec | LipSyncSpec | SpeechSpec | FaceDetectionSpec, Field(discriminator="kind")
]
JOB_SPEC: TypeAdapter[JobSpec] = TypeAdapter(JobSpec)


class Failure(BaseModel):
    """Why a job failed for good: a code of the contract and a sentence."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str


class Result(BaseModel):
    """What came out. Sizes and rates are those of a video; -1 and 0 where there is none.

    output_keys: keys in the store, in order.
    """

    model_config = ConfigDict(frozen=True)

    output_keys: tuple[str, ...]
    width_px: int = -1
    height_px: int = -1
    frame_rate: float = 0
    frame_count: int = 0
    duration_s: float = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One project. Credits are an estimate until it is final; sizes are -1 until it is complete."""

    id: str
    account_id: str
    kind: str
    name: str
    status: str
    enabled: bool
    created_at_ms: int
    public_url: str
    spec: JobSpec
    start_s: float
    end_s: float
    credits_charged: int
    width_px: int
    height_px: int
    frame_rate: float
    error_code: str | None
    error_message: str | None
    output_keys: tuple[str, ...]
    warnings: tuple[str, ...]
    worker_id: str | None
    takeovers: int
    progress: float
    stage: str | None
    seconds_left: float | None

    @property
    def is_final(self) -> bool:
        """Whether nothing happens to it any more."""
        return self.status in FINAL_STATUSES
