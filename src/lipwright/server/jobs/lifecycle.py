"""The transitions of a project that a worker makes: each with its credits and its webhook event in one
transaction, so that they happen together or not at all, and once.
"""

from __future__ import annotations

import structlog

from lipwright.server.credits.service import refund, settle
from lipwright.server.jobs import prices, repository
from lipwright.server.jobs import queue as queue
from lipwright.server.jobs.model import FACES, Failure, Project, Result
from lipwright.server.services import Services
from lipwright.server.uploads.repository import add_upload
from lipwright.server.uploads.service import ASSET_FOLDER
from lipwright.server.webhooks.events import COMPLETED, ERRORED, STARTED, record_event

_log = structlog.get_logger(__name__)


def start_next(services: Services, worker_id: str) -> Project | None:
    """queued -> rendering for the project whose turn it is."""
    with services.database.read() as connection:
        if not queue.has_queued(connection):
            return None
    plans = services.price_list.plans

    def concurrency_of(plan: str) -> int | None:
        return plans[plan].concurrent_jobs if plan in plans else None

    with services.database.write() as connection:
        project_id = queue.claim_next(connection, worker_id, concurrency_of)
        project = repository.get_project(connection, project_id) if project_id else None
        if project is not None:
            record_event(connection, services, project, STARTED)
    if project is not None:
        _log.info("job started", project_id=project.id, kind=project.kind, worker_id=worker_id)
    return project


def finish(services: Services, project_id: str, worker_id: str, outcome: Result | Failure) -> bool:
    """rendering -> complete or error. False when the project is no longer this worker's."""
    with services.database.write() as connection:
        project = repository.get_project(connection, project_id)
        if project is None:
            return False
        if isinstance(outcome, Failure):
            if not repository.fail(connection, project_id, worker_id, outcome):
                return False
            refund(connection, project.account_id, project_id, project.credits_charged)
            event = ERRORED
        else:
            cost = prices.final_cost(project.order, services.price_list.prices, outcome)
            if not repository.complete(connection, project_id, worker_id, outcome, cost):
                return False
            settle(connection, project.account_id, project_id, project.credits_charged, cost)
            if project.kind == FACES:  # the pictures of faces may be named in later calls
                for key in outcome.output_keys:
                    add_upload(connection, key, project.account_id, "image")
            event = COMPLETED
        ended = repository.get_project(connection, project_id)
        assert ended is not None
        record_event(connection, services, ended, event)
    _log.info(
        "job ended",
        project_id=project_id,
        status=ended.status,
        error_code=ended.error_code,
        credits=ended.credits_charged,
    )
    return True


def output_key(project: Project, name: str) -> str:
    """Under which key a produced file is kept: the same at every attempt, so that none is left over."""
    return f"{ASSET_FOLDER}/{project.id}/{name}" if project.kind == FACES else f"{project.id}/{name}"
