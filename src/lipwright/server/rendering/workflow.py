"""The durable workflow of a project: render, then settle. What a step returned is not done again.

DBOS keeps the steps in its own tables and takes them up again in another process after a crash. Which
project runs where and when is not its business here: see docs/decisions/fair-queue-before-workflows.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos._error import DBOSMaxStepRetriesExceeded
from pydantic import TypeAdapter

from lipwright.server.ids import iso_time, now_ms
from lipwright.server.jobs.lifecycle import GIVEN_UP
from lipwright.server.jobs.model import Failure, Result
from lipwright.server.rendering.child import RenderCrashed
from lipwright.server.rendering.old_sqlite import teach_milliseconds
from lipwright.server.settings import Settings

# Kept by hand. Raise it when a running workflow of the old code could not go on with the new one.
WORKFLOW_VERSION = "1"
# Waits between two tries of a step that broke.
RETRY_S = 1.0
RETRY_GROWTH = 3.0
# The database may be away for a while; the render is not lost meanwhile.
SETTLE_ATTEMPTS = 8
_UNFINISHED = ("PENDING", "ENQUEUED", "DELAYED")
# Of what workflows did, so long is kept for an operator to look at; so many are removed at once.
KEPT_FOR_MS = 24 * 3600 * 1000
BATCH = 500

_log = structlog.get_logger(__name__)
_OUTCOME: TypeAdapter[Result | Failure] = TypeAdapter(Result | Failure)


class Steps(Protocol):
    """What a workflow calls: the Runner."""

    def render(self, job_id: str) -> Result | Failure | None:
        """Render and store; None when the project is somebody else's now."""

    def settle(self, job_id: str, outcome: Result | Failure) -> None:
        """End the project."""


class Workflows:
    """Runs projects durably in this process."""

    def __init__(self, settings: Settings, worker_id: str, steps: Steps, on_end: Callable[[], None]) -> None:
        """on_end: called after each workflow, whatever became of it."""
        self._queue = f"worker-{worker_id}"
        teach_milliseconds()
        DBOS(config=_config(settings, worker_id))
        DBOS.listen_queues([self._queue])

        @DBOS.step(
            name="render",
            retries_allowed=settings.render_attempts > 1,
            max_attempts=settings.render_attempts,
            interval_seconds=RETRY_S,
            backoff_rate=RETRY_GROWTH,
            should_retry=lambda error: isinstance(error, RenderCrashed),
        )
        def render(job_id: str) -> dict[str, Any] | None:
            outcome = steps.render(job_id)
            return None if outcome is None else outcome.model_dump(mode="json")

        @DBOS.step(
            name="settle", retries_allowed=True, max_attempts=SETTLE_ATTEMPTS, interval_seconds=RETRY_S
        )
        def settle(job_id: str, outcome: dict[str, Any]) -> None:
            steps.settle(job_id, _OUTCOME.validate_python(outcome))

        @DBOS.workflow(name="run_project")
        def run_project(job_id: str) -> None:
            try:
                try:
                    outcome = render(job_id)
                except Exception as error:
                    _log.error("job given up", job_id=job_id, error=type(error).__name__, exc_info=error)
                    outcome = _give_up(error).model_dump(mode="json")
                if outcome is not None:
                    settle(job_id, outcome)
            finally:
                on_end()

        self._run_job = run_project

    def launch(self) -> None:
        """Begin. Taken-over projects come in by this process's own queue, so that no busy one gets them."""
        DBOS.launch()
        DBOS.register_queue(self._queue, worker_concurrency=1)

    def close(self) -> None:
        """Remove this process's queue, when nothing runs any more."""
        DBOS.delete_queue(self._queue)

    def start(self, job_id: str) -> None:
        """Run a new project in this process."""
        with SetWorkflowID(job_id):
            DBOS.start_workflow(self._run_job, job_id)

    def resume(self, job_id: str) -> None:
        """Go on in this process with a project that another one left, after the last step it finished."""
        status = DBOS.get_workflow_status(job_id)
        if status is not None and status.status in _UNFINISHED:
            DBOS.resume_workflows([job_id], queue_name=self._queue)
            return
        if status is not None:  # it ended without ending the project: its memory is of no use
            DBOS.delete_workflow(job_id)
        self.start(job_id)

    def forget_old(self) -> None:
        """Remove what is kept of workflows whose projects ended long ago."""
        limit = iso_time(now_ms() - KEPT_FOR_MS)
        old = DBOS.list_workflows(end_time=limit, status=["SUCCESS", "ERROR", "CANCELLED"], limit=BATCH)
        if old:
            DBOS.delete_workflows([workflow.workflow_id for workflow in old])

    def forget(self, dead_workers: list[str]) -> None:
        """Remove the queues of dead processes."""
        for worker_id in dead_workers:
            DBOS.delete_queue(f"worker-{worker_id}")


def migrate_workflows(settings: Settings) -> None:
    """Make or renew the workflows' own tables."""
    teach_milliseconds()
    DBOS.migrate(settings.workflow_url)


def _give_up(error: Exception) -> Failure:
    """What the caller is told: what the last try said, or that it is our fault."""
    last = error.errors[-1] if isinstance(error, DBOSMaxStepRetriesExceeded) and error.errors else error
    if isinstance(last, RenderCrashed) and last.message is not None:
        return Failure(code=GIVEN_UP.code, message=last.message)
    return GIVEN_UP


def _config(settings: Settings, worker_id: str) -> DBOSConfig:
    """The id is never used by a second process; the version is set by hand, not by the code's hash."""
    return DBOSConfig(
        name="lipwright",
        system_database_url=settings.workflow_url,
        executor_id=worker_id,
        application_version=WORKFLOW_VERSION,
        run_migrations=False,
        log_level="ERROR",  # what matters is logged by us, with the ids of project and worker
    )
