"""Bodies of the webhook calls. All of them are ours; the Magic Hour API has none."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from lipwright.server.request_body import AssetPath, RequestBody
from lipwright.server.webhooks.events import EventType


class WebhookRequest(RequestBody):
    """An address that events are sent to."""

    url: AssetPath = Field(description="http or https.")
    events: Annotated[list[EventType], Field(min_length=1)] | None = Field(
        None, description="Those wanted; all when absent."
    )


class WebhookChange(RequestBody):
    """Switching a webhook on or off."""

    enabled: bool


class WebhookAnswer(BaseModel):
    """A webhook, without its secret."""

    id: str
    url: str
    events: list[str]
    enabled: bool
    created_at: str


class CreatedWebhook(WebhookAnswer):
    """A new webhook. This is the only time its secret can be read."""

    secret: str


class WebhookList(BaseModel):
    """All webhooks of the account."""

    items: list[WebhookAnswer]


class AttemptAnswer(BaseModel):
    """One try to deliver."""

    made_at: str
    duration_ms: int
    status_code: int | None
    failure: str | None


class DeliveryAnswer(BaseModel):
    """One event on its way: `pending`, `delivered` or `failed`, with every try so far."""

    id: str
    type: str
    project_id: str
    status: str
    created_at: str
    next_attempt_at: str | None
    attempts: list[AttemptAnswer]


class DeliveryList(BaseModel):
    """The newest deliveries of a webhook, newest first."""

    items: list[DeliveryAnswer]


class ReplayAnswer(BaseModel):
    """A new delivery of the same event."""

    id: str
