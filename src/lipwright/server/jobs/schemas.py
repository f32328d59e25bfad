"""Answers about jobs, which the API calls projects. Old fields that clients require are always there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, JsonValue

from lipwright.server.jobs.model import JobStatus, QualityRemark
from lipwright.server.request_body import FilledText, RequestBody, absent

# The Magic Hour API documents `draft` too, and its clients may look for it; no job of ours is ever one.
STATUS_WORDS: list[JsonValue] = ["draft", *map(str, JobStatus)]


def _check_status(word: str) -> str:
    if word not in STATUS_WORDS:
        quoted = [f"'{one}'" for one in STATUS_WORDS]
        raise ValueError(f"expected one of {', '.join(quoted[:-1])} or {quoted[-1]}")
    return word


# In answers a JobStatus; in a search also `draft`.
Status = Annotated[str, AfterValidator(_check_status), Field(json_schema_extra={"enum": STATUS_WORDS})]


class CreateAnswer(BaseModel):
    """A project was accepted."""

    id: str
    credits_charged: int = Field(description="An estimate; it is corrected when the project is complete.")
    estimated_frame_cost: int = Field(
        description="The old name of credits_charged.", json_schema_extra={"deprecated": True}
    )


class ProjectError(BaseModel):
    """Why a project failed."""

    message: str
    code: str


class Download(BaseModel):
    """Where a result can be had, and until when."""

    url: str = Field(json_schema_extra={"format": "uri"})
    expires_at: str = Field(json_schema_extra={"format": "date-time"})


class Progress(BaseModel):
    """How far a project is.

    fraction: 0 to 1. stage: what it does now. seconds_left: a guess, null while nothing is known.
    """

    fraction: float
    stage: str | None
    seconds_left: float | None


class VideoProject(BaseModel):
    """A talking photo or a lip sync."""

    id: str
    name: str | None
    status: Status
    type: str
    created_at: str = Field(json_schema_extra={"format": "date-time"})
    width: int = Field(description="Pixels of the result; -1 until it is known.")
    height: int = Field(description="Pixels of the result; -1 until it is known.")
    enabled: bool = Field(description="False: deleted.")
    start_seconds: float
    end_seconds: float
    fps: float
    credits_charged: int
    total_frame_cost: int = Field(
        description="The old name of credits_charged.", json_schema_extra={"deprecated": True}
    )
    error: ProjectError | None
    downloads: list[Download]
    download: Download | None = Field(
        description="The first of downloads.", json_schema_extra={"deprecated": True}
    )
    progress: Progress = Field(description="Ours, not part of the Magic Hour API.")
    warnings: list[str] = Field(description="Ours: what was done differently than asked.")
    poster_url: str | None = Field(
        None, exclude_if=absent, description="Ours: a picture of the result; left out where there is none."
    )
    duration_seconds: float | None = Field(
        None, exclude_if=absent, description="Ours: length of the result; left out until it is known."
    )
    size_bytes: int | None = Field(
        None, exclude_if=absent, description="Ours: of the result; left out until it is known."
    )
    seed: int | None = Field(
        None, exclude_if=absent, description="Ours: the same order with the same seed gives the same frames."
    )
    report: list[QualityRemark] | None = Field(
        None, exclude_if=absent, description="Ours: how well it speaks; left out until it was measured."
    )


class BatchCounts(BaseModel):
    """How many orders of a batch are how far. Ours."""

    queued: int
    rendering: int
    complete: int
    error: int
    canceled: int


class BatchSummary(BaseModel):
    """Orders that were placed in one call. Ours, not part of the Magic Hour API."""

    id: str
    name: str | None
    created_at: str = Field(json_schema_extra={"format": "date-time"})
    ended_at: str | None = Field(description="When the last order was complete, failed or canceled.")
    orders_total: int
    counts: BatchCounts
    credits_charged: int = Field(description="An estimate for what is not complete.")


class BatchedOrder(BaseModel):
    """One order of a batch and its project. Ours."""

    reference: str | None = Field(description="The caller's own word for it.")
    product: Literal["ai-talking-photo", "lip-sync"]
    project_id: str
    status: Status
    enabled: bool = Field(description="False when the project was deleted.")
    credits_charged: int
    error: ProjectError | None


class BatchAnswer(BatchSummary):
    """A batch with its orders, as they were given. Ours, not part of the Magic Hour API."""

    orders: list[BatchedOrder]


class BatchList(BaseModel):
    """Batches, newest first. Ours, not part of the Magic Hour API."""

    items: list[BatchSummary]
    next_cursor: str | None = Field(description="Ask with ?cursor= for older ones; null at the end.")


class AudioProject(BaseModel):
    """A spoken text."""

    id: str
    name: str | None
    status: Status
    type: str
    created_at: str = Field(json_schema_extra={"format": "date-time"})
    enabled: bool
    credits_charged: int
    downloads: list[Download]
    error: ProjectError | None
    progress: Progress = Field(description="Ours, not part of the Magic Hour API.")


class ProjectChange(RequestBody):
    """Another name for a project."""

    name: FilledText = Field(max_length=500)


class ProjectOrder(BaseModel):
    """What a project was ordered with: enough to order it again. Ours, not part of the Magic Hour API."""

    product: Literal["ai-talking-photo", "lip-sync"]
    order: dict[str, Any] = Field(description="The body of the create call.")
    name: str | None
    created_at: str


class VideoProjectList(BaseModel):
    """Projects, newest first. Ours, not part of the Magic Hour API."""

    items: list[VideoProject]
    next_cursor: str | None = Field(description="Ask with ?cursor= for older ones; null at the end.")
