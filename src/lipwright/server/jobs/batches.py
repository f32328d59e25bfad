"""Batches as rows, what became of their jobs, and the one event at their end. Statements only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import batches, projects
from lipwright.server.ids import iso_time
from lipwright.server.jobs.model import Job, JobStatus
from lipwright.server.jobs.repository import find_jobs
from lipwright.server.jobs.schemas import BatchCounts, BatchSummary
from lipwright.server.webhooks.events import record_event

ENDED_EVENT = "batch.ended"
_OPEN = (JobStatus.QUEUED, JobStatus.RENDERING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Jobs that were ordered in one call. ended_at_ms: when the last became final; None before."""

    id: str
    account_id: str
    name: str | None
    created_at_ms: int
    ended_at_ms: int | None


@dataclass(slots=True, kw_only=True)
class BatchState:
    """What became of the jobs of a batch so far."""

    credits: int = 0
    counts: dict[JobStatus, int] = field(default_factory=dict)


def batch_jobs(connection: sa.Connection, batch_id: str) -> list[Job]:
    """The jobs of a batch in the order in which they were given; deleted ones too."""
    return find_jobs(connection, projects.c.batch_id == batch_id, projects.c.batch_place)


def add_batch(connection: sa.Connection, batch: Batch) -> None:
    """Store a new batch."""
    values = {name: getattr(batch, name) for name in Batch.__dataclass_fields__}
    connection.execute(sa.insert(batches).values(**values))


def find_batch(connection: sa.Connection, batch_id: str, account_id: str) -> Batch | None:
    """A batch of an account."""
    query = sa.select(batches).where(batches.c.id == batch_id, batches.c.account_id == account_id)
    row = connection.execute(query).first()
    return None if row is None else Batch(**row._mapping)


def list_batches(
    connection: sa.Connection, account_id: str, *, limit: int, before: tuple[int, str] | None
) -> list[Batch]:
    """The batches of an account, newest first, those made before (time, id)."""
    query = (
        sa.select(batches)
        .where(batches.c.account_id == account_id)
        .order_by(batches.c.created_at_ms.desc(), batches.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(
            sa.tuple_(batches.c.created_at_ms, batches.c.id) < sa.tuple_(sa.literal(before[0]), before[1])
        )
    return [Batch(**row._mapping) for row in connection.execute(query)]


def batch_states(connection: sa.Connection, batch_ids: Collection[str]) -> dict[str, BatchState]:
    """What became of the jobs of several batches, by the id of the batch."""
    query = (
        sa.select(
            projects.c.batch_id,
            projects.c.status,
            sa.func.count().label("number"),
            sa.func.sum(projects.c.credits_charged).label("credits"),
        )
        .where(projects.c.batch_id.in_(batch_ids))
        .group_by(projects.c.batch_id, projects.c.status)
    )
    states = {batch_id: BatchState() for batch_id in batch_ids}
    for row in connection.execute(query):
        state = states[row.batch_id]
        state.credits += int(row.credits)
        state.counts[JobStatus(row.status)] = row.number
    return states


def note_end(connection: sa.Connection, job: Job) -> None:
    """After a job became final: where it was the last of its batch, note the time and record the event.

    Whoever calls has locked the account, so of two last jobs at once the second sees the first.
    """
    if job.batch_id is None:
        return
    is_open = sa.exists().where(projects.c.batch_id == job.batch_id, projects.c.status.in_(_OPEN))
    ended = connection.execute(
        sa.update(batches)
        .where(batches.c.id == job.batch_id, batches.c.ended_at_ms.is_(None), ~is_open)
        .values(ended_at_ms=database_now_ms())
    )
    if ended.rowcount != 1:
        return
    batch = find_batch(connection, job.batch_id, job.account_id)
    assert batch is not None
    state = batch_states(connection, [batch.id])[batch.id]
    record_event(
        connection,
        account_id=job.account_id,
        job_id=batch.id,
        event_type=ENDED_EVENT,
        payload=present_batch(batch, state).model_dump(mode="json"),
    )


def present_batch(batch: Batch, state: BatchState) -> BatchSummary:
    """A batch as the API shows it in a list, and in its event."""
    counts = {status.value: state.counts.get(status, 0) for status in JobStatus}
    return BatchSummary(
        id=batch.id,
        name=batch.name,
        created_at=iso_time(batch.created_at_ms),
        ended_at=None if batch.ended_at_ms is None else iso_time(batch.ended_at_ms),
        orders_total=sum(counts.values()),
        counts=BatchCounts(**counts),
        credits_charged=state.credits,
    )
