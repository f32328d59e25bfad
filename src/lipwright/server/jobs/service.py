"""Looking up the jobs of an account."""

from __future__ import annotations

from typing import Any, Literal

from lipwright.server.accounts.repository import Account
from lipwright.server.errors import InvalidRequest, NotFound
from lipwright.server.ids import iso_time, looks_like_id
from lipwright.server.jobs import repository
from lipwright.server.jobs.model import Job, JobKind
from lipwright.server.jobs.schemas import ProjectOrder
from lipwright.server.services import Services


def get_job(services: Services, account: Account, job_id: str, kinds: tuple[JobKind, ...]) -> Job:
    """A job of the account and of one of these kinds. Raises NotFound."""
    if looks_like_id(job_id):
        with services.database.read() as connection:
            job = repository.find_job(connection, job_id, account.id, kinds)
        if job is not None:
            return job
    raise NotFound


def list_jobs(
    services: Services,
    account: Account,
    kinds: tuple[JobKind, ...],
    *,
    limit: int,
    cursor: str | None,
    status: str | None,
    search: str | None = None,
) -> tuple[list[Job], str | None]:
    """One page of jobs, newest first, and the cursor of the next. Raises InvalidRequest.

    search: what the names hold.
    """
    with services.database.read() as connection:
        found = repository.list_jobs(
            connection,
            account.id,
            kinds,
            limit=limit + 1,
            before=parse_cursor(cursor),
            status=status,
            search=search,
        )
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], f"{last.created_at_ms}.{last.id}"


def parse_cursor(cursor: str | None) -> tuple[int, str] | None:
    """(time, id) of the last job of the page before."""
    if cursor is None:
        return None
    time_text, _, job_id = cursor.partition(".")
    if not (time_text.isascii() and time_text.isdigit() and len(time_text) < 16 and looks_like_id(job_id)):
        raise InvalidRequest("Invalid value for cursor: use next_cursor of an earlier answer")
    return int(time_text), job_id


def rename_job(
    services: Services, account: Account, job_id: str, kinds: tuple[JobKind, ...], name: str
) -> Job:
    """Give a job of the account another name. Raises NotFound."""
    job = get_job(services, account, job_id, kinds)
    if not job.enabled:
        raise NotFound
    with services.database.write() as connection:
        repository.rename(connection, job.id, name)
    return get_job(services, account, job_id, kinds)


def order_of(job: Job) -> ProjectOrder:
    """The create call of a job. Raises NotFound for one of an earlier version, whose call was not kept."""
    if job.request is None:
        raise NotFound
    product: Literal["ai-talking-photo", "lip-sync"] = (
        "lip-sync" if job.kind is JobKind.LIP_SYNC else "ai-talking-photo"
    )
    return ProjectOrder(
        product=product,
        order=_without_nulls(job.request.body),
        name=job.name,
        created_at=iso_time(job.created_at_ms),
    )


def _without_nulls(body: dict[str, Any]) -> dict[str, Any]:
    """A body without the fields that were not given."""
    return {
        name: _without_nulls(value) if isinstance(value, dict) else value
        for name, value in body.items()
        if value is not None
    }
