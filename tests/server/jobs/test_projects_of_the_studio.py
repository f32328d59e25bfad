"""What can be done with projects besides making them: look, search, rename, restore, order again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.database import tables
from lipwright.server.jobs import previews
from lipwright.server.jobs.lifecycle import UNDO_MS, delete_hidden, finish, start_next
from lipwright.server.jobs.model import Failure, QualityRemark, Result
from lipwright.server.jobs.repository import store_report
from lipwright.server.operation.upkeep import remove_unreferenced
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller

WORKER = "worker"
JPEG = b"\xff\xd8 a small picture"
POSTER = b"\xff\xd8 a larger picture"


def created(caller: Caller, **changes: Any) -> str:
    answer = caller.post("/v1/ai-talking-photo", caller.photo_body(**changes))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def rendering(services: Services, caller: Caller, **changes: Any) -> str:
    """A project that a worker has in hand. Those of other tests are got out of the way."""
    job_id = created(caller, **changes)
    while (job := start_next(services, WORKER)) is not None and job.id != job_id:
        finish(services, job.id, WORKER, Failure(code="unknown_error", message="not of this test"))
    assert job is not None
    return job_id


def complete(services: Services, caller: Caller, tmp_path: Path, **changes: Any) -> str:
    """A complete project with a result and a poster in the store."""
    job_id = rendering(services, caller, **changes)
    for name, content in (("output.mp4", b"a video"), ("poster.jpg", POSTER)):
        (tmp_path / name).write_bytes(content)
        services.store.adopt(f"{job_id}/{name}", tmp_path / name)
    result = Result(
        output_keys=(f"{job_id}/output.mp4",),
        poster_key=f"{job_id}/poster.jpg",
        size_bytes=7,
        duration_s=2.0,
        frame_count=60,
        frame_rate=30,
        width_px=64,
        height_px=64,
    )
    assert finish(services, job_id, WORKER, result)
    return job_id


def show_frame(services: Services, job_id: str, frame: int) -> None:
    with services.database.write() as connection:
        previews.put_preview(connection, job_id, frame, JPEG)


def test_the_newest_frame_is_seen_while_a_project_is_rendered(services: Services, caller: Caller) -> None:
    job_id = rendering(services, caller)
    address = f"/v1/video-projects/{job_id}/preview.jpg"
    assert caller.get(address).status_code == 404
    show_frame(services, job_id, 3)
    show_frame(services, job_id, 9)
    answer = caller.get(address)
    assert answer.status_code == 200
    assert answer.content == JPEG
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    with services.database.read() as connection:
        found = previews.find_preview(connection, job_id)
    assert found is not None
    assert found.frame == 9


@pytest.mark.parametrize("end", ["canceled", "failed"])
def test_no_frame_is_left_of_a_project_that_ended(services: Services, caller: Caller, end: str) -> None:
    job_id = rendering(services, caller)
    show_frame(services, job_id, 3)
    if end == "canceled":
        caller.post(f"/v1/video-projects/{job_id}/cancel", {})
    else:
        finish(services, job_id, WORKER, Failure(code="unknown_error", message="It failed."))
    assert caller.get(f"/v1/video-projects/{job_id}/preview.jpg").status_code == 404
    with services.database.read() as connection:
        assert previews.find_preview(connection, job_id) is None


def test_a_stream_says_that_there_is_a_newer_frame(services: Services, caller: Caller) -> None:
    job_id = rendering(services, caller)
    show_frame(services, job_id, 3)
    seen: list[str] = []
    address = f"/v1/video-projects/{job_id}/events"
    with caller.http.stream("GET", address, headers=caller.headers) as stream:
        for line in stream.iter_lines():
            if line.startswith("event:"):
                seen.append(line.partition(":")[2].strip())
            if line.startswith("data:") and "preview.jpg" in line:
                if '"frame": 3' in line:
                    show_frame(services, job_id, 5)
                else:
                    assert '"frame": 5' in line
                    finish(services, job_id, WORKER, Failure(code="unknown_error", message="It failed."))
    assert seen == ["project", "preview", "preview", "project"]


def test_what_belongs_to_others_is_not_there(
    services: Services, http: httpx.Client, caller: Caller, tmp_path: Path
) -> None:
    other = new_caller(services, http)
    job_id = complete(services, other, tmp_path)
    address = f"/v1/video-projects/{job_id}"
    for path in ("", "/order", "/preview.jpg", "/events"):
        assert caller.get(address + path).status_code == 404
    for path in ("/restore", "/cancel", "/measure"):
        assert caller.post(address + path, {}).status_code == 404
    renamed = caller.http.patch(address, json={"name": "Mine"}, headers=caller.headers)
    assert renamed.status_code == 404
    assert caller.http.delete(f"{address}?undo=true", headers=caller.headers).status_code == 404
    assert other.get(address).json()["enabled"]


def test_a_complete_project_shows_its_poster_and_measures(
    services: Services, caller: Caller, tmp_path: Path
) -> None:
    style = {"seed": 7}
    project = caller.get(f"/v1/video-projects/{complete(services, caller, tmp_path, style=style)}").json()
    assert (project["duration_seconds"], project["size_bytes"], project["seed"]) == (2.0, 7, 7)
    poster = caller.http.get(project["poster_url"])
    assert poster.content == POSTER
    assert poster.headers["content-type"] == "image/jpeg"
    assert "report" not in project


def test_what_is_not_known_of_a_project_is_left_out(caller: Caller) -> None:
    project = caller.get(f"/v1/video-projects/{created(caller)}").json()
    assert not {"poster_url", "duration_seconds", "size_bytes", "report"} & set(project)


def test_a_report_is_kept(services: Services, caller: Caller, tmp_path: Path) -> None:
    job_id = complete(services, caller, tmp_path)
    remark = QualityRemark(
        name="head_speed", verdict="fair", sentence="The head moves less than people's do."
    )
    with services.database.write() as connection:
        store_report(connection, job_id, (remark,))
    measured = caller.post(f"/v1/video-projects/{job_id}/measure", {})  # kept: nothing is measured again
    assert measured.json()["report"] == [remark.model_dump()]


def test_an_unfinished_project_cannot_be_measured(caller: Caller) -> None:
    assert caller.post(f"/v1/video-projects/{created(caller)}/measure", {}).status_code == 422


def test_projects_are_searched_by_name_kind_and_state(services: Services, http: httpx.Client) -> None:
    caller = new_caller(services, http)
    first, second = created(caller, name="Grüße 100%"), created(caller, name="<b>Report</b>")

    def found(**query: str) -> list[str]:
        return [one["id"] for one in caller.get("/v1/video-projects", params=query).json()["items"]]

    assert found() == [second, first]
    assert found(search="report") == [second]
    assert found(search="100%") == [first]
    assert found(search="%") == [first]
    assert found(search="nobody") == []
    assert found(product="ai-talking-photo", status="queued") == [second, first]
    assert found(product="lip-sync") == []
    assert caller.get("/v1/video-projects", params={"product": "song"}).status_code == 400


def test_a_name_with_markup_comes_back_as_it_is_and_as_data(caller: Caller) -> None:
    name = "<img src=x onerror=alert(1)>"
    job_id = created(caller)
    answer = caller.http.patch(f"/v1/video-projects/{job_id}", json={"name": name}, headers=caller.headers)
    assert answer.status_code == 200
    assert answer.json()["name"] == name
    read = caller.get(f"/v1/video-projects/{job_id}")
    assert read.headers["content-type"] == "application/json"
    assert read.headers["x-content-type-options"] == "nosniff"
    assert read.headers["cache-control"] == "no-store"
    assert read.json()["name"] == name
    empty = caller.http.patch(f"/v1/video-projects/{job_id}", json={"name": ""}, headers=caller.headers)
    assert empty.status_code == 400


def test_a_deletion_is_undone(services: Services, caller: Caller, tmp_path: Path) -> None:
    job_id = complete(services, caller, tmp_path)
    address = f"/v1/video-projects/{job_id}"
    assert caller.http.delete(f"{address}?undo=true", headers=caller.headers).status_code == 204
    gone = caller.get(address).json()
    assert (gone["enabled"], gone["downloads"], gone.get("poster_url")) == (False, [], None)
    assert job_id not in [one["id"] for one in caller.get("/v1/video-projects").json()["items"]]
    assert remove_unreferenced(services, older_than_s=0) == 0
    back = caller.post(f"{address}/restore", {})
    assert back.status_code == 200
    assert caller.http.get(back.json()["downloads"][0]["url"]).content == b"a video"
    assert caller.post(f"{address}/restore", {}).status_code == 200  # twice is no fault


def test_a_deletion_that_is_too_old_stays(services: Services, caller: Caller, tmp_path: Path) -> None:
    job_id = complete(services, caller, tmp_path)
    address = f"/v1/video-projects/{job_id}"
    caller.http.delete(f"{address}?undo=true", headers=caller.headers)
    assert delete_hidden(services, 100) == 0
    with services.database.write() as connection:
        connection.execute(
            sa.update(tables.projects)
            .where(tables.projects.c.id == job_id)
            .values(deleted_at_ms=tables.projects.c.deleted_at_ms - UNDO_MS - 1)
        )
    assert caller.post(f"{address}/restore", {}).status_code == 404
    assert delete_hidden(services, 100) == 1
    assert list(services.store.files(f"{job_id}/")) == []
    assert delete_hidden(services, 100) == 0


def test_a_deletion_for_good_takes_everything_at_once(
    services: Services, caller: Caller, tmp_path: Path
) -> None:
    job_id = complete(services, caller, tmp_path)
    assert caller.delete(f"/v1/video-projects/{job_id}").status_code == 204
    assert list(services.store.files(f"{job_id}/")) == []
    assert caller.post(f"/v1/video-projects/{job_id}/restore", {}).status_code == 404


def test_a_deleted_project_is_no_source_any_more(services: Services, caller: Caller, tmp_path: Path) -> None:
    job_id = complete(services, caller, tmp_path)
    caller.http.delete(f"/v1/video-projects/{job_id}?undo=true", headers=caller.headers)
    assets = {
        "video_source": "file",
        "video_file_path": f"https://example.org/my-library?videoId={job_id}",
        "audio_file_path": caller.upload("audio", "mp3"),
    }
    answer = caller.post("/v1/lip-sync", {"start_seconds": 0, "end_seconds": 1, "assets": assets})
    assert answer.status_code == 422
    assert "no complete project" in answer.json()["message"]


def test_an_order_can_be_placed_again(caller: Caller) -> None:
    body = caller.photo_body(
        name="Anna", style={"generation_mode": "prompted", "prompt": "happy", "head": 0.5}
    )
    job_id = caller.post("/v1/ai-talking-photo", body).json()["id"]
    found = caller.get(f"/v1/video-projects/{job_id}/order").json()
    assert found["product"] == "ai-talking-photo"
    assert found["name"] == "Anna"
    assert found["order"] == body
    assert caller.post("/v1/ai-talking-photo", found["order"]).status_code == 200
