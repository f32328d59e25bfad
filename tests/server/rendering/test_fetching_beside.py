"""A job whose files come slowly keeps no other job from being rendered."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.database.tables import projects
from lipwright.server.jobs.lifecycle import start_next, take_over_next
from lipwright.server.jobs.model import Failure, Result
from lipwright.server.rendering.jobs_in_hand import FETCHING_JOBS, JobsInHand
from lipwright.server.rendering.runner import Runner
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller
from tests.support.dripping import DRIPS, dripping

SPEECH: dict[str, object] = {"style": {"prompt": "Hello.", "voice_name": "x"}}


def claim(services: Services, caller: Caller, path: str, body: dict[str, object]) -> str:
    job_id = caller.post(path, body).json()["id"]
    started = start_next(services, "w")
    assert started
    assert started.id == job_id
    return str(job_id)


@pytest.fixture
def reachable(services: Services) -> Services:
    """The same tables and files; sources on this machine may be fetched."""
    return replace(services, settings=services.settings.model_copy(update={"reachable_hosts": ["127.0.0.1"]}))


def test_a_speech_is_rendered_while_a_picture_does_not_arrive(
    reachable: Services, caller: Caller, tmp_path: Path
) -> None:
    jobs = JobsInHand()
    runner = Runner(reachable, "w", tmp_path, jobs)
    with dripping(*DRIPS["headers"]) as port, ThreadPoolExecutor() as threads:
        assets: dict[str, object] = {"target_file_path": f"http://127.0.0.1:{port}/face.png"}
        slow = claim(reachable, caller, "/v1/face-detection", {"assets": assets})
        jobs.begin(slow)
        assert not jobs.wait_for_room(0)
        slow_render = threads.submit(runner.render, slow)
        assert jobs.wait_for_room(60), "it fetches"
        quick = claim(reachable, caller, "/v1/ai-voice-generator", SPEECH)
        jobs.begin(quick)
        assert not jobs.wait_for_room(0)
        assert isinstance(runner.render(quick), Result)
        jobs.end(quick)
        assert not slow_render.done()
        with reachable.database.write() as connection:  # face detections have no call that cancels them
            connection.execute(sa.update(projects).where(projects.c.id == slow).values(worker_id="other"))
        assert slow_render.result(timeout=60) is None
    runner.stop()
    assert [path for path in tmp_path.rglob("*") if path.is_dir()] == []


def test_what_a_source_does_not_give_fails_the_job(
    reachable: Services, caller: Caller, tmp_path: Path
) -> None:
    hasty = reachable.settings.model_copy(update={"fetch_timeout_s": 0.5})
    runner = Runner(replace(reachable, settings=hasty), "w", tmp_path, JobsInHand())
    with dripping(*DRIPS["headers"]) as port:
        assets: dict[str, object] = {"target_file_path": f"http://127.0.0.1:{port}/face.png"}
        outcome = runner.render(claim(reachable, caller, "/v1/face-detection", {"assets": assets}))
    assert isinstance(outcome, Failure)
    assert outcome.code == "invalid_image_path"
    assert "did not arrive in time" in outcome.message
    runner.stop()


def test_a_worker_does_not_take_over_what_it_works_on(any_services: Services, any_http: httpx.Client) -> None:
    job_id = claim(any_services, new_caller(any_services, any_http), "/v1/ai-voice-generator", SPEECH)
    assert take_over_next(any_services, "w", frozenset([job_id])) is None
    taken = take_over_next(any_services, "w")
    assert taken
    assert taken.id == job_id


def test_there_is_room_beside_those_that_fetch_until_there_are_many() -> None:
    jobs = JobsInHand()
    release = threading.Event()

    def fetch(job_id: str) -> None:
        jobs.begin(job_id)
        with jobs.fetching(job_id):
            release.wait()
        jobs.end(job_id)

    threads = [threading.Thread(target=fetch, args=(str(number),)) for number in range(FETCHING_JOBS)]
    for thread in threads[:-1]:
        thread.start()
    assert jobs.wait_for_room(10)
    threads[-1].start()
    while len(jobs.ids) < FETCHING_JOBS or jobs.wait_for_room(0):
        threading.Event().wait(0.01)
    release.set()
    assert jobs.wait_until_none(10)
    assert jobs.wait_for_room(0)


def test_a_job_that_does_nothing_is_noticed_beside_one_that_does() -> None:
    jobs = JobsInHand()
    assert jobs.longest_not_begun_s == 0
    for job_id in ("works", "does nothing"):
        jobs.begin(job_id)
    threading.Event().wait(0.01)
    jobs.note_step("works")
    assert jobs.longest_not_begun_s >= 0.01
    jobs.end("does nothing")
    assert jobs.longest_not_begun_s == 0
