"""The queue: which job is rendered next, and by which worker. lifecycle.py calls these statements."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from lipwright.server.database.clock import database_now_ms
from lipwright.server.database.tables import accounts, processes, projects
from lipwright.server.jobs.model import JobStatus

ConcurrencyOf = Callable[[str], int | None]


def claim_next(connection: sa.Connection, worker_id: str, concurrency_of: ConcurrencyOf) -> str | None:
    """queued -> rendering for the job whose turn it is; its id, None when nothing may start.

    Turns go to the account with the fewest renders, among those to the one served longest ago, and within
    it to the oldest job; so a thousand jobs of one account do not keep another's one waiting.
    concurrency_of: how many renders at once a plan allows.
    """
    for account_id, plan in _accounts_that_wait(connection):
        if not _lock_account(connection, account_id):
            continue
        limit = concurrency_of(plan)
        if limit is not None and _renders_of(connection, account_id) >= limit:
            continue
        job_id = _oldest_queued(connection, account_id)
        if job_id is None:
            continue
        _assign(connection, job_id, account_id, worker_id)
        return job_id
    return None


def has_queued(connection: sa.Connection) -> bool:
    """Whether anything waits. Cheap: idle workers ask many times a second."""
    return (
        connection.execute(
            sa.select(projects.c.id).where(projects.c.status == JobStatus.QUEUED).limit(1)
        ).first()
        is not None
    )


def orphans(connection: sa.Connection, worker_id: str) -> list[tuple[str, str]]:
    """(job id, worker id) of renders whose worker is dead, or is this one, which may work on them."""
    alive = sa.select(processes.c.id).where(processes.c.id != worker_id)
    query = sa.select(projects.c.id, projects.c.worker_id).where(
        projects.c.status == JobStatus.RENDERING, projects.c.worker_id.not_in(alive)
    )
    return [(job_id, holder) for job_id, holder in connection.execute(query)]


def take_over(connection: sa.Connection, job_id: str, from_worker: str, to_worker: str) -> bool:
    """Give a render to another worker. False when another worker has it, or it ended."""
    result = connection.execute(
        sa.update(projects)
        .where(
            projects.c.id == job_id,
            projects.c.status == JobStatus.RENDERING,
            projects.c.worker_id == from_worker,
        )
        .values(worker_id=to_worker, takeovers=projects.c.takeovers + 1)
    )
    return result.rowcount == 1


def _accounts_that_wait(connection: sa.Connection) -> list[tuple[str, str]]:
    renders = (
        sa.select(sa.func.count())
        .where(projects.c.status == JobStatus.RENDERING, projects.c.account_id == accounts.c.id)
        .scalar_subquery()
    )
    waits = sa.exists().where(projects.c.status == JobStatus.QUEUED, projects.c.account_id == accounts.c.id)
    query = (
        sa.select(accounts.c.id, accounts.c.plan).where(waits).order_by(renders, accounts.c.last_served_at_ms)
    )
    return [(account_id, plan) for account_id, plan in connection.execute(query)]


def _lock_account(connection: sa.Connection, account_id: str) -> bool:
    """Keep other workers from this account until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name != "postgresql":
        return True
    query = sa.select(accounts.c.id).where(accounts.c.id == account_id).with_for_update(skip_locked=True)
    return connection.execute(query).first() is not None


def _renders_of(connection: sa.Connection, account_id: str) -> int:
    query = sa.select(sa.func.count()).where(
        projects.c.status == JobStatus.RENDERING, projects.c.account_id == account_id
    )
    return int(connection.execute(query).scalar_one())


def _oldest_queued(connection: sa.Connection, account_id: str) -> str | None:
    query = (
        sa.select(projects.c.id)
        .where(projects.c.status == JobStatus.QUEUED, projects.c.account_id == account_id)
        .order_by(projects.c.created_at_ms, projects.c.batch_place)
        .limit(1)
    )
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)  # one may be being canceled
    job_id: str | None = connection.execute(query).scalar()
    return job_id


def _assign(connection: sa.Connection, job_id: str, account_id: str, worker_id: str) -> None:
    connection.execute(
        sa.update(projects)
        .where(projects.c.id == job_id)
        .values(status=JobStatus.RENDERING, worker_id=worker_id)
    )
    connection.execute(
        sa.update(accounts).where(accounts.c.id == account_id).values(last_served_at_ms=database_now_ms())
    )
