"""A worker that cannot start work gets well or dies, and is not counted on meanwhile."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import sqlalchemy as sa

from lipwright.server.database.tables import processes
from lipwright.server.runtime.sandbox.fork_client import SERVER as FORK_SERVER
from tests.support.failing_worker import Failing
from tests.support.service import JOB_LIMIT_S, START_LIMIT_S, Service, wait_until


def kinds(service: Service) -> list[str]:
    """What the processes in the table are."""
    with service.services.database.read() as connection:
        return sorted(connection.execute(sa.select(processes.c.kind)).scalars())


def fork_servers_of(worker_pid: int) -> list[int]:
    """The numbers of the fork servers of a worker that live."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(folder.joinpath("stat").read_text().rpartition(")")[2].split()[1])
            words = folder.joinpath("cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        # What is forked has the same command and another parent.
        if parent == worker_pid and FORK_SERVER in words:
            found.append(int(folder.name))
    return found


def test_a_worker_that_cannot_launch_its_workflows_dies_and_never_counted(sqlite_service: Service) -> None:
    service = sqlite_service
    service.serve(workers=0)
    worker = service.failing_worker(Failing.LAUNCH)
    seen: set[str] = set()

    def has_ended() -> bool:
        seen.update(kinds(service))
        return worker.poll() is not None

    wait_until(has_ended, START_LIMIT_S, "the worker ends")
    assert worker.returncode == 1
    assert "worker" not in seen
    assert kinds(service) == ["server"]
    assert "cannot launch" in service.logs()
    assert service.http.get("/readyz").json() == {"message": "No worker is alive."}


@pytest.mark.slow
def test_a_worker_whose_engine_does_not_load_takes_no_job_and_says_so(sqlite_service: Service) -> None:
    service = sqlite_service
    service.variables["LIPWRIGHT_RENDER_MEMORY_MB"] = "256"  # less than the engine needs by itself
    service.serve(workers=0)
    service.worker()
    job_id = service.speak()
    wait_until(lambda: "failing-worker" in kinds(service), START_LIMIT_S, "the engine has failed")
    answer = service.http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["message"].startswith("No worker can render: the engine does not start.")
    assert service.status(job_id) == "queued"
    service.variables["LIPWRIGHT_RENDER_MEMORY_MB"] = "6000"
    service.worker()
    assert service.wait_for([job_id]) == ["complete"]
    assert service.http.get("/readyz").status_code == 200


@pytest.mark.slow
def test_a_worker_goes_on_when_its_fork_server_dies(sqlite_service: Service) -> None:
    service = sqlite_service
    service.serve(workers=0)
    worker = service.worker()
    first = service.speak()
    assert service.wait_for([first]) == ["complete"]
    [server] = fork_servers_of(worker.pid)
    os.kill(server, signal.SIGKILL)
    ids = [service.speak(), service.speak()]
    assert service.wait_for(ids) == ["complete", "complete"]
    service.check_books([first, *ids])
    assert worker.poll() is None
    wait_until(lambda: fork_servers_of(worker.pid) not in ([], [server]), START_LIMIT_S, "there is another")


def test_a_worker_goes_on_when_a_workflow_could_not_be_started(sqlite_service: Service) -> None:
    service = sqlite_service
    service.serve(workers=0)
    worker = service.failing_worker(Failing.FIRST_START)
    ids = [service.speak(), service.speak()]
    assert service.wait_for(ids) == ["complete", "complete"]
    service.check_books(ids)
    assert worker.poll() is None
    assert "cannot start" in service.logs()


@pytest.mark.slow
def test_a_worker_whose_workflows_never_begin_dies_and_another_takes_the_job(sqlite_service: Service) -> None:
    service = sqlite_service
    service.serve(workers=0)
    worker = service.failing_worker(Failing.EVERY_WORKFLOW)
    job_id = service.speak()
    wait_until(lambda: worker.poll() is not None, JOB_LIMIT_S, "the worker ends")
    assert worker.returncode == 1
    assert service.status(job_id) == "rendering"
    service.worker()
    assert service.wait_for([job_id]) == ["complete"]
    service.check_books([job_id])
