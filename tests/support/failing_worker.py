"""A worker in which something that it needs fails.

`python -m tests.support.failing_worker FAILURE`
"""

from __future__ import annotations

import sys
from enum import StrEnum
from unittest import mock

from lipwright.server.operation import work
from lipwright.server.rendering.workflow_engine import WorkflowEngine
from lipwright.server.settings import load_settings


class Failing(StrEnum):
    """What fails."""

    # The workflows cannot be launched.
    LAUNCH = "launch"
    # The first workflow cannot be started.
    FIRST_START = "first-start"
    # Workflows are started, and nothing ever happens.
    EVERY_WORKFLOW = "every-workflow"


def main(failing: Failing) -> None:
    """Work with that failure."""
    with mock.patch.object(work, "BEGIN_LIMIT_S", 2.0):
        match failing:
            case Failing.LAUNCH:
                with mock.patch.object(WorkflowEngine, "launch", side_effect=RuntimeError("cannot launch")):
                    work.run_worker(load_settings())
            case Failing.FIRST_START:
                start = WorkflowEngine.start
                effects = iter([RuntimeError("cannot start")])

                def start_later(engine: WorkflowEngine, job_id: str) -> None:
                    for error in effects:
                        raise error
                    start(engine, job_id)

                with mock.patch.object(WorkflowEngine, "start", start_later):
                    work.run_worker(load_settings())
            case Failing.EVERY_WORKFLOW:
                with mock.patch.object(WorkflowEngine, "start"):
                    work.run_worker(load_settings())


if __name__ == "__main__":
    main(Failing(sys.argv[1]))
