"""The vendor's Node client, unchanged, makes videos on a started server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.playing import assert_plays
from tests.acceptance.samples import FILM_S, SPEECH_S, SampleFiles
from tests.acceptance.vendor_calls import Call, as_create, for_node, generate_photo, generate_sync
from tests.support.service import Service

pytestmark = pytest.mark.slow  # installs a client

PROGRAM = Path(__file__).with_name("programs") / "vendor_node.mjs"
MARK = "RESULTS "


@pytest.fixture(scope="module")
def node_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the newest client that the registry has."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are absent; they install and run the vendor's client")
    folder = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text('{"private": true}')
    subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "magic-hour"], cwd=folder, check=True, capture_output=True
    )
    return folder


def carry_out(folder: Path, server: Service, *calls: Call, token: str | None = None) -> list[Any]:
    """What the client answers to these calls."""
    task = {
        "baseUrl": server.base_url,
        "token": token or server.key,
        "calls": [for_node(call) for call in calls],
    }
    result = subprocess.run(
        ["node", str(PROGRAM)],
        input=json.dumps(task),
        env=os.environ | {"MAGIC_HOUR_POLL_INTERVAL": "0.1"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    (line,) = (line for line in result.stdout.splitlines() if line.startswith(MARK))
    answers: list[Any] = json.loads(line.removeprefix(MARK))
    return answers


def test_a_talking_photo_is_made_from_local_files(
    node_folder: Path, server: Service, samples: SampleFiles, tmp_path: Path
) -> None:
    call = generate_photo(str(samples.picture), str(samples.sound), tmp_path / "made")
    (result,) = carry_out(node_folder, server, call)
    video = result["answer"]
    assert video["status"] == "complete"
    assert video["downloadedPaths"] == [str(tmp_path / "made" / "output.mp4")]
    assert_plays(tmp_path / "made" / "output.mp4", duration_s=SPEECH_S)


def test_a_talking_photo_is_made_from_addresses(
    node_folder: Path, server: Service, samples_url: str, tmp_path: Path
) -> None:
    # Before 0.45 the client's `generate` takes addresses for files; its `create` passes them on.
    call = generate_photo(f"{samples_url}/face.png", f"{samples_url}/hello.mp3", tmp_path)
    (created,) = carry_out(node_folder, server, as_create(call))
    check = {"id": created["answer"]["id"], "download_directory": str(tmp_path)}
    (result,) = carry_out(node_folder, server, {"call": "video_projects.check_result", "arguments": check})
    assert result["answer"]["status"] == "complete"
    assert_plays(tmp_path / "output.mp4", duration_s=SPEECH_S)


def test_a_lip_sync_is_made_from_local_files(
    node_folder: Path, server: Service, samples: SampleFiles, tmp_path: Path
) -> None:
    call = generate_sync(str(samples.film), str(samples.sound), tmp_path, max_fps_limit=12)
    (result,) = carry_out(node_folder, server, call)
    assert result["answer"]["status"] == "complete"
    assert_plays(tmp_path / "output.mp4", duration_s=FILM_S)


def test_a_failed_job_is_told_with_its_code(
    node_folder: Path, server: Service, samples: SampleFiles, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"this is no picture")
    call = generate_photo(str(broken), str(samples.sound), tmp_path)
    (result,) = carry_out(node_folder, server, call)
    assert result["answer"]["status"] == "error"
    assert result["answer"]["error"]["code"] == "invalid_image_file"


def test_a_wrong_key_and_an_unknown_project_are_told_as_the_contract_says(
    node_folder: Path, server: Service
) -> None:
    look = {"call": "video_projects.get", "arguments": {"id": "c0000000000000000000000000"}}
    assert carry_out(node_folder, server, look, token="wrong") == [
        {"status": 401, "body": {"message": "Unauthorized"}}
    ]
    assert carry_out(node_folder, server, look) == [{"status": 404, "body": {"message": "Not Found"}}]


def test_a_project_is_created_and_deleted(
    node_folder: Path, server: Service, samples_url: str, tmp_path: Path
) -> None:
    call = generate_photo(f"{samples_url}/face.png", f"{samples_url}/hello.mp3", tmp_path)
    (created,) = carry_out(node_folder, server, as_create(call))
    project = {"id": created["answer"]["id"]}
    deleted, gone = carry_out(
        node_folder,
        server,
        {"call": "video_projects.delete", "arguments": project},
        {"call": "video_projects.get", "arguments": project},
    )
    assert "answer" in deleted
    assert gone["answer"]["enabled"] is False
