"""The vendor's Python clients, unchanged, make videos on a started server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.playing import assert_plays
from tests.acceptance.samples import FILM_S, SPEECH_S, SampleFiles
from tests.acceptance.vendor_calls import (
    AUDIO_FIELDS,
    VIDEO_FIELDS,
    Call,
    as_create,
    generate_photo,
    generate_sync,
)
from tests.support.service import Service

pytestmark = pytest.mark.slow  # installs clients

# The last with `pro` as default, the last that knows `intensity` but not `realistic`, and the newest.
VERSIONS = ("0.40.0", "0.49.1", "0.90.0")
PROGRAM = Path(__file__).with_name("programs") / "vendor_python.py"

CarryOut = Callable[..., list[Any]]


@pytest.fixture(scope="module", params=VERSIONS)
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with one version of the client and nothing of ours."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is absent; it installs the vendor's clients here")
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(folder / "venv")], check=True)
    interpreter = folder / "venv" / "bin" / "python"
    subprocess.run(
        [uv, "pip", "install", "-q", "--python", str(interpreter), f"magic-hour=={request.param}"], check=True
    )
    return interpreter


@pytest.fixture(params=["sync", "async"])
def carry_out(request: pytest.FixtureRequest, python: Path, server: Service, tmp_path: Path) -> CarryOut:
    """Lets the client carry out calls; in a folder of its own, where downloads without a folder go."""

    def carry_out_calls(*calls: Call, token: str = server.key, base_url: str = server.base_url) -> list[Any]:
        task = {
            "token": token,
            "base_url": base_url,
            "is_async": request.param == "async",
            "calls": calls,
        }
        result = subprocess.run(
            [str(python), "-I", str(PROGRAM)],
            input=json.dumps(task),
            env=os.environ | {"MAGIC_HOUR_POLL_INTERVAL": "0.1"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert result.returncode == 0, result.stderr
        answers: list[Any] = json.loads(result.stdout)
        return answers

    return carry_out_calls


def test_a_talking_photo_is_made_from_local_files(
    carry_out: CarryOut, samples: SampleFiles, tmp_path: Path
) -> None:
    (result,) = carry_out(generate_photo(str(samples.picture), str(samples.sound), tmp_path))
    video = result["answer"]
    assert video["status"] == "complete"
    assert video.keys() >= VIDEO_FIELDS
    assert video["downloaded_paths"] == [str(tmp_path / "output.mp4")]
    assert_plays(tmp_path / "output.mp4", duration_s=SPEECH_S)


def test_a_talking_photo_is_made_from_addresses(
    carry_out: CarryOut, samples_url: str, tmp_path: Path
) -> None:
    (result,) = carry_out(
        generate_photo(f"{samples_url}/face.png?size=1", f"{samples_url}/hello.mp3", tmp_path)
    )
    assert result["answer"]["status"] == "complete"
    assert_plays(tmp_path / "output.mp4", duration_s=SPEECH_S)


def test_a_lip_sync_is_made_from_local_files(
    carry_out: CarryOut, samples: SampleFiles, tmp_path: Path
) -> None:
    (result,) = carry_out(generate_sync(str(samples.film), str(samples.sound), tmp_path))
    video = result["answer"]
    assert video["status"] == "complete"
    assert video.keys() >= VIDEO_FIELDS
    assert_plays(tmp_path / "output.mp4", duration_s=FILM_S)


def test_a_lip_sync_is_made_from_addresses(carry_out: CarryOut, samples_url: str, tmp_path: Path) -> None:
    (result,) = carry_out(
        generate_sync(f"{samples_url}/talk.mp4", f"{samples_url}/hello.mp3", tmp_path, max_fps_limit=12.0)
    )
    assert result["answer"]["status"] == "complete"
    assert 0 < result["answer"]["fps"] <= 12
    assert_plays(tmp_path / "output.mp4", duration_s=FILM_S)


def test_an_open_file_is_uploaded(carry_out: CarryOut, samples: SampleFiles, server: Service) -> None:
    (result,) = carry_out(
        {"call": "files.upload_file", "arguments": {"file": {"open_file": str(samples.sound)}}}
    )
    assert result["answer"].startswith("api-assets/")
    assert server.stored(result["answer"]) == samples.sound.read_bytes()


def test_a_project_is_looked_at_and_deleted(
    carry_out: CarryOut, samples: SampleFiles, tmp_path: Path
) -> None:
    uploaded = carry_out(
        {"call": "files.upload_file", "arguments": {"file": str(samples.picture)}},
        {"call": "files.upload_file", "arguments": {"file": str(samples.sound)}},
    )
    picture, sound = (one["answer"] for one in uploaded)
    (created,) = carry_out(as_create(generate_photo(picture, sound, tmp_path)))
    project = {"id": created["answer"]["id"]}
    assert created["answer"]["credits_charged"] > 0
    looked_at, deleted, gone = carry_out(
        {"call": "video_projects.get", "arguments": project},
        {"call": "video_projects.delete", "arguments": project},
        {"call": "video_projects.get", "arguments": project},
    )
    assert looked_at["answer"].keys() >= VIDEO_FIELDS
    assert deleted == {"answer": None}
    assert gone["answer"]["enabled"] is False


def test_a_failed_job_is_told_with_its_code(
    carry_out: CarryOut, samples: SampleFiles, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"this is no picture")
    (result,) = carry_out(generate_photo(str(broken), str(samples.sound), tmp_path))
    assert result["answer"]["status"] == "error"
    assert result["answer"]["error"]["code"] == "invalid_image_file"
    assert result["answer"]["credits_charged"] == 0
    assert result["answer"]["downloaded_paths"] is None


def test_a_wrong_key_and_an_unknown_project_are_told_as_the_contract_says(carry_out: CarryOut) -> None:
    look = {"call": "video_projects.get", "arguments": {"id": "c0000000000000000000000000"}}
    assert carry_out(look, token="mhk_live_wrong") == [{"status": 401, "body": {"message": "Unauthorized"}}]
    assert carry_out(look) == [{"status": 404, "body": {"message": "Not Found"}}]


def test_a_text_is_spoken(carry_out: CarryOut) -> None:
    style = {"prompt": "Doors open at nine.", "voice_name": "Morgan Freeman"}
    (created,) = carry_out({"call": "ai_voice_generator.create", "arguments": {"style": style}})
    look = {"call": "audio_projects.get", "arguments": {"id": created["answer"]["id"]}}
    # The oldest of the clients has neither `generate` nor `check_result` for speech.
    deadline_s = time.monotonic() + 60
    while (project := carry_out(look)[0]["answer"])["status"] in ("queued", "rendering"):
        assert time.monotonic() < deadline_s
    assert project["status"] == "complete"
    assert project.keys() >= AUDIO_FIELDS
    sound = httpx.get(project["downloads"][0]["url"])
    assert sound.headers["content-type"] == "audio/wav"
    assert sound.content.startswith(b"RIFF")


def test_faces_are_found(carry_out: CarryOut, samples: SampleFiles, tmp_path: Path) -> None:
    (result,) = carry_out(
        {
            "call": "face_detection.generate",
            "arguments": {
                "assets": {"target_file_path": str(samples.picture)},
                "confidence_score": 0.5,
                "download_directory": str(tmp_path),
            },
        }
    )
    assert result["answer"]["status"] == "complete"
    assert len(result["answer"]["faces"]) == 1
    assert (tmp_path / "0-0.png").read_bytes().startswith(b"\x89PNG")
