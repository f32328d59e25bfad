"""What `generate` does from local files to a saved video."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from lipwright_client import JobCanceled, JobFailed, Progress, VideoProject, WaitLimitReached
from tests.client.clients import MakeClient
from tests.client.fake_service import VIDEO_BYTES, FakeService, project


@pytest.fixture
def assets(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "face.PNG").write_bytes(b"a picture")
    (tmp_path / "hello.webm").write_bytes(b"a sound")
    return {
        "image_file_path": str(tmp_path / "face.PNG"),
        "audio_file_path": str(tmp_path / "hello.webm"),
    }


def body_of(request: httpx.Request) -> Any:
    return json.loads(request.content)


def test_local_files_become_a_saved_video(
    client: Any, service: FakeService, assets: dict[str, str], tmp_path: Path
) -> None:
    service.states = [project("queued"), project("rendering"), project("complete")]
    video = client.v1.ai_talking_photo.generate(
        assets=assets,
        start_seconds=0,
        end_seconds=2.5,
        name="Hello",
        style={"generation_mode": "realistic"},
        download_directory=str(tmp_path / "results"),
    )
    assert isinstance(video, VideoProject)
    assert video.status == "complete"
    assert video.downloaded_paths == [str(tmp_path / "results" / "output.mp4")]
    assert (tmp_path / "results" / "output.mp4").read_bytes() == VIDEO_BYTES
    assert service.uploads == {"0/image.png": b"a picture", "1/audio.webm": b"a sound"}
    assert body_of(service.named("POST /v1/ai-talking-photo")[0]) == {
        "assets": {
            "image_file_path": "api-assets/0/image.png",
            "audio_file_path": "api-assets/1/audio.webm",
        },
        "start_seconds": 0,
        "end_seconds": 2.5,
        "name": "Hello",
        "style": {"generation_mode": "realistic"},
    }


def test_a_clip_that_a_picture_is_to_move_like_is_uploaded_as_a_video(
    client: Any, service: FakeService, assets: dict[str, str], tmp_path: Path
) -> None:
    service.states = [project("complete")]
    (tmp_path / "dance.mov").write_bytes(b"a clip")
    client.v1.ai_talking_photo.generate(
        assets={**assets, "motion_file_path": str(tmp_path / "dance.mov")},
        start_seconds=0,
        end_seconds=2.5,
        download_directory=str(tmp_path),
    )
    assert service.uploads["2/video.mov"] == b"a clip"
    sent = body_of(service.named("POST /v1/ai-talking-photo")[0])["assets"]
    assert sent["motion_file_path"] == "api-assets/2/video.mov"


def test_directions_are_sent_as_they_are(client: Any, service: FakeService, assets: dict[str, str]) -> None:
    direction = [
        {"start_seconds": 0, "end_seconds": 2, "prompt": "happy"},
        {"start_seconds": 2, "prompt": "sad"},
    ]
    client.v1.ai_talking_photo.create(
        assets={**assets, "image_file_path": "api-assets/a.png", "audio_file_path": "api-assets/b.mp3"},
        start_seconds=0,
        end_seconds=2.5,
        style={"generation_mode": "realistic", "direction": direction},
    )
    assert body_of(service.named("POST /v1/ai-talking-photo")[0])["style"]["direction"] == direction


def test_what_the_server_can_reach_is_not_uploaded(client: Any, service: FakeService) -> None:
    given = {
        "image_file_path": "https://cdn.example.org/face.jpg?size=2",
        "audio_file_path": "api-assets/7/audio.mp3",
    }
    client.v1.ai_talking_photo.generate(assets=given, start_seconds=0, end_seconds=1)
    assert service.named("POST /v1/files/upload-urls") == []
    assert body_of(service.named("POST /v1/ai-talking-photo")[0])["assets"] == given


def test_only_the_sound_of_a_youtube_lip_sync_is_uploaded(
    client: Any, service: FakeService, assets: dict[str, str]
) -> None:
    client.v1.lip_sync.generate(
        assets={
            "video_source": "youtube",
            "youtube_url": "https://www.youtube.com/watch?v=abc",
            "video_file_path": "not/read.mp4",
            "audio_file_path": assets["audio_file_path"],
        },
        start_seconds=0,
        end_seconds=1,
        max_fps_limit=24,
    )
    assert list(service.uploads) == ["0/audio.webm"]


def test_fields_that_are_none_are_not_sent(client: Any, service: FakeService) -> None:
    client.v1.lip_sync.create(
        assets={
            "video_source": "file",
            "video_file_path": "api-assets/1/video.mp4",
            "audio_file_path": "api-assets/2/audio.mp3",
        },
        start_seconds=0,
        end_seconds=1,
        height=None,
        name=None,
    )
    assert set(body_of(service.calls[0])) == {"assets", "start_seconds", "end_seconds"}


def test_no_file_is_uploaded_when_one_of_them_is_missing(
    client: Any, service: FakeService, assets: dict[str, str]
) -> None:
    with pytest.raises(FileNotFoundError, match="no file"):
        client.v1.ai_talking_photo.generate(
            assets=assets | {"audio_file_path": "nowhere.mp3"}, start_seconds=0, end_seconds=1
        )
    assert service.calls == []


def test_keywords_are_checked_before_anything_is_sent(client: Any, service: FakeService) -> None:
    with pytest.raises(TypeError, match="'stile'"):
        client.v1.ai_talking_photo.create(assets={}, start_seconds=0, end_seconds=1, stile={})
    with pytest.raises(TypeError, match="Missing keyword: end_seconds"):
        client.v1.lip_sync.create(assets={}, start_seconds=0)
    with pytest.raises(TypeError, match="'download_outputs'"):
        client.v1.ai_talking_photo.create(assets={}, start_seconds=0, end_seconds=1, download_outputs=True)
    assert service.calls == []


def test_a_failed_job_raises_with_its_code(client: Any, service: FakeService) -> None:
    service.states = [project("rendering"), project("error")]
    with pytest.raises(JobFailed, match="No face was found") as caught:
        client.v1.video_projects.check_result(id="p1")
    assert caught.value.code == "no_source_face"
    assert caught.value.project.id == "p1"


def test_a_canceled_job_raises(client: Any, service: FakeService) -> None:
    service.states = [project("canceled")]
    with pytest.raises(JobCanceled):
        client.v1.video_projects.check_result(id="p1")


@pytest.mark.parametrize("status", ["error", "canceled"])
def test_a_job_that_ended_badly_is_returned_where_the_client_was_told_so(
    make_client: MakeClient, service: FakeService, status: str
) -> None:
    service.states = [project(status)]
    result = make_client(raise_on_failure=False).v1.video_projects.check_result(id="p1")
    assert result.status == status
    assert result.downloaded_paths is None


def test_generate_without_waiting_returns_the_queued_job(client: Any, service: FakeService) -> None:
    service.states = [project("queued")]
    result = client.v1.ai_talking_photo.generate(
        assets={"image_file_path": "api-assets/a.png", "audio_file_path": "api-assets/b.mp3"},
        start_seconds=0,
        end_seconds=1,
        wait_for_completion=False,
    )
    assert result.status == "queued"
    assert result.downloaded_paths is None


def test_downloads_can_be_left_out(client: Any, tmp_path: Path) -> None:
    result = client.v1.video_projects.check_result("p1", True, False)
    assert result.status == "complete"
    assert result.downloaded_paths is None
    assert list(tmp_path.iterdir()) == []


def test_the_result_can_be_given_a_name(client: Any, tmp_path: Path) -> None:
    result = client.v1.video_projects.check_result("p1", output_path=tmp_path / "new" / "mine.mp4")
    assert result.downloaded_paths == [str(tmp_path / "new" / "mine.mp4")]
    assert (tmp_path / "new" / "mine.mp4").read_bytes() == VIDEO_BYTES


def test_waiting_looks_at_the_job_in_the_given_interval(
    make_client: MakeClient, service: FakeService, naps: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAGIC_HOUR_POLL_INTERVAL", "1.25")
    service.states = [project("queued"), project("rendering"), project("complete")]
    make_client().v1.video_projects.check_result("p1")
    assert naps == [1.25, 1.25]


def test_waiting_ends_at_the_limit_and_keeps_the_job(make_client: MakeClient, service: FakeService) -> None:
    service.states = [project("rendering")]
    with pytest.raises(WaitLimitReached, match="p1 is still rendering") as caught:
        make_client(wait_limit_s=0.1).v1.video_projects.check_result("p1")
    assert caught.value.project.status == "rendering"
    assert isinstance(caught.value, TimeoutError)
    with pytest.raises(WaitLimitReached):
        make_client().v1.video_projects.check_result("p1", wait_limit_s=0.1)


def test_a_failure_after_the_create_call_says_which_job_it_was(client: Any, service: FakeService) -> None:
    service.states = [project("error")]
    with pytest.raises(JobFailed) as caught:
        client.v1.ai_talking_photo.generate(
            assets={"image_file_path": "api-assets/a.png", "audio_file_path": "api-assets/b.mp3"},
            start_seconds=0,
            end_seconds=1,
        )
    assert "p1" in caught.value.__notes__[0]


def test_progress_is_told_from_upload_to_download(
    client: Any, service: FakeService, assets: dict[str, str]
) -> None:
    service.states = [
        project("queued"),
        project("queued"),
        project("rendering", progress={"fraction": 0.25, "stage": "rendering", "seconds_left": 3}),
        project("rendering", progress={"fraction": 0.5, "stage": "rendering"}),
        project("complete", progress={"fraction": 1}),
    ]
    told: list[Progress] = []
    client.v1.ai_talking_photo.generate(
        assets=assets, start_seconds=0, end_seconds=1, on_progress=told.append
    )
    assert [one.phase for one in told] == [
        "uploading",
        "uploading",
        "queued",
        "rendering",
        "rendering",
        "downloading",
    ]
    assert [one.fraction for one in told] == [9 / 16, 1, None, 0.25, 0.5, 1]
    assert told[3] == Progress(
        phase="rendering", fraction=0.25, stage="rendering", seconds_left=3, project_id="p1"
    )


def test_a_spoken_text_is_created_and_saved(client: Any, service: FakeService, tmp_path: Path) -> None:
    sound = project("complete", type="VOICE_GENERATOR")
    sound["downloads"][0]["url"] = sound["downloads"][0]["url"].replace("output.mp4", "output.wav")
    for name in ("width", "height", "fps", "start_seconds", "end_seconds", "download", "total_frame_cost"):
        del sound[name]
    service.states = [sound]
    result = client.v1.ai_voice_generator.generate(style={"prompt": "Hello.", "voice_name": "Anyone"})
    assert result.downloaded_paths == ["output.wav"]
    assert (tmp_path / "output.wav").read_bytes() == VIDEO_BYTES
    assert len(service.named("GET /v1/audio-projects/p1")) == 1
    client.v1.audio_projects.delete("p1")
    assert len(service.named("DELETE /v1/audio-projects/p1")) == 1


def test_every_face_that_was_found_is_saved(client: Any, service: FakeService, tmp_path: Path) -> None:
    faces = [
        {"path": f"api-assets/f/{name}", "url": f"http://service.test/media/f/{name}"}
        for name in ("0-0.png", "0-1.png")
    ]
    service.states = [
        {"id": "p1", "credits_charged": 0, "status": "rendering", "faces": []},
        {"id": "p1", "credits_charged": 0, "status": "complete", "faces": faces},
    ]
    found = client.v1.face_detection.generate(
        assets={"target_file_path": "https://cdn.example.org/group.jpg"}, confidence_score=0.7
    )
    assert [face.path for face in found.faces] == ["api-assets/f/0-0.png", "api-assets/f/0-1.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0-0.png", "0-1.png"]
    with pytest.raises(ValueError, match="2 results"):
        client.v1.face_detection.generate(
            assets={"target_file_path": "https://cdn.example.org/group.jpg"}, output_path="one.png"
        )


def test_projects_are_listed_canceled_and_deleted(client: Any, service: FakeService) -> None:
    page = client.v1.video_projects.list(limit=10, status="complete")
    assert [one.id for one in page.items] == ["p1"]
    assert page.next_cursor is None
    assert service.calls[-1].url.query == b"limit=10&status=complete"
    assert client.v1.video_projects.cancel("p1").status == "canceled"
    assert client.v1.video_projects.delete(id="p1") is None
    with pytest.raises(ValueError, match="empty"):
        client.v1.video_projects.delete(id="")
