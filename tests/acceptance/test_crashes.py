"""kill -9 at each stage: every accepted job ends once, is charged once, and leaves no file behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lipwright.server.rendering.checkpoints import Checkpoint
from tests.support import sounds, videos
from tests.support.portrait import PORTRAIT_PATH
from tests.support.service import Service, kill, wait_until


def crash_and_recover(service: Service, point: Checkpoint) -> None:
    service.serve(workers=0)
    crashing = service.crashing_worker(point)
    job_id = service.speak()
    wait_until(lambda: crashing.poll() is not None, 120, "the worker was killed")
    assert crashing.returncode == -9
    # The render process ends with its worker and may not store anything any more.
    service.worker()
    assert service.wait_for([job_id]) == ["complete"]
    service.check_books([job_id])
    service.check_files([job_id])
    service.stop()


@pytest.mark.parametrize("point", [Checkpoint.AFTER_STORE])
def test_a_job_is_finished_and_charged_once_when_its_worker_dies(service: Service, point: Checkpoint) -> None:
    crash_and_recover(service, point)


@pytest.mark.slow
@pytest.mark.parametrize("point", [point for point in Checkpoint if point != Checkpoint.AFTER_STORE])
def test_a_job_survives_a_crash_between_any_two_steps(service: Service, point: Checkpoint) -> None:
    crash_and_recover(service, point)


@pytest.mark.slow
@pytest.mark.parametrize("product", ["talking photo", "lip sync", "faces"])
def test_every_product_survives_the_death_of_its_worker(
    sqlite_service: Service, tmp_path: Path, product: str
) -> None:
    service = sqlite_service
    service.serve(workers=0)
    path, body, uploads = order_of(service, product, tmp_path)
    crashing = service.crashing_worker(Checkpoint.WHILE_RENDERING)
    job_id = service.http.post(path, json=body).json()["id"]
    wait_until(lambda: crashing.poll() is not None, 240, "the worker was killed")
    service.worker()
    assert service.wait_for([job_id]) == ["complete"]
    service.check_books([job_id])
    service.check_files([job_id], uploads)
    service.stop()


def order_of(service: Service, product: str, folder: Path) -> tuple[str, dict[str, Any], int]:
    """The path and body of a create call for a product, and how many files were uploaded for it."""
    face = folder / "face.png"
    Image.open(PORTRAIT_PATH).convert("RGB").crop((110, 0, 350, 240)).save(face)
    picture = service.upload(face, "image")
    if product == "faces":
        return "/v1/face-detection", {"assets": {"target_file_path": picture}}, 1
    sound = service.upload(sounds.write_sound(folder / "voice.wav", sounds.voice(1.0)), "audio")
    times = {"start_seconds": 0, "end_seconds": 0.5}
    if product == "talking photo":
        assets = {"image_file_path": picture, "audio_file_path": sound}
        return "/v1/ai-talking-photo", {**times, "assets": assets}, 2
    still = np.asarray(Image.open(face))
    film = videos.write_clip(
        folder / "film.mp4", count=15, size_wh=(240, 240), frame=lambda _index, _width, _height: still
    )
    video = service.upload(film, "video")
    assets = {"video_source": "file", "video_file_path": video, "audio_file_path": sound}
    return "/v1/lip-sync", {**times, "assets": assets}, 3


@pytest.mark.slow
def test_killing_the_whole_server_loses_nothing(service: Service) -> None:
    server = service.serve(workers=1)
    ids = [service.speak(f"Number {index}.") for index in range(4)]
    wait_until(lambda: service.status(ids[0]) != "queued", 120, "the first job started")
    kill(server)
    service.serve(workers=2)
    assert service.wait_for(ids) == ["complete"] * 4
    service.check_books(ids)
    service.check_files(ids)
    service.stop()
