"""The database goes away while a job is rendered and before it is settled, and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lipwright.server.runtime.heartbeats import HEARTBEAT_TIMEOUT_MS
from tests.acceptance.samples import SampleFiles
from tests.support.databases import Cluster, postgres_cluster
from tests.support.service import JOB_LIMIT_S, Service, prepared, wait_until
from tests.support.sounds import voice, write_sound

# Renders for some seconds, so that the database is gone well before the end.
LONG_S = 4.0


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for one test, which stops it."""
    with postgres_cluster() as running:
        yield running


@pytest.fixture
def service(own_cluster: Cluster, tmp_path: Path) -> Iterator[Service]:
    """A service on that server, without processes yet."""
    with prepared(tmp_path / "home", own_cluster.url(own_cluster.create())) as found:
        yield found


def create_photo(service: Service, samples: SampleFiles, folder: Path) -> str:
    assets = {
        "image_file_path": service.upload(samples.picture, "image"),
        "audio_file_path": service.upload(write_sound(folder / "long.wav", voice(LONG_S)), "audio"),
    }
    body = {"start_seconds": 0, "end_seconds": LONG_S, "assets": assets}
    answer = service.http.post("/v1/ai-talking-photo", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def renders_stored(service: Service) -> int:
    """How often a worker has logged that it stored what it rendered."""
    return service.logs().count("stored  ")


def assert_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.json() == {"message": "The server cannot take work now. Try again later."}
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_render_outlives_its_database_and_is_charged_once(
    service: Service, own_cluster: Cluster, samples: SampleFiles, tmp_path: Path
) -> None:
    service.serve(workers=0)
    service.worker()
    job_id = create_photo(service, samples, tmp_path)
    path = f"/v1/video-projects/{job_id}"
    wait_until(lambda: service.row(job_id).stage is not None, JOB_LIMIT_S, "the render has begun")
    own_cluster.stop()
    for answer in calls_of_every_kind(service, path):
        assert_unavailable(answer)
    assert service.http.get("/readyz").json() == {"message": "The database does not answer."}
    assert service.http.get("/healthz").status_code == 200
    wait_until(lambda: renders_stored(service) == 1, JOB_LIMIT_S, "the render has ended")
    own_cluster.start()
    assert service.wait_for([job_id]) == ["complete"]
    assert service.http.get(path).json()["status"] == "complete"
    assert renders_stored(service) == 1
    assert service.row(job_id).takeovers == 0
    service.check_books([job_id])
    service.check_files([job_id], uploads=2)
    later = service.speak()
    assert service.wait_for([later]) == ["complete"]
    service.stop()


def calls_of_every_kind(service: Service, path: str) -> Iterator[httpx.Response]:
    """A reading, a creating and a changing call, and one without a key."""
    body: dict[str, Any] = {"style": {"prompt": "Hello.", "voice_name": "x"}}
    yield service.http.get(path)
    yield service.http.post("/v1/ai-voice-generator", json=body)
    yield service.http.post(f"{path}/cancel")
    yield service.http.get("/metrics")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_workers_do_not_take_each_other_for_dead_when_the_database_was_away(
    service: Service, own_cluster: Cluster, samples: SampleFiles, tmp_path: Path
) -> None:
    service.serve(workers=0)
    service.worker()
    job_id = create_photo(service, samples, tmp_path)
    wait_until(lambda: service.row(job_id).stage is not None, JOB_LIMIT_S, "the render has begun")
    service.worker()
    wait_until(lambda: service.logs().count("worker started") == 2, JOB_LIMIT_S, "two workers are there")
    own_cluster.stop()
    time.sleep(HEARTBEAT_TIMEOUT_MS / 1000 + 5)
    own_cluster.start()
    assert service.wait_for([job_id]) == ["complete"]
    assert (renders_stored(service), service.row(job_id).takeovers) == (1, 0)
    service.check_books([job_id])
    service.stop()
