"""A data folder that an older version left is opened, answered from, and finished."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from lipwright.server.database.tables import webhook_events
from tests.server.operation.old_installation.make import HERE, KEY, TABLES, record
from tests.support.service import Service, environment

(_NAMES, *RECORDED) = json.loads((HERE / "answers.json").read_text())
JOBS: dict[str, str] = _NAMES["jobs"]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Service]:
    """The installation, under the present code; its uploads are older than uploads usually get."""
    home = tmp_path / "home"
    shutil.copytree(HERE / "files", home / "files")
    for name in TABLES:
        with closing(sqlite3.connect(home / f"{name}.sqlite3")) as tables:
            tables.executescript((HERE / f"{name}.sql").read_text())
    service = Service(home=home, variables=environment(home, asset_retention_days="36500"), key=KEY)
    yield service
    service.close()


def test_an_installation_of_an_older_version_answers_as_before_and_finishes_its_jobs(old: Service) -> None:
    old.serve(workers=0)
    for call in RECORDED:
        assert record(old.http, call["method"], call["path"], call["body"]) == call
    unfinished = [job_id for name, job_id in JOBS.items() if name.startswith(("half-done", "queued"))]
    half_done_files = stored_by(old, JOBS["half-done photo"], JOBS["half-done speech"])
    old.worker()
    assert old.wait_for(unfinished) == ["complete"] * 4
    assert [old.row(job_id).takeovers for job_id in unfinished] == [1, 1, 0, 0]
    # What the half-done photo was made of is gone: the result is the one that the old worker stored.
    assert stored_by(old, JOBS["half-done photo"], JOBS["half-done speech"]) == half_done_files
    photos = [video(old, JOBS[name]) for name in ("complete", "half-done photo", "queued photo")]
    for name in ("width", "height", "fps", "credits_charged", "error"):
        assert len({photo[name] for photo in photos}) == 1, name
    address = urlsplit(photos[2]["download"]["url"])  # leads to where the old server was
    answer = old.http.get(f"{address.path}?{address.query}")
    assert answer.headers["content-type"] == "video/mp4"
    old.check_books([*JOBS.values()])
    with old.services.database.read() as connection:
        query = sa.select(webhook_events.c.project_id).where(webhook_events.c.type.endswith(".completed"))
        told = sorted(connection.execute(query).scalars())
    assert told == sorted([JOBS["complete"], *unfinished])
    old.stop()


def stored_by(service: Service, *job_ids: str) -> dict[str, bytes]:
    """The results of jobs in the data folder."""
    folder = service.home / "files"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for job_id in job_ids
        for path in (folder / job_id).iterdir()
    }


def video(service: Service, job_id: str) -> dict[str, Any]:
    """The answer about a video."""
    answer: dict[str, Any] = service.http.get(f"/v1/video-projects/{job_id}").json()
    return answer
