"""What the tables and the workflow's own tables hold stays readable: words, specs and absent sizes."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import TypeAdapter

from lipwright.server.database.tables import projects
from lipwright.server.jobs.lifecycle import finish, start_next
from lipwright.server.jobs.model import JOB_SPEC, Failure, JobKind, JobStatus, Result
from lipwright.server.jobs.repository import get_job
from lipwright.server.services import Services
from tests.server.callers import Caller

OUTCOME: TypeAdapter[Result | Failure] = TypeAdapter(Result | Failure)


def row_of(services: Services, job_id: str) -> dict[str, Any]:
    with services.database.read() as connection:
        row = connection.execute(sa.select(projects).where(projects.c.id == job_id)).one()
    return dict(row._mapping)


def test_a_stored_result_with_numbers_for_what_is_absent_is_accepted() -> None:
    stored = {"width_px": -1, "height_px": -1, "frame_rate": 0, "frame_count": 0, "duration_s": 1.5}
    found = OUTCOME.validate_python({"output_keys": ["c1/output.wav"], "warnings": [], **stored})
    assert found == Result(output_keys=("c1/output.wav",), duration_s=1.5)
    assert isinstance(found, Result)
    assert (found.width_px, found.height_px, found.frame_rate, found.frame_count) == (None,) * 4


@pytest.mark.parametrize(
    "stored",
    [
        {"kind": "VOICE_GENERATOR", "text": "Hello", "voice": None, "max_fetch_bytes": 1},
        {
            "kind": "FACE_DETECTION",
            "target": {"field": "target", "extension": "png", "key": "api-assets/a/image.png", "url": None},
            "min_confidence": 0.5,
            "max_fetch_bytes": 1,
        },
    ],
)
def test_a_stored_spec_is_read_and_written_as_it_was(stored: dict[str, Any]) -> None:
    assert JOB_SPEC.validate_python(stored).model_dump(mode="json") == stored


def test_a_job_holds_none_where_the_table_and_the_api_hold_a_number(
    services: Services, caller: Caller
) -> None:
    body = {"style": {"prompt": "Hello", "voice_name": "x"}}
    spoken = caller.post("/v1/ai-voice-generator", body).json()["id"]
    photo = caller.post("/v1/ai-talking-photo", caller.photo_body()).json()["id"]
    assert {row_of(services, one)["width_px"] for one in (spoken, photo)} == {-1}
    assert (row_of(services, spoken)["frame_rate"], row_of(services, photo)["frame_rate"]) == (0, 30)
    started = start_next(services, "w")
    assert started is not None
    assert (started.id, started.kind, started.status) == (spoken, JobKind.SPEECH, JobStatus.RENDERING)
    assert (started.width_px, started.height_px, started.frame_rate) == (None, None, None)
    finish(services, spoken, "w", Result(output_keys=("x/output.wav",), duration_s=1.0))
    row = row_of(services, spoken)
    assert (row["kind"], row["status"]) == ("VOICE_GENERATOR", "complete")
    assert (row["width_px"], row["height_px"], row["frame_rate"]) == (-1, -1, 0)
    answer = caller.get(f"/v1/video-projects/{photo}").json()
    assert (answer["width"], answer["height"], answer["fps"]) == (-1, -1, 30)
    with services.database.read() as connection:
        job = get_job(connection, photo)
    assert job is not None
    assert (job.width_px, job.height_px, job.frame_rate) == (None, None, 30)


def test_jobs_can_be_looked_for_by_every_documented_status(caller: Caller) -> None:
    caller.post("/v1/ai-talking-photo", caller.photo_body())
    found = {
        status: len(caller.get("/v1/video-projects", params={"status": status}).json()["items"])
        for status in ("draft", *JobStatus)
    }
    assert found == {"draft": 0, "queued": 1, "rendering": 0, "complete": 0, "error": 0, "canceled": 0}
    answer = caller.get("/v1/video-projects", params={"status": "lost"})
    assert answer.status_code == 400
    assert answer.json()["message"] == (
        "Invalid value for status: expected one of "
        "'draft', 'queued', 'rendering', 'complete', 'error' or 'canceled'"
    )
