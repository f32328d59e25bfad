"""Bodies of the face detection calls."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, JsonValue

from lipwright.server.jobs.model import JobStatus
from lipwright.server.request_body import AssetPath, RequestBody

CONFIDENCE_STEP = 0.05
# 0.15 / 0.05 is not quite 3; far below one step.
STEP_TOLERANCE = 1e-6
# The Magic Hour API knows no canceled search.
_SEARCH_STATUSES: list[JsonValue] = [str(one) for one in JobStatus if one is not JobStatus.CANCELED]


def _on_a_step(confidence: float) -> float:
    steps = confidence / CONFIDENCE_STEP
    if abs(steps - round(steps)) > STEP_TOLERANCE:
        raise ValueError(f"expected a multiple of {CONFIDENCE_STEP}")
    return confidence


class FaceAssets(RequestBody):
    """Where to look."""

    target_file_path: AssetPath


class FaceDetectionRequest(RequestBody):
    """Faces to be found."""

    assets: FaceAssets
    confidence_score: Annotated[float, AfterValidator(_on_a_step)] | None = Field(
        None, ge=0, le=1, description="Default 0.5, in steps of 0.05."
    )


class FaceDetectionAnswer(BaseModel):
    """A search was accepted."""

    id: str
    credits_charged: int


class FoundFace(BaseModel):
    """A picture of one face: its name for later calls, and where it can be had."""

    path: str
    url: str


class FaceDetection(BaseModel):
    """A search and what it found."""

    id: str
    credits_charged: int
    status: str = Field(json_schema_extra={"enum": _SEARCH_STATUSES})
    faces: list[FoundFace]
