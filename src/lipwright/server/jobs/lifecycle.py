"""The transitions of a project that a worker makes: each with its credits and its webhook event in one
transaction, so that they happen together or not at all, and once.
"""

from __future__ import annotations

import structlog

from lipwright.server.credits.service import refund, settle
from lipwright.server.jobs import prices, repository
from lipwright.server.jobs import queue as queue
from lipwright.server.jobs.model import FACES, Failure, Job, Result
from lipwright.server.services import Services
from lipwright.server.uploads.repository import add_upload
from lipwright.server.uploads.service import ASSET_FOLDER
from lipwright.server.webhooks.events import COMPLETED, ERRORED, STARTED, record_event

_log = structlog.get_logger(__name__)


def start_next(services: Services, worker_id: str) -> Job | None:
    """queued -> rendering for the project whose turn it is."""
    with services.database.read() as connection:
        if not queue.has_queued(connection):
            return None
    plans = services.price_list.plans

    def concurrency_of(plan: str) -> int | None:
        return plans[plan].concurrent_jobs if plan in plans else None

    with services.database.write() as connection:
        job_id = queue.claim_next(connection, worker_id, concurrency_of)
        job = repository.get_job(connection, job_id) if job_id else None
        if job is not None:
            record_event(connection, services, job, STARTED)
    if job is not None:
        _log.info("job started", job_id=job.id, kind=job.kind, worker_id=worker_id)
    return job


def finish(services: Services, job_id: str, worker_id: str, outcome: Result | Failure) -> bool:
    """rendering -> complete or error. False when the project is no longer this worker's."""
    with services.database.write() as connection:
        job = repository.get_job(connection, job_id)
        if job is None:
            return False
        if isinstance(outcome, Failure):
            if not repository.fail(connection, job_id, worker_id, outcome):
                return False
            refund(connection, job.account_id, job_id, job.credits_charged)
            event = ERRORED
        else:
            cost = prices.final_cost(job.spec, services.price_list.prices, outcome)
            if not repository.complete(connection, job_id, worker_id, outcome, cost):
                return False
            settle(connection, job.account_id, job_id, job.credits_charged, cost)
            if job.kind == FACES:  # the pictures of faces may be named in later calls
                for key in outcome.output_keys:
                    add_upload(connection, key, job.account_id, "image")
            event = COMPLETED
        ended = repository.get_job(connection, job_id)
        assert ended is not None
        record_event(connection, services, ended, event)
    _log.info(
        "job ended",
        job_id=job_id,
        status=ended.status,
        error_code=ended.error_code,
        credits=ended.credits_charged,
    )
    return True


def output_key(job: Job, name: str) -> str:
    """Under which key a produced file is kept: the same at every attempt, so that none is left over."""
    return f"{ASSET_FOLDER}/{job.id}/{name}" if job.kind == FACES else f"{job.id}/{name}"
