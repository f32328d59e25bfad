"""The webhook events of jobs."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from lipwright.server.jobs.kinds import KINDS
from lipwright.server.jobs.model import Job
from lipwright.server.storage.addresses import Addresses
from lipwright.server.webhooks.events import record_event


class JobEvent(StrEnum):
    """The changes of a job that make an event; before each comes the word of its form, `video.started`."""

    STARTED = "started"
    COMPLETED = "completed"
    ERRORED = "errored"


def record_job_event(connection: sa.Connection, addresses: Addresses, job: Job, event: JobEvent) -> None:
    """Record an event with the job as the API shows it now; nothing for a kind without events."""
    form = KINDS[job.kind].form
    if form is None:
        return
    record_event(
        connection,
        account_id=job.account_id,
        job_id=job.id,
        event_type=f"{form.word}.{event}",
        payload=form.present(addresses, job).model_dump(mode="json"),
    )
