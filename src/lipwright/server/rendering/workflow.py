"""The durable workflow of a job: render, then settle. A step whose result is stored is not done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import structlog
from dbos import DBOS
from dbos import error as dbos_error
from pydantic import TypeAdapter

from lipwright.server.jobs.lifecycle import GIVEN_UP
from lipwright.server.jobs.model import Failure, Result
from lipwright.server.rendering.child import RenderCrashed

# Waits between two tries of a step that failed.
RETRY_S = 1.0
RETRY_GROWTH = 3.0
# The database may be away for a while; the render is not lost meanwhile.
SETTLE_ATTEMPTS = 8

_log = structlog.get_logger(__name__)
_OUTCOME: TypeAdapter[Result | Failure] = TypeAdapter(Result | Failure)


class Steps(Protocol):
    """What the workflow calls: the Runner."""

    def render(self, job_id: str) -> Result | Failure | None:
        """Render and store; None when the job is another worker's now."""

    def settle(self, job_id: str, outcome: Result | Failure) -> None:
        """End the job."""


def define_workflow(
    steps: Steps, render_attempts: int, on_end: Callable[[str], None]
) -> Callable[[str], None]:
    """Register the workflow in this process; the function that runs it for a job id.

    The names `run_project`, `render` and `settle` and the JSON of outcomes stand in the stored workflows of
    every installation. on_end: called with the job id after each workflow, whatever became of it.
    """

    @DBOS.step(
        name="render",
        retries_allowed=render_attempts > 1,
        max_attempts=render_attempts,
        interval_seconds=RETRY_S,
        backoff_rate=RETRY_GROWTH,
        should_retry=lambda error: isinstance(error, RenderCrashed),
    )
    def render(job_id: str) -> dict[str, Any] | None:
        outcome = steps.render(job_id)
        return None if outcome is None else outcome.model_dump(mode="json")

    @DBOS.step(name="settle", retries_allowed=True, max_attempts=SETTLE_ATTEMPTS, interval_seconds=RETRY_S)
    def settle(job_id: str, outcome: dict[str, Any]) -> None:
        steps.settle(job_id, _OUTCOME.validate_python(outcome))

    @DBOS.workflow(name="run_project")
    def run_project(job_id: str) -> None:
        try:
            try:
                outcome = render(job_id)
            except Exception as error:
                _log.error("job given up", job_id=job_id, error=type(error).__name__, exc_info=error)
                outcome = _failure_after(_last_try(error)).model_dump(mode="json")
            if outcome is not None:
                settle(job_id, outcome)
        finally:
            on_end(job_id)

    run: Callable[[str], None] = run_project
    return run


def _failure_after(last_error: Exception) -> Failure:
    """The end of a job whose last try raised this: what that try said, or that it is our fault."""
    if isinstance(last_error, RenderCrashed) and last_error.message is not None:
        return Failure(code=GIVEN_UP.code, message=last_error.message)
    return GIVEN_UP


def _last_try(error: Exception) -> Exception:
    """What the last of several tries raised."""
    if isinstance(error, dbos_error.DBOSMaxStepRetriesExceeded) and error.errors:
        last: Exception = error.errors[-1]
        return last
    return error
