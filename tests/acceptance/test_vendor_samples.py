"""Every call of the Magic Hour API once, every field of every generation filled in, as the vendor tests it.

The values are those of the vendor's examples, but the files are real ones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from lipwright_client import Client
from tests.acceptance.samples import SampleFiles
from tests.acceptance.vendor_calls import AUDIO_FIELDS, VIDEO_FIELDS
from tests.support import sounds, videos
from tests.support.service import Service

# Fields that clients in other languages refuse with a decimal point.
WHOLE_NUMBERS = ("credits_charged", "estimated_frame_cost", "total_frame_cost", "width", "height")
# The examples ask for this much.
SAMPLE_S = 15.0


@pytest.fixture(scope="module")
def files(server: Service, samples: SampleFiles, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the files of the examples are called on the server."""
    folder = tmp_path_factory.mktemp("long")
    sound = sounds.write_sound(folder / "1234.mp3", sounds.voice(SAMPLE_S))
    film = videos.write_clip(folder / "1234.mp4", count=round(SAMPLE_S * 25), sound=sounds.voice(SAMPLE_S))
    with Client(token=server.key, base_url=server.base_url) as client:
        return {
            "png": client.v1.files.upload_file(samples.picture),
            "mp3": client.v1.files.upload_file(sound),
            "mp4": client.v1.files.upload_file(film),
        }


def with_files(value: Any, files: dict[str, str]) -> Any:
    """The body with the files of the examples replaced by real ones of their extension."""
    if isinstance(value, dict):
        return {name: with_files(inner, files) for name, inner in value.items()}
    if isinstance(value, str) and value.startswith("api-assets/id/1234."):
        return files[value.rpartition(".")[2]]
    return value


def post(server: Service, path: str, body: Any, **headers: str) -> Any:
    """The answer to a call; the shape that all of them share is checked here."""
    answer = httpx.post(f"{server.base_url}{path}", json=body, headers=server.headers | headers, timeout=10)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    return checked(answer)


def checked(answer: httpx.Response) -> Any:
    body = json.loads(answer.content)
    for name in WHOLE_NUMBERS:
        if name in body:
            assert type(body[name]) is int, name
    return body


def looked_at(server: Service, path: str) -> Any:
    answer = httpx.get(f"{server.base_url}{path}", headers=server.headers)
    assert answer.status_code == 200, answer.text
    return checked(answer)


def delete(server: Service, path: str) -> None:
    answer = httpx.delete(f"{server.base_url}{path}", headers=server.headers)
    assert (answer.status_code, answer.content) == (204, b"")


PHOTO_ASSETS = {"audio_file_path": "api-assets/id/1234.mp3", "image_file_path": "api-assets/id/1234.png"}
PHOTO = {"assets": PHOTO_ASSETS, "start_seconds": 0.0, "end_seconds": SAMPLE_S}


@pytest.mark.parametrize(
    "body",
    [
        PHOTO,  # no more than is required
        PHOTO | {"name": "Talking Photo image", "style": {"generation_mode": "pro", "intensity": 123.45}},
        PHOTO | {"style": {"generation_mode": "expressive", "intensity": 1.25}},
        PHOTO | {"style": {"generation_mode": "stable", "intensity": 1.5}},
        PHOTO | {"style": {"generation_mode": "standard"}},
        PHOTO
        | {
            "max_resolution": 1024,
            "name": "My Talking Photo image",
            "style": {"generation_mode": "realistic", "intensity": 123.45, "prompt": "string"},
        },
        PHOTO | {"resolution": "480p", "style": {"generation_mode": "prompted", "prompt": "smiling"}},
        PHOTO | {"resolution": "720p", "max_resolution": 64, "a field from the future": [1]},
        PHOTO | {"name": None, "style": None, "resolution": None, "max_resolution": None},
        PHOTO | {"start_seconds": 0, "end_seconds": 15},
    ],
    ids=lambda body: json.dumps({name: body[name] for name in body if name not in PHOTO}),
)
def test_a_talking_photo_of_every_generation_is_accepted(
    server: Service, files: dict[str, str], body: dict[str, Any]
) -> None:
    created = post(server, "/v1/ai-talking-photo", with_files(body, files))
    assert created["credits_charged"] == created["estimated_frame_cost"] >= 0
    assert len(created["id"]) == 25
    path = f"/v1/video-projects/{created['id']}"
    project = looked_at(server, path)
    assert project.keys() >= VIDEO_FIELDS
    assert project["type"] == "TALKING_PHOTO"
    assert project["total_frame_cost"] == project["credits_charged"]
    assert (project["start_seconds"], project["end_seconds"]) == (0, 15)
    assert project["name"] == body.get("name") or str(project["name"]).startswith("Talking Photo - ")
    delete(server, path)
    assert looked_at(server, path)["enabled"] is False


SYNC_ASSETS = {
    "audio_file_path": "api-assets/id/1234.mp3",
    "video_file_path": "api-assets/id/1234.mp4",
    "video_source": "file",
}
SYNC = {"assets": SYNC_ASSETS, "start_seconds": 0.0, "end_seconds": SAMPLE_S}


@pytest.mark.parametrize(
    "body",
    [
        SYNC,
        SYNC
        | {"assets": SYNC_ASSETS | {"youtube_url": "http://www.example.com"}, "height": 123, "width": 123},
        SYNC | {"max_fps_limit": 12.0, "name": "Lip Sync video", "style": {"generation_mode": "lite"}},
        SYNC | {"max_fps_limit": 12, "style": {"generation_mode": "standard"}},
        SYNC | {"style": {"generation_mode": "pro"}, "height": None, "width": None, "max_fps_limit": None},
        SYNC | {"assets": SYNC_ASSETS | {"audio_file_path": "api-assets/id/1234.mp4"}},  # a film's sound
    ],
    ids=lambda body: json.dumps({name: body[name] for name in body if body[name] != SYNC.get(name)}),
)
def test_a_lip_sync_of_every_generation_is_accepted(
    server: Service, files: dict[str, str], body: dict[str, Any]
) -> None:
    created = post(server, "/v1/lip-sync", with_files(body, files))
    assert created["credits_charged"] == created["estimated_frame_cost"] >= 0
    path = f"/v1/video-projects/{created['id']}"
    project = looked_at(server, path)
    assert project.keys() >= VIDEO_FIELDS
    assert project["type"] == "LIP_SYNC"
    delete(server, path)


def test_upload_addresses_are_given_for_the_sample_items(server: Service) -> None:
    items = [{"extension": "mp4", "type": "video"}, {"extension": "mp3", "type": "audio"}]
    answer = post(server, "/v1/files/upload-urls", {"items": items})
    assert [one.keys() >= {"upload_url", "expires_at", "file_path"} for one in answer["items"]] == [
        True,
        True,
    ]
    assert [Path(one["file_path"]).suffix for one in answer["items"]] == [".mp4", ".mp3"]


def test_the_sample_face_detection_is_accepted(server: Service, files: dict[str, str]) -> None:
    body = {"assets": {"target_file_path": files["png"]}, "confidence_score": 0.5}
    created = post(server, "/v1/face-detection", body)
    assert created["credits_charged"] == 0
    search = looked_at(server, f"/v1/face-detection/{created['id']}")
    assert search.keys() >= {"id", "credits_charged", "status", "faces"}


def test_the_sample_speech_is_accepted(server: Service) -> None:
    body = {
        "name": "Voice Generator audio",
        "style": {"prompt": "Hello, how are you?", "voice_name": "Elon Musk"},
    }
    created = post(server, "/v1/ai-voice-generator", body)
    path = f"/v1/audio-projects/{created['id']}"
    project = looked_at(server, path)
    assert project.keys() >= AUDIO_FIELDS
    assert project["type"] == "VOICE_GENERATOR"
    delete(server, path)


CALLS = (
    ("POST", "/v1/files/upload-urls"),
    ("POST", "/v1/ai-talking-photo"),
    ("POST", "/v1/lip-sync"),
    ("GET", "/v1/video-projects/cuid-example"),
    ("DELETE", "/v1/video-projects/cuid-example"),
    ("POST", "/v1/face-detection"),
    ("GET", "/v1/face-detection/uuid-example"),
    ("POST", "/v1/ai-voice-generator"),
    ("GET", "/v1/audio-projects/cuid-example"),
    ("DELETE", "/v1/audio-projects/cuid-example"),
)


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("key", [None, "Bearer wrong", "Basic dXNlcjpwYXNz", "Bearer", ""])
def test_without_a_good_key_every_call_is_refused_before_its_body_is_read(
    server: Service, method: str, path: str, key: str | None
) -> None:
    headers = {} if key is None else {"authorization": key}
    answer = httpx.request(method, server.base_url + path, headers=headers, content=b"{not json")
    assert answer.status_code == 401
    assert answer.json() == {"message": "Unauthorized"}


@pytest.mark.parametrize(("method", "path"), [call for call in CALLS if call[0] == "POST"])
def test_with_a_good_key_an_empty_body_is_a_bad_request(server: Service, method: str, path: str) -> None:
    for content in (b"{}", b"", b"[]", b"null", b"{not json"):
        answer = httpx.request(method, server.base_url + path, headers=server.headers, content=content)
        assert answer.status_code == 400, content
        assert isinstance(answer.json()["message"], str)


@pytest.mark.parametrize(("method", "path"), [call for call in CALLS if call[0] != "POST"])
def test_an_unknown_id_is_not_found(server: Service, method: str, path: str) -> None:
    answer = httpx.request(method, server.base_url + path, headers=server.headers)
    assert answer.status_code == 404
    assert answer.json() == {"message": "Not Found"}


@pytest.mark.parametrize("path", ["/v1/lip-sync/", "/v1//lip-sync", "/v1/video-projects/x/", "/nowhere"])
def test_nothing_redirects(server: Service, path: str) -> None:
    answer = httpx.get(server.base_url + path, headers=server.headers)
    assert answer.status_code in (404, 405)
