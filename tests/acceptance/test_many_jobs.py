"""Fifty jobs, two workers, and somebody who keeps killing one of them."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from lipwright.server.database.tables import processes
from tests.support.service import FINAL, JOB_LIMIT_S, Service, kill

JOBS = 50
KILL_EVERY_S = 12.0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_fifty_jobs_end_once_each_while_workers_are_killed(service: Service) -> None:
    service.serve(workers=0)
    ids = [service.speak(f"This is number {index}.") for index in range(JOBS)]
    workers = [service.worker(), service.worker()]
    deadline_s = time.monotonic() + JOB_LIMIT_S * 5
    next_kill_s = time.monotonic() + KILL_EVERY_S
    kills = 0
    while any(service.status(one) not in FINAL for one in ids):
        assert time.monotonic() < deadline_s, service.logs()
        if time.monotonic() > next_kill_s and kills < 4:
            kill(workers[kills % 2])
            workers[kills % 2] = service.worker()
            kills += 1
            next_kill_s = time.monotonic() + KILL_EVERY_S
        time.sleep(0.2)
    assert kills
    assert service.wait_for(ids) == ["complete"] * JOBS
    service.check_books(ids)
    service.check_files(ids)
    service.stop()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_polite_end_hands_the_job_back_and_another_finishes_it(service: Service) -> None:
    service.variables["LIPWRIGHT_SHUTDOWN_GRACE_S"] = "0"
    service.serve(workers=0)
    first = service.worker()
    job_id = service.speak("A rather long sentence. " * 30)
    while service.status(job_id) == "queued":
        time.sleep(0.05)
    first.terminate()
    assert first.wait(timeout=60) == 0
    assert service.status(job_id) in ("rendering", "complete")
    service.worker()
    assert service.wait_for([job_id]) == ["complete"]
    service.check_books([job_id])
    service.check_files([job_id])
    service.stop()


def test_a_server_that_is_told_to_stop_ends_its_workers_and_leaves_nothing(sqlite_service: Service) -> None:
    service = sqlite_service
    server = service.serve(workers=1)
    job_id = service.speak()
    assert service.wait_for([job_id]) == ["complete"]
    server.terminate()
    assert server.wait(timeout=120) == 0, service.logs()
    with service.services.database.read() as connection:
        assert connection.execute(sa.select(processes)).all() == []
    assert list(service.services.settings.scratch_folder.iterdir()) == []
    assert "Traceback" not in service.logs()
