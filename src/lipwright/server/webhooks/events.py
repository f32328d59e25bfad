"""Recording events: one fact as JSON, and a delivery for each webhook that wants it."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

import sqlalchemy as sa

from lipwright.server.webhooks import repository

EventType = Literal[
    "video.started",
    "video.completed",
    "video.errored",
    "audio.started",
    "audio.completed",
    "audio.errored",
    "batch.ended",
]
EVENT_TYPES: tuple[str, ...] = get_args(EventType)


def record_event(
    connection: sa.Connection, *, account_id: str, job_id: str, event_type: str, payload: dict[str, Any]
) -> None:
    """Store an event and one delivery per webhook of the account that wants it; nothing when none does."""
    subscribed = repository.list_subscribed(connection, account_id, event_type)
    if not subscribed:
        return
    body = json.dumps({"type": event_type, "payload": payload}, separators=(",", ":"), ensure_ascii=False)
    event_id = repository.add_event(
        connection, account_id=account_id, project_id=job_id, event_type=event_type, body=body
    )
    for webhook in subscribed:
        repository.add_delivery(connection, event_id, webhook.id)
