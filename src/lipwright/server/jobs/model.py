"""What a job is: its kind and status, the spec that was accepted, how it ended, and the row that holds all.

Specs and outcomes are plain data: they travel to the rendering process and back as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from lipwright.engine import LipSyncMode, PhotoMode
from lipwright.server.credits.plans import Prices
from lipwright.server.made_files.model import MadeOutput
from lipwright.server.request_body import absent, natural_pace
from lipwright.server.uploads.formats import InputField


class JobKind(StrEnum):
    """What a job makes. The words are those of the Magic Hour API and stand in the table."""

    TALKING_PHOTO = "TALKING_PHOTO"
    LIP_SYNC = "LIP_SYNC"
    SPEECH = "VOICE_GENERATOR"
    FACE_DETECTION = "FACE_DETECTION"


class JobStatus(StrEnum):
    """How far a job is. lifecycle.py draws how one follows another."""

    QUEUED = "queued"
    RENDERING = "rendering"
    COMPLETE = "complete"
    ERROR = "error"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        """Whether no other status follows."""
        return self in (JobStatus.COMPLETE, JobStatus.ERROR, JobStatus.CANCELED)


class Source(BaseModel):
    """A file that a job needs: a key of our store, or an address on the web.

    field: what it is for. number: of several files for the same, counted from 0.
    """

    model_config = ConfigDict(frozen=True)

    field: InputField
    extension: str
    key: str | None = None
    url: str | None = None
    number: int = Field(default=0, exclude_if=lambda number: number == 0)

    @property
    def name(self) -> str:
        """What it is called among the inputs of a job: `audio`, and further ones `audio-1`, `audio-2`."""
        return self.field if self.number == 0 else f"{self.field}-{self.number}"


class _Spec(BaseModel):
    """max_fetch_bytes: the plan's limit on each file."""

    model_config = ConfigDict(frozen=True)

    max_fetch_bytes: int


class DirectionSpec(BaseModel):
    """Words for a stretch of a video; end_s None is its end."""

    model_config = ConfigDict(frozen=True)

    start_s: float
    end_s: float | None
    prompt: str


class TalkingPhotoSpec(_Spec):
    """A picture that is to speak a sound, or a text when `text` is given.

    motion: a video that it moves like, from motion_start_s to motion_end_s (None: its end). is_performance:
    that video gives mouth and sound as well. label: words in a corner of the video, of the plan or of the
    order, as they were when the job was accepted.
    """

    kind: Literal[JobKind.TALKING_PHOTO] = JobKind.TALKING_PHOTO
    image: Source
    audio: Source | None
    text: str | None
    voice: str | None
    start_s: float
    end_s: float
    mode: PhotoMode
    prompt: str
    intensity: float
    longer_side_px: int
    transcript: str | None
    motion: Source | None = None
    motion_start_s: float = 0.0
    motion_end_s: float | None = None
    is_performance: bool = False
    rate: float = Field(default=1.0, exclude_if=natural_pace)
    direction: tuple[DirectionSpec, ...] = ()
    face: int | Literal["largest", "all"] = "largest"
    seed: int = 0
    mouth_scale: float = 1.0
    head_scale: float = 1.0
    blink_scale: float = 1.0
    expression_scale: float = 1.0
    label: str | None = Field(default=None, exclude_if=absent)


class PersonVoice(BaseModel):
    """Who of a video says what: a sound, or a text when `text` is given. face: in order of appearance."""

    model_config = ConfigDict(frozen=True)

    face: int
    audio: Source | None = None
    text: str | None = None
    voice: str | None = None


class LipSyncSpec(_Spec):
    """A video whose lips are to follow a sound, or a text when `text` is given.

    voices: who says what, where several people speak, in place of both. keep_sound_db: how much louder the
    video's own sound goes on under the new one; None leaves it out. probed_frames: how many frames the result
    will have, where the file was there to be probed. label: as for a talking photo.
    """

    kind: Literal[JobKind.LIP_SYNC] = JobKind.LIP_SYNC
    video: Source | None
    youtube_url: str | None
    audio: Source | None
    start_s: float
    end_s: float
    mode: LipSyncMode
    max_frame_rate: float | None
    longer_side_px: int
    transcript: str | None
    probed_frames: int | None = None
    text: str | None = None
    voice: str | None = None
    face: int | Literal["largest", "speaking", "all"] = "largest"
    seed: int = 0
    mouth_scale: float = 1.0
    loop: bool = False
    voices: tuple[PersonVoice, ...] = ()
    keep_sound_db: float | None = None
    label: str | None = Field(default=None, exclude_if=absent)


class SpeechSpec(_Spec):
    """A text that is to be spoken."""

    kind: Literal[JobKind.SPEECH] = JobKind.SPEECH
    text: str
    voice: str | None
    rate: float = Field(default=1.0, exclude_if=natural_pace)
    language: str | None = Field(default=None, exclude_if=absent)


class FaceDetectionSpec(_Spec):
    """A picture or video in which faces are to be found."""

    kind: Literal[JobKind.FACE_DETECTION] = JobKind.FACE_DETECTION
    target: Source
    min_confidence: float


JobSpec = Annotated[
    TalkingPhotoSpec | LipSyncSpec | SpeechSpec | FaceDetectionSpec, Field(discriminator="kind")
]
JOB_SPEC: TypeAdapter[JobSpec] = TypeAdapter(JobSpec)


class SentOrder(BaseModel):
    """A create call as it came in. body: in its own form, file paths included."""

    model_config = ConfigDict(frozen=True)

    path: str
    body: dict[str, Any]


class QualityRemark(BaseModel):
    """One figure of a video in words."""

    model_config = ConfigDict(frozen=True)

    name: str
    verdict: Literal["good", "fair", "poor"]
    sentence: str


class Failure(BaseModel):
    """Why a job failed for good: a code of the Magic Hour API and a sentence."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str


class Result(BaseModel):
    """What came out. Sizes, rate and length are None where the files have none.

    output_keys: keys in the store, in order. size_bytes: of the first of these files.
    poster_key: of a picture of it. made: what the log keeps of these files, in the same order; none in the
    results of an earlier version.
    """

    model_config = ConfigDict(frozen=True)

    output_keys: tuple[str, ...]
    width_px: int | None = None
    height_px: int | None = None
    frame_rate: float | None = None
    frame_count: int | None = None
    duration_s: float | None = None
    warnings: tuple[str, ...] = ()
    size_bytes: int | None = None
    poster_key: str | None = None
    made: tuple[MadeOutput, ...] = Field(default=(), exclude_if=lambda made: not made)

    @field_validator("width_px", "height_px", "frame_rate", "frame_count", "duration_s", mode="before")
    @classmethod
    def _absent_is_none(cls, value: object) -> object:
        """Results that an earlier version stored hold -1 or 0 for what is absent."""
        return None if value in (-1, 0) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job. Credits are an estimate until it is final.

    width_px, height_px: None until it is complete, and of what has no size. frame_rate: the expected one
    until it is complete; None where there are no frames. prices: those under which it was accepted;
    None for a job of an earlier version. request, duration_s, size_bytes, poster_key: likewise, and until it
    is complete. report: None until it was measured. deleted_at_ms: while a deletion can be undone.
    batch_id, batch_place, reference: of a job that was ordered in a batch, from 0, and the caller's own word.
    """

    id: str
    account_id: str
    kind: JobKind
    name: str
    status: JobStatus
    enabled: bool
    created_at_ms: int
    public_url: str
    spec: JobSpec
    prices: Prices | None
    start_s: float
    end_s: float
    credits_charged: int
    width_px: int | None
    height_px: int | None
    frame_rate: float | None
    error_code: str | None
    error_message: str | None
    output_keys: tuple[str, ...]
    warnings: tuple[str, ...]
    worker_id: str | None
    takeovers: int
    progress: float
    stage: str | None
    seconds_left: float | None
    request: SentOrder | None = None
    duration_s: float | None = None
    size_bytes: int | None = None
    poster_key: str | None = None
    report: tuple[QualityRemark, ...] | None = None
    deleted_at_ms: int | None = None
    batch_id: str | None = None
    batch_place: int | None = None
    reference: str | None = None

    @property
    def file_keys(self) -> tuple[str, ...]:
        """The keys of everything in the store that belongs to it."""
        return (*self.output_keys, *(() if self.poster_key is None else (self.poster_key,)))

    @property
    def is_final(self) -> bool:
        """Whether its status changes no more."""
        return self.status.is_final
