"""Bodies of the call that estimates an order. Ours, not part of the Magic Hour API."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from lipwright.server.request_body import RequestBody, WholeNumber


class KnownSources(RequestBody):
    """What the caller knows of the files, so that they need not be looked into."""

    image_width: WholeNumber | None = Field(None, ge=1, le=100_000)
    image_height: WholeNumber | None = Field(None, ge=1, le=100_000)
    audio_seconds: float | None = Field(None, ge=0)
    video_width: WholeNumber | None = Field(None, ge=1, le=100_000)
    video_height: WholeNumber | None = Field(None, ge=1, le=100_000)
    video_frame_rate: float | None = Field(None, gt=0, le=1000)


class EstimateRequest(RequestBody):
    """An order that is not placed yet."""

    product: Literal["ai-talking-photo", "lip-sync", "ai-voice-generator"]
    order: dict[str, Any] = Field(description="The body of the create call.")
    sources: KnownSources | None = None


class EstimateRemark(BaseModel):
    """Something that the caller should know."""

    code: str
    message: str


class Estimate(BaseModel):
    """What an order would cost. Null is not known."""

    credits: int | None
    seconds_estimate: float | None = Field(description="How long it takes, roughly, once it begins.")
    width: int | None
    height: int | None
    frame_rate: float | None
    limits: list[EstimateRemark] = Field(description="What the plan changes of the order.")
    error: EstimateRemark | None = Field(description="Why the order would be refused.")
