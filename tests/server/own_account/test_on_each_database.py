"""The statements behind the studio say the same on each kind of database."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from lipwright.server.accounts import sessions
from lipwright.server.jobs import previews, repository
from lipwright.server.jobs.lifecycle import delete_hidden, finish, start_next
from lipwright.server.jobs.model import QualityRemark, Result
from lipwright.server.services import Services
from tests.server.callers import new_caller

WORKER = "worker"
REMARK = QualityRemark(name="head_speed", verdict="fair", sentence="The head moves less.")


def test_codes_and_sessions(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    with any_services.database.write() as connection:
        code = sessions.add_code(connection, caller.account.id)
        token = sessions.add_session(connection, caller.account.id, None, 60_000)
    with any_services.database.write() as connection:
        assert sessions.use_code(connection, code) == caller.account.id
        assert sessions.use_code(connection, code) is None
        sessions.delete_old(connection)
    database = any_services.database
    found = asyncio.run(sessions.find_session(database, token))
    assert found is not None
    assert found.account == caller.account
    with database.write() as connection:
        sessions.end_session(connection, token)
    assert asyncio.run(sessions.find_session(database, token)) is None


def test_a_project_from_its_first_frame_to_its_end(any_services: Services, any_http: httpx.Client) -> None:
    caller = new_caller(any_services, any_http)
    body = caller.photo_body(name="ÜBER 5%", style={"seed": 3})
    job_id = caller.post("/v1/ai-talking-photo", body).json()["id"]
    assert start_next(any_services, WORKER) is not None
    with any_services.database.write() as connection:
        for frame in (1, 2):
            previews.put_preview(connection, job_id, frame, b"\xff\xd8\x00")
        states = repository.find_states(connection, [job_id, "cnobody"])
    assert list(states) == [job_id]
    assert states[job_id][-2] == 2
    assert (
        any_http.get(f"/v1/video-projects/{job_id}/preview.jpg", headers=caller.headers).content
        == b"\xff\xd8\x00"
    )
    made = Result(output_keys=(), duration_s=1.5, size_bytes=10_000_000_000, frame_count=45)
    assert finish(any_services, job_id, WORKER, made)
    with any_services.database.write() as connection:
        repository.store_report(connection, job_id, (REMARK,))
    project = caller.get(f"/v1/video-projects/{job_id}").json()
    assert project["report"] == [REMARK.model_dump()]
    assert project["size_bytes"] == 10_000_000_000
    assert caller.get(f"/v1/video-projects/{job_id}/order").json()["order"] == body
    for search, count in (("5%", 1), ("5_", 0), ("%", 1), ("über", 1), ("uber", 0)):
        found = caller.get("/v1/video-projects", params={"search": search}).json()["items"]
        assert len(found) == count, search
    assert caller.get("/v1/video-projects", params={"search": "a\0b"}).status_code == 400
    days: list[dict[str, Any]] = caller.get("/v1/account/usage?days=2").json()["items"]
    assert sum(day["projects"] for day in days) == 1
    assert sum(day["seconds"] for day in days) == 1.5
    address = f"/v1/video-projects/{job_id}"
    assert any_http.delete(f"{address}?undo=true", headers=caller.headers).status_code == 204
    assert delete_hidden(any_services, 10) == 0
    assert caller.post(f"{address}/restore", {}).json()["enabled"]
    assert caller.get("/v1/account/ledger").json()["items"][0]["project_id"] == job_id
