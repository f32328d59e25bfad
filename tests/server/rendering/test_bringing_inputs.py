"""How the files of a job get from the store to its render process, which has no right to the store."""

from __future__ import annotations

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lipwright.server.database.tables import projects
from lipwright.server.jobs.lifecycle import start_next
from lipwright.server.jobs.model import Failure
from lipwright.server.rendering.child import RenderCrashed
from lipwright.server.rendering.jobs_in_hand import JobsInHand
from lipwright.server.rendering.messages import DISK_FULL
from lipwright.server.rendering.runner import Runner
from lipwright.server.services import Services
from lipwright.server.storage.store import Store
from lipwright.server.storage.stores.objects import memory_store
from tests.server.callers import PICTURE, Caller


class Altered:
    """A store whose copying is another."""

    def __init__(self, store: Store, fetch: Any) -> None:
        self._store = store
        self.fetch = fetch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def claim(services: Services, caller: Caller) -> tuple[str, str]:
    """A job that looks for faces in an upload: its id, and the key of the upload."""
    key = caller.upload("image", "png")
    job_id = str(caller.post("/v1/face-detection", {"assets": {"target_file_path": key}}).json()["id"])
    while (job := start_next(services, "w")) is not None and job.id != job_id:
        pass
    return job_id, key


def far_away(services: Services, key: str, tmp_path: Path) -> Services:
    """The same tables, with the file in a store on another machine."""
    store = memory_store()
    part = tmp_path / "part"
    part.write_bytes(PICTURE)
    store.adopt(key, part)
    return replace(services, store=store)


def test_a_file_far_away_is_copied_by_the_worker(services: Services, caller: Caller, tmp_path: Path) -> None:
    job_id, key = claim(services, caller)
    runner = Runner(far_away(services, key, tmp_path), "w", tmp_path, JobsInHand())
    outcome = runner.render(job_id)
    runner.stop()
    assert isinstance(outcome, Failure)
    assert outcome.code == "invalid_image_file"  # so the process has seen it
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_is_gone_fails_the_job(services: Services, caller: Caller, tmp_path: Path) -> None:
    job_id, key = claim(services, caller)
    services.store.remove(key)
    outcome = Runner(services, "w", tmp_path, JobsInHand()).render(job_id)
    assert isinstance(outcome, Failure)
    assert outcome.code == "invalid_image_path"


def test_a_job_that_is_taken_away_does_not_wait_for_its_copy(
    services: Services, caller: Caller, tmp_path: Path
) -> None:
    job_id, key = claim(services, caller)
    begun, go_on = threading.Event(), threading.Event()

    def fetch(_key: str, _path: Path) -> None:
        begun.set()
        go_on.wait(60)

    far = far_away(services, key, tmp_path)
    slow = replace(far, store=Altered(far.store, fetch))
    with ThreadPoolExecutor() as threads:
        render = threads.submit(Runner(slow, "w", tmp_path, JobsInHand()).render, job_id)
        assert begun.wait(60)
        with services.database.write() as connection:
            connection.execute(sa.update(projects).where(projects.c.id == job_id).values(worker_id="other"))
        assert render.result(timeout=60) is None
        go_on.set()


@pytest.mark.parametrize(("number", "message"), [(errno.ENOSPC, DISK_FULL), (errno.EIO, None)])
def test_what_the_store_fails_at_is_tried_again(
    services: Services, caller: Caller, tmp_path: Path, number: int, message: str | None
) -> None:
    job_id, _ = claim(services, caller)

    def fetch(_key: str, _path: Path) -> None:
        raise OSError(number, os.strerror(number))

    runner = Runner(replace(services, store=Altered(services.store, fetch)), "w", tmp_path, JobsInHand())
    with pytest.raises(RenderCrashed) as raised:
        runner.render(job_id)
    assert raised.value.message == message
