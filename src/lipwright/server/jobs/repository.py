"""Jobs as rows of the table `projects`, and the statements that change their state.

A change names the state (and the worker) it starts from; the answer says whether it took place. So of two
that race only one happens. lifecycle.py calls them.

In the table -1 stands for a size that is absent and 0 for a frame rate; a Job has None.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from lipwright.server.credits.plans import Prices
from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import previews, projects
from lipwright.server.jobs.model import (
    JOB_SPEC,
    Failure,
    Job,
    JobKind,
    JobStatus,
    QualityRemark,
    Result,
    SentOrder,
)

WATERMARK_NUMBER_BITS = 32
_COLUMNS = [projects.c[name] for name in Job.__dataclass_fields__]
# What stands in the table where there is nothing.
_ABSENT: dict[str, float] = {"width_px": -1, "height_px": -1, "frame_rate": 0.0}


def add_job(connection: sa.Connection, job: Job) -> None:
    """Store a new job."""
    values = {name: getattr(job, name) for name in Job.__dataclass_fields__}
    values |= _stored_measures(job)
    values["spec"] = job.spec.model_dump(mode="json")
    values["prices"] = None if job.prices is None else job.prices.model_dump(mode="json")
    values["output_keys"] = list(job.output_keys)
    values["warnings"] = list(job.warnings)
    values["request"] = None if job.request is None else job.request.model_dump(mode="json")
    values["report"] = _stored_report(job.report)
    connection.execute(sa.insert(projects).values(**values))


def get_job(connection: sa.Connection, job_id: str) -> Job | None:
    """A job by its id."""
    return _one(connection.execute(sa.select(*_COLUMNS).where(projects.c.id == job_id)))


def find_job(
    connection: sa.Connection, job_id: str, account_id: str, kinds: tuple[JobKind, ...]
) -> Job | None:
    """A job of an account and of one of these kinds."""
    query = sa.select(*_COLUMNS).where(
        projects.c.id == job_id, projects.c.account_id == account_id, projects.c.kind.in_(kinds)
    )
    return _one(connection.execute(query))


def find_jobs(
    connection: sa.Connection, condition: sa.ColumnElement[bool], order: sa.ColumnElement[Any]
) -> list[Job]:
    """All jobs of which a condition holds, in an order."""
    query = sa.select(*_COLUMNS).where(condition).order_by(order)
    return [_job(row) for row in connection.execute(query)]


def find_states(connection: sa.Connection, job_ids: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """What changes of jobs while they are followed: status, progress, stage, whether enabled, the number of
    the newest frame and when that was made. Far cheaper than the jobs.
    """
    query = (
        sa.select(
            projects.c.id,
            projects.c.status,
            projects.c.progress,
            projects.c.stage,
            projects.c.enabled,
            previews.c.frame,
            previews.c.made_at_ms,
        )
        .outerjoin(previews, previews.c.project_id == projects.c.id)
        .where(projects.c.id.in_(job_ids))
    )
    return {job_id: tuple(state) for job_id, *state in connection.execute(query)}


def list_jobs(
    connection: sa.Connection,
    account_id: str,
    kinds: tuple[JobKind, ...],
    *,
    limit: int,
    before: tuple[int, str] | None,
    status: str | None,
    search: str | None = None,
) -> list[Job]:
    """Jobs that were not deleted, newest first, those made before (time, id).

    search: what their names hold, in whatever case.
    """
    query = (
        sa.select(*_COLUMNS)
        .where(
            projects.c.account_id == account_id,
            projects.c.kind.in_(kinds),
            projects.c.enabled.is_(True),
        )
        .order_by(projects.c.created_at_ms.desc(), projects.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(
            sa.tuple_(projects.c.created_at_ms, projects.c.id) < sa.tuple_(sa.literal(before[0]), before[1])
        )
    if status is not None:
        query = query.where(projects.c.status == status)
    if search:
        query = query.where(projects.c.name.icontains(search, autoescape=True))
    return [_job(row) for row in connection.execute(query)]


def complete(connection: sa.Connection, job_id: str, worker_id: str, result: Result, credits: int) -> bool:
    """rendering -> complete, by the worker that renders it."""
    return _change(
        connection,
        sa.and_(projects.c.id == job_id, _is_rendered_by(worker_id)),
        status=JobStatus.COMPLETE,
        finished_at_ms=database_now_ms(),
        output_keys=list(result.output_keys),
        **_stored_measures(result),
        warnings=list(result.warnings),
        credits_charged=credits,
        duration_s=result.duration_s,
        size_bytes=result.size_bytes,
        poster_key=result.poster_key,
        progress=1.0,
        stage=None,
        seconds_left=0.0,
    )


def charge_more(connection: sa.Connection, job_id: str, worker_id: str, credits: int) -> bool:
    """Change the credits of a job that goes on, by the worker that renders it."""
    condition = sa.and_(projects.c.id == job_id, _is_rendered_by(worker_id))
    return _change(connection, condition, credits_charged=credits)


def fail(connection: sa.Connection, job_id: str, worker_id: str, failure: Failure) -> bool:
    """rendering -> error, by the worker that renders it."""
    return _change(
        connection,
        sa.and_(projects.c.id == job_id, _is_rendered_by(worker_id)),
        status=JobStatus.ERROR,
        finished_at_ms=database_now_ms(),
        error_code=failure.code,
        error_message=failure.message,
        credits_charged=0,
        stage=None,
        seconds_left=None,
    )


def cancel(connection: sa.Connection, job_id: str) -> bool:
    """queued or rendering -> canceled."""
    return _change(
        connection,
        sa.and_(projects.c.id == job_id, projects.c.status.in_((JobStatus.QUEUED, JobStatus.RENDERING))),
        status=JobStatus.CANCELED,
        finished_at_ms=database_now_ms(),
        credits_charged=0,
        stage=None,
        seconds_left=None,
    )


def mark_deleted(connection: sa.Connection, job_id: str) -> bool:
    """Any state stays: the job is marked as deleted and names no outputs any more."""
    condition = sa.and_(projects.c.id == job_id, projects.c.enabled.is_(True))
    return _change(connection, condition, enabled=False, output_keys=[], poster_key=None, deleted_at_ms=None)


def hide(connection: sa.Connection, job_id: str) -> bool:
    """Any state stays: the job is marked as deleted, and keeps its outputs as long as that can be undone."""
    condition = sa.and_(projects.c.id == job_id, projects.c.enabled.is_(True))
    return _change(connection, condition, enabled=False, deleted_at_ms=database_now_ms())


def restore(connection: sa.Connection, job_id: str, hidden_after_ms: int) -> bool:
    """Undo `hide`, of a job that was hidden after a time."""
    condition = sa.and_(projects.c.id == job_id, projects.c.deleted_at_ms > hidden_after_ms)
    return _change(connection, condition, enabled=True, deleted_at_ms=None)


def list_hidden_before(connection: sa.Connection, time_ms: int, limit: int) -> list[Job]:
    """Jobs that were hidden before a time, at most `limit`."""
    query = sa.select(*_COLUMNS).where(projects.c.deleted_at_ms < time_ms).limit(limit)
    return [_job(row) for row in connection.execute(query)]


def forget_outputs(connection: sa.Connection, job_id: str, hidden_at_ms: int) -> bool:
    """Let a hidden job be deleted for good. False where it was restored meanwhile."""
    condition = sa.and_(projects.c.id == job_id, projects.c.deleted_at_ms == hidden_at_ms)
    return _change(connection, condition, output_keys=[], poster_key=None, deleted_at_ms=None)


def watermark_number(connection: sa.Connection, job_id: str) -> int:
    """The number in the watermark of a job's files: its own for good, drawn when it is first asked for."""
    query = sa.select(projects.c.watermark_number).where(projects.c.id == job_id)
    while (number := connection.execute(query).scalar_one()) is None:
        drawn = 1 + secrets.randbelow(2**WATERMARK_NUMBER_BITS - 1)
        is_taken = sa.exists().where(projects.c.watermark_number == drawn)
        is_free = sa.and_(projects.c.id == job_id, projects.c.watermark_number.is_(None), ~is_taken)
        _change(connection, is_free, watermark_number=drawn)
    return int(number)


def rename(connection: sa.Connection, job_id: str, name: str) -> bool:
    """Give a job another name."""
    return _change(connection, projects.c.id == job_id, name=name)


def store_report(connection: sa.Connection, job_id: str, report: tuple[QualityRemark, ...]) -> bool:
    """Keep what was measured of a job."""
    return _change(connection, projects.c.id == job_id, report=_stored_report(report))


def report_progress(
    connection: sa.Connection,
    job_id: str,
    worker_id: str,
    *,
    fraction: float,
    stage: str | None,
    seconds_left: float | None,
) -> bool:
    """Store how far a render is. False when the job is no longer this worker's: the render is to stop."""
    return _change(
        connection,
        sa.and_(projects.c.id == job_id, _is_rendered_by(worker_id)),
        progress=fraction,
        stage=stage,
        seconds_left=seconds_left,
    )


def list_finished_before(connection: sa.Connection, time_ms: int, limit: int) -> list[Job]:
    """Jobs that were complete before a time and were not deleted, at most `limit`."""
    query = (
        sa.select(*_COLUMNS)
        .where(
            projects.c.status == JobStatus.COMPLETE,
            projects.c.enabled.is_(True),
            projects.c.finished_at_ms < time_ms,
        )
        .limit(limit)
    )
    return [_job(row) for row in connection.execute(query)]


def count_by_status(connection: sa.Connection) -> dict[JobStatus, int]:
    """How many jobs wait and how many are rendered."""
    query = (
        sa.select(projects.c.status, sa.func.count().label("number"))
        .where(projects.c.status.in_((JobStatus.QUEUED, JobStatus.RENDERING)))
        .group_by(projects.c.status)
    )
    found = {JobStatus(row.status): row.number for row in connection.execute(query)}
    return {JobStatus.QUEUED: 0, JobStatus.RENDERING: 0} | found


def _is_rendered_by(worker_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(projects.c.status == JobStatus.RENDERING, projects.c.worker_id == worker_id)


def _change(connection: sa.Connection, condition: sa.ColumnElement[bool], **values: Any) -> bool:
    return connection.execute(sa.update(projects).where(condition).values(**values)).rowcount == 1


def _one(result: sa.CursorResult[Any]) -> Job | None:
    row = result.first()
    return _job(row) if row is not None else None


def _job(row: sa.Row[Any]) -> Job:
    values = dict(zip(Job.__dataclass_fields__, row, strict=True))
    values["kind"] = JobKind(values["kind"])
    values["status"] = JobStatus(values["status"])
    values["spec"] = JOB_SPEC.validate_python(values["spec"])
    values["prices"] = None if values["prices"] is None else Prices.model_validate(values["prices"])
    values["output_keys"] = tuple(values["output_keys"])
    values["request"] = None if values["request"] is None else SentOrder.model_validate(values["request"])
    if values["report"] is not None:
        values["report"] = tuple(QualityRemark.model_validate(one) for one in values["report"])
    values["warnings"] = tuple(values["warnings"])
    for name, absent in _ABSENT.items():
        if values[name] == absent:
            values[name] = None
    return Job(**values)


def _stored_measures(of: Job | Result) -> dict[str, Any]:
    """Sizes and frame rate as the table holds them."""
    measures = {name: getattr(of, name) for name in _ABSENT}
    return {name: _ABSENT[name] if value is None else value for name, value in measures.items()}


def _stored_report(report: tuple[QualityRemark, ...] | None) -> list[dict[str, Any]] | None:
    return None if report is None else [one.model_dump(mode="json") for one in report]
