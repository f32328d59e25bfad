"""kill -9 at each stage: every accepted job ends once, is charged once, and leaves no file behind."""

from __future__ import annotations

import pytest

from tests.server.acceptance.crashing_worker import POINTS
from tests.server.acceptance.running import Running, kill, wait_until


def crash_and_recover(service: Running, point: str) -> None:
    service.serve(workers=0)
    crashing = service.crashing_worker(point)
    project_id = service.speak()
    wait_until(lambda: crashing.poll() is not None, 120, "the worker was killed")
    assert crashing.returncode == -9
    # The render process ends with its worker and may not store anything any more.
    service.worker()
    assert service.wait_for([project_id]) == ["complete"]
    service.check_books([project_id])
    service.check_files([project_id])
    service.stop()


@pytest.mark.parametrize("point", ["after-store"])
def test_a_job_is_finished_and_charged_once_when_its_worker_dies(service: Running, point: str) -> None:
    crash_and_recover(service, point)


@pytest.mark.slow
@pytest.mark.parametrize("point", [point for point in POINTS if point != "after-store"])
def test_a_job_survives_a_crash_between_any_two_steps(service: Running, point: str) -> None:
    crash_and_recover(service, point)


@pytest.mark.slow
def test_killing_the_whole_server_loses_nothing(service: Running) -> None:
    server = service.serve(workers=1)
    ids = [service.speak(f"Number {index}.") for index in range(4)]
    wait_until(lambda: service.status(ids[0]) != "queued", 120, "the first job started")
    kill(server)
    service.serve(workers=2)
    assert service.wait_for(ids) == ["complete"] * 4
    service.check_books(ids)
    service.check_files(ids)
    service.stop()
