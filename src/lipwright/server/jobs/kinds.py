"""The kinds of job: one table of everything in which they differ.

A new product is an entry here, with its spec in model.py and its price in prices.py, a folder in products/
for its calls, and a handler in rendering/handlers.py.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from lipwright.server.credits.plans import Limits, Prices
from lipwright.server.ids import new_id
from lipwright.server.jobs.model import (
    FaceDetectionSpec,
    Job,
    JobKind,
    JobSpec,
    LipSyncSpec,
    Result,
    SpeechSpec,
    TalkingPhotoSpec,
)
from lipwright.server.jobs.prices import (
    ASSUMED_FRAME_RATE,
    assumed_frame_rate,
    cost_of_lip_sync,
    cost_of_talking_photo,
    estimate_lip_sync,
    estimate_speech,
    estimate_talking_photo,
)
from lipwright.server.jobs.responses import present_audio, present_video
from lipwright.server.storage.addresses import Addresses
from lipwright.server.uploads.formats import MediaKind
from lipwright.server.uploads.service import ASSET_FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectForm:
    """How the API shows a job as a project.

    word: with it the types of its webhook events begin, `video.started`.
    present: the body of a GET and the payload of an event.
    """

    word: Literal["video", "audio"]
    present: Callable[[Addresses, Job], BaseModel]


VIDEO = ProjectForm(word="video", present=present_video)
AUDIO = ProjectForm(word="audio", present=present_audio)

SpecT = TypeVar("SpecT")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTraits(Generic[SpecT]):
    """One row of the table.

    default_name: begins the name of a job that was given none.
    new_id: makes the id of a job.
    form: None for a kind that is no project of the API: its product presents it, it has no events.
    output_media: the media of outputs that later calls may name like uploads; None when they may not.
    stretch: start and end in the input, seconds; None when there is no choice.
    frame_rate: the expected one of the result; None when it has no frames.
    max_frames: how many it may have; None where the length is limited otherwise.
    estimate: credits to hold. cost: credits that it costs when it is complete.
    """

    default_name: str
    new_id: Callable[[], str] = new_id
    form: ProjectForm | None
    output_media: MediaKind | None = None
    stretch: Callable[[SpecT], tuple[float, float]] | None = None
    frame_rate: Callable[[SpecT], float] | None = None
    max_frames: Callable[[Limits], int] | None = None
    estimate: Callable[[SpecT, Prices], int]
    cost: Callable[[SpecT, Prices, Result], int]


def _uuid() -> str:
    return str(uuid.uuid4())


_TALKING_PHOTO: KindTraits[TalkingPhotoSpec] = KindTraits(
    default_name="Talking Photo",
    form=VIDEO,
    stretch=lambda spec: (spec.start_s, spec.end_s),
    frame_rate=lambda _spec: ASSUMED_FRAME_RATE,
    estimate=estimate_talking_photo,
    cost=cost_of_talking_photo,
)
_LIP_SYNC: KindTraits[LipSyncSpec] = KindTraits(
    default_name="Lip Sync",
    form=VIDEO,
    stretch=lambda spec: (spec.start_s, spec.end_s),
    frame_rate=lambda spec: assumed_frame_rate(spec.max_frame_rate),
    max_frames=lambda limits: limits.sync_frames,
    estimate=estimate_lip_sync,
    cost=cost_of_lip_sync,
)
_SPEECH: KindTraits[SpeechSpec] = KindTraits(
    default_name="Voice Generator",
    form=AUDIO,
    estimate=estimate_speech,
    cost=lambda spec, prices, _result: estimate_speech(spec, prices),
)
_FACE_DETECTION: KindTraits[FaceDetectionSpec] = KindTraits(
    default_name="Face Detection",
    new_id=_uuid,
    form=None,
    output_media="image",
    estimate=lambda _spec, _prices: 0,
    cost=lambda _spec, _prices, _result: 0,
)

KINDS: dict[JobKind, KindTraits[Any]] = {
    JobKind.TALKING_PHOTO: _TALKING_PHOTO,
    JobKind.LIP_SYNC: _LIP_SYNC,
    JobKind.SPEECH: _SPEECH,
    JobKind.FACE_DETECTION: _FACE_DETECTION,
}
VIDEO_KINDS = tuple(kind for kind, traits in KINDS.items() if traits.form is VIDEO)
AUDIO_KINDS = tuple(kind for kind, traits in KINDS.items() if traits.form is AUDIO)


def estimate(spec: JobSpec, prices: Prices) -> int:
    """Credits to hold when a spec is accepted."""
    return KINDS[spec.kind].estimate(spec, prices)


def final_cost(spec: JobSpec, prices: Prices, result: Result) -> int:
    """Credits that a finished job costs."""
    return KINDS[spec.kind].cost(spec, prices, result)


def output_key(job: Job, name: str) -> str:
    """Under which key a file of the result is kept: the same at every attempt, so that none is left over."""
    is_upload = KINDS[job.kind].output_media is not None
    return f"{ASSET_FOLDER}/{job.id}/{name}" if is_upload else f"{job.id}/{name}"
