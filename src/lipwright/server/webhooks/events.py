"""Recording what happened to a project, for the webhooks that want to know."""

from __future__ import annotations

import json

import sqlalchemy as sa

from lipwright.server.jobs.model import SPEECH, VIDEO_KINDS, Job
from lipwright.server.jobs.responses import present
from lipwright.server.services import Services
from lipwright.server.webhooks import repository

STARTED = "started"
COMPLETED = "completed"
ERRORED = "errored"
_WORDS = {**dict.fromkeys(VIDEO_KINDS, "video"), SPEECH: "audio"}
EVENT_TYPES = tuple(
    f"{word}.{change}" for word in ("video", "audio") for change in (STARTED, COMPLETED, ERRORED)
)


def record_event(connection: sa.Connection, services: Services, job: Job, change: str) -> None:
    """Store an event and one delivery per webhook that wants it; nothing when none does."""
    if job.kind not in _WORDS:
        return
    event_type = f"{_WORDS[job.kind]}.{change}"
    wanting = repository.webhooks_for(connection, job.account_id, event_type)
    if not wanting:
        return
    payload = present(services, job).model_dump(mode="json")
    body = json.dumps({"type": event_type, "payload": payload}, separators=(",", ":"), ensure_ascii=False)
    event_id = repository.add_event(
        connection, account_id=job.account_id, project_id=job.id, event_type=event_type, body=body
    )
    for webhook in wanting:
        repository.add_delivery(connection, event_id, webhook.id)
