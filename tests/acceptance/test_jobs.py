"""Whole jobs through a started server: each product, bad inputs, cancel, and the way progress is told."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest
from PIL import Image

from tests.support import sounds, videos
from tests.support.portrait import PORTRAIT_PATH
from tests.support.service import Service, prepared, wait_until

# Cancel takes a second or two; a busy machine may take longer. The render that is stopped would take minutes.
CANCEL_LIMIT_S = 15.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server with one worker."""
    with prepared(tmp_path_factory.mktemp("jobs") / "home") as found:
        found.serve(workers=1)
        yield found


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small drawn face."""
    path = tmp_path_factory.mktemp("face") / "face.png"
    Image.open(PORTRAIT_PATH).convert("RGB").crop((110, 0, 350, 240)).save(path)
    return path


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds like a voice."""
    return sounds.write_sound(tmp_path_factory.mktemp("sound") / "voice.wav", sounds.voice(3.0))


def create_photo(server: Service, face: Path, sound: Path, **changes: Any) -> str:
    assets = {
        "image_file_path": server.upload(face, "image"),
        "audio_file_path": server.upload(sound, "audio"),
    }
    body = {"start_seconds": 0, "end_seconds": 0.4, "assets": assets, **changes}
    answer = server.http.post("/v1/ai-talking-photo", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def job(server: Service, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = server.http.get(f"/v1/video-projects/{job_id}").json()
    return found


def test_a_talking_photo_is_rendered_and_downloaded(
    server: Service, face: Path, sound: Path, tmp_path: Path
) -> None:
    job_id = create_photo(server, face, sound, name="Hello", max_resolution=240)
    assert server.wait_for([job_id]) == ["complete"]
    found = job(server, job_id)
    assert (found["width"], found["height"]) == (240, 240)
    assert (found["fps"], found["credits_charged"], found["error"]) == (30, 20, None)
    assert found["download"] == found["downloads"][0]
    answer = httpx.get(found["download"]["url"])
    assert answer.headers["content-type"] == "video/mp4"
    video = tmp_path / "output.mp4"
    video.write_bytes(answer.content)
    with av.open(str(video)) as container:
        assert container.streams.video[0].frames == 12
        assert container.streams.audio


def test_a_text_is_spoken_and_its_sound_becomes_an_asset(server: Service, face: Path) -> None:
    spoken = server.speak("Good morning.")
    assert server.wait_for([spoken]) == ["complete"]
    found = server.http.get(f"/v1/audio-projects/{spoken}").json()
    assert found["downloads"][0]["url"].partition("?")[0].endswith("/output.wav")
    assets = {
        "image_file_path": server.upload(face, "image"),
        "audio_file_path": f"https://magichour.ai/my-library?audioId={spoken}",
    }
    body = {"start_seconds": 0, "end_seconds": 0.3, "max_resolution": 240, "assets": assets}
    by_library = server.http.post("/v1/ai-talking-photo", json=body).json()["id"]
    assets["audio_file_path"] = found["downloads"][0]["url"]
    by_address = server.http.post("/v1/ai-talking-photo", json=body).json()["id"]
    assert server.wait_for([by_library, by_address]) == ["complete", "complete"]


def test_faces_are_found_and_may_be_named_in_later_calls(server: Service, face: Path) -> None:
    body = {"assets": {"target_file_path": server.upload(face, "image")}}
    search = server.http.post("/v1/face-detection", json=body).json()["id"]
    assert server.wait_for([search]) == ["complete"]
    (found,) = server.http.get(f"/v1/face-detection/{search}").json()["faces"]
    assert found["path"] == f"api-assets/{search}/0-0.png"
    answer = httpx.get(found["url"])
    assert answer.headers["content-type"] == "image/png"
    again = server.http.post("/v1/face-detection", json={"assets": {"target_file_path": found["path"]}})
    assert again.status_code == 200


@pytest.fixture(scope="module")
def film(face: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second and a half in which the drawn face sways."""
    still = np.asarray(Image.open(face))

    def swaying(index: int, _width: int, _height: int) -> Any:
        return np.roll(still, round(2 * np.sin(index / 4)), axis=1)

    path = tmp_path_factory.mktemp("film") / "film.mp4"
    rate = Fraction(20)
    return videos.write_clip(path, count=30, frame_rate=rate, size_wh=(240, 240), frame=swaying)


def test_a_lip_sync_is_rendered_and_costs_its_frames(server: Service, film: Path, sound: Path) -> None:
    assets = {
        "video_source": "file",
        "video_file_path": server.upload(film, "video"),
        "audio_file_path": server.upload(sound, "audio"),
    }
    body = {"start_seconds": 0, "end_seconds": 1, "max_fps_limit": 10, "assets": assets}
    answer = server.http.post("/v1/lip-sync", json=body)
    assert answer.status_code == 200, answer.text
    job_id = answer.json()["id"]
    assert server.wait_for([job_id]) == ["complete"]
    found = job(server, job_id)
    assert (found["type"], found["fps"], found["credits_charged"]) == ("LIP_SYNC", 10, 10)
    assert (found["width"], found["height"]) == (240, 240)
    assert httpx.get(found["download"]["url"]).headers["content-type"] == "video/mp4"


def test_faces_of_a_video_are_found_second_by_second(server: Service, film: Path) -> None:
    body = {"assets": {"target_file_path": server.upload(film, "video")}}
    search = server.http.post("/v1/face-detection", json=body).json()["id"]
    assert server.wait_for([search]) == ["complete"]
    faces = server.http.get(f"/v1/face-detection/{search}").json()["faces"]
    assert [face["path"].rpartition("/")[2] for face in faces] == ["0-0.png", "1-0.png"]


def bomb(path: Path) -> Path:
    """A PNG of a few kilobytes that says it has 60000 x 60000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = zlib.compress(b"\0" * 1_000_000)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    return path


def noise(path: Path) -> Path:
    """A picture without a face."""
    pixels = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def garbage(path: Path) -> Path:
    """No picture at all."""
    path.write_bytes(b"<html>not a picture</html>" * 50)
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [(garbage, "invalid_image_file"), (noise, "no_source_face"), (bomb, "file_too_large")],
)
def test_a_bad_picture_fails_at_once_with_its_code_and_costs_nothing(
    server: Service, sound: Path, tmp_path: Path, make: Any, code: str
) -> None:
    job_id = create_photo(server, make(tmp_path / "bad.png"), sound)
    assert server.wait_for([job_id]) == ["error"]
    found = job(server, job_id)
    assert found["error"]["code"] == code
    assert found["error"]["message"]
    assert str(server.home) not in found["error"]["message"]
    assert (found["credits_charged"], found["downloads"], found["download"]) == (0, [], None)


def test_a_sound_that_cannot_be_decoded_fails_with_its_code(
    server: Service, face: Path, tmp_path: Path
) -> None:
    job_id = create_photo(server, face, garbage(tmp_path / "bad.wav"))
    assert server.wait_for([job_id]) == ["error"]
    assert job(server, job_id)["error"]["code"] == "invalid_audio_file"


def test_an_address_inside_our_network_fails_the_job(server: Service, sound: Path) -> None:
    assets = {
        "image_file_path": "http://169.254.169.254/latest/face.png",
        "audio_file_path": server.upload(sound, "audio"),
    }
    body = {"start_seconds": 0, "end_seconds": 1, "assets": assets}
    job_id = server.http.post("/v1/ai-talking-photo", json=body).json()["id"]
    assert server.wait_for([job_id]) == ["error"]
    error = job(server, job_id)["error"]
    assert error["code"] == "invalid_image_path"
    assert "not public" in error["message"]


def test_cancel_stops_a_running_render_long_before_its_end(
    server: Service, face: Path, tmp_path: Path
) -> None:
    long_sound = sounds.write_sound(tmp_path / "long.wav", sounds.voice(240.0))
    job_id = create_photo(server, face, long_sound, end_seconds=240)
    wait_until(lambda: server.row(job_id).stage is not None, 120, "the render has begun")
    folder = next(server.services.settings.scratch_folder.glob(f"*/{job_id}"))
    answer = server.http.post(f"/v1/video-projects/{job_id}/cancel").json()
    assert (answer["status"], answer["credits_charged"]) == ("canceled", 0)
    wait_until(lambda: not folder.exists(), CANCEL_LIMIT_S, "the render is stopped")
    assert server.row(job_id).output_keys == []


def test_progress_is_told_as_events_until_the_end(server: Service, face: Path, sound: Path) -> None:
    job_id = create_photo(server, face, sound, end_seconds=2, max_resolution=240)
    told: list[dict[str, Any]] = []
    with server.http.stream("GET", f"/v1/video-projects/{job_id}/events", timeout=120) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: ") and name != "preview":
                told.append(json.loads(line.removeprefix("data: ")))
    assert told[-1]["status"] == "complete"
    assert told[-1]["download"]["url"]
    fractions = [one["progress"]["fraction"] for one in told]
    assert fractions == sorted(fractions)
    assert len(told) > 1


def test_health_readiness_and_metrics_tell_of_a_working_service(server: Service) -> None:
    assert server.http.get("/healthz").json() == {"status": "ok"}
    assert server.http.get("/readyz").status_code == 200
    metrics = server.http.get("/metrics").text
    assert 'lipwright_processes{kind="worker"} 1.0' in metrics
    assert 'lipwright_jobs{status="queued"} 0.0' in metrics
    assert 'route="/v1/ai-talking-photo"' in metrics
    assert job_ids_in(metrics) == []


def job_ids_in(text: str) -> list[str]:
    """Identifiers, which must not become labels: there would be one series for each."""
    import re

    return re.findall(r"\bc[a-z0-9]{24}\b", text)


def test_logs_hold_ids_and_no_content(server: Service) -> None:
    log = server.logs()
    assert "job ended" in log
    for content in ("Good morning", "sig=", server.key, "Traceback"):
        assert content not in log, content
