"""The durable workflow engine as the rest of the server sees it: it starts and resumes the work on jobs.

DBOS keeps finished steps in its own tables and takes workflows up again in another process. What it does for
us and what we do ourselves: docs/decisions/what-the-durable-engine-does.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dbos import DBOS, DBOSConfig, SetWorkflowID

from lipwright.server.ids import iso_time
from lipwright.server.rendering.jobs_in_hand import FETCHING_JOBS
from lipwright.server.rendering.lost_connections import count_failures_to_connect_as_lost
from lipwright.server.rendering.old_sqlite import patch_old_sqlite
from lipwright.server.rendering.workflow import Steps, define_workflow
from lipwright.server.settings import Settings

# Kept by hand. Raise it when a running workflow of the old code could not go on with the new one.
WORKFLOW_VERSION = "1"
_UNFINISHED = ("PENDING", "ENQUEUED", "DELAYED")
# Workflows that ended are kept this long for an operator to look at, and removed in batches of this size.
KEPT_FOR_MS = 24 * 3600 * 1000
BATCH = 500


class WorkflowEngine:
    """Runs the durable workflows of jobs in this process. There is one in a process."""

    def __init__(
        self, settings: Settings, worker_id: str, steps: Steps, on_end: Callable[[str], None]
    ) -> None:
        """worker_id: never used by another process. on_end: called with the job id after each workflow."""
        self._queue = _queue_of(worker_id)
        patch_old_sqlite()
        count_failures_to_connect_as_lost()
        DBOS(config=_config(settings, worker_id))
        DBOS.listen_queues([self._queue])
        self._run_job = define_workflow(steps, settings.render_attempts, on_end)

    @staticmethod
    def migrate(settings: Settings) -> None:
        """Make or renew the engine's own tables."""
        patch_old_sqlite()
        DBOS.migrate(settings.workflow_url)

    def launch(self) -> None:
        """Begin. Resumed jobs come in by this process's own queue, so that no busy process gets them."""
        DBOS.launch()
        DBOS.register_queue(self._queue, worker_concurrency=FETCHING_JOBS + 1)

    def close(self) -> None:
        """Remove this process's queue, when nothing runs any more."""
        DBOS.delete_queue(self._queue)

    def start(self, job_id: str) -> None:
        """Run a new job in this process."""
        with SetWorkflowID(job_id):
            DBOS.start_workflow(self._run_job, job_id)

    def resume(self, job_id: str) -> None:
        """Go on in this process with a job that another one left, after the last step it finished."""
        status = DBOS.get_workflow_status(job_id)
        if status is not None and status.status in _UNFINISHED:
            DBOS.resume_workflows([job_id], queue_name=self._queue)
            return
        if status is not None:  # it ended without ending the job: its memory is of no use
            DBOS.delete_workflow(job_id)
        self.start(job_id)

    def remove_old(self, now_ms: int) -> None:
        """Remove what is kept of workflows that ended long ago."""
        limit = iso_time(now_ms - KEPT_FOR_MS)
        old = DBOS.list_workflows(end_time=limit, status=["SUCCESS", "ERROR", "CANCELLED"], limit=BATCH)
        if old:
            DBOS.delete_workflows([workflow.workflow_id for workflow in old])

    def remove_queues(self, dead_workers: Iterable[str]) -> None:
        """Remove the queues of dead workers."""
        for worker_id in dead_workers:
            DBOS.delete_queue(_queue_of(worker_id))


def _queue_of(worker_id: str) -> str:
    return f"worker-{worker_id}"


def _config(settings: Settings, worker_id: str) -> DBOSConfig:
    """The version is set by hand; by default it is a hash of the code, and a new one resumes nothing."""
    return DBOSConfig(
        name="lipwright",
        system_database_url=settings.workflow_url,
        executor_id=worker_id,
        application_version=WORKFLOW_VERSION,
        run_migrations=False,
        log_level="ERROR",  # what matters is logged by us, with the ids of job and worker
    )
